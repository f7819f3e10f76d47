"""Filters at their limits: texts no column can hold, long lists, many conditions, deep nesting."""

from typing import Any

import pytest

from tests.api.integration.apis import TenantsWarehouse
from tests.api.integration.callers import Api, Question

pytestmark = pytest.mark.database


@pytest.fixture
def key(tenants_warehouse: TenantsWarehouse) -> str:
    return tenants_warehouse.keys["1"]


class TestTextThatNoColumnHolds:
    @pytest.mark.parametrize("column", ["model", "provider", "organizationId"])
    @pytest.mark.parametrize("operator", ["eq", "in", "contains", "gt", "endsWith"])
    def test_with_a_nul_is_refused(self, api: Api, key: str, column: str, operator: str) -> None:
        given = ["a", "b\0"] if operator == "in" else "\0"
        error = api.refusal(
            "query($f: RequestsFilter) { requests(filter: $f) { totalCount } }",
            key,
            f={column: {operator: given}},
        )
        assert error["code"] == "INVALID_ARGUMENT"
        assert error["argument"].startswith(f"filter.{column}")
        assert "NUL" in error["message"]

    def test_with_half_a_surrogate_pair_is_no_json(self, api: Api, key: str) -> None:
        reply = api.ask(
            Question(
                "query($v: String) { requests(filter: {model: {eq: $v}}) { totalCount } }",
                {"v": "\ud83d"},
            ),
            key,
        )
        assert reply.status == 400
        assert "half a surrogate pair" in reply.text

    def test_of_whole_pairs_is_text(self, api: Api, key: str) -> None:
        document = '{ requests(filter: {model: {ne: "\U0001f642"}}) { totalCount } }'
        assert api.ask(document, key).data["requests"]["totalCount"] > 0


class TestLongFilters:
    def test_a_list_may_be_long(self, api: Api, key: str) -> None:
        document = """query($v: [String!]) {
            some: requests(filter: {model: {in: $v}}) { totalCount }
            others: requests(filter: {model: {notIn: $v}}) { totalCount }
            all: requests { totalCount }
        }"""
        models = [f"model {number}" for number in range(70_000)] + ["gpt-4o"]
        data = api.ask(Question(document, {"v": models}), key).data
        counts = [data[name]["totalCount"] for name in ("some", "others", "all")]
        assert min(counts) > 0
        assert counts[0] + counts[1] == counts[2]

    @pytest.mark.parametrize("argument", ["filter", "having"])
    def test_conditions_are_counted(self, api: Api, key: str, argument: str) -> None:
        kind = f"Requests{argument.capitalize()}"
        condition = {"model": {"eq": "x"}} if argument == "filter" else {"requests": {"gt": 0}}
        # Every part of the answer binds the conditions anew.
        parts = "totalCount totals { requests } nodes { model } freshness { lastPeriodComplete }"
        document = f"query($f: {kind}) {{ requests({argument}: $f) {{ {parts} }} }}"

        def ask(count: int) -> Any:
            return api.ask(Question(document, {"f": {"or": [condition] * count}}), key)

        assert not ask(1_000).errors
        (error,) = ask(1_001).errors
        assert (error["extensions"]["code"], error["extensions"]["argument"]) == (
            "QUERY_TOO_LARGE",
            argument,
        )
        assert "1,001 conditions, at most 1,000" in error["message"]

    def test_nesting_has_an_end(self, api: Api, key: str) -> None:
        deep: dict[str, Any] = {}
        for _ in range(400):
            deep = {"not": deep}
        document = "query($f: RequestsFilter) { requests(filter: $f) { totalCount } }"
        error = api.refusal(document, key, f=deep)
        assert error["code"] == "INVALID_DOCUMENT"
        assert "nested too deeply" in error["message"]
