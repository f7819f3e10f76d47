"""Days, weeks and months of a zone hold the rows that its calendar says, and add up."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from graphql_api.catalogue.model import Grain
from graphql_api.query.periods import period_start
from tests.api.integration.zones.conftest import Ask
from tests.api.integration.zones.rows import (
    CHANGES,
    DAY,
    MICROSECOND,
    first_instant,
    hour_start,
    local,
    text,
    timed,
)
from tests.reference.raw_auto_analyst import ModelUsage

pytestmark = pytest.mark.database

PERIODS = """
query Periods($zone: String, $grain: TimeGrain, $from: DateTime, $to: DateTime, $fill: Fill) {
  requests(
    groupBy: [REQUESTED_AT], timeGrain: $grain, timezone: $zone, fill: $fill, first: 1000
    filter: { requestedAt: { gte: $from, lt: $to } }
  ) {
    nodes { requestedAt requests totalTokens }
    totalCount
    totals { requests totalTokens }
    chart(measure: REQUESTS) { labels series { data total } }
  }
}
"""
PARTS = """
query Parts($zone: String, $from: DateTime, $to: DateTime) {
  hours: requests(
    groupBy: [HOUR_OF_DAY], timezone: $zone, filter: { requestedAt: { gte: $from, lt: $to } }
  ) { nodes { hourOfDay requests } }
  weekdays: requests(
    groupBy: [DAY_OF_WEEK], timezone: $zone, filter: { requestedAt: { gte: $from, lt: $to } }
  ) { nodes { dayOfWeek requests } }
}
"""
COMPARED = """
query Compared($zone: String, $from: DateTime, $to: DateTime) {
  requests(
    groupBy: [REQUESTED_AT], timeGrain: DAY, timezone: $zone, fill: ZERO, first: 1000
    filter: { requestedAt: { gte: $from, lt: $to } }, compareTo: [PREVIOUS_WEEK]
  ) {
    nodes { requestedAt comparisons { requests { value } } }
    totals { comparisons { requests { value } } }
  }
}
"""
SINCE = """
query Since($zone: String, $unit: TimeGrain!, $asOf: DateTime) {
  requests(
    groupBy: [], timezone: $zone, asOf: $asOf
    filter: { requestedAt: { sinceStartOf: { unit: $unit } } }
  ) { totals { requests } }
}
"""
EACH_CHANGE = pytest.mark.parametrize(
    ("zone", "change"),
    [pytest.param(*each, id=f"{each[0]} {each[1]:%Y-%m-%d}") for each in CHANGES],
)


def windows(zone: str, change: datetime) -> Iterable[tuple[datetime, datetime]]:
    """Around the change: whole days, to the instant, and one that begins with the change."""
    first, last = (first_instant(local(change + n * DAY, zone).date(), zone) for n in (-9, 9))
    assert first is not None
    assert last is not None
    yield first, last
    yield first + timedelta(hours=5, minutes=17, microseconds=3), last - timedelta(minutes=7)
    yield change, change + 3 * DAY
    yield change - timedelta(minutes=10), change + timedelta(minutes=10)


def start_of_period(moment: datetime, grain: str, zone: str) -> datetime:
    if grain == "HOUR":
        return hour_start(moment, zone)
    first_day = period_start(local(moment, zone).date(), Grain[grain])
    while (start := first_instant(first_day, zone)) is None:
        first_day += DAY
    return start


def inside(usage: list[ModelUsage], start: datetime, end: datetime) -> list[datetime]:
    return [at for at, _ in timed(usage) if start <= at < end]


@EACH_CHANGE
@pytest.mark.parametrize("grain", ["HOUR", "DAY", "WEEK", "MONTH", "YEAR"])
def test_rows_fall_into_the_periods_of_the_zone_and_add_up(
    zone: str, change: datetime, grain: str, ask: Ask, usage: list[ModelUsage]
):
    for start, end in windows(zone, change):
        asked = {"zone": zone, "grain": grain, "from": exact(start), "to": exact(end)}
        found = ask(PERIODS, **asked)["requests"]
        moments = inside(usage, start, end)
        expected = Counter(text(start_of_period(at, grain, zone)) for at in moments)
        shown = {node["requestedAt"]: node["requests"] for node in found["nodes"]}
        assert shown == expected, asked
        assert sum(shown.values()) == found["totals"]["requests"] == len(moments)
        added = sum(node["totalTokens"] for node in found["nodes"])
        assert added == found["totals"]["totalTokens"]


@EACH_CHANGE
@pytest.mark.parametrize("grain", ["HOUR", "DAY", "WEEK", "MONTH"])
def test_gaps_are_filled_with_every_period_once(
    zone: str, change: datetime, grain: str, ask: Ask, usage: list[ModelUsage]
):
    for start, end in windows(zone, change):
        asked = {"zone": zone, "grain": grain, "from": exact(start), "to": exact(end)}
        found = ask(PERIODS, **asked, fill="ZERO")["requests"]
        quarters = int((end - start) / timedelta(minutes=15)) + 1
        steps = {start + n * timedelta(minutes=15) for n in range(quarters)} | {end - MICROSECOND}
        all_moments = (at for at in steps if at < end)
        every = sorted({text(start_of_period(at, grain, zone)) for at in all_moments})
        counts = Counter(text(start_of_period(at, grain, zone)) for at in inside(usage, start, end))
        assert [node["requestedAt"] for node in found["nodes"]] == every, asked
        assert [node["requests"] for node in found["nodes"]] == [counts[each] for each in every]
        assert found["totalCount"] == len(every)
        assert found["chart"] == {
            "labels": every,
            "series": [{"data": [counts[each] for each in every], "total": counts.total()}],
        }


@EACH_CHANGE
def test_hours_of_the_day_and_weekdays_are_those_of_the_zone(
    zone: str, change: datetime, ask: Ask, usage: list[ModelUsage]
):
    for start, end in windows(zone, change):
        found = ask(PARTS, zone=zone, **{"from": exact(start), "to": exact(end)})
        shown = [local(at, zone) for at in inside(usage, start, end)]
        assert counted(found["hours"], "hourOfDay") == Counter(each.hour for each in shown)
        assert counted(found["weekdays"], "dayOfWeek") == Counter(
            each.isoweekday() for each in shown
        )


def counted(found: dict[str, Any], name: str) -> dict[int, int]:
    return {node[name]: node["requests"] for node in found["nodes"]}


@EACH_CHANGE
def test_days_are_compared_with_the_same_days_a_week_before(
    zone: str, change: datetime, ask: Ask, usage: list[ModelUsage]
):
    start, end = next(iter(windows(zone, change)))
    found = ask(COMPARED, zone=zone, **{"from": exact(start), "to": exact(end)})["requests"]
    by_date = Counter(local(at, zone).date() for at, _ in timed(usage))
    first, last = local(start, zone).date(), local(end - MICROSECOND, zone).date()
    days = [first + n * DAY for n in range((last - first).days + 1)]
    starts = {text(begun): day for day in days if (begun := first_instant(day, zone))}
    assert [node["requestedAt"] for node in found["nodes"]] == list(starts)
    for node in found["nodes"]:
        before = starts[node["requestedAt"]] - 7 * DAY
        assert node["comparisons"][0]["requests"]["value"] == by_date[before], (zone, before)
    total = sum(by_date[day - 7 * DAY] for day in days)
    assert found["totals"]["comparisons"][0]["requests"]["value"] == total


@EACH_CHANGE
@pytest.mark.parametrize("unit", ["HOUR", "DAY", "WEEK", "MONTH", "YEAR"])
def test_windows_since_the_start_of_a_period_begin_with_it(
    zone: str, change: datetime, unit: str, ask: Ask, usage: list[ModelUsage]
):
    for minutes in (-1, 0, 20, 50, 24 * 60, 30 * 60):
        as_of = change + timedelta(minutes=minutes)
        start = start_of_period(as_of, unit, zone)
        found = ask(SINCE, zone=zone, unit=unit, asOf=text(as_of))["requests"]["totals"]
        assert found == {"requests": len(inside(usage, start, as_of + MICROSECOND))}, (zone, as_of)


def exact(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds") + "Z"
