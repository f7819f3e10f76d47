"""Where the money went."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from graphql_api.catalogue.model import Grain
from graphql_api.query.request import And, Condition, Operator, Predicate
from graphql_api.schema.reports.listing import (
    HAS_MODEL,
    MODEL_METRICS,
    ModelUsage,
    all_rows,
    every,
    model_usage,
)
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import amount, count, ratio, text
from graphql_api.schema.reports.windows import date_in, refuse_outside, trailing
from graphql_api.schema.scalars import BigInt

LONGEST_DAYS = 365
COST = ("cost_usd",)


@strawberry.type(description="Cost of one day.")
class DayCost:
    """An entry of `daily_costs`."""

    day: date = strawberry.field(description="Day of `timezone`.")
    cost_usd: Decimal = strawberry.field(description="Cost. Unit: usd.")


@strawberry.type(description="Cost of one endpoint.")
class EndpointCost:
    """An entry of `cost_by_endpoint`."""

    endpoint: str | None = strawberry.field(description="Path or kind of call; null where unknown.")
    cost_usd: Decimal = strawberry.field(description="Cost. Unit: usd.")


@strawberry.type(description="Cost and tokens of the last days, by what caused them.")
class CostAnalysis:
    """SEMANTICS 6.4 `enclava.cost_analysis`."""

    days: BigInt = strawberry.field(description="Length of the window in days.")
    cost_usd: Decimal = strawberry.field(
        description="Cost of all requests, with or without a model. Unit: usd."
    )
    total_tokens: BigInt = strawberry.field(description="Tokens of all requests. Unit: tokens.")
    requests: BigInt = strawberry.field(description="Number of requests.")
    cost_usd_per_token: Decimal = strawberry.field(description="Cost per token. Unit: usd.")
    cost_usd_per_request: Decimal = strawberry.field(description="Cost per request. Unit: usd.")
    tokens_per_request: Decimal = strawberry.field(description="Tokens per request. Unit: tokens.")
    by_model: list[ModelUsage] = strawberry.field(
        description="Every model by name; requests without a model are left out."
    )
    by_day: list[DayCost] = strawberry.field(
        description="Days of `timezone` with requests, ascending; the first and the last are cut "
        "by the window."
    )
    by_endpoint: list[EndpointCost] = strawberry.field(description="Every endpoint by name.")
    as_of: datetime = strawberry.field(description="End of the window, UTC.")


@report("requests")
async def cost_analysis(
    ask: Ask, *, days: int = 30, user_id: strawberry.ID | None = None
) -> CostAnalysis:
    """Where the money of the last days (1 to 365) went: by model, day and endpoint."""
    refuse_outside("days", days, 1, LONGEST_DAYS)
    window: Predicate = trailing(ask, days=days)
    if user_id is not None:
        window = And((window, Condition("user_id", Operator.EQ, (user_id,))))
    time = ask.mart.time_dimension or ""
    sums, models, dates, endpoints = await ask(
        ask.question(window, group_by=(), total_metrics=MODEL_METRICS),
        every(ask, And((window, HAS_MODEL)), ("model",), MODEL_METRICS),
        every(ask, window, (time,), COST, Grain.DAY),
        every(ask, window, ("endpoint",), COST),
    )
    cost = amount(sums.totals, "cost_usd")
    tokens, requests = count(sums.totals, "total_tokens"), count(sums.totals, "requests")
    return CostAnalysis(
        days=BigInt(days),
        cost_usd=cost,
        total_tokens=BigInt(tokens),
        requests=BigInt(requests),
        cost_usd_per_token=ratio(cost, tokens),
        cost_usd_per_request=ratio(cost, requests),
        tokens_per_request=ratio(tokens, requests),
        by_model=[model_usage(row) for row in all_rows(models, "models")],
        by_day=[
            DayCost(day=date_in(ask, row, time), cost_usd=amount(row, "cost_usd"))
            for row in all_rows(dates, "days")
        ],
        by_endpoint=[
            EndpointCost(endpoint=text(row, "endpoint"), cost_usd=amount(row, "cost_usd"))
            for row in all_rows(endpoints, "endpoints")
        ],
        as_of=ask.as_of,
    )
