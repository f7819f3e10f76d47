"""Percentiles in Postgres: exact to the last digit, and estimates within their bound."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphql_api.catalogue.model import Aggregation, Measure, ValueType
from graphql_api.query.percentiles import bucket_text, estimate_text, exact_text
from tests.reference.percentiles import percentile
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.database

SHARES = ["0", "0.01", "0.05", "0.25", "0.5", "0.9", "0.95", "0.99", "0.999", "1"]
LARGEST = 10**12

# Powers of the growth and their neighbours lie where one bucket ends and the next begins.
_BOUNDS = [
    int(Decimal("1.02") ** power) + step for power in range(0, 1300, 7) for step in (-1, 0, 1)
]
_magnitudes = st.one_of(
    st.integers(0, 60), st.integers(0, 100_000), st.integers(0, LARGEST), st.sampled_from(_BOUNDS)
)
_values = st.lists(st.builds(int.__mul__, _magnitudes, st.sampled_from([1, 1, 1, -1])), max_size=60)


@pytest.fixture(scope="module")
def connection(postgres_server: PostgresServer) -> Iterator[psycopg.Connection[Any]]:
    with postgres_server.connect("postgres") as connection:
        yield connection


def measure(share: str, expression: str) -> Measure:
    return Measure(
        "p",
        Aggregation.PERCENTILE,
        expression,
        ValueType.FLOAT,
        share=Decimal(share),
        of_whole_numbers=True,
    )


def exact(connection: psycopg.Connection[Any], share: str, values: list[int | None]) -> Decimal:
    (found,) = connection.execute(
        f"select {exact_text(measure(share, 'v'))} from unnest(%s::bigint[]) as t (v)",  # type: ignore[arg-type]
        [values],
    ).fetchone() or (Decimal(0),)
    return Decimal(found)


def estimate(connection: psycopg.Connection[Any], share: str, values: list[int]) -> Fraction:
    """As over a sketch: values are counted per bucket, and one quantity lies among others."""
    statement = f"""
        select {estimate_text(measure(share, "mine"))} from (
            select
                'mine' as bucket_quantity,
                {bucket_text("v")} as bucket,
                cast(count(*) as bigint) as bucket_count,
                min(v) as bucket_least,
                max(v) as bucket_greatest
            from unnest(%s::bigint[]) with ordinality as t (v, n)
            group by {bucket_text("v")}, n %% 3
            union all
            select 'other', 7, 1000, 1, 1
            union all
            select null, null, null, null, null
        ) as rows
    """
    (found,) = connection.execute(statement, [values]).fetchone() or (0,)  # type: ignore[arg-type]
    return Fraction(found)


def bound(values: list[int], share: Fraction) -> Fraction:
    """1 % of the two neighbours' magnitudes, in the proportion in which they are mixed."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    beyond = position - below
    return (abs(ordered[below]) * (1 - beyond) + abs(ordered[above]) * beyond) / 100


class TestExact:
    @given(_values, st.sampled_from(SHARES))
    def test_is_the_continuous_percentile_to_the_last_digit(
        self, connection: psycopg.Connection[Any], values: list[int], share: str
    ):
        given_ = [*values, None]
        assert Fraction(exact(connection, share, given_)) == percentile(given_, Fraction(share))

    def test_is_nothing_off_where_doubles_are(self, connection: psycopg.Connection[Any]):
        # 0.95 * 21 is 19.95; doubles mix 10 and 20 to 19.499999999999993, which would round to 19.
        values = [0] * 19 + [10, 20, 20]
        assert exact(connection, "0.95", values) == Decimal("19.5")


class TestEstimate:
    @given(_values, st.sampled_from(SHARES))
    @example([-5000, 7000], "0.5")
    @example([0, 0, 1], "0.99")
    def test_is_within_one_percent_of_the_neighbours(
        self, connection: psycopg.Connection[Any], values: list[int], share: str
    ):
        found = estimate(connection, share, values)
        if not values:
            assert found == 0
            return
        true = percentile(values, Fraction(share))
        assert abs(found - true) <= bound(values, Fraction(share))

    @given(
        st.lists(st.integers(1, LARGEST), min_size=1, max_size=60),
        st.sampled_from(SHARES),
        st.sampled_from([1, -1]),
    )
    def test_is_within_one_percent_of_itself_where_values_have_one_sign(
        self, connection: psycopg.Connection[Any], values: list[int], share: str, sign: int
    ):
        signed = [sign * value for value in values]
        true = percentile(signed, Fraction(share))
        assert abs(estimate(connection, share, signed) - true) <= abs(true) / 100

    def test_is_exact_where_each_value_has_a_bucket_of_its_own(
        self, connection: psycopg.Connection[Any]
    ):
        values = [*range(-30, 31), 10**6]
        for share in SHARES:
            # Estimates are mixed in double precision.
            off = estimate(connection, share, values) - percentile(values, Fraction(share))
            assert abs(off) < Fraction(1, 10**8)


class TestBuckets:
    def test_are_in_the_order_of_their_values_and_no_wider_than_two_percent(
        self, connection: psycopg.Connection[Any]
    ):
        values = sorted({*range(-300, 301), *_BOUNDS, *(-each for each in _BOUNDS)})
        rows = connection.execute(
            f"select v, {bucket_text('v')} from unnest(%s::bigint[]) as t (v) order by v",  # type: ignore[arg-type]
            [values],
        ).fetchall()
        buckets = [bucket for _, bucket in rows]
        assert buckets == sorted(buckets)
        held = defaultdict(list)
        for value, bucket in rows:
            held[bucket].append(abs(value))
        assert held.pop(0) == [0]
        for found in held.values():
            assert max(found) <= min(found) * Decimal("1.0200000001")
