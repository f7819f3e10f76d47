{#
    Writes down what this build changes in the usage that readers see: the built fct_daily_usage
    against its serving copy, while that still stands. Of the newest changed days of each tenant by
    day, of the older ones together, so that a restatement of all history stays small. A project
    without the two marts has nothing to compare.
#}
{% macro record_changes(marts) -%}
    {%- set daily = marts | selectattr('name', 'equalto', 'fct_daily_usage') | first -%}
    {%- set requests = marts | selectattr('name', 'equalto', 'fct_requests') | first -%}
    {%- if daily and requests -%}
    {%- set served = served_usage_columns(daily) -%}
    insert into {{ serving_relation('publication_comparisons') }} (build_id, previous_build_id)
    values (
        {{ sql_text(invocation_id) }},
        {% if served -%}
        (
            select publication.build_id from {{ serving_relation('publication') }} as publication
            order by publication.published_at desc limit 1
        )
        {%- else -%} null {%- endif %}
    );
    {{ record_usage_changes(daily, served) }}
    {{ record_activity(requests) }}
    {%- endif -%}
{%- endmacro %}
