"""GraphQL filters become predicates: operators, nesting, relative windows, refusals."""

from datetime import date, datetime

import pytest

from graphql_api.query.request import And, Condition, Not, Operator, Or, Predicate
from tests.api.unit.asking import NOW, Api

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

GTE, LTE = Operator.GTE, Operator.LTE


def asked(api: Api, given: str, mart: str = "requests") -> Predicate | None:
    return api.question(f"{{ {mart}(filter: {given}) {{ totalCount }} }}").where


def refused(api: Api, given: str, mart: str = "requests") -> str:
    message, extensions = api.refusal(f"{{ {mart}(filter: {given}) {{ totalCount }} }}")
    assert extensions["code"] == "INVALID_ARGUMENT"
    return message


ONE_OF = "query ($text: String!) { requests(filter: { model: { in: [$text] } }) { totalCount } }"


class TestOperators:
    @pytest.mark.parametrize(
        ("given", "operator", "values"),
        [
            ('eq: "x"', Operator.EQ, ("x",)),
            ('ne: "x"', Operator.NE, ("x",)),
            ('in: ["x", "y"]', Operator.IN, ("x", "y")),
            ('in: "x"', Operator.IN, ("x",)),
            ("in: []", Operator.IN, ()),
            ('notIn: ["x"]', Operator.NOT_IN, ("x",)),
            ("isNull: true", Operator.IS_NULL, (True,)),
            ("isNull: false", Operator.IS_NULL, (False,)),
            ('gt: "x"', Operator.GT, ("x",)),
            ('gte: "x"', Operator.GTE, ("x",)),
            ('lt: "x"', Operator.LT, ("x",)),
            ('lte: "x"', Operator.LTE, ("x",)),
            ('contains: "%_"', Operator.CONTAINS, ("%_",)),
            ('containsInsensitive: "x"', Operator.CONTAINS_INSENSITIVE, ("x",)),
            ('startsWith: "x"', Operator.STARTS_WITH, ("x",)),
            ('endsWith: "x"', Operator.ENDS_WITH, ("x",)),
        ],
    )
    def test_of_texts(self, api: Api, given: str, operator: Operator, values: tuple[object, ...]):
        assert asked(api, f"{{ model: {{ {given} }} }}") == Condition("model", operator, values)

    def test_of_closed_sets_compare_the_marts_own_values(self, api: Api):
        assert asked(api, "{ modality: { in: [T_FS_T, OTHER] } }") == Condition(
            "modality", Operator.IN, ("T-FS-T", "OTHER")
        )

    def test_between_is_both_ends_included(self, api: Api):
        given = (
            '{ requestedAt: { between: { start: "2026-01-01T00:00Z", end: "2026-02-01T00:00Z"}}}'
        )
        assert asked(api, given) == And(
            (
                Condition("requested_at", GTE, (datetime(2026, 1, 1),)),
                Condition("requested_at", LTE, (datetime(2026, 2, 1),)),
            )
        )

    def test_of_measures_are_the_same_in_having(self, api: Api):
        question = api.question(
            "{ requests(groupBy: [], having: { requests: { between: { start: 1, end: 2 } } })"
            " { totalCount } }"
        )
        assert question.having == And(
            (Condition("requests", GTE, (1,)), Condition("requests", LTE, (2,)))
        )


class TestNesting:
    def test_nothing_given_is_no_condition(self, api: Api):
        assert asked(api, "null") is None
        assert asked(api, "{}") == And(())
        assert asked(api, "{ model: {} }") == And(())

    def test_columns_and_operators_must_all_hold(self, api: Api):
        given = '{ model: { gte: "a", lt: "b" }, provider: { eq: "p" } }'
        found = asked(api, given)
        assert isinstance(found, And)
        assert set(found.terms) == {
            Condition("model", GTE, ("a",)),
            Condition("model", Operator.LT, ("b",)),
            Condition("provider", Operator.EQ, ("p",)),
        }

    def test_and_or_not(self, api: Api):
        x, y = (Condition("model", Operator.EQ, (each,)) for each in "xy")
        given_x, given_y = ('{ model: { eq: "%s" } }' % each for each in "xy")  # noqa: UP031
        assert asked(api, f"{{ and: [{given_x}, {given_y}] }}") == And((x, y))
        assert asked(api, f"{{ or: [{given_x}, {given_y}] }}") == Or((x, y))
        assert asked(api, f"{{ not: {given_x} }}") == Not(x)
        assert asked(api, f"{{ not: {{ or: [{given_x}] }} }}") == Not(Or((x,)))

    def test_empty_lists(self, api: Api):
        assert asked(api, "{ and: [] }") == And(())
        assert asked(api, "{ or: [] }") == Or(())

    def test_empty_objects_hold_for_everything(self, api: Api):
        assert asked(api, "{ or: [{}] }") == Or((And(()),))
        assert asked(api, "{ not: {} }") == Not(And(()))

    def test_a_nested_null_is_no_condition(self, api: Api):
        assert asked(api, "{ not: null, and: null, model: null }") == And(())


class TestNull:
    """An operator that is given null is refused: it must not widen a question silently."""

    @pytest.mark.parametrize("operator", ["eq", "ne", "in", "notIn", "isNull", "gt", "contains"])
    def test_is_no_value_of_an_operator(self, api: Api, operator: str):
        message = refused(api, f"{{ model: {{ {operator}: null }} }}")
        assert message.startswith(f"filter.model.{operator} is null;")
        assert "to ask for missing values use isNull: true" in message

    def test_is_refused_in_a_variable_too(self, api: Api):
        message, extensions = api.refusal(
            "query ($model: String) { requests(filter: { model: { eq: $model } }) { totalCount } }",
            {"model": None},
        )
        assert "filter.model.eq is null" in message
        assert extensions["argument"] == "filter.model"

    def test_a_variable_that_is_left_out_is_no_condition(self, api: Api):
        question = api.question(
            "query ($model: String) { requests(filter: { model: { eq: $model } }) { totalCount } }"
        )
        assert question.where == And(())

    def test_is_refused_deep_down(self, api: Api):
        assert "filter.month.between is null" in refused(
            api, "{ or: [{ not: { month: { between: null } } }] }", "monthlyUsage"
        )


class TestTextsThatCannotBe:
    @pytest.mark.parametrize("text", ["\0", "gpt\0", "\ud800", "a\udfff"])
    def test_are_refused(self, api: Api, text: str):
        message, extensions = api.refusal(
            ONE_OF,
            {"text": text},
        )
        assert message.startswith("filter.model.in holds a NUL or half a surrogate pair")
        assert extensions["code"] == "INVALID_ARGUMENT"

    @pytest.mark.parametrize("text", ["", "'; drop table x; --", "%s", ":x", "😀", "\u202e"])
    def test_all_others_are_bound(self, api: Api, text: str):
        question = api.question(
            ONE_OF,
            {"text": text},
        )
        assert question.where == Condition("model", Operator.IN, (text,))


class TestLast:
    """A trailing window that ends at `asOf` (here Sunday, 15 February 2026, 12:30 UTC)."""

    @pytest.mark.parametrize(
        ("window", "start"),
        [
            ("n: 24, unit: HOUR", datetime(2026, 2, 14, 12, 30)),
            ("n: 7, unit: DAY", datetime(2026, 2, 8, 12, 30)),
            ("n: 1, unit: WEEK", datetime(2026, 2, 8, 12, 30)),
            ("n: 1, unit: MONTH", datetime(2026, 1, 15, 12, 30)),
            ("n: 2, unit: QUARTER", datetime(2025, 8, 15, 12, 30)),
            ("n: 1, unit: YEAR", datetime(2025, 2, 15, 12, 30)),
        ],
    )
    def test_of_instants_is_to_the_instant(self, api: Api, window: str, start: datetime):
        assert asked(api, f"{{ requestedAt: {{ last: {{ {window} }} }} }}") == And(
            (
                Condition("requested_at", GTE, (start,)),
                Condition("requested_at", LTE, (NOW,)),
            )
        )

    @pytest.mark.parametrize(
        ("window", "start"),
        [
            ("n: 1, unit: MONTH", date(2026, 2, 1)),
            ("n: 3, unit: MONTH", date(2025, 12, 1)),
            ("n: 1, unit: QUARTER", date(2026, 1, 1)),
            ("n: 2, unit: QUARTER", date(2025, 10, 1)),
            ("n: 1, unit: YEAR", date(2026, 1, 1)),
            ("n: 2, unit: YEAR", date(2025, 1, 1)),
        ],
    )
    def test_of_months_is_whole_periods_the_present_one_included(
        self, api: Api, window: str, start: date
    ):
        given = f"{{ month: {{ last: {{ {window} }} }} }}"
        assert asked(api, given, "monthlyUsage") == And(
            (
                Condition("month", GTE, (start,)),
                Condition("month", LTE, (date(2026, 2, 15),)),
            )
        )

    def test_ends_at_the_as_of_that_was_asked(self, api: Api):
        question = api.question(
            '{ requests(asOf: "2024-03-31T00:00:00Z",'
            " filter: { requestedAt: { last: { n: 1, unit: MONTH } } }) { totalCount } }"
        )
        assert question.where == And(
            (
                Condition("requested_at", GTE, (datetime(2024, 2, 29),)),
                Condition("requested_at", LTE, (datetime(2024, 3, 31),)),
            )
        )

    @pytest.mark.parametrize("unit", ["HOUR", "DAY", "WEEK"])
    def test_of_months_cannot_be_cut_finer(self, api: Api, unit: str):
        given = f"{{ month: {{ last: {{ n: 1, unit: {unit} }} }} }}"
        message = refused(api, given, "monthlyUsage")
        assert message == f"filter.month.last.unit: {unit} is no whole number of MONTH periods"

    @pytest.mark.parametrize("n", [0, -1])
    def test_holds_at_least_one(self, api: Api, n: int):
        given = f"{{ requestedAt: {{ last: {{ n: {n}, unit: DAY }} }} }}"
        assert refused(api, given) == f"filter.requestedAt.last.n is {n}, at least 1"

    @pytest.mark.parametrize(
        ("mart", "column", "unit"),
        [
            ("requests", "requestedAt", "YEAR"),
            ("requests", "requestedAt", "HOUR"),
            ("monthlyUsage", "month", "YEAR"),
            ("monthlyUsage", "month", "MONTH"),
        ],
    )
    def test_does_not_reach_beyond_the_calendar(self, api: Api, mart: str, column: str, unit: str):
        given = f"{{ {column}: {{ last: {{ n: 2000000000, unit: {unit} }} }} }}"
        assert "reaches back beyond the year 1" in refused(api, given, mart)


class TestIds:
    """Ids that are numbers in their source, given as numbers or as texts."""

    @pytest.mark.parametrize("given", ["7", '"7"'])
    def test_a_number_stands_for_its_text(self, api: Api, given: str):
        found = asked(api, f"{{ feedbackId: {{ is: {given} }} }}", "feedback")
        assert found == Condition("feedback_id", Operator.EQ, ("7",))


def window(name: str, start: date, end: date) -> And:
    return And((Condition(name, GTE, (start,)), Condition(name, LTE, (end,))))


class TestTrailing:
    """A length of time until `asOf`."""

    @pytest.mark.parametrize(
        ("length", "start"),
        [
            ("24h", datetime(2026, 2, 14, 12, 30)),
            ("7d", datetime(2026, 2, 8, 12, 30)),
            ("4w", datetime(2026, 1, 18, 12, 30)),
            ("876600h", datetime(1926, 2, 15, 12, 30)),
        ],
    )
    def test_of_instants_is_to_the_instant(self, api: Api, length: str, start: datetime):
        given = f'{{ requestedAt: {{ trailing: "{length}" }} }}'
        assert asked(api, given) == window("requested_at", start, NOW)

    def test_of_a_period_is_the_same(self, api: Api):
        given = '{ requestedAt: { period: "7d" } }'
        assert asked(api, given) == window("requested_at", datetime(2026, 2, 8, 12, 30), NOW)

    @pytest.mark.parametrize(
        ("length", "start"),
        [
            ("24h", date(2026, 2, 15)),
            ("1d", date(2026, 2, 15)),
            ("7d", date(2026, 2, 9)),
            ("1w", date(2026, 2, 9)),
        ],
    )
    def test_of_dates_is_whole_days_the_present_one_included(
        self, api: Api, length: str, start: date
    ):
        given = f'{{ day: {{ trailing: "{length}" }} }}'
        assert asked(api, given, "dailyUsage") == window("day", start, NOW.date())

    def test_of_dates_must_be_whole_days(self, api: Api):
        assert refused(api, '{ day: { trailing: "36h" } }', "dailyUsage") == (
            "filter.day.trailing: 36h is no whole number of DAY periods; use last"
        )

    def test_of_months_is_none(self, api: Api):
        assert refused(api, '{ month: { trailing: "4w" } }', "monthlyUsage") == (
            "filter.month.trailing: 28d is no whole number of MONTH periods; use last"
        )

    def test_does_not_reach_beyond_the_calendar(self, api: Api):
        message, _ = api.refusal(
            '{ requests(asOf: "0001-01-02T00:00:00Z",'
            ' filter: { requestedAt: { trailing: "2d" } }) { totalCount } }'
        )
        assert message == "filter.requestedAt.trailing reaches back beyond the year 1"


class TestSinceStartOf:
    """From the start of a period of the zone's calendar to `asOf`."""

    @pytest.mark.parametrize(
        ("since", "start"),
        [
            ("unit: DAY", datetime(2026, 2, 15)),
            ("unit: DAY, ago: 7", datetime(2026, 2, 8)),
            ("unit: HOUR", datetime(2026, 2, 15, 12)),
            ("unit: HOUR, ago: 13", datetime(2026, 2, 14, 23)),
            ("unit: WEEK", datetime(2026, 2, 9)),
            ("unit: MONTH, ago: 2", datetime(2025, 12, 1)),
            ("unit: QUARTER", datetime(2026, 1, 1)),
            ("unit: YEAR, ago: 1", datetime(2025, 1, 1)),
        ],
    )
    def test_in_utc(self, api: Api, since: str, start: datetime):
        given = f"{{ requestedAt: {{ sinceStartOf: {{ {since} }} }} }}"
        assert asked(api, given) == window("requested_at", start, NOW)

    @pytest.mark.parametrize(
        ("zone", "as_of", "since", "start"),
        [
            ("Asia/Kathmandu", "2026-02-15T12:30", "unit: DAY", datetime(2026, 2, 14, 18, 15)),
            ("Asia/Kathmandu", "2026-02-15T12:30", "unit: HOUR", datetime(2026, 2, 15, 12, 15)),
            # Summer time began on 29 March at 1:00 UTC.
            ("Europe/Berlin", "2026-03-29T12:00", "unit: DAY", datetime(2026, 3, 28, 23)),
            ("Europe/Berlin", "2026-03-30T12:00", "unit: DAY", datetime(2026, 3, 29, 22)),
            # It ended on 25 October: the hour from 2:00 to 3:00 was shown twice.
            ("Europe/Berlin", "2026-10-25T01:30", "unit: HOUR", datetime(2026, 10, 25, 1)),
            ("Europe/Berlin", "2026-10-25T01:30", "unit: HOUR, ago: 1", datetime(2026, 10, 25)),
            # Midnight of 24 April was skipped.
            ("Africa/Cairo", "2026-04-24T12:00", "unit: DAY", datetime(2026, 4, 23, 22)),
            # Midnight of 1 November was shown twice: the day begins with the first.
            ("America/Havana", "2026-11-01T12:00", "unit: DAY", datetime(2026, 11, 1, 4)),
            ("America/Havana", "2026-11-20T12:00", "unit: MONTH", datetime(2026, 11, 1, 4)),
            # 30 December was skipped.
            ("Pacific/Apia", "2011-12-31T02:00", "unit: DAY", datetime(2011, 12, 30, 10)),
            # From 1:00 the clock went on to 2:00, back to 1:30, and again to 2:00.
            ("Australia/Lord_Howe", "2026-04-04T15:20", "unit: HOUR", datetime(2026, 4, 4, 14)),
            ("Australia/Lord_Howe", "2026-04-04T15:40", "unit: HOUR", datetime(2026, 4, 4, 15, 30)),
        ],
    )
    def test_in_a_zone(self, api: Api, zone: str, as_of: str, since: str, start: datetime):
        question = api.question(
            f'{{ requests(asOf: "{as_of}Z", timezone: "{zone}",'
            f" filter: {{ requestedAt: {{ sinceStartOf: {{ {since} }} }} }}) {{ totalCount }} }}"
        )
        assert question.where == window("requested_at", start, datetime.fromisoformat(as_of))

    def test_does_not_begin_later(self, api: Api):
        given = "{ requestedAt: { sinceStartOf: { unit: DAY, ago: -1 } } }"
        assert refused(api, given) == "filter.requestedAt.sinceStartOf.ago is -1, at least 0"
