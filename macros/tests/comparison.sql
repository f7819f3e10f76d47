{#
    Whether two queries of equal columns and types may have different rows, as a condition that is
    found out once: by their number, and by the sum of their digests. Comparing row by row what is
    equal takes three times as long as making it. An engine without digests of rows compares.
#}
{% macro may_differ(one, other) -%}
    {{ return(adapter.dispatch('may_differ', 'usage_warehouse')(one, other)) }}
{%- endmacro %}

{% macro default__may_differ(one, other) -%}
    {{ return('1 = 1') }}
{%- endmacro %}

{% macro postgres__may_differ(one, other) -%}
    (
        select row(count(*), sum(cast(hash_record_extended(one.*, 0) as numeric(38, 0))))
        from ({{ one }}) as one
    ) is distinct from (
        select row(count(*), sum(cast(hash_record_extended(other.*, 0) as numeric(38, 0))))
        from ({{ other }}) as other
    )
{%- endmacro %}
