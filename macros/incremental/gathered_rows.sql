{#
    All rows of a mart that belong to some slices: the published ones that this build leaves alone,
    and those that it made; of a mart built whole, its own. A day or a month holds rows by their time.
    In a full build, all rows.
#}
{% macro gathered_rows(mart, slices, rule, time_column=none) -%}
    {%- if not builds_slices() -%}
    select * from {{ mart }}
    {%- else -%}
    {%- set node = mart_nodes() | selectattr('alias', 'equalto', mart.identifier) | first -%}
    {%- set keys = slice_keys(rule) -%}
    {%- set is_whole = not is_built_in_slices(node) -%}
    select published.*
    from {{ slices }} as gathered
    inner join {{ mart if is_whole else serving_relation(node.alias) }} as published
        on
        {%- for key in (keys[:-1] if time_column else keys) %}
            gathered.{{ key }} = published.{{ key }}
            {%- if not loop.last %} and{% endif %}
        {%- endfor %}
        {%- if time_column %}
            and published.{{ time_column }} >= gathered.{{ rule }}
            and published.{{ time_column }} < gathered.{{ rule }} + interval '1 {{ rule }}'
        {%- endif %}
    {%- if not is_whole %}
    where not exists (
        select from {{ slice_relation(node) }} as slice where {{ slice_of_row(node) }}
    )
    union all
    select * from {{ rebuilt_rows(node.alias) }}
    where {{ time_column or keys | last }} is not null
    {%- endif %}
    {%- endif %}
{%- endmacro %}
