"""Periods as Postgres cuts them in any zone, against Python's own zones and calendar.

The expressions of the query layer run on literal instants: no mart is needed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from graphql_api.catalogue.model import Dimension, Grain, ValueType
from graphql_api.query.expressions import truncate
from graphql_api.query.fill import _series
from graphql_api.query.local_time import from_local, hour_start
from graphql_api.query.periods import period_start
from graphql_api.query.sql import Expression, Instant
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
    "America/St_Johns",
    "America/Nuuk",
    "Atlantic/Azores",
    "Asia/Pyongyang",
    "Etc/GMT+12",
)
QUARTER = timedelta(minutes=15)
# Around them clocks are changed: at midnight both ways, by half an hour, by a day, for good.
CHANGES = (
    ("America/Havana", datetime(2026, 3, 8, 5)),
    ("America/Havana", datetime(2026, 11, 1, 5)),
    ("Asia/Beirut", datetime(2026, 3, 28, 22)),
    ("Asia/Beirut", datetime(2026, 10, 24, 21)),
    ("Atlantic/Azores", datetime(2026, 3, 29, 1)),
    ("Atlantic/Azores", datetime(2026, 10, 25, 1)),
    ("America/Nuuk", datetime(2026, 3, 29, 1)),
    ("America/Nuuk", datetime(2026, 10, 25, 1)),
    ("America/Santiago", datetime(2026, 4, 5, 3)),
    ("America/Santiago", datetime(2026, 9, 6, 4)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30)),
    ("Europe/Berlin", datetime(2026, 3, 29, 1)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1)),
    ("America/St_Johns", datetime(2026, 3, 8, 5, 30)),
    ("America/St_Johns", datetime(2026, 11, 1, 4, 30)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10)),
    ("Asia/Pyongyang", datetime(2015, 8, 14, 15)),
    ("Asia/Pyongyang", datetime(2018, 5, 4, 15)),
    ("Asia/Kathmandu", datetime(1985, 12, 31, 18, 30)),
)
LONG_GRAINS = [grain for grain in Grain if grain is not Grain.HOUR]
Fetch = Callable[[sa.Select[Any]], list[Any]]
Starts = Callable[[Sequence[datetime], Grain, str | None], list[datetime]]
INSTANT = Dimension("at", ValueType.TIMESTAMP, "", is_time=True)
DAY = Dimension("day", ValueType.DATE, "", is_time=True)


@pytest.fixture(scope="module")
def fetch(postgres_server: PostgresServer) -> Iterator[Fetch]:
    """The first column of a select's rows, as Postgres computes it."""
    with postgres_server.connect("postgres") as connection:
        connection.execute("set timezone to 'UTC'")

        def run(select: sa.Select[Any]) -> list[Any]:
            compiled = select.compile(dialect=PGDialect_psycopg())
            found = connection.execute(str(compiled), compiled.params)
            return [_without_zone(row[0]) for row in found]

        yield run


def _without_zone(value: Any) -> Any:
    """An instant as Python computes with it: UTC without zone."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


@pytest.fixture(scope="module")
def starts(fetch: Fetch) -> Starts:
    """The starts of the periods that hold some instants."""

    def run(moments: Sequence[datetime], grain: Grain, zone: str | None) -> list[datetime]:
        values = sa.literal(list(moments), ARRAY(Instant()))
        given = sa.func.unnest(values).table_valued("at", with_ordinality="n").render_derived()
        start = truncate(given.c["at"], INSTANT, grain, zone)
        return fetch(sa.select(start).order_by(given.c.n))

    return run


def instant(moment: datetime) -> Expression:
    return sa.literal(moment, Instant())


def local(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@cache
def start_of(first_day: date, grain: Grain, zone: str) -> datetime:
    """The first quarter of an hour whose date, in the zone, lies in the period."""
    moment = datetime(first_day.year, first_day.month, first_day.day) - timedelta(hours=26)
    while period_start(local(moment, zone).date(), grain) != first_day:
        moment += QUARTER
    return moment


def hour_of(moment: datetime, zone: str) -> datetime:
    """Where the hour begins: a quarter at which the clock strikes, or shows another hour."""
    start = moment - timedelta(minutes=moment.minute % 15, seconds=moment.second)
    start = start.replace(microsecond=0)
    while local(start, zone).minute and same_hour(start - QUARTER, start, zone):
        start -= QUARTER
    return start


def same_hour(one: datetime, other: datetime, zone: str) -> bool:
    shown = [local(each, zone) for each in (one, other)]
    return (shown[0].date(), shown[0].hour) == (shown[1].date(), shown[1].hour)


def expected_start(moment: datetime, grain: Grain, zone: str) -> datetime:
    if grain is Grain.HOUR:
        return hour_of(moment, zone)
    return start_of(period_start(local(moment, zone).date(), grain), grain, zone)


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


def around(change: datetime) -> list[datetime]:
    """Two days on either side, every 20 minutes, and the instant itself to the microsecond."""
    near = [change + n * timedelta(minutes=20) for n in range(-150, 150)]
    return [*near, change - timedelta(microseconds=1), change, change + timedelta(microseconds=1)]


CASES = [
    *cases(20261, 300),
    *((at, Grain.DAY, zone) for zone, change in CHANGES for at in around(change)),
    (datetime(2026, 3, 10), Grain.MONTH, "Europe/Berlin"),
    (datetime(2026, 11, 20), Grain.MONTH, "America/Havana"),
    (datetime(2012, 1, 1), Grain.MONTH, "Pacific/Apia"),
]
HOURS = [(at, Grain.HOUR, zone) for zone, change in CHANGES for at in around(change)]


@pytest.mark.parametrize("asked", [CASES, HOURS], ids=["days and longer", "hours"])
def test_instants_belong_to_the_periods_of_the_zone(
    starts: Starts, asked: list[tuple[datetime, Grain, str]]
):
    alike: dict[tuple[Grain, str], list[datetime]] = defaultdict(list)
    for at, grain, zone in asked:
        alike[grain, zone].append(at)
    for (grain, zone), moments in alike.items():
        for at, start in zip(moments, starts(moments, grain, zone), strict=True):
            assert start == expected_start(at, grain, zone), (at, grain, zone)


def test_python_begins_days_and_hours_where_postgres_does():
    for at, _, zone in HOURS:
        day = local(at, zone).date()
        midnight = datetime(day.year, day.month, day.day)
        assert from_local(midnight, zone) == start_of(day, Grain.DAY, zone), (at, zone)
        assert hour_start(at, zone) == hour_of(at, zone), (at, zone)


@pytest.mark.parametrize(
    ("zone", "around_noon", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 10), 23),
        ("Europe/Berlin", datetime(2026, 10, 25, 10), 25),
        ("America/Havana", datetime(2026, 3, 8, 16), 23),
        ("America/Havana", datetime(2026, 11, 1, 16), 25),
        ("Asia/Beirut", datetime(2026, 3, 29, 10), 23),
        ("Asia/Beirut", datetime(2026, 10, 24, 10), 25),
        ("America/Santiago", datetime(2026, 9, 6, 16), 23),
        ("America/Santiago", datetime(2026, 4, 4, 16), 25),
        # By half an hour: one hour of the day has 30 minutes, or 90.
        ("Australia/Lord_Howe", datetime(2026, 10, 4, 1), 24),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, 1), 24),
    ],
)
def test_a_day_on_which_clocks_are_changed_has_its_hours(
    zone: str,
    around_noon: datetime,
    hours: int,
    starts: Starts,
):
    moments = [around_noon + n * QUARTER for n in range(-130, 130)]
    day = local(around_noon, zone).date()
    of_day = [each for each in moments if local(each, zone).date() == day]
    found = starts(of_day, Grain.HOUR, zone)
    assert len(set(found)) == hours
    assert set(starts(of_day, Grain.DAY, zone)) == {of_day[0]} == {min(found)}


@pytest.mark.parametrize("zone", [None, *ZONES])
@pytest.mark.parametrize("grain", LONG_GRAINS)
def test_filled_periods_are_those_that_instants_belong_to(
    zone: str | None, grain: Grain, fetch: Fetch, starts: Starts
):
    """None is missing, none is twice, and each is spelt as the groups spell it."""
    # 8 March 2026 has no midnight in Havana, and is the first period that is filled.
    first, last = datetime(2026, 3, 8, 12), datetime(2027, 5, 1)
    moments = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = filled(instant(first), instant(last), INSTANT, grain, zone, fetch)
    assert found == sorted(set(starts([*moments, last], grain, zone)))


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@pytest.mark.parametrize("grain", [Grain.HOUR, Grain.DAY, Grain.WEEK])
def test_filled_periods_go_on_where_clocks_are_changed(
    zone: str, change: datetime, grain: Grain, fetch: Fetch
):
    first, last = change - timedelta(days=2), change + timedelta(days=2)
    moments = [first + n * QUARTER for n in range(2 * 96 * 2 + 1)]
    found = filled(instant(first), instant(last), INSTANT, grain, zone, fetch)
    assert found == sorted({expected_start(at, grain, zone) for at in moments})


def filled(
    first: Expression,
    last: Expression,
    time: Dimension,
    grain: Grain,
    zone: str | None,
    fetch: Fetch,
) -> list[Any]:
    """The periods that gaps are filled with, in the order in which they are made."""
    start, end = (truncate(each, time, grain, zone) for each in (first, last))
    return fetch(_series(start, end, time, grain, zone))


@pytest.mark.parametrize("grain", [Grain.MONTH, Grain.QUARTER, Grain.YEAR])
def test_filled_dates_are_the_periods_of_the_calendar(grain: Grain, fetch: Fetch):
    first, last = date(2023, 11, 30), date(2026, 2, 28)
    found = filled(
        *(sa.literal(each, sa.Date()) for each in (first, last)), DAY, grain, None, fetch
    )
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert found == sorted({period_start(day, grain) for day in days})
