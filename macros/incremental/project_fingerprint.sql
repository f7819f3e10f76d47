{#
    A digest of all that decides what a mart holds, but for raw rows: models, macros, seeds, specs,
    and the vars that models read. A build after any change of it starts from all raw rows.
#}
{% macro project_fingerprint() -%}
    {%- set parts = [] -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id') -%}
        {%- if node.resource_type in ('model', 'seed') and node.config.enabled -%}
            {%- do parts.append([
                node.unique_id, node.checksum.checksum, node.config.materialized, node.config.meta,
                node.columns.values() | map(attribute='data_type') | list,
            ]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for source in watched_sources() -%}
        {%- do parts.append([source.name, source.column, source.is_whole, source.lands_days]) -%}
    {%- endfor -%}
    {#- Sorted: dbt names last what it parsed again. -#}
    {%- for name, macro in context[project_name] | dictsort -%}
        {%- do parts.append([name, local_md5(macro.macro.macro_sql)]) -%}
    {%- endfor -%}
    {%- for name in [
        'source_systems', 'default_organization_id', 'default_project_id', 'price_book_fallback',
        'kaapi_schema', 'litellm_schema', 'auto_analyst_schema', 'enclava_schema',
    ] -%}
        {%- do parts.append([name, var(name)]) -%}
    {%- endfor -%}
    {{ return(local_md5(tojson(parts, sort_keys=true))) }}
{%- endmacro %}
