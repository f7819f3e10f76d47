"""The types of `outcomeCosts`."""

from datetime import datetime
from decimal import Decimal
from enum import Enum

import strawberry

from graphql_api.schema.scalars import BigInt


@strawberry.enum(description="What requests, ratings and runs of code can all be grouped by.")
class OutcomeDimension(Enum):
    """The keys of groups."""

    SOURCE_SYSTEM = "source_system"
    ORGANIZATION_ID = "organization_id"
    PROJECT_ID = "project_id"
    PROVIDER = "provider"
    MODEL = "model"


@strawberry.type(description="A cost, a number of outcomes, and their quotient.")
class CostPerOutcome:
    """Numerator, denominator, quotient."""

    cost_usd: Decimal = strawberry.field(
        description="Cost of all requests of the group, whether they led to the outcome or not, of "
        "the source systems listed in `sourceSystems`. Unit: usd."
    )
    outcomes: BigInt = strawberry.field(description="Number of outcomes. Unit: count.")
    cost_usd_per_outcome: Decimal | None = strawberry.field(
        description="Cost divided by the number of outcomes; null without an outcome. "
        "Unit: usd per outcome."
    )
    source_systems: list[str] = strawberry.field(
        description="The source systems that keep account of such outcomes: those with any "
        "within the filter, good or bad. The cost of others is not compared."
    )


@strawberry.type(description="What each kind of outcome costs.")
class CostsPerOutcome:
    """One number per kind of outcome."""

    requests: BigInt = strawberry.field(description="Number of requests. Unit: count.")
    cost_usd: Decimal = strawberry.field(description="Cost of all source systems. Unit: usd.")
    per_successful_request: CostPerOutcome = strawberry.field(
        description="Outcomes are requests that succeeded; known where a system says of any "
        "request whether it did."
    )
    per_session: CostPerOutcome = strawberry.field(
        description="Outcomes are different sessions of the requests. One that used two models "
        "counts in the group of either, and once in the totals."
    )
    per_good_rating: CostPerOutcome = strawberry.field(
        description="Outcomes are ratings of at least `goodRating` stars."
    )
    per_successful_execution: CostPerOutcome = strawberry.field(
        description="Outcomes are runs of generated code that succeeded."
    )


@strawberry.type(description="What each kind of outcome costs in one group.")
class OutcomeGroup:
    """A group; keys that were not asked for are null."""

    source_system: str | None = strawberry.field(
        default=None, description="Source system; null where not grouped by."
    )
    organization_id: str | None = strawberry.field(
        default=None, description="Organisation; null where not grouped by."
    )
    project_id: str | None = strawberry.field(
        default=None, description="Project; null where not grouped by."
    )
    provider: str | None = strawberry.field(
        default=None, description="Provider of the model; null where not grouped by."
    )
    model: str | None = strawberry.field(
        default=None, description="Name of the model; null where not grouped by."
    )
    costs: CostsPerOutcome = strawberry.field(description="Cost of each kind of outcome.")


@strawberry.type(description="Cost of usage next to the outcomes of the same time.")
class OutcomeCosts:
    """An answer of `outcome_costs`."""

    groups: list[OutcomeGroup] = strawberry.field(
        description="One per combination of `groupBy`, highest cost first, then by the keys."
    )
    group_count: BigInt = strawberry.field(description="Number of groups, listed or not.")
    totals: CostsPerOutcome = strawberry.field(description="All groups, listed or not.")
    good_rating: int = strawberry.field(description="The least number of stars of a good rating.")
    as_of: datetime = strawberry.field(description="The end of relative windows, UTC.")
