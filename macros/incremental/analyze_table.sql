{#
    Counts the rows of a table that was just made, before anything joins it: without, Postgres takes
    a table of ten thousand rows for one of a few, and goes through millions of others for each.
#}
{% macro analyze_table() -%}
    {{ return(
        'analyze ' ~ this
        if execute and target.type == 'postgres' and model.config.materialized in ('table', 'seed') else ''
    ) }}
{%- endmacro %}
