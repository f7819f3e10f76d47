"""Percentiles as SQL aggregates: exact from values, or estimated from how many lie in each bucket.

Both are continuous (SEMANTICS C13): at position ``share * (n - 1)`` of the n sorted values, between
its two neighbours in proportion. 0 without any value.

Buckets are those of a DDSketch whose bounds grow by 2 % (macro ``logarithmic_bucket``): positive
bucket i holds what is greater than 1.02^(i-2) and at most 1.02^(i-1), 0 holds 0, and negative
buckets mirror the positive ones. A neighbour is estimated as 2 * 1.02^(i-1) / 2.02, which is at
most 0.02 / 2.02 < 1 % away from anything in bucket i, and never outside of the least and greatest
value of the bucket. So an estimate is off by less than 1 % of its neighbours; of itself, where they
have one sign.
"""

from decimal import Decimal

from graphql_api.catalogue.model import Measure

GROWTH = "1.02"

# Columns of rows that stand for the values of one bucket; null in other rows.
QUANTITY, BUCKET, COUNT, LEAST, GREATEST = (
    "bucket_quantity",
    "bucket",
    "bucket_count",
    "bucket_least",
    "bucket_greatest",
)

_ESTIMATE = f"""(
    select found.low + (found.position - floor(found.position)) * (found.high - found.low)
    from (
        select
            max(ranked.position) as position,
            min(ranked.size) filter (where ranked.upto > floor(ranked.position)) as low,
            min(ranked.size) filter (where ranked.upto > ceil(ranked.position)) as high
        from (
            select
                {{share}} * (sum(sum(merged.amount)) over () - 1) as position,
                sum(sum(merged.amount)) over (order by merged.bucket) as upto,
                greatest(min(merged.least), least(max(merged.greatest), case
                    when merged.bucket = 0 then 0
                    else sign(merged.bucket)
                        * 2 * power(cast({GROWTH} as double precision), abs(merged.bucket) - 1)
                        / (1 + {GROWTH})
                end)) as size
            from unnest({{arrays}}) as merged (bucket, amount, least, greatest)
            group by merged.bucket
        ) as ranked
    ) as found
)"""


def exact_text(measure: Measure) -> str:
    """The percentile of a column or expression.

    Postgres interpolates in double precision. Between whole numbers the exact value has no more
    decimals than the share, so rounding to those gives it back.
    """
    share = measure.share or Decimal(0)
    value = f"percentile_cont({share}) within group (order by {measure.expression})"
    if measure.of_whole_numbers:
        decimals = max(0, -int(share.as_tuple().exponent))
        value = f"round(cast({value} as numeric), {decimals})"
    return f"coalesce({value}, 0)"


def estimate_text(measure: Measure) -> str:
    """The percentile of a quantity over rows that stand for buckets.

    The buckets of a group are collected outside, where the group's rows are, and merged inside.
    """
    mine = f"filter (where {QUANTITY} = '{measure.expression}')"
    columns = (BUCKET, COUNT, LEAST, GREATEST)
    arrays = ", ".join(f"array_agg({column}) {mine}" for column in columns)
    estimate = _ESTIMATE.format(share=measure.share, arrays=arrays)
    return f"coalesce({' '.join(estimate.split())}, 0)"


def bucket_text(value: str) -> str:
    """The bucket of a whole number: the same expression as the macro ``logarithmic_bucket``."""
    magnitude = f"ln(cast(abs({value}) as double precision))"
    steps = f"ceil({magnitude} / ln(cast({GROWTH} as double precision))) + 1"
    return f"cast(case when {value} = 0 then 0 else sign({value}) * ({steps}) end as bigint)"
