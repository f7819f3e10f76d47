"""Requests of a window, and the budgets behind them, with the figures that are judged.

The budgets are those of the tenants that the caller filtered for: other conditions are about single
requests, which budgets have none of.
"""

from dataclasses import dataclass
from decimal import Decimal

from graphql_api.query.executor import Answer
from graphql_api.query.request import (
    And,
    Condition,
    Operator,
    Or,
    Predicate,
    QueryRequest,
    conditions,
)
from graphql_api.schema.reports.report import Ask
from graphql_api.schema.reports.values import amount, count, ratio, rounded, times

_TENANT = frozenset({"source_system", "organization_id", "project_id"})
_SUMS = (
    "requests",
    "successful_requests",
    "failed_requests",
    "latency_ms",
    "timed_requests",
    "total_tokens",
    "cost_usd",
)
_BUDGET_SUMS = (
    "active_budgets",
    "budgets_near_limit",
    "budgets_exceeded",
    "budget_limit_usd",
    "budget_used_usd",
)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Sums over the requests of so many hours."""

    hours: int
    requests: int
    successful_requests: int
    failed_requests: int
    latency_ms: int
    timed_requests: int
    total_tokens: int
    cost_usd: Decimal

    @property
    def error_percentage(self) -> Decimal:
        """Failed requests among those known to have succeeded or failed."""
        known = self.successful_requests + self.failed_requests
        return rounded(ratio(100 * self.failed_requests, known), 2)

    @property
    def average_response_seconds(self) -> Decimal:
        """Over the requests whose latency is known."""
        return rounded(ratio(self.latency_ms, 1000 * self.timed_requests), 3)

    @property
    def requests_per_minute(self) -> Decimal:
        """Over the whole window."""
        return rounded(ratio(self.requests, 60 * self.hours), 2)


@dataclass(frozen=True, slots=True)
class Budgets:
    """Sums over active budgets."""

    active: int
    near_limit: int
    exceeded: int
    limit_usd: Decimal
    used_usd: Decimal

    @property
    def usage_percentage(self) -> Decimal:
        """Of all their limits together."""
        return rounded(ratio(times(100, self.used_usd), self.limit_usd), 2)


def traffic_question(ask: Ask, window: Predicate) -> QueryRequest:
    """What `traffic` reads."""
    return ask.question(window, group_by=(), total_metrics=_SUMS)


def traffic(answer: Answer, hours: int) -> Traffic:
    """The answer to `traffic_question` about a window of so many hours."""
    row = answer.totals
    return Traffic(
        hours=hours,
        requests=count(row, "requests"),
        successful_requests=count(row, "successful_requests"),
        failed_requests=count(row, "failed_requests"),
        latency_ms=count(row, "latency_ms"),
        timed_requests=count(row, "timed_requests"),
        total_tokens=count(row, "total_tokens"),
        cost_usd=amount(row, "cost_usd"),
    )


def budgets_question(ask: Ask, user_id: str | None = None) -> QueryRequest:
    """What `budgets` reads: with a user, budgets of the user or on one of the user's keys."""
    terms: list[Predicate] = [Condition("is_active", Operator.EQ, (True,))]
    if user_id is not None:
        owners = ("owner_user_id", "api_key_owner_user_id")
        terms.append(Or(tuple(Condition(name, Operator.EQ, (user_id,)) for name in owners)))
    return ask.question_of(
        "budgets", And((*terms, _about_tenants(ask.where))), group_by=(), total_metrics=_BUDGET_SUMS
    )


def budgets(answer: Answer) -> Budgets:
    """The answer to `budgets_question`."""
    row = answer.totals
    return Budgets(
        active=count(row, "active_budgets"),
        near_limit=count(row, "budgets_near_limit"),
        exceeded=count(row, "budgets_exceeded"),
        limit_usd=amount(row, "budget_limit_usd"),
        used_usd=amount(row, "budget_used_usd"),
    )


def _about_tenants(where: Predicate | None) -> Predicate:
    """The part of a filter that says nothing but whose rows are asked for."""
    if isinstance(where, And):
        return And(tuple(_about_tenants(term) for term in where.terms))
    named = {each.name for each in conditions(where)}
    return where if where is not None and named <= _TENANT else And(())
