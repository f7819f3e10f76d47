"""What the credit tiers of models are used for, what they are worth, and what they will cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import strawberry

from graphql_api.query.executor import Json
from graphql_api.query.request import OrderTerm, Predicate, QueryRequest
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import amount, count, ratio, text, times
from graphql_api.schema.reports.windows import date_of, days_of, start, trailing
from graphql_api.schema.scalars import BigInt

# More tiers than there are, more models than anybody asks for.
_ALL = 1_000_000
_SUMS = ("requests", "total_tokens", "cost_usd", "credits")


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier as it is defined, with its sums over the requests that were asked about."""

    id: str
    name: str
    credits_per_request: int
    requests: int
    total_tokens: int
    cost_usd: Decimal
    credits: int

    @property
    def tokens_per_credit(self) -> Fraction:
        """Exact, to be compared; 0 without credits."""
        return Fraction(self.total_tokens, self.credits) if self.credits else Fraction(0)

    @property
    def cost_per_credit(self) -> Fraction:
        """Exact, to be compared; 0 without credits."""
        return Fraction(self.cost_usd) / self.credits if self.credits else Fraction(0)


@strawberry.type(description="A model's part in its credit tier.")
class CreditTierModel:
    """SEMANTICS 5.5 `tiers_usage`, models."""

    model: str = strawberry.field(description="Name of the model.")
    requests: BigInt = strawberry.field(description="Number of requests.")
    total_tokens: BigInt = strawberry.field(description="Total tokens.")
    cost_usd: Decimal = strawberry.field(description="Cost. Unit: usd.")
    avg_total_tokens: float = strawberry.field(
        description="Mean of total tokens over the requests whose count is known."
    )


@strawberry.type(description="One credit tier's requests. Ratios are 0 where they divide by 0.")
class CreditTierUsageOfTier:
    """SEMANTICS 5.5 `tiers_usage` and `tiers_efficiency`."""

    tier: str = strawberry.field(description="Id of the tier, such as `tier1`.")
    name: str = strawberry.field(description="Name of the tier.")
    credits_per_request: BigInt = strawberry.field(description="Credits that one request costs.")
    requests: BigInt = strawberry.field(description="Number of requests.")
    total_tokens: BigInt = strawberry.field(description="Total tokens.")
    cost_usd: Decimal = strawberry.field(description="Cost. Unit: usd.")
    credits: BigInt = strawberry.field(description="Credits that the requests cost.")
    tokens_per_request: float = strawberry.field(description="Total tokens per request.")
    cost_usd_per_1k_tokens: Decimal = strawberry.field(
        name="costUsdPer1kTokens", description="Cost of 1,000 total tokens. Unit: usd."
    )
    tokens_per_credit: float = strawberry.field(description="Total tokens per credit.")
    cost_usd_per_credit: Decimal = strawberry.field(description="Cost per credit. Unit: usd.")
    models: list[CreditTierModel] = strawberry.field(
        description="The models that were requested, most tokens first."
    )


@strawberry.type(description="All credit tiers over a period.")
class CreditTierUsage:
    """SEMANTICS 5.5 `tiers_usage` and `tiers_efficiency`."""

    period: str = strawberry.field(description="The period: 7d, 30d or 90d until `asOf`.")
    start_date: date = strawberry.field(description="Date of the first instant, in `timezone`.")
    end_date: date = strawberry.field(description="Date of the last instant, in `timezone`.")
    tiers: list[CreditTierUsageOfTier] = strawberry.field(
        description="Every tier, used or not, the lowest first."
    )
    most_efficient_tier: str | None = strawberry.field(
        description="The tier with most tokens per credit; null where no tier has any."
    )
    best_value_tier: str | None = strawberry.field(
        description="The tier with the lowest cost per credit above 0; null where none has one."
    )


@report("requests", also_reads=("credit_tiers",))
async def credit_tier_usage(ask: Ask, *, period: str = "30d") -> CreditTierUsage:
    """Requests, tokens, cost and credits of every credit tier over a period, and its models."""
    days = days_of(period)
    window = trailing(ask, days=days)
    listed, used, models = await ask(
        tiers_listed(ask),
        tiers_used(ask, window),
        ask.question(
            window,
            group_by=("credit_tier", "model"),
            order_by=(OrderTerm("total_tokens", descending=True), OrderTerm("model")),
            dimensions=("credit_tier", "model"),
            metrics=(*_SUMS, "token_counted_requests"),
            with_nodes=True,
            first=_ALL,
        ),
    )
    tiers = with_sums(listed.nodes or [], used.nodes or [])
    return CreditTierUsage(
        period=period,
        start_date=date_of(ask, start(ask, days=days)),
        end_date=date_of(ask, ask.as_of),
        tiers=[_usage_of(tier, models.nodes or []) for tier in tiers],
        most_efficient_tier=most_efficient(tiers),
        best_value_tier=best_value(tiers),
    )


def tiers_listed(ask: Ask) -> QueryRequest:
    """A question for every tier that is defined, the lowest first."""
    return ask.question_of(
        "credit_tiers",
        order_by=(OrderTerm("credit_tier"),),
        dimensions=("credit_tier", "credit_tier_name", "credits_per_request"),
        with_nodes=True,
        first=_ALL,
    )


def tiers_used(ask: Ask, window: Predicate) -> QueryRequest:
    """A question for the sums of every tier that has requests in a window."""
    return ask.question(
        window,
        group_by=("credit_tier",),
        dimensions=("credit_tier",),
        metrics=_SUMS,
        with_nodes=True,
        first=_ALL,
    )


def with_sums(listed: Sequence[Json], used: Sequence[Json]) -> list[Tier]:
    """Every tier that is defined, with its sums; 0 without requests."""
    sums: Mapping[str | None, Json] = {text(row, "credit_tier"): row for row in used}
    return [
        Tier(
            id=str(row["credit_tier"]),
            name=str(row["credit_tier_name"]),
            credits_per_request=count(row, "credits_per_request"),
            requests=count(sums.get(str(row["credit_tier"])), "requests"),
            total_tokens=count(sums.get(str(row["credit_tier"])), "total_tokens"),
            cost_usd=amount(sums.get(str(row["credit_tier"])), "cost_usd"),
            credits=count(sums.get(str(row["credit_tier"])), "credits"),
        )
        for row in listed
    ]


def _usage_of(tier: Tier, models: Sequence[Json]) -> CreditTierUsageOfTier:
    return CreditTierUsageOfTier(
        tier=tier.id,
        name=tier.name,
        credits_per_request=BigInt(tier.credits_per_request),
        requests=BigInt(tier.requests),
        total_tokens=BigInt(tier.total_tokens),
        cost_usd=tier.cost_usd,
        credits=BigInt(tier.credits),
        tokens_per_request=float(ratio(tier.total_tokens, tier.requests)),
        cost_usd_per_1k_tokens=ratio(times(1000, tier.cost_usd), tier.total_tokens),
        tokens_per_credit=float(ratio(tier.total_tokens, tier.credits)),
        cost_usd_per_credit=ratio(tier.cost_usd, tier.credits),
        models=[_model(row) for row in models if text(row, "credit_tier") == tier.id],
    )


def _model(row: Json) -> CreditTierModel:
    tokens = count(row, "total_tokens")
    return CreditTierModel(
        model=str(row["model"]),
        requests=BigInt(count(row, "requests")),
        total_tokens=BigInt(tokens),
        cost_usd=amount(row, "cost_usd"),
        avg_total_tokens=float(ratio(tokens, count(row, "token_counted_requests"))),
    )


def most_efficient(tiers: Sequence[Tier]) -> str | None:
    """The tier with most tokens per credit, the lower one of equals: the first is taken."""
    worth = [tier for tier in tiers if tier.tokens_per_credit > 0]
    return max(worth, key=lambda tier: tier.tokens_per_credit).id if worth else None


def best_value(tiers: Sequence[Tier]) -> str | None:
    """The tier with the lowest cost per credit above 0, the lower one of equals."""
    priced = [tier for tier in tiers if tier.cost_per_credit > 0]
    return min(priced, key=lambda tier: tier.cost_per_credit).id if priced else None
