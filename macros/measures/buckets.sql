{#
    The bucket of a whole number in a DDSketch: 0 holds 0 alone; bucket i > 0 holds what is greater
    than 1.02 to the power i - 2 and at most 1.02 to the power i - 1; negative numbers have the
    negative bucket of their magnitude. So buckets are in the order of their numbers, buckets of any
    rows add up, and one number of a bucket is known to within 1 %. The query layer has the same
    expression for rows that it puts into buckets itself.
#}
{% macro logarithmic_bucket(column) -%}
    cast(
        case
            when {{ column }} = 0 then 0
            else
                sign({{ column }}) * (
                    ceil(
                        ln(cast(abs({{ column }}) as double precision))
                        / ln(cast(1.02 as double precision))
                    ) + 1
                )
        end as bigint
    )
{%- endmacro %}
