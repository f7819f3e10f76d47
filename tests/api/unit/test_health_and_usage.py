"""Reports about requests and budgets: what they ask, judge and refuse.

Their numbers over real rows are held against the definitions in parity.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from graphql_api.query.executor import Answer
from graphql_api.query.request import Condition, QueryRequest, conditions
from graphql_api.schema.reports.listing import MOST_LISTED
from graphql_api.schema.reports.values import rounded
from tests.api.unit.asking import NOTHING, NOW, Api, RecordingExecutor

HEALTH = (
    "{ systemHealth { status score issues { code value } errorPercentage averageResponseSeconds } }"
)


@dataclass
class Totals(RecordingExecutor):
    """Answers every question about a mart with the same totals and nodes."""

    answer: Answer = NOTHING
    totals: dict[str, dict[str, Any]] = field(default_factory=dict)
    nodes: list[dict[str, Any]] = field(default_factory=list)

    async def run_all(self, requests: Sequence[QueryRequest]) -> list[Answer]:
        self.requests += requests
        return [
            Answer(nodes=self.nodes, totals=self.totals.get(each.mart.public_name))
            for each in requests
        ]


def health(api: Api, requests: dict[str, Any], budgets: dict[str, Any]) -> dict[str, Any]:
    executor = Totals(totals={"requests": requests, "budgets": budgets})
    result = api.execute_with(executor, HEALTH)
    assert not result.errors
    assert result.data is not None
    found: dict[str, Any] = result.data["systemHealth"]
    return found


def outcomes(failed: int, of: int) -> dict[str, Any]:
    return {"failed_requests": failed, "successful_requests": of - failed}


def milliseconds(total: int, of: int) -> dict[str, Any]:
    return {"latency_ms": total, "timed_requests": of}


def spent(used: str) -> dict[str, Any]:
    return {"budget_limit_usd": "1000", "budget_used_usd": used}


@pytest.mark.parametrize(
    ("requests", "budgets", "score", "issues"),
    [
        ({}, {}, 100, []),
        (outcomes(1, 20), {}, 100, []),
        # Judged as it is shown, rounded: 5.004 is 5, 5.005 is 5.01.
        (outcomes(5004, 100_000), {}, 100, []),
        (outcomes(5005, 100_000), {}, 85, [("ERROR_RATE_ELEVATED", 5.01)]),
        (outcomes(1, 10), {}, 85, [("ERROR_RATE_ELEVATED", 10.0)]),
        (outcomes(3, 3), {}, 70, [("ERROR_RATE_HIGH", 100.0)]),
        # Milliseconds are judged in seconds (correction D35).
        (milliseconds(2000, 1), {}, 100, []),
        (milliseconds(4001, 2), {}, 90, [("RESPONSE_TIME_ELEVATED", 2.001)]),
        (milliseconds(5000, 1), {}, 90, [("RESPONSE_TIME_ELEVATED", 5.0)]),
        (milliseconds(10_001, 2), {}, 75, [("RESPONSE_TIME_HIGH", 5.001)]),
        ({}, spent("750.04"), 100, []),
        ({}, spent("750.05"), 90, [("BUDGET_USAGE_HIGH", 75.01)]),
        ({}, spent("900.05"), 80, [("BUDGET_USAGE_CRITICAL", 90.01)]),
        ({}, {"budgets_near_limit": 2}, 90, [("BUDGETS_NEAR_LIMIT", 2.0)]),
        # Exceeded ones are near, too, but it is one issue.
        (
            {},
            {"budgets_near_limit": 3, "budgets_exceeded": 1},
            75,
            [("BUDGETS_EXCEEDED", 1.0)],
        ),
        (
            outcomes(1, 1) | milliseconds(6000, 1),
            spent("2000") | {"budgets_near_limit": 1, "budgets_exceeded": 1},
            0,
            [
                ("ERROR_RATE_HIGH", 100.0),
                ("RESPONSE_TIME_HIGH", 6.0),
                ("BUDGET_USAGE_CRITICAL", 200.0),
                ("BUDGETS_EXCEEDED", 1.0),
            ],
        ),
    ],
)
def test_health_is_what_is_left_of_100_after_every_check(
    api: Api,
    requests: dict[str, Any],
    budgets: dict[str, Any],
    score: int,
    issues: list[tuple[str, float]],
):
    found = health(api, requests, budgets)
    assert found["score"] == score
    assert [(each["code"], each["value"]) for each in found["issues"]] == issues
    status = "HEALTHY" if score >= 90 else "WARNING" if score >= 70 else "CRITICAL"
    assert found["status"] == status


def asked_about(api: Api, mart: str, document: str) -> list[Condition]:
    executor = Totals()
    assert not api.execute_with(executor, document).errors
    (request,) = [each for each in executor.requests if each.mart.public_name == mart]
    return list(conditions(request.where))


def test_budgets_heed_only_what_a_filter_says_about_tenants(api: Api):
    filter_ = (
        '{ sourceSystem: { eq: ENCLAVA }, model: { eq: "m" },'
        ' and: [{ organizationId: { eq: "1" }, userId: { eq: "7" } }],'
        ' or: [{ projectId: { eq: "2" } }, { model: { eq: "n" } }],'
        ' not: { projectId: { in: ["3"] } } }'
    )
    document = f"{{ systemHealth(filter: {filter_}) {{ score }} }}"
    assert [each.name for each in asked_about(api, "requests", document)].count("model") == 2
    assert sorted(each.name for each in asked_about(api, "budgets", document)) == [
        "is_active",
        "organization_id",
        "project_id",
        "source_system",
    ]


def test_a_user_narrows_budgets_by_either_owner_and_a_key_does_not(api: Api):
    document = '{ usageMetrics(userId: "7", apiKeyId: "8") { activeBudgets } }'
    named = {each.name: each.values for each in asked_about(api, "budgets", document)}
    assert named == {
        "is_active": (True,),
        "owner_user_id": ("7",),
        "api_key_owner_user_id": ("7",),
    }


def test_health_is_about_the_hour_before_as_of(api: Api):
    """Correction D38: nothing but the instant asked for decides."""
    times = [
        each.values[0]
        for each in asked_about(api, "requests", "{ systemHealth { score } }")
        if each.name == "requested_at"
    ]
    assert times == [NOW.replace(hour=NOW.hour - 1), NOW]


@pytest.mark.parametrize(
    ("field_", "argument", "longest"),
    [("usageMetrics", "hours", 168), ("costAnalysis", "days", 365)],
)
def test_windows_beyond_the_definition_are_refused(
    api: Api, field_: str, argument: str, longest: int
):
    for length in (0, -1, longest + 1):
        message, extensions = api.refusal(f"{{ {field_}({argument}: {length}) {{ asOf }} }}")
        assert message == f"{argument}: {length} is not between 1 and {longest}"
        assert extensions == {"code": "INVALID_ARGUMENT", "argument": argument}


def test_an_id_that_no_text_can_be_is_refused(api: Api):
    _, extensions = api.refusal(
        "query($id: ID) { costAnalysis(userId: $id) { asOf } }", {"id": "a\0b"}
    )
    assert extensions == {"code": "INVALID_ARGUMENT", "argument": "userId"}


def test_a_list_too_long_to_be_whole_is_refused(api: Api):
    row = {"http_status_code": 200, "requests": 1, "endpoint": "/", "model": "m"}
    executor = Totals(nodes=[row] * (MOST_LISTED + 1))
    result = api.execute_with(executor, "{ usageMetrics { statusCodes { requests } } }")
    assert result.errors
    assert (result.errors[0].extensions or {})["argument"] == "filter"


def test_rounding_is_half_away_from_zero():
    assert [rounded(Decimal(each), 1) for each in ("0.25", "-0.25", "0.2499", "2e30")] == [
        Decimal("0.3"),
        Decimal("-0.3"),
        Decimal("0.2"),
        Decimal("2e30"),
    ]
