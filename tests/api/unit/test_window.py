"""What a question means in time: snapping, default and inverted windows, inclusive bounds."""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import Catalogue, Mart
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import And, Condition, Not, Operator, Or, Predicate, QueryRequest
from graphql_api.query.window import bounds, in_whole_periods
from tests.api.unit.artifacts import small_project
from tests.api.unit.asking import ADMIN, NOW

EQ, NE, IN, NOT_IN = Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN
GT, GTE, LT, LTE = Operator.GT, Operator.GTE, Operator.LT, Operator.LTE

MONTHS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def month(operator: Operator, *days: str | date) -> Condition:
    values = tuple(day(each) if isinstance(each, str) else each for each in days)
    return Condition("month", operator, values)


def instant(operator: Operator, text: str) -> Condition:
    return Condition("called_at", operator, (datetime.fromisoformat(text),))


KIND = Condition("kind", EQ, ("other",))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue(small_project().write(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="module")
def monthly(small: Catalogue) -> Mart:
    return small.marts["fct_monthly_calls"]


@pytest.fixture(scope="module")
def calls(small: Catalogue) -> Mart:
    return small.marts["fct_calls"]


def where(mart: Mart, given: Predicate | None, as_of: datetime = NOW) -> Predicate | None:
    """The filter after the rules of time were applied."""
    return in_whole_periods(QueryRequest(mart, ADMIN, as_of, where=given)).where


class TestAnyDateMeansItsMonth:
    @pytest.mark.parametrize("operator", [EQ, GT, GTE, LTE, NE])
    def test_whatever_it_is_compared_by(self, monthly: Mart, operator: Operator):
        given = And((month(GTE, "2020-01-01"), month(operator, "2026-01-31")))
        snapped = where(monthly, given)
        assert snapped == And((month(GTE, "2020-01-01"), month(operator, "2026-01-01")))

    def test_in_lists(self, monthly: Mart):
        given = month(IN, "2026-01-31", "2026-02-01")
        assert where(monthly, given) == month(IN, "2026-01-01", "2026-02-01")

    def test_wherever_the_condition_stands(self, monthly: Mart):
        given = Or((Not(month(GTE, "2026-01-31")), And((KIND, month(EQ, "2026-02-28")))))
        assert where(monthly, given) == Or(
            (Not(month(GTE, "2026-01-01")), And((KIND, month(EQ, "2026-02-01"))))
        )

    def test_but_conditions_on_other_columns_stay(self, monthly: Mart):
        given = And((month(GTE, "2026-01-01"), KIND, Condition("month", Operator.IS_NULL, (True,))))
        assert where(monthly, given) == given

    def test_but_instants_stay_what_they_are(self, calls: Mart):
        given = instant(GTE, "2026-01-31T12:34:56")
        assert where(calls, given) == given

    @given(MONTHS)
    def test_and_its_first_day_stays(self, monthly: Mart, any_day: date):
        first = month(GTE, any_day.replace(day=1))
        assert where(monthly, month(GTE, any_day)) == first
        assert where(monthly, first) == first


class TestDefaultWindow:
    """First day of the month 24 months before the end of the window (SEMANTICS 2.3)."""

    @pytest.mark.parametrize(
        ("given", "start"),
        [
            (None, "2024-02-01"),
            (KIND, "2024-02-01"),
            (month(LTE, "2025-06-30"), "2023-06-01"),
            (month(LT, "2025-06-30"), "2023-05-01"),
            (And((month(LTE, "2025-06-30"), month(LT, "2025-03-01"))), "2023-02-01"),
            (month(NE, "2025-06-30"), "2024-02-01"),
            (month(NOT_IN, "2025-06-30"), "2024-02-01"),
            (month(LTE, "0001-06-30"), "0001-01-01"),
        ],
    )
    def test_reaches_back_from_the_end(self, monthly: Mart, given: Predicate | None, start: str):
        found = where(monthly, given)
        if given is None:
            assert found == month(GTE, start)
        else:
            assert isinstance(found, And)
            assert found.terms[-1] == month(GTE, start)

    @pytest.mark.parametrize(
        ("as_of", "start"),
        [
            ("2026-01-01T00:00:00", "2024-01-01"),
            ("2026-01-31T23:59:59.999999", "2024-01-01"),
            ("2025-12-31T23:59:59", "2023-12-01"),
            ("2024-02-29T00:00:00", "2022-02-01"),
        ],
    )
    def test_counts_from_the_month_of_as_of(self, monthly: Mart, as_of: str, start: str):
        assert where(monthly, None, datetime.fromisoformat(as_of)) == month(GTE, start)

    @pytest.mark.parametrize(
        "given",
        [
            month(EQ, "2001-01-01"),
            month(GT, "2001-01-01"),
            month(GTE, "2001-01-01"),
            month(IN, "2001-01-01"),
            And((KIND, month(GTE, "2001-01-01"))),
            Or((KIND, month(GTE, "2001-01-01"))),
            Not(month(GTE, "2001-01-01")),
        ],
    )
    def test_yields_to_any_lower_bound(self, monthly: Mart, given: Predicate):
        assert where(monthly, given) == given

    def test_is_not_for_marts_that_declare_none(self, calls: Mart):
        assert where(calls, None) is None
        assert where(calls, KIND) == KIND

    def test_is_not_for_marts_without_time(self, small: Catalogue):
        assert where(small.marts["dim_vendors"], None) is None

    def test_is_as_long_as_the_mart_declares(self, monthly: Mart):
        shorter = replace(monthly, default_window_months=3)
        assert where(shorter, None) == month(GTE, "2025-11-01")


class TestInvertedWindow:
    @pytest.mark.parametrize(
        "given",
        [
            (month(GTE, "2026-02-01"), month(LTE, "2026-01-31")),
            (month(GT, "2026-01-31"), month(LTE, "2026-01-31")),
            (month(GTE, "2026-01-01"), month(LT, "2026-01-31")),
            (month(GT, "2026-01-01"), month(LT, "2026-02-01")),
            (month(EQ, "2026-01-01"), month(EQ, "2026-02-01")),
            (month(EQ, "2026-01-01"), month(LT, "2026-01-01")),
            (month(IN, "2026-03-01", "2026-04-01"), month(LTE, "2026-02-01")),
            (month(GTE, "2020-01-01"), month(GTE, "2026-02-01"), month(LTE, "2026-01-01")),
        ],
    )
    def test_is_refused(self, monthly: Mart, given: tuple[Predicate, ...]):
        with pytest.raises(InvalidQueryError, match="monthlyCalls: the window of month") as refusal:
            where(monthly, And(given))
        assert refusal.value.code == "INVERTED_WINDOW"
        assert refusal.value.extensions["argument"] == "filter.month"

    def test_names_both_ends(self, monthly: Mart):
        inverted = And((month(GTE, "2026-02-01"), month(LTE, "2026-01-31")))
        with pytest.raises(InvalidQueryError, match="starts at 2026-02-01 and ends at 2026-01-01"):
            where(monthly, inverted)

    @pytest.mark.parametrize(
        "given",
        [
            (month(GTE, "2026-01-31"), month(LTE, "2026-01-01")),
            (month(GTE, "2026-01-01"), month(LT, "2026-02-01")),
            (month(GT, "2026-01-01"), month(LTE, "2026-02-01")),
            (month(EQ, "2026-01-01"), month(LTE, "2026-01-01")),
            (month(GTE, "2026-02-01"), month(NE, "2026-01-01")),
            (month(GTE, "2026-02-01"), Not(month(LTE, "2026-01-01"))),
            (month(GTE, "2026-02-01"), Or((month(LTE, "2026-01-01"), KIND))),
        ],
    )
    def test_is_none_where_a_month_can_lie_in_it(self, monthly: Mart, given: tuple[Predicate, ...]):
        assert where(monthly, And(given)) is not None

    @pytest.mark.parametrize(
        ("lower", "upper", "is_inverted"),
        [
            (instant(GTE, "2026-01-01T00:00:00"), instant(LTE, "2026-01-01T00:00:00"), False),
            (instant(GTE, "2026-01-01T00:00:00"), instant(LT, "2026-01-01T00:00:00"), True),
            (instant(GT, "2026-01-01T00:00:00"), instant(LTE, "2026-01-01T00:00:00"), True),
            (instant(GTE, "2026-01-01T00:00:01"), instant(LTE, "2026-01-01T00:00:00"), True),
        ],
    )
    def test_of_instants(self, calls: Mart, lower: Condition, upper: Condition, is_inverted: bool):
        if is_inverted:
            with pytest.raises(InvalidQueryError, match="calls: the window of calledAt"):
                where(calls, And((lower, upper)))
        else:
            assert where(calls, And((lower, upper))) == And((lower, upper))

    @given(st.sampled_from([GT, GTE]), MONTHS, st.sampled_from([LT, LTE]), MONTHS)
    def test_is_refused_exactly_when_no_month_passes(
        self, monthly: Mart, low: Operator, start: date, high: Operator, end: date
    ):
        first, last = start.replace(day=1), end.replace(day=1)
        years = range(2019, 2029)
        passing = [
            each
            for each in (date(year, number, 1) for year in years for number in range(1, 13))
            if (each > first if low is GT else each >= first)
            and (each < last if high is LT else each <= last)
        ]
        window = And((month(low, start), month(high, end)))
        if passing:
            assert where(monthly, window) is not None
        else:
            with pytest.raises(InvalidQueryError):
                where(monthly, window)


class TestBounds:
    """The first and last period (or instant) that the filter lets through: what `fill` fills."""

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ((month(GTE, "2026-01-01"),), ("2026-01-01", None)),
            ((month(GT, "2026-01-01"),), ("2026-02-01", None)),
            ((month(LTE, "2026-12-01"),), (None, "2026-12-01")),
            ((month(LT, "2026-12-01"),), (None, "2026-11-01")),
            ((month(EQ, "2026-12-01"),), ("2026-12-01", "2026-12-01")),
            ((month(IN, "2026-12-01", "2026-03-01"),), ("2026-03-01", "2026-12-01")),
            ((month(IN),), (None, None)),
            ((month(GTE, "2026-01-01"), month(GT, "2025-12-01")), ("2026-01-01", None)),
            ((month(NE, "2026-01-01"), Not(month(GTE, "2026-01-01"))), (None, None)),
            ((KIND,), (None, None)),
            ((month(GT, "9999-12-01"), month(LT, "0001-01-01")), ("9999-12-01", "0001-01-01")),
        ],
    )
    def test_of_months(
        self, monthly: Mart, given: tuple[Predicate, ...], expected: tuple[str | None, str | None]
    ):
        request = QueryRequest(monthly, ADMIN, NOW, where=And(given))
        assert bounds(request) == tuple(day(each) if each else None for each in expected)

    def test_of_instants(self, calls: Mart):
        given = And((instant(GT, "2026-01-01T00:00:00"), instant(LT, "2026-02-01T00:00:00")))
        request = QueryRequest(calls, ADMIN, NOW, where=given)
        assert bounds(request) == (
            datetime(2026, 1, 1, 0, 0, 0, 1),
            datetime(2026, 1, 31, 23, 59, 59, 999999),
        )

    def test_of_a_mart_without_time(self, small: Catalogue):
        request = QueryRequest(small.marts["dim_vendors"], ADMIN, NOW)
        assert bounds(request) == (None, None)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_two_years_of_months_are_in_the_default_window(monthly: Mart, as_of: datetime):
    found = where(monthly, None, as_of)
    assert isinstance(found, Condition)
    (start,) = found.values
    assert isinstance(start, date)
    months = (as_of.year - start.year) * 12 + as_of.month - start.month
    assert (start.day, months) == (1, 24)
