{# The post-hook of models that are tables. #}
{% macro analyze_table() -%}
    {{ return(
        analyze_rows(this)
        if execute and target.type == 'postgres' and model.config.materialized in ('table', 'seed') else ''
    ) }}
{%- endmacro %}
