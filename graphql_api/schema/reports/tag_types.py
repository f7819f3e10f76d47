"""What reports on tags answer."""

from datetime import date
from decimal import Decimal

import strawberry

from graphql_api.schema.scalars import BigInt


@strawberry.type(description="The users of one tag in one period.")
class TagActivity:
    """SEMANTICS 3.3 `dau`, `wau`, `mau`."""

    tag: str = strawberry.field(description="The tag; the empty text is one.")
    label: str = strawberry.field(
        description="The day as YYYY-MM-DD, or a name such as `Week 7 (Mar 09)`, `Month 7 (Feb)`: "
        "7 is the latest, and the date is the start."
    )
    period_start: date = strawberry.field(description="First day (UTC), included.")
    period_end: date = strawberry.field(description="Last day (UTC), included.")
    active_users: BigInt = strawberry.field(description="Different users.")


@strawberry.type(description="Users and sums of one tag.")
class TagSums:
    """SEMANTICS 3.3 `summary`."""

    tag: str = strawberry.field(description="The tag; the empty text is one.")
    unique_users: BigInt = strawberry.field(description="Different users; 0 where none is known.")
    total_requests: BigInt = strawberry.field(description="Requests.")
    successful_requests: BigInt = strawberry.field(description="Requests that succeeded.")
    failed_requests: BigInt = strawberry.field(description="Requests that failed.")
    total_tokens: BigInt = strawberry.field(
        description="Prompt and completion tokens. Unit: tokens."
    )
    total_spend_usd: Decimal = strawberry.field(description="Cost as reported. Unit: usd.")


@strawberry.type(description="Sums of one user over the tags that were asked for.")
class TagUser:
    """SEMANTICS 3.3 `per_user`."""

    source_system: str = strawberry.field(description="The system that knows the user.")
    organization_id: str = strawberry.field(description="The tenant the user belongs to.")
    user_id: str = strawberry.field(description="Id of the user in that system.")
    user_email: str | None = strawberry.field(
        description="E-mail address; null where none is known. Personal data."
    )
    user_agent: str | None = strawberry.field(
        description="The tag starting with `User-Agent:` with the most requests; without such a "
        "tag, the non-empty tag with the most; ties go to the smaller one. Null without any."
    )
    successful_requests: BigInt = strawberry.field(description="Requests that succeeded.")
    failed_requests: BigInt = strawberry.field(description="Requests that failed.")
    total_requests: BigInt = strawberry.field(description="Requests.")
    total_tokens: BigInt = strawberry.field(
        description="Prompt and completion tokens. Unit: tokens."
    )
    spend_usd: Decimal = strawberry.field(description="Cost as reported. Unit: usd.")


@strawberry.type(description="One page of users.")
class TagUsers:
    """SEMANTICS 3.3 `per_user`."""

    results: list[TagUser] = strawberry.field(
        description="The users of this page; none on a page past the end."
    )
    total_count: BigInt = strawberry.field(description="Users on all pages.")
    page: int = strawberry.field(description="Number of this page, from 1.")
    page_size: int = strawberry.field(description="Users on a full page.")
    total_pages: BigInt = strawberry.field(description="Number of pages; 0 without users.")
