"""What cannot be answered is refused: by a code, the argument at fault, and what to do instead."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.integration.apis import TenantsWarehouse
from tests.api.integration.callers import Api

pytestmark = pytest.mark.database

MEASURES = "totalCount totals { requests }"


@dataclass(frozen=True)
class Refused:
    """A call that is refused: its code, the argument it blames, and words of its message."""

    call: str
    code: str
    argument: str | None
    words: str
    allowed: list[str] | None = None


def _calls(code: str, *rows: tuple[Any, ...]) -> list[Any]:
    return [pytest.param(Refused(row[0], code, *row[1:]), id=row[0]) for row in rows]


REFUSED = [
    *_calls(
        "INVERTED_WINDOW",
        (
            'monthlyUsage(filter: {month: {gte: "2026-02-01", lte: "2026-01-31"}})',
            "filter.month",
            "starts at 2026-02-01 and ends at 2026-01-01.*swap or widen",
        ),
        (
            'monthlyUsage(filter: {month: {between: {start: "2026-02-01", end: "2026-01-31"}}})',
            "filter.month",
            "swap or widen",
        ),
        (
            "monthlyUsage(filter:"
            ' {and: [{month: {gt: "2026-01-31"}}, {month: {lt: "2026-02-28"}}]})',
            "filter.month",
            "swap or widen",
        ),
        (
            "requests(filter:"
            ' {requestedAt: {gt: "2026-02-01T00:00:00Z", lte: "2026-02-01T00:00:00Z"}})',
            "filter.requestedAt",
            "requests: the window of requestedAt",
        ),
    ),
    *_calls(
        "INVALID_ARGUMENT",
        (
            "monthlyUsage(filter: {provider: {eq: null}})",
            "filter.provider",
            "filter.provider.eq is null.*isNull: true.*leave it out",
        ),
        (
            "monthlyUsage(filter: {or: [{projectId: {in: null}}]})",
            "filter.projectId",
            "filter.projectId.in is null",
        ),
        (
            "requests(filter: {requestedAt: {isNull: null}})",
            "filter.requestedAt",
            "filter.requestedAt.isNull is null",
        ),
        ("requests(filter: {requestedAt: {last: null}})", "filter.requestedAt", "last is null"),
        ("requests(filter: {requestedAt: {between: null}})", "filter.requestedAt", "is null"),
        ("monthlyUsage(having: {costUsd: {gt: null}})", "having.costUsd", "having.costUsd.gt"),
        (
            'requests(timezone: "Atlantis/Capital")',
            "timezone",
            "'Atlantis/Capital' is no IANA zone such as Europe/Berlin",
        ),
        ('requests(timezone: "")', "timezone", "no IANA zone"),
        ('requests(timezone: "../../etc/passwd")', "timezone", "no IANA zone"),
        ('requests(timezone: "Europe")', "timezone", "no IANA zone"),
        (
            "monthlyUsage(groupBy: [MONTH], timeGrain: DAY)",
            "timeGrain",
            "whole months.*cannot be cut into DAY; choose from MONTH, QUARTER, YEAR",
            ["MONTH", "QUARTER", "YEAR"],
        ),
        ("monthlyUsage(groupBy: [PROVIDER], timeGrain: YEAR)", "timeGrain", "grouped by.*MONTH"),
        ("monthlyUsage(timeGrain: YEAR)", "timeGrain", "grouped by.*MONTH"),
        (
            "monthlyUsage(first: 10001)",
            "first",
            "10001 is not between 0 and 10000.*page with after",
        ),
        ("monthlyUsage(first: -1)", "first", "-1 is not between"),
        (
            "monthlyUsage(groupBy: [PROVIDER, MODEL], orderBy: [{field: MONTH}])",
            "orderBy",
            "MONTH is not in groupBy.*choose from PROVIDER, MODEL",
        ),
        ("monthlyUsage(groupBy: [], orderBy: [{field: MONTH}])", "orderBy", "the measures"),
        ("monthlyUsage(fill: ZERO)", "fill", "must be grouped by its time dimension MONTH$"),
        ("monthlyUsage(groupBy: [MODEL], fill: NULL)", "fill", "time dimension MONTH"),
        ("requests(groupBy: [REQUESTED_AT], fill: ZERO)", "fill", "REQUESTED_AT with a timeGrain"),
        (
            "monthlyUsage(filter: {month: {last: {n: 0, unit: MONTH}}})",
            "filter.month",
            "last.n is 0, at least 1",
        ),
        (
            "monthlyUsage(filter: {month: {last: {n: 1, unit: WEEK}}})",
            "filter.month",
            "WEEK is no whole number of MONTH periods",
        ),
        (
            "requests(filter: {requestedAt: {last: {n: 2147483647, unit: YEAR}}})",
            "filter.requestedAt",
            "beyond the year 1",
        ),
        (
            "monthlyUsage(filter: {month: {last: {n: 2147483647, unit: MONTH}}})",
            "filter.month",
            "beyond the year 1",
        ),
    ),
    *_calls(
        "TOO_MANY_PERIODS",
        (
            "requests(groupBy: [REQUESTED_AT], timeGrain: HOUR, fill: ZERO,"
            ' filter: {requestedAt: {gte: "2000-01-01T00:00:00Z"}})',
            "fill",
            "at most 10,000 are filled; narrow the window or take a coarser timeGrain",
        ),
        (
            "requests(groupBy: [REQUESTED_AT], timeGrain: HOUR, fill: ZERO,"
            ' asOf: "9999-12-31T23:59:59Z")',
            "fill",
            "narrow the window, take a coarser timeGrain",
        ),
    ),
]


@pytest.mark.parametrize("refused", REFUSED)
def test_a_contradiction_is_refused(
    api: Api, tenants_warehouse: TenantsWarehouse, refused: Refused
) -> None:
    reply = api.ask(f"{{ {refused.call} {{ {MEASURES} }} }}", tenants_warehouse.keys["1"])
    (error,) = reply.errors
    extensions = error["extensions"]
    assert (reply.status, reply.data) == (200, None)
    assert (extensions["code"], extensions.get("argument")) == (refused.code, refused.argument)
    assert re.search(refused.words, error["message"]), error["message"]
    assert extensions.get("allowed") == refused.allowed


@pytest.fixture
def key(tenants_warehouse: TenantsWarehouse) -> str:
    return tenants_warehouse.keys["1"]


class TestSelection:
    def test_of_a_dimension_that_is_not_grouped_by(self, api: Api, key: str) -> None:
        error = api.refusal(
            "{ monthlyUsage(groupBy: [PROVIDER]) { nodes { projectId model requests } } }", key
        )
        assert error["code"] == "DIMENSION_NOT_GROUPED"
        assert error["allowed"] == ["PROVIDER"]
        assert "add PROJECT_ID, MODEL to groupBy or drop the field" in error["message"]

    @pytest.mark.parametrize("arguments", ["", "(groupBy: [PROVIDER])", "(groupBy: [])"])
    def test_of_a_chart_without_time(self, api: Api, key: str, arguments: str) -> None:
        document = f"{{ monthlyUsage{arguments} {{ chart(measure: COST_USD) {{ labels }} }} }}"
        error = api.refusal(document, key)
        assert (error["code"], error["argument"]) == ("INVALID_ARGUMENT", "groupBy")
        assert "must be grouped by its time dimension MONTH" in error["message"]

    def test_of_a_chart_too_large_to_draw(
        self, api: Api, tenants_warehouse: TenantsWarehouse
    ) -> None:
        """Each of some 700 requests is a series of its own, over hundreds of hours."""
        arguments = "groupBy: [REQUESTED_AT, REQUEST_ID], timeGrain: HOUR"
        document = f"{{ requests({arguments}) {{ chart(measure: REQUESTS) {{ labels }} }} }}"
        error = api.refusal(document, tenants_warehouse.keys["admin"])
        assert error["code"] == "CHART_TOO_LARGE"
        assert "at most 100,000 are drawn; filter or group by less" in error["message"]


class TestUnknownValue:
    def known(self, warehouse: TenantsWarehouse, organization: str) -> list[str]:
        with warehouse.server.connect(warehouse.database) as connection:
            rows = connection.execute(
                "select provider from usage.dim_providers union"
                " select provider from usage.fct_requests"
                " where source_system = 'kaapi' and organization_id = %s union"
                " select provider from usage.fct_evaluation_runs"
                " where source_system = 'kaapi' and organization_id = %s",
                [organization, organization],
            )
            return sorted(row[0] for row in rows)

    @pytest.mark.parametrize("operator", ["eq", "ne", "in", "notIn"])
    @pytest.mark.parametrize(
        "value", ["openai-natives", "", "OPENAI", "%", "mark2ofkaapi-provider"]
    )
    def test_is_refused_with_the_known_ones(
        self, api: Api, tenants_warehouse: TenantsWarehouse, operator: str, value: str
    ) -> None:
        given = [value] if operator.lower().endswith("in") else value
        error = api.refusal(
            "query($f: MonthlyUsageFilter) { monthlyUsage(filter: $f) { totalCount } }",
            tenants_warehouse.keys["1"],
            f={"not": {"or": [{"provider": {operator: given}}]}},
        )
        assert (error["code"], error["argument"]) == ("UNKNOWN_VALUE", "filter.provider")
        assert error["allowed"] == self.known(tenants_warehouse, "1")
        assert f"unknown {value!r}; known are " in error["message"]

    def test_of_many_names_a_few(self, api: Api, key: str) -> None:
        error = api.refusal(
            "query($v: [String!]) { requests(filter: {provider: {in: $v}}) { totalCount } }",
            key,
            v=[f"p{number}" for number in range(70_000)],
        )
        assert error["code"] == "UNKNOWN_VALUE"
        assert "'p0', 'p1', 'p10', 'p100', 'p1000' and 69995 more; known" in error["message"]

    @pytest.mark.parametrize("operator", ["contains", "startsWith", "gt", "lte"])
    def test_is_no_matter_of_patterns(self, api: Api, key: str, operator: str) -> None:
        document = f'{{ requests(filter: {{provider: {{{operator}: "zzz"}}}}) {{ totalCount }} }}'
        assert not api.ask(document, key).errors
