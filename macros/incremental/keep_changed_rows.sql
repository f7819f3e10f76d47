{# Of a mart that is made whole: its rows that differ from what is published, and the published ones. #}
{% macro keep_changed_rows(made, rows, names) -%}
    {%- set published = serving_relation(model.alias) %}
    create table {{ rows }} as
    select {{ names }} from {{ made }}
    except all
    select {{ names }} from {{ published }};
    create table {{ replaced_rows(model.alias) }} as
    select {{ names }} from {{ published }}
    except all
    select {{ names }} from {{ made }};
{%- endmacro %}
