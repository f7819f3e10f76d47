"""Periods as Postgres cuts them in any zone, against Python's own zones and calendar.

The expressions of the query layer run on literal instants: no mart is needed.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from graphql_api.catalogue.model import Dimension, Grain, ValueType
from graphql_api.query.expressions import period_end, truncate
from graphql_api.query.fill import _series
from graphql_api.query.periods import period_start, shift
from graphql_api.query.sql import Expression
from tests.support.postgres import PostgresServer

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

pytestmark = pytest.mark.database

# Clocks that change at midnight, by half an hour, far from Greenwich, on other days, or never.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
    "Etc/GMT+12",
)
LONG_GRAINS = [grain for grain in Grain if grain is not Grain.HOUR]
INSTANT = Dimension("at", ValueType.TIMESTAMP, "", is_time=True)
DAY = Dimension("day", ValueType.DATE, "", is_time=True)


@pytest.fixture(scope="module")
def evaluate(postgres_server: PostgresServer) -> Callable[[list[Expression]], list[Any]]:
    """Values of expressions, computed by Postgres in one statement."""

    def run(expressions: list[Expression]) -> list[Any]:
        rows = [
            sa.select(sa.literal(n).label("n"), e.label("v")) for n, e in enumerate(expressions)
        ]
        statement = sa.union_all(*rows).order_by("n")
        compiled = statement.compile(dialect=PGDialect_psycopg())
        with postgres_server.connect("postgres") as connection:
            connection.execute("set timezone to 'UTC'")
            return [row[1] for row in connection.execute(str(compiled), compiled.params)]

    return run


def instant(moment: datetime) -> Expression:
    return sa.literal(moment, sa.DateTime())


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """A zone's own time as a UTC instant; of two equal ones the later, as Postgres reads it."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    is_skipped = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local
    return (first if is_skipped else second).astimezone(UTC).replace(tzinfo=None)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    return to_utc(datetime.combine(day, time()), zone)


def next_period(day: date, grain: Grain) -> date:
    return shift(datetime(day.year, day.month, day.day), grain, 1).date()


def cases(seed: int, count: int) -> list[tuple[datetime, Grain, str]]:
    random = Random(seed)
    first = datetime(2015, 1, 1)
    return [
        (
            first + timedelta(microseconds=random.randrange(24 * 365 * 86_400 * 10**6)),
            random.choice(LONG_GRAINS),
            random.choice(ZONES),
        )
        for _ in range(count)
    ]


CASES = [
    *cases(20261, 300),
    # A day without midnight, one with two, one that was left out of the calendar's year.
    (datetime(2026, 3, 8, 9), Grain.DAY, "America/Havana"),
    (datetime(2026, 11, 1, 4, 30), Grain.DAY, "America/Havana"),
    (datetime(2026, 11, 1, 5, 30), Grain.DAY, "America/Havana"),
    (datetime(2026, 3, 10), Grain.MONTH, "Europe/Berlin"),
    (datetime(2026, 3, 29, 10), Grain.DAY, "Europe/Berlin"),
    (datetime(2026, 10, 25, 10), Grain.DAY, "Europe/Berlin"),
]


def test_instants_belong_to_the_periods_of_the_zone(
    evaluate: Callable[[list[Expression]], list[Any]],
):
    found = evaluate([truncate(instant(at), INSTANT, grain, zone) for at, grain, zone in CASES])
    for (at, grain, name), start in zip(CASES, found, strict=True):
        zone = ZoneInfo(name)
        assert start == start_of(period_start(local_day(at, zone), grain), zone), (at, grain, name)


def test_periods_end_where_the_next_one_starts(
    evaluate: Callable[[list[Expression]], list[Any]],
):
    found = evaluate(
        [
            period_end(truncate(instant(at), INSTANT, grain, zone), grain, zone)
            for at, grain, zone in CASES
        ]
    )
    for (at, grain, name), end in zip(CASES, found, strict=True):
        zone = ZoneInfo(name)
        following = next_period(period_start(local_day(at, zone), grain), grain)
        assert end == start_of(following, zone), (at, grain, name)


def test_hours_are_hours_everywhere(evaluate: Callable[[list[Expression]], list[Any]]):
    moments = [at for at, _, _ in CASES]
    for zone in ("Asia/Kathmandu", None):
        starts = [truncate(instant(at), INSTANT, Grain.HOUR, zone) for at in moments]
        ends = [period_end(start, Grain.HOUR, zone) for start in starts]
        minutes = 15 if zone else 0
        for at, start, end in zip(moments, evaluate(starts), evaluate(ends), strict=True):
            assert start <= at < end
            assert end - start == timedelta(hours=1)
            assert start.minute == minutes


@pytest.mark.parametrize("zone", [None, *ZONES])
@pytest.mark.parametrize("grain", LONG_GRAINS)
def test_filled_periods_are_those_that_instants_belong_to(
    zone: str | None, grain: Grain, evaluate: Callable[[list[Expression]], list[Any]]
):
    """None is missing, none is twice, and each is spelt as the groups spell it."""
    # 8 March 2026 has no midnight in Havana, and is the first period that is filled.
    first, last = datetime(2026, 3, 8, 12), datetime(2027, 5, 1)
    start, end = (truncate(instant(each), INSTANT, grain, zone) for each in (first, last))
    periods = _series(start, end, INSTANT, grain, zone).subquery("periods")
    listed = sa.select(sa.func.array_agg(periods.c.period)).scalar_subquery()
    (found,) = evaluate([listed])
    moments = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    expected = evaluate([truncate(instant(at), INSTANT, grain, zone) for at in (*moments, last)])
    assert found == sorted(set(expected))


@pytest.mark.parametrize("grain", [Grain.MONTH, Grain.QUARTER, Grain.YEAR])
def test_filled_dates_are_the_periods_of_the_calendar(
    grain: Grain, evaluate: Callable[[list[Expression]], list[Any]]
):
    first, last = date(2023, 11, 30), date(2026, 2, 28)
    start, end = (truncate(sa.literal(each, sa.Date()), DAY, grain, None) for each in (first, last))
    periods = _series(start, end, DAY, grain, None).subquery("periods")
    (found,) = evaluate([sa.select(sa.func.array_agg(periods.c.period)).scalar_subquery()])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert found == sorted({period_start(day, grain) for day in days})
