{#
    Counts the rows of a table that was just made, before anything joins it: without, Postgres takes
    a table of ten thousand rows for one of a few, and goes through millions of others for each. A
    build of slices looks at a tenth of the sample: at all of it takes as long as to make the rows.
#}
{% macro analyze_rows(relation) -%}
    {%- if builds_slices() -%}
    set local default_statistics_target = 10;
    analyze {{ relation }};
    set local default_statistics_target = default;
    {%- else -%}
    analyze {{ relation }};
    {%- endif -%}
{%- endmacro %}
