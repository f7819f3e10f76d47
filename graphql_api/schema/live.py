"""The subscription `usageUpdated`: its types, and its resolver."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Optional

import strawberry
from strawberry.types.info import Info

from graphql_api.catalogue.model import Mart
from graphql_api.errors import InvalidQueryError
from graphql_api.query.changes import MAX_LISTED
from graphql_api.schema.conditions import predicate
from graphql_api.schema.context import Context
from graphql_api.schema.made_types import output_type, signature
from graphql_api.schema.scalars import BigInt

_DELTAS = {
    "requests_delta": (BigInt, "Requests now minus before; negative where requests vanished."),
    "total_tokens_delta": (BigInt, "Tokens now minus before."),
    "cost_usd_delta": (Decimal, "Cost in USD now minus before."),
}
_ABSENT = "Null where the filter picks providers, models or several projects."
_RESUME = (
    "The build that you have seen: begin with the ones after it. By default with the next one."
)
_DESCRIPTION = (
    "One update after every published build, with what it changed in `dailyUsage`. Applying the "
    "differences does not replace reading again: users and sessions do not add up."
)


def subscription_type(mart: Mart, row_filter: object, source_system: object) -> type:
    """The ``Subscription`` type; the filter and the enum are those that queries use."""
    update = _update_type(source_system)
    arguments = {
        "filter": Optional[row_filter],  # noqa: UP045 - a type made at run time
        "since_build_id": Annotated[str | None, strawberry.argument(description=_RESUME)],
    }

    async def resolve(info: Info, **given: object) -> AsyncGenerator[object, None]:
        return await _updates(info.context, mart, given)

    stream = AsyncGenerator[update, None]  # type: ignore[valid-type]
    resolve.__annotations__ = {"info": Info, **arguments, "return": stream}
    resolve.__signature__ = signature(arguments, stream, {})  # type: ignore[attr-defined]
    field = strawberry.subscription(resolver=resolve, description=_DESCRIPTION)
    return strawberry.type(
        type("Subscription", (), {"usage_updated": field}),
        description="What clients are told of while they stay connected.",
    )


async def _updates(
    context: Context, mart: Mart, given: Mapping[str, object]
) -> AsyncGenerator[object, None]:
    """Everything that can be refused is refused before the stream begins."""
    assert context.updates is not None, "the schema has subscriptions where there are updates"
    await context.scope()
    where = predicate(given.get("filter"), mart, context.now, "filter")
    since = given.get("since_build_id")
    position = await context.updates.position(since if isinstance(since, str) else None)
    return context.updates.stream(context.authenticate, where, position)


def _update_type(source_system: object) -> Any:
    days = _listed(
        "days", _day_type(source_system), "The newest of the changed days, newest first."
    )
    models = _listed(
        "models", _model_type(), "The changed models, largest difference in cost first."
    )
    return output_type(
        "UsageUpdate",
        "A published build, and what it changed in the usage that the caller may see.",
        {
            "build_id": (str, "The build; pass it as `sinceBuildId` when you come again."),
            "published_at": (datetime, "When readers got it."),
            "previous_build_id": (
                Optional[str],  # noqa: UP045
                "The build it is compared with; null: with none, all of its usage counts as new.",
            ),
            "missed": (
                bool,
                "Whether builds between the last one this subscription told of and this one were "
                "left out: read again what you show.",
            ),
            **_DELTAS,
            "day_count": (int, "How many days changed, counted for each tenant."),
            "model_count": (int, "How many models changed."),
        },
        {"days": days, "models": models},
    )


def _day_type(source_system: object) -> Any:
    count = Optional[BigInt]  # noqa: UP045 - no class
    return output_type(
        "UsageDayChange",
        "What a build changed in one day of one tenant.",
        {
            "source_system": (source_system, "The tenant's source system."),
            "organization_id": (str, "The tenant's organization."),
            "day": (date, "The day, UTC."),
            **_DELTAS,
            "active_users": (
                count,
                f"Different users of the day, in this build: a state, no difference. {_ABSENT}",
            ),
            "sessions": (count, f"Different sessions of the day, in this build. {_ABSENT}"),
            "user_sessions": (
                count,
                f"Different sessions among the day's requests that have a user. {_ABSENT}",
            ),
        },
    )


def _model_type() -> Any:
    return output_type(
        "UsageModelChange",
        "What a build changed in the usage of one model.",
        {"provider": (str, "The model's provider."), "model": (str, "The model."), **_DELTAS},
    )


def _listed(name: str, item: type, text: str) -> object:
    """A field that shows the first entries of a list; the count beside it tells of the others."""

    def resolve(
        root: strawberry.Parent[Mapping[str, Sequence[object]]], first: int = 100
    ) -> object:
        if not 0 <= first <= MAX_LISTED:
            raise InvalidQueryError(
                f"first: {first} is not between 0 and {MAX_LISTED}", argument="first"
            )
        return root[name][:first]

    resolve.__annotations__["return"] = list[item]  # type: ignore[valid-type]
    return strawberry.field(resolver=resolve, description=text)
