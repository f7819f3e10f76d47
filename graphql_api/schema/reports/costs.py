"""What usage will cost if it goes on as it did."""

from decimal import Decimal

import strawberry

from graphql_api.catalogue.model import Grain
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import amount, count, ratio, times
from graphql_api.schema.reports.windows import trailing
from graphql_api.schema.scalars import BigInt

BASELINE_DAYS = 30


@strawberry.type(description="Cost and tokens to be expected, from the last 30 days.")
class CostProjections:
    """SEMANTICS 5.4 `costs_projections`."""

    baseline_days: BigInt = strawberry.field(
        description="Days (of `timezone`) with requests within the last 30 times 24 hours, at "
        "least 1."
    )
    daily_cost_usd: Decimal = strawberry.field(description="Cost per day with requests. Unit: usd.")
    daily_tokens: Decimal = strawberry.field(
        description="Tokens per day with requests. Unit: tokens."
    )
    next_month_cost_usd: Decimal = strawberry.field(description="30 such days. Unit: usd.")
    next_three_months_cost_usd: Decimal = strawberry.field(description="90 such days. Unit: usd.")
    next_year_cost_usd: Decimal = strawberry.field(description="365 such days. Unit: usd.")
    next_month_tokens: Decimal = strawberry.field(description="30 such days. Unit: tokens.")


@report("requests")
async def cost_projections(ask: Ask) -> CostProjections:
    """Cost and tokens to be expected, if days with requests go on as in the last 30 days."""
    window = trailing(ask, days=BASELINE_DAYS)
    time = ask.mart.time_dimension or ""
    answer, days = await ask(
        ask.question(window, group_by=(), total_metrics=("cost_usd", "total_tokens")),
        ask.question(window, group_by=(time,), time_grain=Grain.DAY, with_total_count=True),
    )
    baseline_days = max(days.total_count or 0, 1)
    cost, tokens = amount(answer.totals, "cost_usd"), count(answer.totals, "total_tokens")

    def projected(value: Decimal | int, days: int) -> Decimal:
        # Multiplied first: a quotient that does not end would lose the digits of one that does.
        return ratio(times(days, value), baseline_days)

    return CostProjections(
        baseline_days=BigInt(baseline_days),
        daily_cost_usd=projected(cost, 1),
        daily_tokens=projected(tokens, 1),
        next_month_cost_usd=projected(cost, 30),
        next_three_months_cost_usd=projected(cost, 90),
        next_year_cost_usd=projected(cost, 365),
        next_month_tokens=projected(tokens, 30),
    )
