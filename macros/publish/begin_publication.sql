{#
    Opens the transaction in which everything else happens, and holds the build still in it: no
    other build may publish at the same time or rebuild a mart while it is copied. Answers why
    that is impossible, or nothing.
#}
{% macro begin_publication(nodes) -%}
    {%- set serving = var('serving_schema') -%}
    {%- set schemas = [
        serving, var('build_schema'), var('access_schema'), var('history_schema')
    ] -%}
    {%- if schemas | unique(case_sensitive=true) | list | length < 4 -%}
        {{ return(
            'serving_schema, build_schema, access_schema and history_schema must be four different '
            ~ 'schemas, not ' ~ schemas | join(', ')
        ) }}
    {%- endif -%}

    {%- set server = run_query(
        "begin; set local lock_timeout = '60s'; "
        ~ "select cast(current_setting('server_version_num') as integer) as version_number, "
        ~ "current_setting('server_version') as version, "
        ~ 'pg_try_advisory_xact_lock(hashtextextended(' ~ sql_text('publish ' ~ serving)
        ~ ', 0)) as is_alone'
    ).rows[0] -%}
    {%- if server.version_number < 160000 -%}
        {{ return('it needs Postgres 16 or newer, and this server is ' ~ server.version) }}
    {%- elif not server.is_alone -%}
        {{ return(
            'another dbt build is publishing into schema ' ~ serving
            ~ ' at this moment; run dbt build again when it has finished'
        ) }}
    {%- endif -%}

    {%- set base = run_query(
        'select base_build_id from ' ~ build_relation_named('build_plan')
    ).rows[0].base_build_id -%}
    {%- set published = newest_publication() -%}
    {%- if builds_slices() and published.build_id != base -%}
        {{ return('another build was published while this one ran; run dbt build again') }}
    {%- endif -%}

    {%- for node in nodes
        if node.unique_id in selected_resources and not is_built_in_slices(node) -%}
        {%- do run_query('lock table ' ~ build_relation(node) ~ ' in share mode') -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}
