"""How much was asked of the models lately, how well it went, and what it cost."""

from datetime import datetime
from decimal import Decimal

import strawberry

from graphql_api.query.request import And, Condition, Operator
from graphql_api.schema.reports.listing import (
    HAS_MODEL,
    MODEL_METRICS,
    ModelUsage,
    Row,
    all_rows,
    every,
    largest,
    model_usage,
)
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.traffic import (
    budgets,
    budgets_question,
    traffic,
    traffic_question,
)
from graphql_api.schema.reports.values import count, ratio, rounded, text
from graphql_api.schema.reports.windows import refuse_outside, trailing
from graphql_api.schema.scalars import BigInt

LONGEST_HOURS = 168
LISTED = 10


@strawberry.type(description="Requests to one endpoint.")
class EndpointUsage:
    """An entry of `top_endpoints`."""

    http_method: str | None = strawberry.field(description="HTTP method; null where unknown.")
    endpoint: str | None = strawberry.field(description="Path or kind of call; null where unknown.")
    requests: BigInt = strawberry.field(description="Number of requests.")


@strawberry.type(description="Requests that were answered with one HTTP status code.")
class StatusCodeUsage:
    """An entry of `status_codes`."""

    http_status_code: BigInt | None = strawberry.field(
        description="HTTP status code; null for the requests without one."
    )
    requests: BigInt = strawberry.field(description="Number of requests.")


@strawberry.type(description="Requests of the last hours, and the active budgets behind them.")
class UsageMetrics:
    """SEMANTICS 6.2 `enclava.usage_metrics`."""

    requests: BigInt = strawberry.field(description="Number of requests.")
    successful_requests: BigInt = strawberry.field(description="Requests that succeeded.")
    failed_requests: BigInt = strawberry.field(
        description="Requests that failed. Those of which the source says neither are in none."
    )
    error_percentage: float = strawberry.field(
        description="Failed requests among those known to have succeeded or failed, 0 to 100, "
        "rounded to 2 decimals."
    )
    average_response_seconds: float = strawberry.field(
        description="Mean latency of the requests whose latency is known, rounded to 3 decimals. "
        "Unit: seconds."
    )
    requests_per_minute: float = strawberry.field(
        description="Requests per minute of the window, rounded to 2 decimals."
    )
    total_tokens: BigInt = strawberry.field(description="Tokens. Unit: tokens.")
    cost_usd: Decimal = strawberry.field(description="Cost. Unit: usd.")
    average_tokens_per_request: float = strawberry.field(
        description="Tokens per request, rounded to 1 decimal."
    )
    average_cost_usd_per_request: Decimal = strawberry.field(
        description="Cost per request, rounded to hundredths of a cent. Unit: usd."
    )
    active_budgets: BigInt = strawberry.field(
        description="Number of active budgets; of the user, those owned or on an own API key."
    )
    budget_limit_usd: Decimal = strawberry.field(description="Their limits. Unit: usd.")
    budget_used_usd: Decimal = strawberry.field(description="What of it was used. Unit: usd.")
    budget_usage_percentage: float = strawberry.field(
        description="What was used of all their limits together, rounded to 2 decimals."
    )
    top_endpoints: list[EndpointUsage] = strawberry.field(
        description="The ten endpoints with the most requests, by HTTP method and path."
    )
    status_codes: list[StatusCodeUsage] = strawberry.field(
        description="Requests by status code, ascending; those without one come last."
    )
    top_models: list[ModelUsage] = strawberry.field(
        description="The ten models with the most requests; requests without a model are left out."
    )
    as_of: datetime = strawberry.field(description="End of the window, UTC.")


@report("requests", also_reads=("budgets",))
async def usage_metrics(
    ask: Ask,
    *,
    hours: int = 24,
    user_id: strawberry.ID | None = None,
    api_key_id: strawberry.ID | None = None,
) -> UsageMetrics:
    """Requests of the last hours (1 to 168): outcome, speed, cost, and the active budgets behind.

    A user or API key narrows the requests; the user also narrows the budgets to those owned and
    those on an own API key, the API key does not. Of `filter`, budgets heed what is about tenants.
    """
    refuse_outside("hours", hours, 1, LONGEST_HOURS)
    given = {"user_id": user_id, "api_key_id": api_key_id}
    window = And(
        (
            trailing(ask, hours=hours),
            *(Condition(k, Operator.EQ, (v,)) for k, v in given.items() if v is not None),
        )
    )
    sums, limits, endpoints, codes, models = await ask(
        traffic_question(ask, window),
        budgets_question(ask, user_id),
        largest(ask, window, ("http_method", "endpoint"), ("requests",), LISTED),
        every(ask, window, ("http_status_code",), ("requests",)),
        largest(ask, And((window, HAS_MODEL)), ("model",), MODEL_METRICS, LISTED),
    )
    found, left = traffic(sums, hours), budgets(limits)
    return UsageMetrics(
        requests=BigInt(found.requests),
        successful_requests=BigInt(found.successful_requests),
        failed_requests=BigInt(found.failed_requests),
        error_percentage=float(found.error_percentage),
        average_response_seconds=float(found.average_response_seconds),
        requests_per_minute=float(found.requests_per_minute),
        total_tokens=BigInt(found.total_tokens),
        cost_usd=found.cost_usd,
        average_tokens_per_request=float(rounded(ratio(found.total_tokens, found.requests), 1)),
        average_cost_usd_per_request=rounded(ratio(found.cost_usd, found.requests), 4),
        active_budgets=BigInt(left.active),
        budget_limit_usd=left.limit_usd,
        budget_used_usd=left.used_usd,
        budget_usage_percentage=float(left.usage_percentage),
        top_endpoints=[_endpoint(row) for row in endpoints.nodes or ()],
        status_codes=[_status_code(row) for row in all_rows(codes, "status codes")],
        top_models=[model_usage(row) for row in models.nodes or ()],
        as_of=ask.as_of,
    )


def _endpoint(row: Row) -> EndpointUsage:
    return EndpointUsage(
        http_method=text(row, "http_method"),
        endpoint=text(row, "endpoint"),
        requests=BigInt(count(row, "requests")),
    )


def _status_code(row: Row) -> StatusCodeUsage:
    code = row["http_status_code"]
    return StatusCodeUsage(
        http_status_code=BigInt(code) if isinstance(code, int) else None,
        requests=BigInt(count(row, "requests")),
    )
