{#
    Rows of a copy of fct_daily_usage, to be added or taken away, each with a digest of all it says.
    Text is compared by code point: the built table and its serving copy collate differently.
#}
{% macro usage_rows(relation, sign, columns) -%}
    select
        source_system collate "C" as source_system,
        organization_id collate "C" as organization_id,
        project_id collate "C" as project_id,
        day,
        provider collate "C" as provider,
        model collate "C" as model,
        {{ sign }}requests as requests,
        {{ sign }}total_tokens as total_tokens,
        {{ sign }}cost_usd as cost_usd,
        {{ sign }}cast(hash_record_extended(row({{ columns }}), 0) as numeric) as digest
    from {{ relation }}
{%- endmacro %}
