"""What the credit tiers will be used for if the next days are like the last 30."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import strawberry

from graphql_api.query.executor import Json
from graphql_api.query.request import Condition, Operator, OrderTerm
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.tiers import Tier, tiers_listed, tiers_used, with_sums
from graphql_api.schema.reports.values import ratio, text, times, total
from graphql_api.schema.reports.windows import trailing
from graphql_api.schema.scalars import BigInt

# The window is divided by its days whether or not there was usage on each.
BASELINE_DAYS = 30
_ALL = 1_000_000


@strawberry.type(description="What a number of days brings to one credit tier.")
class CreditTierProjectionOfTier:
    """SEMANTICS 5.5 `tiers_projections`."""

    tier: str = strawberry.field(description="Id of the tier, such as `tier1`.")
    name: str = strawberry.field(description="Name of the tier.")
    requests: Decimal = strawberry.field(description="Number of requests.")
    total_tokens: Decimal = strawberry.field(description="Total tokens.")
    cost_usd: Decimal = strawberry.field(description="Cost. Unit: usd.")
    credits: Decimal = strawberry.field(description="Credits that the requests cost.")


@strawberry.type(description="What a number of days brings to every credit tier, and to all.")
class CreditTierProjection:
    """SEMANTICS 5.5 `tiers_projections`."""

    days: BigInt = strawberry.field(description="How many days.")
    tiers: list[CreditTierProjectionOfTier] = strawberry.field(
        description="Every tier, the lowest first."
    )
    requests: Decimal = strawberry.field(description="Number of requests.")
    total_tokens: Decimal = strawberry.field(description="Total tokens.")
    cost_usd: Decimal = strawberry.field(description="Cost. Unit: usd.")
    credits: Decimal = strawberry.field(description="Credits that the requests cost.")


@strawberry.type(description="A credit tier as it is defined.")
class CreditTierDefinition:
    """SEMANTICS 5.5, the table of tiers."""

    tier: str = strawberry.field(description="Id of the tier, such as `tier1`.")
    name: str = strawberry.field(description="Name of the tier.")
    credits_per_request: BigInt = strawberry.field(description="Credits that one request costs.")
    models: list[str] = strawberry.field(
        description="The models that are listed, in the list's order; all others are `tier1`."
    )


@strawberry.type(description="What the credit tiers will be used for, from the last 30 days.")
class CreditTierProjections:
    """SEMANTICS 5.5 `tiers_projections`."""

    daily: CreditTierProjection = strawberry.field(
        description="A thirtieth of the last 30 times 24 hours."
    )
    monthly: CreditTierProjection = strawberry.field(description="30 such days.")
    quarterly: CreditTierProjection = strawberry.field(description="90 such days.")
    yearly: CreditTierProjection = strawberry.field(description="365 such days.")
    definitions: list[CreditTierDefinition] = strawberry.field(
        description="The tiers, the lowest first."
    )


@report("requests", also_reads=("credit_tiers", "models"))
async def credit_tier_projections(ask: Ask) -> CreditTierProjections:
    """What every credit tier will be used for, if the next days are like the last 30."""
    listed, used, models = await ask(
        tiers_listed(ask),
        tiers_used(ask, trailing(ask, days=BASELINE_DAYS)),
        ask.question_of(
            "models",
            Condition("tier_position", Operator.IS_NULL, (False,)),
            order_by=(OrderTerm("credit_tier"), OrderTerm("tier_position")),
            dimensions=("credit_tier", "model"),
            with_nodes=True,
            first=_ALL,
        ),
    )
    tiers = with_sums(listed.nodes or [], used.nodes or [])
    return CreditTierProjections(
        daily=_projection(tiers, 1),
        monthly=_projection(tiers, 30),
        quarterly=_projection(tiers, 90),
        yearly=_projection(tiers, 365),
        definitions=[_definition(tier, models.nodes or []) for tier in tiers],
    )


def _projection(tiers: Sequence[Tier], days: int) -> CreditTierProjection:
    def projected(value: Decimal | int) -> Decimal:
        return ratio(times(days, value), BASELINE_DAYS)

    def of_all(value: Callable[[Tier], Decimal | int]) -> Decimal:
        return projected(total(map(value, tiers)))

    return CreditTierProjection(
        days=BigInt(days),
        tiers=[
            CreditTierProjectionOfTier(
                tier=tier.id,
                name=tier.name,
                requests=projected(tier.requests),
                total_tokens=projected(tier.total_tokens),
                cost_usd=projected(tier.cost_usd),
                credits=projected(tier.credits),
            )
            for tier in tiers
        ],
        requests=of_all(lambda tier: tier.requests),
        total_tokens=of_all(lambda tier: tier.total_tokens),
        cost_usd=of_all(lambda tier: tier.cost_usd),
        credits=of_all(lambda tier: tier.credits),
    )


def _definition(tier: Tier, models: Sequence[Json]) -> CreditTierDefinition:
    return CreditTierDefinition(
        tier=tier.id,
        name=tier.name,
        credits_per_request=BigInt(tier.credits_per_request),
        models=[str(row["model"]) for row in models if text(row, "credit_tier") == tier.id],
    )
