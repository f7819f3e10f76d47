"""How far back comparisons look, what is refused, and which top values there can be."""

from datetime import date, datetime, timedelta

import pytest

from graphql_api.catalogue.model import Grain
from graphql_api.errors import InvalidQueryError
from graphql_api.query.earlier import shift_of, shifted
from graphql_api.query.request import And, Comparison, Condition, Operator
from graphql_api.query.shifts import Shift, shift_over
from graphql_api.query.window import bounds, in_whole_periods
from tests.api.unit.asking import Api, sql_of

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

BERLIN = "Europe/Berlin"


class TestShift:
    @pytest.mark.parametrize(
        ("start", "end", "zone", "expected"),
        [
            (datetime(2026, 2, 1), datetime(2026, 3, 1), None, Shift(months=1)),
            (datetime(2026, 1, 1), datetime(2027, 1, 1), None, Shift(months=12)),
            (datetime(2026, 2, 2), datetime(2026, 3, 2), None, Shift(days=28)),
            (datetime(2026, 2, 8, 12), datetime(2026, 2, 15, 12), None, Shift(days=7)),
            (datetime(2026, 2, 1), datetime(2026, 2, 1, 6), None, Shift(length=timedelta(hours=6))),
            # A month of Berlin begins an hour before that of UTC, or two.
            (datetime(2026, 2, 28, 23), datetime(2026, 3, 31, 22), BERLIN, Shift(months=1)),
            # A week of Berlin's calendar with one hour less.
            (datetime(2026, 3, 26, 23), datetime(2026, 4, 2, 22), BERLIN, Shift(days=7)),
            (datetime(2026, 3, 26, 23), datetime(2026, 4, 2, 23), BERLIN, Shift(days=7)),
        ],
    )
    def test_over_a_window(self, start: datetime, end: datetime, zone: str | None, expected: Shift):
        assert shift_over(start, end, zone) == expected

    def test_cuts_the_day_to_the_months_length(self):
        assert Shift(months=1).back(date(2026, 3, 31), None) == date(2026, 2, 28)
        assert Shift(months=12).back(date(2024, 2, 29), None) == date(2023, 2, 28)
        assert Shift(months=1).back(datetime(2026, 3, 31, 7), None) == datetime(2026, 2, 28, 7)

    def test_counts_days_of_the_zone(self):
        noon = datetime(2026, 3, 30, 10)  # 12:00 in Berlin, in summer time since the day before
        assert Shift(days=2).back(noon, BERLIN) == datetime(2026, 3, 28, 11)
        assert Shift(length=timedelta(days=2)).back(noon, BERLIN) == datetime(2026, 3, 28, 10)

    @pytest.mark.parametrize(
        ("shift", "fitting"),
        [
            (Shift(months=1), {"HOUR", "DAY", "MONTH"}),
            (Shift(months=3), {"HOUR", "DAY", "MONTH", "QUARTER"}),
            (Shift(months=12), {"HOUR", "DAY", "MONTH", "QUARTER", "YEAR"}),
            (Shift(days=1), {"HOUR", "DAY"}),
            (Shift(days=14), {"HOUR", "DAY", "WEEK"}),
            (Shift(length=timedelta(hours=6)), {"HOUR"}),
            (Shift(length=timedelta(minutes=90)), set()),
        ],
    )
    def test_fits_periods_that_it_leads_from_start_to_start(self, shift: Shift, fitting: set[str]):
        assert {grain.name for grain in Grain if shift.fits(grain)} == fitting
        assert shift.fits(None)


class TestEarlierWindow:
    @pytest.mark.parametrize(
        ("given", "to", "window"),
        [
            # February, not the first 28 days of January.
            ('gte: "2026-02-01", lte: "2026-02-28"', "PERIOD", ("2026-01-01", "2026-01-31")),
            ('gte: "2026-02-01", lte: "2026-02-28"', "MONTH", ("2026-01-01", "2026-01-31")),
            ('gte: "2026-03-30", lt: "2026-04-01"', "MONTH", ("2026-02-28", "2026-02-28")),
            ('gte: "2026-02-10", lte: "2026-02-12"', "PERIOD", ("2026-02-07", "2026-02-09")),
            ('eq: "2026-02-10"', "DAY", ("2026-02-09", "2026-02-09")),
            ('gt: "2026-02-10"', "WEEK", ("2026-02-04", "2026-02-08")),
            ('trailing: "7d"', "PERIOD", ("2026-02-02", "2026-02-08")),
        ],
    )
    def test_of_days(self, api: Api, given: str, to: str, window: tuple[str, str]):
        question = in_whole_periods(
            api.question(
                f"{{ dailyUsage(groupBy: [], filter: {{ day: {{ {given} }} }}) {{ totalCount }} }}"
            )
        )
        by = shift_of(question, Comparison[f"PREVIOUS_{to}"])
        found = bounds(shifted(question, by))
        assert found == tuple(map(date.fromisoformat, window))

    def test_of_months_reaches_over_the_default_window(self, api: Api):
        question = in_whole_periods(api.question("{ monthlyUsage(groupBy: []) { totalCount } }"))
        assert bounds(question) == (date(2024, 2, 1), None)
        by = shift_of(question, Comparison.PREVIOUS_PERIOD)
        assert by == Shift(months=25)
        assert bounds(shifted(question, by)) == (date(2022, 1, 1), date(2024, 1, 1))

    def test_of_instants_keeps_what_is_included(self, api: Api):
        question = api.question(
            '{ requests(groupBy: [], filter: { requestedAt: { gte: "2026-02-01T00:00Z",'
            ' lt: "2026-02-02T00:00Z" }, model: { eq: "m" } }) { totalCount } }'
        )
        by = shift_of(question, Comparison.PREVIOUS_DAY)
        where = shifted(question, by).where
        assert isinstance(where, And)
        assert set(where.terms) == {
            Condition("requested_at", Operator.GTE, (datetime(2026, 1, 31),)),
            Condition("requested_at", Operator.LT, (datetime(2026, 2, 1),)),
            Condition("model", Operator.EQ, ("m",)),
        }


class TestRefusals:
    @pytest.mark.parametrize(
        ("call", "reason"),
        [
            ("requests(compareTo: [PREVIOUS_DAY])", "compareTo: requests needs groupBy"),
            (
                "requests(groupBy: [], compareTo: [PREVIOUS_DAY])",
                "compareTo: requests needs a filter with the window's start (REQUESTED_AT)",
            ),
            (
                'requests(groupBy: [], filter: { or: [{ requestedAt: { gte: "2026-01-01T00:00Z" }'
                " }] }, compareTo: [PREVIOUS_DAY])",
                "compareTo: requests needs a filter with the window's start",
            ),
            (
                "monthlyUsage(groupBy: [], compareTo: [PREVIOUS_DAY])",
                "compareTo: PREVIOUS_DAY lies no whole number of MONTH periods before",
            ),
            (
                "monthlyUsage(groupBy: [MONTH], timeGrain: YEAR, compareTo: [PREVIOUS_MONTH])",
                "compareTo: PREVIOUS_MONTH lies no whole number of YEAR periods before",
            ),
            (
                "requests(groupBy: [REQUESTED_AT], timeGrain: DAY, filter: { requestedAt: {"
                ' trailing: "36h" } }, compareTo: [PREVIOUS_PERIOD])',
                "compareTo: PREVIOUS_PERIOD lies no whole number of DAY periods before",
            ),
            (
                'requests(groupBy: [], filter: { requestedAt: { eq: "2026-01-01T00:00Z" } },'
                " compareTo: [PREVIOUS_PERIOD])",
                "compareTo: PREVIOUS_PERIOD is as long as the window, which has no length",
            ),
            (
                'dailyUsage(groupBy: [], filter: { day: { gte: "0001-01-05" } },'
                " compareTo: [PREVIOUS_YEAR])",
                "compareTo: the window to compare with lies before the year 1",
            ),
            (
                "requests(groupBy: [MODEL], top: { dimension: PROVIDER, count: 1, by: REQUESTS })",
                "top: requests must be grouped by PROVIDER; add it to groupBy",
            ),
            (
                "requests(top: { dimension: PROVIDER, count: 1, by: REQUESTS })",
                "top: requests must be grouped by PROVIDER; add it to groupBy",
            ),
            (
                "requests(filter: { hourOfDay: { eq: 24 } })",
                "filter.hourOfDay: 24 is not between 0 and 23",
            ),
            (
                "dailyUsage(filter: { dayOfWeek: { notIn: [1, 0] } })",
                "filter.dayOfWeek: 0 is not between 1 and 7",
            ),
        ],
    )
    def test_say_what_to_do(self, api: Api, call: str, reason: str):
        question = api.question(f"{{ {call} {{ totalCount }} }}")
        with pytest.raises(InvalidQueryError) as refused:
            sql_of(question)
        assert str(refused.value).startswith(reason)

    @pytest.mark.parametrize("count", [0, -1, 1_001])
    def test_of_tops_without_end(self, api: Api, count: int):
        message, extensions = api.refusal(
            f"{{ requests(groupBy: [MODEL], top: {{ dimension: MODEL, count: {count},"
            " by: REQUESTS }) { totalCount } }"
        )
        assert message == f"top: count is {count}, not between 1 and 1,000"
        assert extensions["argument"] == "top.count"

    def test_of_series_that_are_not_compared(self, api: Api):
        message, _ = api.refusal(
            "{ dailyUsage(groupBy: [DAY]) { chart(measure: REQUESTS) { series { totals {"
            " comparisons { to } } } } } }"
        )
        assert message.startswith("chart: series are not compared")


def test_without_comparisons_and_top_there_are_none(api: Api):
    """The fields are there whatever was asked, for documents that serve several questions."""
    document = "{ requests(groupBy: []) { nodes { isOther comparisons { to } } } }"
    question = api.question(document)
    assert question.dimensions == ()
    assert (question.compare_to, question.compared_metrics) == ((), ())
