"""Who used which tags, a page of users at a time."""

from collections.abc import Iterable, Sequence
from typing import Annotated

import strawberry

from graphql_api.errors import InvalidQueryError
from graphql_api.query.executor import Answer, Json
from graphql_api.query.request import (
    And,
    Condition,
    Not,
    Operator,
    OrderTerm,
    Predicate,
    QueryRequest,
)
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.tag_types import TagUser, TagUsers
from graphql_api.schema.reports.tag_windows import (
    days_until_tomorrow,
    having_tag,
    having_user,
    of_tags,
    within,
)
from graphql_api.schema.reports.tags import SUMS, TagFilter, TagFilters
from graphql_api.schema.reports.values import amount, count, text
from graphql_api.schema.scalars import BigInt

LARGEST_PAGE = 1000
_WINDOW_DAYS = 30
_AGENT = "User-Agent:"
# A user is one of a tenant.
_USER = ("source_system", "organization_id", "user_id")
# More than a page of users has.
_ALL = 100_000_000

_User = tuple[object, ...]


@report("daily_tag_usage", also_reads=("users",))
async def tag_users(
    ask: Ask,
    *,
    tag_filter: TagFilter = None,
    tag_filters: TagFilters = None,
    page: Annotated[int, strawberry.argument(description="Which page, from 1.")] = 1,
    page_size: Annotated[
        int, strawberry.argument(description="Users on a page, from 1 to 1000.")
    ] = 50,
) -> TagUsers:
    """Requests, tokens and spend of each user over 30 days, of which tomorrow (UTC) is the last.

    Most successful requests first, then the user. Without a filter on tags, usage without a tag
    counts too. A request with several tags counts once per tag: filter on one tag for exact counts.
    """
    _refuse_beyond("page", page, None)
    _refuse_beyond("pageSize", page_size, LARGEST_PAGE)
    window = days_until_tomorrow(ask, _WINDOW_DAYS)
    rows = within(ask, window.start, window.end, having_user(), of_tags(tag_filter, tag_filters))
    users, agents, other_tags, known = await ask(
        _page(ask, rows, page, page_size),
        lambda answers: _tags(ask, rows, _ids(answers[0]), agents=True),
        lambda answers: _tags(ask, rows, _without(answers[0], answers[1]), agents=False),
        lambda answers: _known(ask, _ids(answers[0])),
    )
    emails = {_user(row): text(row, "email") for row in known.nodes or []}
    favourites = _most_used(other_tags.nodes or []) | _most_used(agents.nodes or [])
    total = users.total_count or 0
    return TagUsers(
        results=[_result(row, emails, favourites) for row in users.nodes or []],
        total_count=BigInt(total),
        page=page,
        page_size=page_size,
        total_pages=BigInt(-(-total // page_size)),
    )


def _refuse_beyond(argument: str, value: int, most: int | None) -> None:
    if value < 1 or (most is not None and value > most):
        bounds = "at least 1" if most is None else f"between 1 and {most}"
        raise InvalidQueryError(f"{argument}: {value} is not {bounds}", argument=argument)


def _page(ask: Ask, rows: Predicate, page: int, page_size: int) -> QueryRequest:
    return ask.question(
        rows,
        group_by=_USER,
        order_by=(OrderTerm("successful_api_requests", descending=True), OrderTerm("user_id")),
        dimensions=_USER,
        metrics=SUMS,
        with_nodes=True,
        with_total_count=True,
        first=page_size,
        offset=(page - 1) * page_size,
    )


def _tags(ask: Ask, rows: Predicate, users: Iterable[str], *, agents: bool) -> QueryRequest:
    """A question for what these users asked under each tag that names a client, or under others."""
    starts_as_agent = Condition("tag", Operator.STARTS_WITH, (_AGENT,))
    wanted = (
        starts_as_agent
        if agents
        else And((Not(starts_as_agent), Condition("tag", Operator.NE, ("",))))
    )
    return ask.question(
        And((rows, having_tag(), wanted, _among(users))),
        group_by=(*_USER, "tag"),
        dimensions=(*_USER, "tag"),
        metrics=("api_requests",),
        with_nodes=True,
        first=_ALL,
    )


def _known(ask: Ask, users: Iterable[str]) -> QueryRequest:
    """A question for what is known of these users."""
    dimensions = (*_USER, "email")
    return ask.question_of(
        "users", _among(users), dimensions=dimensions, with_nodes=True, first=_ALL
    )


def _among(users: Iterable[str]) -> Predicate:
    return Condition("user_id", Operator.IN, tuple(users))


def _user(row: Json) -> _User:
    return tuple(row[name] for name in _USER)


def _ids(users: Answer) -> list[str]:
    return [str(row["user_id"]) for row in users.nodes or []]


def _without(users: Answer, agents: Answer) -> list[str]:
    """Users of whom no tag names the client."""
    found = {_user(row) for row in agents.nodes or []}
    return [str(row["user_id"]) for row in users.nodes or [] if _user(row) not in found]


def _most_used(rows: Sequence[Json]) -> dict[_User, str]:
    """Each user's tag with the most requests, ties to the smaller one by code point."""
    ranked = sorted(
        rows, key=lambda row: (-count(row, "api_requests"), text(row, "tag") or ""), reverse=True
    )
    return {_user(row): text(row, "tag") or "" for row in ranked}


def _result(row: Json, emails: dict[_User, str | None], favourites: dict[_User, str]) -> TagUser:
    user = _user(row)
    return TagUser(
        source_system=str(row["source_system"]),
        organization_id=str(row["organization_id"]),
        user_id=str(row["user_id"]),
        user_email=emails.get(user),
        user_agent=favourites.get(user),
        successful_requests=BigInt(count(row, "successful_api_requests")),
        failed_requests=BigInt(count(row, "failed_api_requests")),
        total_requests=BigInt(count(row, "api_requests")),
        total_tokens=BigInt(count(row, "api_tokens")),
        spend_usd=amount(row, "spend_usd"),
    )
