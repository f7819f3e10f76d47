"""Arguments of a mart field: what question they ask, and which contradictions are refused."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from graphql_api.catalogue.model import Catalogue, Grain
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import Fill, OrderTerm
from graphql_api.settings import Settings
from tests.api.unit.asking import ADMIN, MEMBER, NOW, Api, sql_of

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse


def refusal(api: Api, call: str) -> tuple[str, dict[str, Any]]:
    return api.refusal(f"{{ {call} }}")


class TestQuestion:
    def test_without_arguments_is_the_first_page_of_the_marts_rows(self, api: Api):
        question = api.question("{ requests { nodes { requestId } } }")
        assert question.group_by is None
        assert question.first == 100
        assert (question.after, question.where, question.having) == (None, None, None)
        assert (question.order_by, question.fill, question.time_grain) == ((), None, None)

    def test_is_asked_for_the_caller(self, api: Api):
        document = "{ requests { totalCount } }"
        assert api.question(document, scope=MEMBER).scope == MEMBER
        assert api.question(document, scope=ADMIN).scope == ADMIN

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("null", None),
            ("[]", ()),
            ("[PROVIDER]", ("provider",)),
            ("PROVIDER", ("provider",)),
            ("[PROVIDER, MODEL, PROVIDER]", ("provider", "model")),
        ],
    )
    def test_group_by(self, api: Api, given: str, expected: tuple[str, ...] | None):
        question = api.question(f"{{ requests(groupBy: {given}) {{ totalCount }} }}")
        assert question.group_by == expected

    def test_order_by_is_ascending_by_default(self, api: Api):
        question = api.question(
            "{ requests(orderBy: [{ field: COST_USD, direction: DESC }, { field: MODEL }])"
            " { totalCount } }"
        )
        assert question.order_by == (OrderTerm("cost_usd", True), OrderTerm("model"))

    def test_as_of_is_now_unless_given(self, api: Api):
        assert api.question("{ requests { totalCount } }").as_of == NOW
        question = api.question('{ requests(asOf: "2026-01-01T02:00:00+02:00") { totalCount } }')
        assert question.as_of == datetime(2026, 1, 1)

    def test_one_now_for_the_whole_operation(self, api: Api):
        _, asked = api.execute("{ a: requests { totalCount } b: monthlyUsage { totalCount } }")
        assert {each.as_of for each in asked} == {NOW}

    def test_fill_grain_and_zone(self, api: Api):
        question = api.question(
            '{ requests(groupBy: [REQUESTED_AT], timeGrain: DAY, timezone: "Asia/Kathmandu",'
            " fill: NULL) { totalCount } }"
        )
        assert (question.fill, question.time_grain) == (Fill.NULL, Grain.DAY)
        assert question.timezone == "Asia/Kathmandu"

    def test_utc_is_no_zone_of_its_own(self, api: Api):
        question = api.question('{ requests(timezone: "UTC") { totalCount } }')
        assert question.timezone is None

    def test_nulls_are_as_good_as_nothing(self, api: Api):
        question = api.question(
            "{ requests(filter: null, groupBy: null, having: null, orderBy: null, after: null,"
            " fill: null, timeGrain: null, timezone: null, asOf: null) { totalCount } }"
        )
        assert question == api.question("{ requests { totalCount } }")


class TestRefusals:
    def test_a_dimension_that_is_selected_must_be_grouped_by(self, api: Api):
        message, extensions = refusal(
            api, "requests(groupBy: [PROVIDER]) { nodes { provider model requestedAt requests } }"
        )
        assert message == (
            "requests: model, requestedAt selected but not grouped by; add MODEL, REQUESTED_AT to "
            "groupBy or drop the field"
        )
        assert extensions == {
            "code": "DIMENSION_NOT_GROUPED",
            "argument": "groupBy",
            "allowed": ["PROVIDER"],
        }

    def test_a_grand_total_has_no_dimensions(self, api: Api):
        message, _ = refusal(api, "requests(groupBy: []) { nodes { provider } }")
        assert "provider selected but not grouped by" in message

    def test_groups_cannot_be_ordered_by_what_they_do_not_have(self, api: Api):
        call = "requests(groupBy: [PROVIDER], orderBy: [{ field: MODEL }]) { totalCount }"
        message, extensions = refusal(api, call)
        assert message.startswith("orderBy: MODEL is not in groupBy")
        assert "choose from PROVIDER" in message
        assert extensions["code"] == "INVALID_ARGUMENT"

    @pytest.mark.parametrize("first", [-1, 10_001, 2**31 - 1])
    def test_pages_have_a_limit(self, api: Api, first: int):
        message, extensions = refusal(api, f"requests(first: {first}) {{ totalCount }}")
        assert message.startswith(f"first: {first} is not between 0 and 10000; ask for less")
        assert extensions["argument"] == "first"

    @pytest.mark.parametrize("first", [0, 10_000])
    def test_up_to_the_limit_is_fine(self, api: Api, first: int):
        assert api.question(f"{{ requests(first: {first}) {{ totalCount }} }}").first == first

    def test_a_page_of_nodes_has_some(self, api: Api):
        message, extensions = refusal(api, "requests(first: 0) { nodes { requestId } }")
        assert message == "first: 0 is not between 1 and 10000; select no nodes"
        assert extensions["argument"] == "first"

    def test_pages_begin_at_an_offset_or_after_a_row(self, api: Api):
        assert api.question("{ requests(offset: 20) { totalCount } }").offset == 20
        message, extensions = refusal(api, "requests(offset: -1) { totalCount }")
        assert message == "offset: -1 is not at least 0"
        message, extensions = refusal(api, 'requests(offset: 1, after: "x") { totalCount }')
        assert message == "offset: `after` says where the page begins; give one of both"
        assert extensions["argument"] == "offset"

    def test_the_limit_is_the_operators(self, catalogue: Catalogue):
        small = Api(catalogue, Settings(max_page_size=7))
        message, _ = small.refusal("{ requests(first: 8) { totalCount } }")
        assert "between 0 and 7" in message

    @pytest.mark.parametrize(
        "call",
        [
            "requests(timeGrain: DAY) { totalCount }",
            "requests(groupBy: [], timeGrain: DAY) { totalCount }",
            "requests(groupBy: [PROVIDER], timeGrain: DAY) { totalCount }",
        ],
    )
    def test_a_grain_needs_the_time_dimension(self, api: Api, call: str):
        message, _ = refusal(api, call)
        assert message.startswith("timeGrain: requests must be grouped by its time dimension")
        assert "REQUESTED_AT" in message

    @pytest.mark.parametrize("grain", ["HOUR", "DAY", "WEEK"])
    def test_months_are_not_cut_finer(self, api: Api, grain: str):
        call = f"monthlyUsage(groupBy: [MONTH], timeGrain: {grain}) {{ totalCount }}"
        message, extensions = refusal(api, call)
        assert message.startswith("timeGrain: monthlyUsage holds whole months")
        assert extensions["allowed"] == ["MONTH", "QUARTER", "YEAR"]

    @pytest.mark.parametrize(
        "zone", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe", "\0", "+02:00"]
    )
    @pytest.mark.parametrize(
        "field",
        [
            "requests(timezone: $zone) { totalCount }",
            "weekOverWeek(timezone: $zone) { __typename }",
        ],
    )
    def test_a_zone_must_exist(self, api: Api, zone: str, field: str):
        document = f"query ($zone: String) {{ {field} }}"
        message, extensions = api.refusal(document, {"zone": zone})
        assert message.startswith(f"timezone: {zone!r} is no IANA zone such as Europe/Berlin")
        assert extensions["argument"] == "timezone"

    @pytest.mark.parametrize(
        ("call", "reason"),
        [
            ("requests(groupBy: [PROVIDER], fill: ZERO) { totalCount }", "fill: requests must be"),
            ("requests(groupBy: [REQUESTED_AT], fill: ZERO) { totalCount }", "with a timeGrain"),
            (
                "monthlyUsage(groupBy: [PROVIDER]) { chart(measure: REQUESTS) { labels } }",
                "chart: monthlyUsage must be grouped by its time dimension MONTH",
            ),
            (
                "monthlyUsage { chart(measure: REQUESTS) { labels } }",
                "chart: monthlyUsage must be grouped by its time dimension MONTH",
            ),
        ],
    )
    def test_time_is_needed_to_fill_and_to_draw(self, api: Api, call: str, reason: str):
        with pytest.raises(InvalidQueryError, match=reason):
            sql_of(api.question(f"{{ {call} }}"))

    @pytest.mark.parametrize(
        ("since", "grain", "is_refused"),
        [
            ("2026-02-15T00:00:00Z", "HOUR", False),
            ("2024-12-31T00:00:00Z", "HOUR", False),
            ("2024-12-25T00:00:00Z", "HOUR", True),
            ("1999-01-01T00:00:00Z", "DAY", False),
            ("1990-01-01T00:00:00Z", "DAY", True),
            ("0001-01-01T00:00:00Z", "MONTH", True),
            ("0001-01-01T00:00:00Z", "YEAR", False),
        ],
    )
    def test_too_many_periods_are_not_filled(
        self, api: Api, since: str, grain: str, is_refused: bool
    ):
        question = api.question(
            f"{{ requests(groupBy: [REQUESTED_AT], timeGrain: {grain}, fill: ZERO,"
            f' filter: {{ requestedAt: {{ gte: "{since}" }} }}) {{ totalCount }} }}'
        )
        if is_refused:
            with pytest.raises(InvalidQueryError, match="at most 10,000 are filled") as refused:
                sql_of(question)
            assert refused.value.code == "TOO_MANY_PERIODS"
        else:
            sql_of(question)

    def test_a_list_without_time_has_no_arguments_about_time(self, api: Api):
        for argument in ("timeGrain: DAY", "fill: ZERO", 'timezone: "UTC"', "having: {}"):
            message, _ = refusal(api, f"providers({argument}) {{ totalCount }}")
            assert "Unknown argument" in message

    def test_months_have_no_zone(self, api: Api):
        message, _ = refusal(api, 'monthlyUsage(timezone: "UTC") { totalCount }')
        assert "Unknown argument 'timezone'" in message


def test_questions_are_values(api: Api):
    """Equal documents ask equal questions, so that answers can be kept by question."""
    document = "{ requests(groupBy: [PROVIDER]) { nodes { provider requests } } }"
    question = api.question(document)
    assert question == api.question(document)
    assert replace(question, first=1) != question
