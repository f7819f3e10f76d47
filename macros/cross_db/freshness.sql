{#
    What `dbt source freshness` asks of a source: its newest row up to the clock. Rows after it would
    hide that a source has stopped, so they are counted apart and named in the log.
#}
{% macro postgres__collect_freshness(source, loaded_at_field, filter) -%}
    {%- set nodes = graph.sources.values()
        | selectattr('schema', 'equalto', source.schema)
        | selectattr('identifier', 'equalto', source.identifier) | list -%}
    {%- set zone = sql_text(source_time_zone(nodes[0].source_name) if nodes else 'UTC') -%}
    {%- set rows -%}
        from {{ source }} where {{ filter or 'true' }} and {{ loaded_at_field }}
    {%- endset -%}
    {%- call statement('rows_after_clock', fetch_result=True, auto_begin=False) -%}
        select count(*) {{ rows }} > timezone({{ zone }}, now())
    {%- endcall -%}
    {%- set after_clock = load_result('rows_after_clock').table.rows[0][0] -%}
    {%- if after_clock -%}
        {%- do log(
            'WARN ' ~ source.schema ~ '.' ~ source.identifier ~ ' has ' ~ after_clock
            ~ ' rows after the clock, which do not count as new',
            info=true
        ) -%}
    {%- endif -%}
    {#- dbt takes exactly these two columns. -#}
    {%- call statement('collect_freshness', fetch_result=True, auto_begin=False) -%}
        select
            (select timezone({{ zone }}, max({{ loaded_at_field }})) {{ rows }} <= timezone({{ zone }}, now()))
                as max_loaded_at,
            now() as snapshotted_at
    {%- endcall -%}
    {{ return(load_result('collect_freshness')) }}
{%- endmacro %}
