{# Months of Kaapi's evaluation runs that were added, changed or taken away. #}
{% macro months_of_changed_runs() -%}
    select 'kaapi', cast(date_trunc('month', runs.evaluated_at) as date)
    from (
        select
            coalesce(landed.inserted_at, published.evaluated_at) as evaluated_at
        from {{ landed_relation('kaapi__evaluation_run') }} as landed
        full join {{ serving_relation('fct_evaluation_runs') }} as published
            on cast(landed.id as text) = published.evaluation_run_id
        where landed.updated_at is distinct from published.source_updated_at
            or landed.inserted_at is distinct from published.evaluated_at
        union all
        select published.evaluated_at
        from {{ landed_relation('kaapi__evaluation_run') }} as landed
        inner join {{ serving_relation('fct_evaluation_runs') }} as published
            on cast(landed.id as text) = published.evaluation_run_id
        where landed.inserted_at is distinct from published.evaluated_at
    ) as runs
    where runs.evaluated_at between '0001-01-01' and '9999-12-31 23:59:59.999999'
{%- endmacro %}
