"""What anybody may know: how many have signed up, and how much has been asked."""

from datetime import datetime

import strawberry

from graphql_api.query.request import And, Condition, Operator
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import count
from graphql_api.schema.scalars import BigInt

# The only source system whose totals are for everybody (SEMANTICS 7).
PUBLIC_SYSTEM = "auto_analyst"


@strawberry.type(description="Totals of Auto-Analyst, for everybody to see.")
class PublicTicker:
    """SEMANTICS 5.3 `public_ticker`."""

    total_signups: BigInt = strawberry.field(description="Users that have signed up.")
    total_tokens: BigInt = strawberry.field(description="Total tokens of all requests.")
    total_requests: BigInt = strawberry.field(description="Number of all requests.")
    last_updated: datetime = strawberry.field(description="The instant `asOf`.")


@report("requests", also_reads=("users",), is_public=True)
async def public_ticker(ask: Ask) -> PublicTicker:
    """How many have signed up at Auto-Analyst, and how much they have asked. Needs no key."""
    of_system = Condition("source_system", Operator.EQ, (PUBLIC_SYSTEM,))
    registered = Condition("is_registered", Operator.EQ, (True,))
    usage, users = await ask(
        ask.question(of_system, group_by=(), total_metrics=("total_tokens", "requests")),
        ask.question_of("users", And((of_system, registered)), with_total_count=True),
    )
    return PublicTicker(
        total_signups=BigInt(users.total_count or 0),
        total_tokens=BigInt(count(usage.totals, "total_tokens")),
        total_requests=BigInt(count(usage.totals, "requests")),
        last_updated=ask.as_of,
    )
