"""Only what an operation selects is asked for, however the selection is written."""

import pytest

from graphql_api.query.request import QueryRequest
from tests.api.unit.asking import Api


def parts(question: QueryRequest) -> set[str]:
    """Names of the parts of the answer that are asked for."""
    asked = {
        "nodes": question.with_nodes,
        "page": question.with_page_info,
        "count": question.with_total_count,
        "totals": question.total_metrics is not None,
        "chart": bool(question.chart_metrics),
        "freshness": question.with_freshness,
    }
    return {name for name, is_asked in asked.items() if is_asked}


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ("nodes { requests }", {"nodes"}),
        ("pageInfo { hasNextPage }", {"page"}),
        ("totalCount", {"count"}),
        ("totals { requests }", {"totals"}),
        ("chart(measure: REQUESTS) { labels }", {"chart"}),
        ("freshness { buildId }", {"freshness"}),
        ("__typename", set()),
        ("totalCount nodes { requests } totals { __typename }", {"count", "nodes", "totals"}),
    ],
)
def test_each_part_is_asked_for_by_its_field(api: Api, selection: str, expected: set[str]):
    question = api.question(f"{{ monthlyUsage(groupBy: [MONTH]) {{ {selection} }} }}")
    assert parts(question) == expected


def test_columns_stand_in_the_marts_order(api: Api):
    question = api.question("{ requests { nodes { requestedAt costUsd requestId requests } } }")
    assert question.dimensions == ("request_id", "requested_at")
    assert question.metrics == ("cost_usd", "requests")


def test_totals_and_charts_need_no_node_columns(api: Api):
    question = api.question(
        "{ monthlyUsage(groupBy: [MONTH]) { totals { requests } chart(measure: COST_USD)"
        " { series { totals { inputTokens } } } } }"
    )
    assert (question.dimensions, question.metrics) == ((), ())
    assert question.total_metrics == ("requests",)
    assert question.chart_metrics == ("cost_usd",)
    assert question.chart_total_metrics == ("input_tokens",)


class TestAliases:
    def test_of_columns_and_parts(self, api: Api):
        question = api.question(
            "{ requests { a: nodes { id: requestId } b: nodes { cost: costUsd id: requestId } } }"
        )
        assert (question.dimensions, question.metrics) == (("request_id",), ("cost_usd",))

    def test_of_charts_ask_for_several_measures(self, api: Api):
        question = api.question(
            "{ monthlyUsage(groupBy: [MONTH]) {"
            " cost: chart(measure: COST_USD) { series { name data } }"
            " chart(measure: REQUESTS) { series { totals { totalTokens } } } } }"
        )
        assert question.chart_metrics == ("cost_usd", "requests")
        assert question.chart_total_metrics == ("total_tokens",)

    def test_of_root_fields_are_questions_of_their_own(self, api: Api):
        _, requests = api.execute(
            "{ a: requests(first: 1) { totalCount } b: requests(first: 2) { totalCount } }"
        )
        assert [each.first for each in requests] == [1, 2]


class TestFragments:
    def test_named_inline_and_nested(self, api: Api):
        question = api.question(
            """
            query { requests { ...Page ... on RequestsResult { totalCount } ... { freshness { buildId } } } }
            fragment Page on RequestsResult { nodes { ...Keys costUsd } pageInfo { endCursor } }
            fragment Keys on RequestsRow { requestId ... on RequestsRow { provider } }
            """  # noqa: E501
        )
        assert parts(question) == {"nodes", "page", "count", "freshness"}
        assert question.dimensions == ("request_id", "provider")
        assert question.metrics == ("cost_usd",)

    def test_on_the_root(self, api: Api):
        question = api.question(
            "query { ...Root } fragment Root on Query { requests { totalCount } }"
        )
        assert parts(question) == {"count"}

    def test_selections_of_one_field_are_merged(self, api: Api):
        question = api.question(
            "query { requests { nodes { requestId } } ...More }"
            " fragment More on Query { requests { nodes { costUsd } totalCount } }"
        )
        assert (question.dimensions, question.metrics) == (("request_id",), ("cost_usd",))
        assert parts(question) == {"nodes", "count"}


class TestDirectives:
    @pytest.mark.parametrize(
        ("directive", "is_selected"),
        [
            ("@skip(if: true)", False),
            ("@skip(if: false)", True),
            ("@include(if: true)", True),
            ("@include(if: false)", False),
            ("@skip(if: false) @include(if: false)", False),
            ("@skip(if: true) @include(if: true)", False),
        ],
    )
    def test_on_fields(self, api: Api, directive: str, is_selected: bool):
        question = api.question(
            f"{{ requests {{ totalCount nodes {directive} {{ requestId costUsd {directive} }} }} }}"
        )
        assert question.with_nodes is is_selected
        assert question.metrics == (("cost_usd",) if is_selected else ())

    @pytest.mark.parametrize("is_wanted", [True, False])
    def test_with_variables(self, api: Api, is_wanted: bool):
        question = api.question(
            "query ($wanted: Boolean!) { requests { totalCount"
            " nodes @include(if: $wanted) { requestId cost: costUsd @include(if: $wanted) }"
            " freshness @skip(if: $wanted) { buildId } } }",
            {"wanted": is_wanted},
        )
        expected = {"count", "nodes"} if is_wanted else {"count", "freshness"}
        assert parts(question) == expected

    @pytest.mark.parametrize("is_wanted", [True, False])
    def test_on_fragments(self, api: Api, is_wanted: bool):
        question = api.question(
            "query ($wanted: Boolean = false) { requests { totalCount"
            " ...Page @include(if: $wanted) ... @include(if: $wanted) { freshness { buildId } } } }"
            " fragment Page on RequestsResult { nodes { requestId } }",
            {"wanted": is_wanted},
        )
        assert parts(question) == ({"count", "nodes", "freshness"} if is_wanted else {"count"})

    def test_with_a_variables_default(self, api: Api):
        question = api.question(
            "query ($wanted: Boolean = false) { requests { totalCount"
            " nodes @include(if: $wanted) { requestId } } }"
        )
        assert parts(question) == {"count"}


class TestVariables:
    def test_in_the_measure_of_a_chart(self, api: Api):
        document = (
            "query ($measure: MonthlyUsageMeasure!) { monthlyUsage(groupBy: [MONTH])"
            " { chart(measure: $measure) { labels } } }"
        )
        assert api.question(document, {"measure": "COST_USD"}).chart_metrics == ("cost_usd",)
        assert api.question(document, {"measure": "REQUESTS"}).chart_metrics == ("requests",)

    def test_with_defaults(self, api: Api):
        question = api.question(
            "query ($measure: MonthlyUsageMeasure! = REQUESTS, $first: Int! = 3)"
            " { monthlyUsage(groupBy: [MONTH], first: $first) { chart(measure: $measure)"
            " { labels } } }"
        )
        assert (question.chart_metrics, question.first) == (("requests",), 3)
