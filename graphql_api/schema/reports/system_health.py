"""How well the system does right now, in one number, with what is wrong and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

import strawberry

from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.traffic import (
    Budgets,
    Traffic,
    budgets,
    budgets_question,
    traffic,
    traffic_question,
)
from graphql_api.schema.reports.windows import trailing
from graphql_api.schema.scalars import BigInt

HOURS = 1
BEST_SCORE = 100
HEALTHY_FROM = 90
WARNING_FROM = 70


@strawberry.enum(
    description="A health score in one word: `HEALTHY` from 90 on, `WARNING` from 70 on."
)
class HealthStatus(Enum):
    """How healthy a score is."""

    HEALTHY = "healthy"
    WARNING = "warning"
    CRITICAL = "critical"


@strawberry.enum(description="What can be wrong with a system.")
class HealthIssueCode(Enum):
    """What was found."""

    ERROR_RATE_HIGH = "error_rate_high"
    ERROR_RATE_ELEVATED = "error_rate_elevated"
    RESPONSE_TIME_HIGH = "response_time_high"
    RESPONSE_TIME_ELEVATED = "response_time_elevated"
    BUDGET_USAGE_CRITICAL = "budget_usage_critical"
    BUDGET_USAGE_HIGH = "budget_usage_high"
    BUDGETS_EXCEEDED = "budgets_exceeded"
    BUDGETS_NEAR_LIMIT = "budgets_near_limit"


_RECOMMENDATIONS = {
    HealthIssueCode.ERROR_RATE_HIGH: (
        "More than one request in ten fails: find the status codes and endpoints behind it in "
        "`usageMetrics`, and stop what causes them."
    ),
    HealthIssueCode.ERROR_RATE_ELEVATED: (
        "More than one request in twenty fails: look at the status codes and endpoints in "
        "`usageMetrics` before it gets worse."
    ),
    HealthIssueCode.RESPONSE_TIME_HIGH: (
        "Answers take more than five seconds on average: find the slow models and endpoints, and "
        "move load away from them."
    ),
    HealthIssueCode.RESPONSE_TIME_ELEVATED: (
        "Answers take more than two seconds on average: see which models and endpoints have become "
        "slower."
    ),
    HealthIssueCode.BUDGET_USAGE_CRITICAL: (
        "More than 90 percent of all active budgets is used: raise limits or curb use before "
        "requests are refused."
    ),
    HealthIssueCode.BUDGET_USAGE_HIGH: (
        "More than 75 percent of all active budgets is used: check whether they will last for "
        "their period."
    ),
    HealthIssueCode.BUDGETS_EXCEEDED: (
        "Active budgets are exceeded: raise their limits, or talk to their owners; `budgets` with "
        "`isExceeded` lists them."
    ),
    HealthIssueCode.BUDGETS_NEAR_LIMIT: (
        "Active budgets have reached 80 percent of their limit: warn their owners; `budgets` with "
        "`isNearLimit` lists them."
    ),
}


@strawberry.type(description="Something that is wrong, and what to do about it.")
class HealthIssue:
    """An entry of `issues` and of `recommendations`."""

    code: HealthIssueCode = strawberry.field(description="What is wrong.")
    value: float = strawberry.field(
        description="The value that was judged: a percentage, seconds, or a number of budgets."
    )
    recommendation: str = strawberry.field(description="What to do about it.")


@strawberry.type(description="How well the system did in the last hour, and how its budgets stand.")
class SystemHealth:
    """SEMANTICS 6.3 `enclava.system_health`."""

    status: HealthStatus = strawberry.field(description="The score in one word.")
    score: BigInt = strawberry.field(
        description="100 less the points of every issue; never below 0."
    )
    issues: list[HealthIssue] = strawberry.field(
        description="What is wrong: errors, then latency, spend, and limits of budgets."
    )
    average_response_seconds: float = strawberry.field(
        description="Mean latency of the requests whose latency is known, rounded to 3 decimals. "
        "Unit: seconds."
    )
    error_percentage: float = strawberry.field(
        description="Failed requests among those known to have succeeded or failed, 0 to 100, "
        "rounded to 2 decimals."
    )
    requests_per_minute: float = strawberry.field(
        description="Requests per minute of the hour, rounded to 2 decimals."
    )
    budget_usage_percentage: float = strawberry.field(
        description="What was used of the limits of all active budgets, rounded to 2 decimals."
    )
    budgets_near_limit: BigInt = strawberry.field(
        description="Active budgets of which 80 percent is used, exceeded ones included."
    )
    budgets_exceeded: BigInt = strawberry.field(
        description="Active budgets that the source has found exceeded."
    )
    as_of: datetime = strawberry.field(description="End of the hour, UTC.")


@dataclass(frozen=True, slots=True)
class _Level:
    """A threshold that a value must not exceed, the points it costs, and the issue it raises."""

    threshold: int
    points: int
    code: HealthIssueCode


# Strictest first: a check raises at most one issue.
_ERRORS = (
    _Level(10, 30, HealthIssueCode.ERROR_RATE_HIGH),
    _Level(5, 15, HealthIssueCode.ERROR_RATE_ELEVATED),
)
_LATENCY = (
    _Level(5, 25, HealthIssueCode.RESPONSE_TIME_HIGH),
    _Level(2, 10, HealthIssueCode.RESPONSE_TIME_ELEVATED),
)
_SPEND = (
    _Level(90, 20, HealthIssueCode.BUDGET_USAGE_CRITICAL),
    _Level(75, 10, HealthIssueCode.BUDGET_USAGE_HIGH),
)
_EXCEEDED = _Level(0, 25, HealthIssueCode.BUDGETS_EXCEEDED)
_NEAR_LIMIT = _Level(0, 10, HealthIssueCode.BUDGETS_NEAR_LIMIT)


@report("requests", also_reads=("budgets",))
async def system_health(ask: Ask) -> SystemHealth:
    """How well the system did in the last hour: a score, what is wrong, and what to do about it.

    Errors, latency and the state of active budgets decide. No traffic is healthy as far as errors
    and latency go. Of `filter`, budgets heed what is about tenants.
    """
    answers = await ask(traffic_question(ask, trailing(ask, hours=HOURS)), budgets_question(ask))
    found, left = traffic(answers[0], HOURS), budgets(answers[1])
    raised = list(_issues(found, left))
    score = max(BEST_SCORE - sum(level.points for level, _ in raised), 0)
    return SystemHealth(
        status=_status(score),
        score=BigInt(score),
        issues=[
            HealthIssue(
                code=level.code, value=float(value), recommendation=_RECOMMENDATIONS[level.code]
            )
            for level, value in raised
        ],
        average_response_seconds=float(found.average_response_seconds),
        error_percentage=float(found.error_percentage),
        requests_per_minute=float(found.requests_per_minute),
        budget_usage_percentage=float(left.usage_percentage),
        budgets_near_limit=BigInt(left.near_limit),
        budgets_exceeded=BigInt(left.exceeded),
        as_of=ask.as_of,
    )


def _issues(found: Traffic, left: Budgets) -> Iterator[tuple[_Level, Decimal | int]]:
    """What is wrong, in the order of the checks, with the value that was judged."""
    checks: list[list[tuple[_Level, Decimal | int]]] = [
        [(level, found.error_percentage) for level in _ERRORS],
        [(level, found.average_response_seconds) for level in _LATENCY],
        [(level, left.usage_percentage) for level in _SPEND],
        [(_EXCEEDED, left.exceeded), (_NEAR_LIMIT, left.near_limit)],
    ]
    for check in checks:
        yield from [each for each in check if each[1] > each[0].threshold][:1]


def _status(score: int) -> HealthStatus:
    if score >= HEALTHY_FROM:
        return HealthStatus.HEALTHY
    return HealthStatus.WARNING if score >= WARNING_FROM else HealthStatus.CRITICAL
