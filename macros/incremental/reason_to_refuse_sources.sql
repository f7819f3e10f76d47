{#
    Why raw tables cannot be what they should be, or nothing: a truncated or half restored table must
    not take away what readers see. Var accept_shrunken_sources lets a build begin all the same.
#}
{% macro reason_to_refuse_sources(mode, published) -%}
    {%- if not published or var('accept_shrunken_sources', false) -%}
        {{ return('') }}
    {%- endif -%}
    {%- for name in ['fct_requests', 'fct_cost_reconciliation', 'fct_daily_tag_usage', 'fct_budgets']
        if not existing_columns(serving_relation(name)) -%}
        {{ return('') }}
    {%- endfor -%}
    {%- for source in watched_sources() -%}
        {%- set fault = run_query(source_fault(source, mode, published)).rows[0].fault -%}
        {%- if fault -%}
            {{ return(
                'Refused: ' ~ source.relation.schema ~ '.' ~ source.relation.identifier ~ ' ' ~ fault
                ~ '. Nothing was built. If these rows are meant to be gone, build once with --vars '
                ~ "'accept_shrunken_sources: true'."
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}
