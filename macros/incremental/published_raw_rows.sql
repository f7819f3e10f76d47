{#
    A query for how many rows of a watched source the published build counted: what its audit counted,
    which knows the rows that are in no mart, too, or what a mart of its own has of them. Chains are
    in the coarsest roll-up, but for those that belong to no month.
#}
{% macro published_raw_rows(source) -%}
    {%- set chains -%}
        select
            (
                select coalesce(sum(llm_chain_requests), 0)
                from {{ serving_relation('fct_monthly_usage') }}
                where source_system = 'kaapi'
            )
            + (
                select count(*) from {{ serving_relation('fct_requests') }}
                where source_system = 'kaapi' and request_kind = 'chain' and requested_at is null
            )
    {%- endset -%}
    {%- set audited -%}
        select coalesce(sum(raw_{{ 'eval_runs' if source.table == 'evaluation_run' else 'requests' }}), 0)
        from {{ serving_relation('fct_cost_reconciliation') }}
        where source_system = {{ sql_text(source.system) }}
    {%- endset -%}
    {%- if source.name == 'kaapi__llm_chain' -%}
    {{ chains }}
    {%- elif source.name == 'kaapi__llm_call' -%}
    select ({{ audited }}) - ({{ chains }})
    {%- elif source.name == 'litellm__daily_tag_spend' -%}
    select coalesce(sum(tag_rows), 0) from {{ serving_relation('fct_daily_tag_usage') }}
    {%- elif source.name == 'enclava__budgets' -%}
    select count(*) from {{ serving_relation('fct_budgets') }}
    {%- else -%}
    {{ audited }}
    {%- endif -%}
{%- endmacro %}
