{#
    Months of fct_cost_reconciliation: what was reconciled before stands where an incremental build
    looked at no raw row.
#}
{% macro months_reconciled(reconciled) -%}
    {%- if build_mode() != 'incremental' -%}
    select * from {{ reconciled }}
    {%- else -%}
    {%- set names = column_list(model.columns) -%}
    select {{ names }} from {{ reconciled }}
    where month is null or {{ is_examined_month(reconciled) }}
    union all
    select {{ names }} from {{ serving_relation('fct_cost_reconciliation') }} as published
    where month is not null and not {{ is_examined_month('published') }}
    {%- endif %}
{%- endmacro %}
