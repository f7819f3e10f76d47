"""Which roll-ups answer which part of a window."""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.catalogue.model import Grain
from graphql_api.errors import InvalidQueryError
from graphql_api.query.compiler import compile_request
from graphql_api.query.legs import exactly
from graphql_api.query.needs import Needs, Span
from graphql_api.query.periods import start_of
from graphql_api.query.route import Leg, Rollup, choose, legs_along
from graphql_api.query.window import in_whole_periods
from graphql_api.query.zones import Hours, hours_of
from tests.api.unit.asking import ADMIN, MEMBER, Api

WINDOW = 'requestedAt: { gte: "2025-01-15T10:20:00Z", lt: "2026-03-15T10:20:00Z" }'
DAYS = 'requestedAt: { gte: "2026-01-15T00:00:00Z", lt: "2026-03-15T00:00:00Z" }'


def route_of(api: Api, arguments: str, fields: str = "nodes { requests }") -> str:
    """The legs of a question to `requests`, or `none`."""
    question = api.question(f"{{ requests({arguments}) {{ {fields} }} }}")
    return str(choose(in_whole_periods(question), api.catalogue) or "none")


def used(api: Api, arguments: str, fields: str = "nodes { requests }") -> set[str]:
    """The marts of the legs."""
    legs = route_of(api, arguments, fields).split(" + ")
    return {leg.split(" [")[0].removesuffix(" without time") for leg in legs}


class TestChoice:
    def test_a_sliding_window_is_covered_from_the_middle_outwards(self, api: Api):
        assert route_of(api, f"groupBy: [] filter: {{ {WINDOW} }}").split(" + ") == [
            "asked mart [2025-01-15 10:20:00..2025-01-15 11:00:00)",
            "fct_hourly_usage [2025-01-15 11:00:00..2025-01-16 00:00:00)",
            "fct_daily_cost_quality [2025-01-16 00:00:00..2025-02-01 00:00:00)",
            "fct_monthly_usage [2025-02-01 00:00:00..2026-03-01 00:00:00)",
            "fct_daily_cost_quality [2026-03-01 00:00:00..2026-03-15 00:00:00)",
            "fct_hourly_usage [2026-03-15 00:00:00..2026-03-15 10:00:00)",
            "asked mart [2026-03-15 10:00:00..2026-03-15 10:20:00)",
        ]

    def test_an_end_that_is_included_is_an_instant_longer(self, api: Api):
        bounds = 'requestedAt: { gte: "2026-03-01T00:00:00Z", lte: "2026-04-01T00:00:00Z" }'
        assert route_of(api, f"groupBy: [] filter: {{ {bounds} }}").split(" + ") == [
            "fct_monthly_usage [2026-03-01 00:00:00..2026-04-01 00:00:00)",
            "asked mart [2026-04-01 00:00:00..2026-04-01 00:00:00.000001)",
        ]

    def test_a_start_that_is_excluded_is_an_instant_later(self, api: Api):
        bounds = 'requestedAt: { gt: "2026-03-01T00:00:00Z", lt: "2026-04-01T00:00:00Z" }'
        assert "asked mart [2026-03-01 00:00:00.000001..2026-03-01 01:00:00)" in route_of(
            api, f"groupBy: [] filter: {{ {bounds} }}"
        )

    def test_without_a_window_rows_without_time_count(self, api: Api):
        assert route_of(api, "groupBy: [PROVIDER]").split(" + ") == [
            "fct_monthly_usage [..)",
            "asked mart without time",
        ]

    @pytest.mark.parametrize(
        "arguments",
        [
            "groupBy: [REQUESTED_AT] timeGrain: MONTH",
            'groupBy: [PROVIDER] filter: { requestedAt: { gte: "2026-01-01T00:00:00Z" } }',
        ],
    )
    def test_rows_without_time_are_in_no_period_and_no_window(self, api: Api, arguments: str):
        assert route_of(api, arguments).startswith("fct_monthly_usage [")
        assert "without time" not in route_of(api, arguments)

    @pytest.mark.parametrize(
        ("arguments", "fields", "marts"),
        [
            (f"groupBy: [USER_ID] filter: {{ {DAYS} }}", "nodes { requests }", {"fct_daily_usage"}),
            (f"groupBy: [] filter: {{ {DAYS} }}", "nodes { activeUsers }", {"fct_daily_usage"}),
            (f"groupBy: [] filter: {{ {DAYS} }}", "nodes { sessions }", {"none"}),
            (f"groupBy: [] filter: {{ {DAYS} }}", "totals { sessions }", {"none"}),
            (f"groupBy: [] filter: {{ {DAYS} }}", "nodes { latencyP95Ms }", {"none"}),
            (f"groupBy: [STATUS] filter: {{ {DAYS} }}", "nodes { requests }", {"none"}),
            (f'groupBy: [] filter: {{ {DAYS}, status: {{ eq: "x" }} }}', "totalCount", {"none"}),
            (
                f"groupBy: [] filter: {{ {DAYS} }} having: {{ sessions: {{ gt: 1 }} }}",
                "totalCount",
                {"none"},
            ),
            (
                f"groupBy: [] filter: {{ {DAYS} }} orderBy: [{{ field: SESSIONS }}]",
                "totalCount",
                {"none"},
            ),
            (f"filter: {{ {DAYS} }}", "totals { requests }", {"none"}),
            (
                f"groupBy: [REQUESTED_AT] filter: {{ {DAYS} }}",
                "nodes { requests }",
                {"none"},
            ),
            (
                f"groupBy: [REQUESTED_AT] timeGrain: WEEK filter: {{ {DAYS} }}",
                "nodes { requests }",
                {"fct_daily_cost_quality"},
            ),
            (
                f"groupBy: [REQUESTED_AT] timeGrain: HOUR filter: {{ {DAYS} }}",
                "nodes { requests }",
                {"fct_hourly_usage"},
            ),
            (
                f"groupBy: [] filter: {{ {DAYS} }}",
                "freshness { lastPeriodComplete }",
                {"fct_daily_cost_quality"},
            ),
        ],
    )
    def test_the_coarsest_that_has_everything(
        self, api: Api, arguments: str, fields: str, marts: set[str]
    ):
        assert used(api, arguments, fields) == marts

    @pytest.mark.parametrize(
        "where",
        [
            'requestedAt: { ne: "2026-01-01T00:00:00Z" }',
            "requestedAt: { isNull: false }",
            "requestedAt: { isNull: true }",
            'requestedAt: { in: ["2026-01-01T00:00:00Z"] }',
            'not: { requestedAt: { lt: "2026-01-01T00:00:00Z" } }',
            'or: [{ requestedAt: { lt: "2026-01-01T00:00:00Z" } }, { provider: { eq: "x" } }]',
            'requestedAt: { lte: "9999-12-31T23:59:59.999999Z" }',
        ],
    )
    def test_other_conditions_on_the_time_are_for_the_mart_itself(self, api: Api, where: str):
        assert route_of(api, f"groupBy: [] filter: {{ {where} }}") == "none"

    def test_a_roll_up_is_answered_by_a_coarser_one(self, api: Api):
        question = api.question(
            "{ dailyUsage(groupBy: [PROVIDER]"
            ' filter: { day: { gte: "2026-01-30", lte: "2026-03-31" } }) { nodes { requests } } }'
        )
        assert str(choose(in_whole_periods(question), api.catalogue)).split(" + ") == [
            "fct_daily_cost_quality [2026-01-30 00:00:00..2026-02-01 00:00:00)",
            "fct_monthly_usage [2026-02-01 00:00:00..2026-04-01 00:00:00)",
        ]

    def test_months_of_several_marts_leave_out_those_without_a_request(self, api: Api):
        question = api.question("{ requests(groupBy: [PROVIDER]) { nodes { provider } } }")
        found = choose(in_whole_periods(question), api.catalogue)
        assert found is not None
        assert [leg.rollup.counts for leg in found.legs if leg.rollup] == [("requests",)]

    @pytest.mark.parametrize("scope", [ADMIN, MEMBER])
    def test_the_log_says_which(self, api: Api, scope: object, caplog: pytest.LogCaptureFixture):
        caplog.set_level(logging.DEBUG, "graphql_api.query.legs")
        question = api.question("{ requests(groupBy: [PROVIDER]) { totalCount } }")
        exactly(api.catalogue)(in_whole_periods(question))
        assert caplog.messages == [
            "requests is answered by fct_monthly_usage [..) + asked mart without time"
        ]


def days_of(zone: str) -> str:
    return f'groupBy: [REQUESTED_AT] timeGrain: DAY timezone: "{zone}" filter: {{ {DAYS} }}'


class TestZones:
    def test_hours_answer_where_the_offset_is_read_in_full(self, api: Api):
        assert used(api, days_of("Asia/Tokyo")) == {"fct_hourly_usage"}

    def test_where_it_is_not_the_mart_answers_hours_in_which_a_day_ends(self, api: Api):
        """In Kathmandu days begin at 18:15 UTC."""
        rollup, torn = route_of(api, days_of("Asia/Kathmandu")).split(" + ")
        span = "[2026-01-15 00:00:00..2026-03-15 00:00:00)"
        assert rollup == f"fct_hourly_usage {span} but 59 hours"
        assert torn == f"asked mart {span} in 59 hours"

    def test_of_longer_periods_there_are_fewer(self, api: Api):
        months = days_of("Asia/Kathmandu").replace("timeGrain: DAY", "timeGrain: MONTH")
        assert route_of(api, months).endswith(" in 2 hours")

    def test_its_hours_are_answered_by_the_mart(self, api: Api):
        hours = days_of("Asia/Kathmandu").replace("timeGrain: DAY", "timeGrain: HOUR")
        assert used(api, hours) == {"none"}

    def test_what_is_later_than_now_is_answered_by_the_mart(self, api: Api):
        arguments = (
            'groupBy: [REQUESTED_AT] timeGrain: MONTH timezone: "Asia/Kathmandu"'
            ' filter: { requestedAt: { gte: "2026-01-31T18:00:00Z" } } asOf: "2026-03-01T07:08:09Z"'
        )
        assert route_of(api, arguments).split(" + ") == [
            "fct_hourly_usage [2026-01-31 18:00:00..2026-03-01 08:00:00) but 2 hours",
            "asked mart [2026-01-31 18:00:00..2026-03-01 08:00:00) in 2 hours",
            "asked mart [2026-03-01 08:00:00..)",
        ]

    def test_millennia_of_days_are_not_listed(self, api: Api):
        arguments = (
            'groupBy: [REQUESTED_AT] timeGrain: DAY timezone: "Asia/Kathmandu"'
            ' filter: { requestedAt: { gte: "2020-01-01T00:00:00Z", lt: "9000-01-01T00:00:00Z" } }'
        )
        rollup, _, later = route_of(api, arguments).split(" + ")
        assert rollup.endswith(f" but {50 * 365 + 13} hours")
        assert later == "asked mart [2070-01-01 00:00:00..9000-01-01 00:00:00)"

    @pytest.mark.parametrize(
        ("zone", "more"),
        [
            ("Asia/Kathmandu", "groupBy: [HOUR] timeGrain: DAY"),
            ("Asia/Kathmandu", "groupBy: [HOUR]"),
            ("Asia/Kathmandu", "groupBy: [HOUR_OF_DAY]"),
            ("Asia/Kathmandu", "groupBy: [PROVIDER] filter: { dayOfWeek: { eq: 1 } }"),
            ("America/Caracas", "groupBy: [HOUR] timeGrain: DAY"),
        ],
    )
    def test_whole_hours_are_not_cut(self, api: Api, zone: str, more: str):
        """An hour that lies in two days would be counted in the wrong one."""
        question = api.question(f'{{ hourlyUsage({more} timezone: "{zone}") {{ totalCount }} }}')
        with pytest.raises(InvalidQueryError) as refused:
            compile_request(question)
        assert str(refused.value) == (
            "timezone: hourlyUsage holds whole UTC hours, which do not add up to the periods of "
            f"{zone} in this window; ask a field of single instants, such as requests"
        )

    @pytest.mark.parametrize(
        ("zone", "more"),
        [
            ("Asia/Tokyo", "groupBy: [HOUR] timeGrain: DAY"),
            ("Asia/Kathmandu", "groupBy: [PROVIDER]"),
            ("Asia/Kathmandu", "groupBy: [] filter: { hour: { sinceStartOf: { unit: DAY } } }"),
            (
                "America/Caracas",
                'groupBy: [HOUR] timeGrain: DAY filter: { hour: { gte: "2017-01-01T00:00:00Z" } }',
            ),
        ],
    )
    def test_but_added_up_where_they_are_whole(self, api: Api, zone: str, more: str):
        question = api.question(f'{{ hourlyUsage({more} timezone: "{zone}") {{ totalCount }} }}')
        assert compile_request(question) is not None

    def test_the_zone_does_not_matter_where_time_is_not_cut(self, api: Api):
        arguments = f'groupBy: [PROVIDER] timezone: "Asia/Kathmandu" filter: {{ {WINDOW} }}'
        assert "fct_monthly_usage" in used(api, arguments)

    def test_hours_answer_since_the_offset_is_read_in_full(self, api: Api):
        arguments = 'groupBy: [REQUESTED_AT] timeGrain: MONTH timezone: "America/Caracas"'
        early, late = route_of(api, arguments).split(" + ")
        # Venezuela's clocks were four and a half hours behind until 1 May 2016.
        since = since_of("America/Caracas")
        assert datetime(2016, 5, 1, 7) <= since < datetime(2016, 5, 9)
        assert early == f"asked mart [..{since})"
        assert late == f"fct_hourly_usage [{since}..)"

    def test_hours_answer_since_clocks_are_changed_on_the_hour(self):
        # Until 2022 Casey put its clocks forward at a minute past midnight.
        assert datetime(2022, 10, 1, 16, 1) <= since_of("Antarctica/Casey") < datetime(2022, 10, 9)

    @pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns"])
    def test_half_hours_are_not_whole(self, zone: str):
        assert hours_of(zone, {Grain.HOUR}, None, datetime(2026, 1, 1)) is None

    @given(
        st.sampled_from(sorted(available_timezones())),
        st.sampled_from(Grain),
        st.datetimes(datetime(2012, 1, 1), datetime(2100, 1, 1)),
    )
    def test_no_hour_lies_in_two_periods_but_torn_ones(
        self, zone: str, grain: Grain, moment: datetime
    ):
        assert_whole(zone, grain, start_of(moment, Grain.HOUR))

    @pytest.mark.parametrize("grain", [Grain.HOUR, Grain.DAY])
    def test_nor_where_clocks_are_changed(self, grain: Grain):
        for zone, change in changes():
            for hours in (-1, 0, 1):
                assert_whole(zone, grain, start_of(change, Grain.HOUR) + timedelta(hours=hours))


@cache
def changes() -> list[tuple[str, datetime]]:
    """Every change of every zone's clock within some years; one zone of those with the same."""
    found: dict[tuple[tuple[datetime, timedelta | None, timedelta | None], ...], str] = {}
    step = timedelta(days=7)
    for zone in sorted(available_timezones()):
        rules, own = ZoneInfo(zone), []
        moment = datetime(2012, 1, 1)
        while moment < datetime(2027, 1, 1):
            before, after = offset(moment, rules), offset(moment + step, rules)
            if before != after:
                own.append((change_after(moment, step, rules), before, after))
            moment += step
        found.setdefault(tuple(own), zone)
    return [(zone, change) for own, zone in found.items() for change, *_ in own]


def since_of(zone: str) -> datetime:
    hours = hours_of(zone, {Grain.HOUR}, None, datetime(2026, 1, 1))
    assert hours is not None
    return hours.since


def offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.replace(tzinfo=UTC).astimezone(zone).utcoffset()


def change_after(moment: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """When the clock is changed, to the second."""
    start, end = moment, moment + step
    while end - start > timedelta(seconds=1):
        middle = (start + (end - start) / 2).replace(microsecond=0)
        start, end = (
            (middle, end) if offset(middle, zone) == offset(start, zone) else (start, middle)
        )
    return end


def assert_whole(zone: str, grain: Grain, hour: datetime) -> None:
    """All minutes of an hour lie in one period of the zone, unless it is torn or not used."""
    week = timedelta(days=7)
    hours = hours_of(zone, {grain}, hour - week, hour + week)
    if hours is None or hour < hours.since or hour in hours.torn:
        return
    minutes = (hour + timedelta(minutes=n) for n in range(60))
    local = {each.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)) for each in minutes}
    shown = {(each.date(), each.hour, each.utcoffset()) for each in local}
    if grain is not Grain.HOUR:
        shown = {(start_of(each.replace(tzinfo=None), grain),) for each in local}  # type: ignore[misc]
    assert len(shown) == 1, (zone, grain, hour)


MOMENTS = st.one_of(
    st.none(),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),
    st.builds(
        start_of, st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)), st.sampled_from(Grain)
    ),
)
ORDERED = [Grain.YEAR, Grain.MONTH, Grain.WEEK, Grain.DAY, Grain.HOUR]


TORN = st.sets(
    st.builds(
        start_of, st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)), st.just(Grain.HOUR)
    )
)


@given(
    MOMENTS,
    MOMENTS,
    st.sets(st.sampled_from(ORDERED)),
    MOMENTS,
    TORN.map(lambda hours: tuple(sorted(hours))),
    st.booleans(),
)
def test_legs_cover_the_window_once_and_in_whole_periods(
    start: datetime | None,
    end: datetime | None,
    grains: set[Grain],
    since: datetime | None,
    torn: tuple[datetime, ...],
    with_end: bool,
):
    if start is not None and end is not None and start >= end:
        start, end = (end, start) if start > end else (start, None)
    if since is not None:
        since = start_of(since, Grain.DAY)
        grains &= {Grain.HOUR}
    else:
        torn = ()
    until = since + timedelta(days=99) if since and with_end else None
    catalogue_mart = None
    rollups = [Rollup(catalogue_mart, g) for g in ORDERED if g in grains]  # type: ignore[arg-type]
    needs = Needs(
        dimensions=frozenset(),
        measures=(),
        periods=frozenset(),
        hours=Hours(since, until, torn) if since else None,
        span=Span(start, end),
        with_untimed=False,
        where=None,
    )
    legs = legs_along(needs, rollups)
    assert_torn(legs, torn)
    legs = tuple(leg for leg in legs if leg.rollup or not leg.torn)
    assert_contiguous(legs, start, end)
    for leg in legs:
        assert leg.span is not None
        if leg.rollup:
            for edge in (leg.span.start, leg.span.end):
                assert edge is None or edge == start_of(edge, leg.rollup.grain)
            assert since is None or (leg.span.start is not None and leg.span.start >= since)
            assert until is None or (leg.span.end is not None and leg.span.end <= until)


def assert_torn(legs: Sequence[Leg], torn: Sequence[datetime]) -> None:
    """What a roll-up leaves out, the next leg asks the mart for; edges are whole."""
    for leg, following in pairwise([*legs, Leg(None)]):
        if leg.rollup:
            assert leg.span is not None
            start, end = leg.span.start, leg.span.end
            inside = [
                hour
                for hour in torn
                if (start is None or hour >= start) and (end is None or hour < end)
            ]
            assert list(leg.torn) == inside
            assert not inside or following == Leg(leg.span, torn=leg.torn)


def assert_contiguous(legs: Sequence[Leg], start: datetime | None, end: datetime | None) -> None:
    spans = [leg.span for leg in legs if leg.span]
    assert len(spans) == len(legs)
    assert (spans[0].start, spans[-1].end) == (start, end)
    for before, after in pairwise(spans):
        assert before.end is not None
        assert before.end == after.start
    for span in spans:
        assert span.start is None or span.end is None or span.start < span.end
