{# Of a mart that is built whole: the published rows that are no more, and the new ones. #}
{% macro find_changed_rows(mart) -%}
    {%- set names = column_list(mart.columns | map(attribute='name')) %}
    create temporary table gone on commit drop as
    select {{ names }} from {{ mart.serving }}
    except all
    select {{ names }} from {{ mart.build }};
    create temporary table come on commit drop as
    select {{ names }} from {{ mart.build }}
    except all
    select {{ names }} from {{ mart.serving }};
{%- endmacro %}
