-- Never: a bucket holds values that differ by more than 2 %, or in sign.
-- Why: the middle of a bucket is then more than 1 % off some value in it, and the API denies it.
-- Relies on it: every percentile that is estimated from fct_daily_latency.
with

magnitudes as (
    select
        bucket,
        abs(bucket) - 1 as exponent,
        sign(bucket) as bucket_sign,
        sign(value_min) as least_sign,
        sign(value_max) as greatest_sign,
        greatest(abs(value_min), abs(value_max)) as greatest_value,
        least(abs(value_min), abs(value_max)) as least_value
    from {{ get_where_subquery(ref('fct_daily_latency')) }}
)

-- Powers are floating-point: a hair's breadth is allowed for.
select *
from magnitudes
where
    bucket_sign <> least_sign
    or bucket_sign <> greatest_sign
    or case
        when bucket = 0 then greatest_value <> 0
        else
            greatest_value > power(1.02, exponent) * 1.0000000001
            or least_value < power(1.02, exponent - 1) * 0.9999999999
    end
