"""The five questions as the compiler takes them."""

from dataclasses import dataclass
from datetime import date, datetime

from graphql_api.catalogue.model import Catalogue
from graphql_api.query.request import And, Condition, Operator, OrderTerm, QueryRequest, Scope


@dataclass(frozen=True)
class _Asked:
    mart: str
    since: date
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    group_by: tuple[str, ...] | None
    order_by: tuple[OrderTerm, ...] = ()
    first: int = 10_000


_TWO_YEARS, _LAST_90_DAYS, _END = date(2024, 1, 1), date(2025, 10, 3), date(2026, 1, 1)
_TOKENS = ("input_tokens", "output_tokens", "total_tokens")

_ASKED = {
    "Q1": _Asked(
        "fct_monthly_usage",
        _TWO_YEARS,
        ("month", "provider"),
        ("cost_usd", "requests", "total_tokens"),
        ("month", "provider"),
    ),
    "Q2": _Asked(
        "fct_monthly_usage",
        _TWO_YEARS,
        ("month", "modality", "provider"),
        ("requests", *_TOKENS, "cost_usd", "eval_cost_usd"),
        ("month", "modality", "provider"),
    ),
    "Q3": _Asked(
        "fct_monthly_usage",
        _TWO_YEARS,
        ("month", "project_id", "modality", "provider", "model"),
        ("requests", *_TOKENS, "cost_usd"),
        None,
        (OrderTerm("month"),),
        1_000,
    ),
    "Q4": _Asked(
        "fct_daily_usage",
        _LAST_90_DAYS,
        ("day", "model"),
        ("cost_usd", "requests", "input_tokens", "output_tokens"),
        ("day", "model"),
    ),
    "Q5": _Asked(
        "fct_monthly_usage",
        _TWO_YEARS,
        ("organization_id",),
        ("cost_usd", "requests", "total_tokens"),
        ("organization_id",),
        (OrderTerm("cost_usd", descending=True),),
        20,
    ),
}


def request_of(question: str, catalogue: Catalogue, scope: Scope, now: datetime) -> QueryRequest:
    """A question of one caller."""
    asked = _ASKED[question]
    mart = catalogue.marts[asked.mart]
    time = mart.time_dimension
    assert time is not None
    bounds = (
        Condition(time, Operator.GTE, (asked.since,)),
        Condition(time, Operator.LT, (_END,)),
    )
    return QueryRequest(
        mart=mart,
        scope=scope,
        as_of=now,
        group_by=asked.group_by,
        where=And(bounds),
        order_by=asked.order_by,
        first=asked.first,
        dimensions=asked.dimensions,
        metrics=asked.metrics,
        with_nodes=True,
    )
