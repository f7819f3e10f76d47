"""Who uses which tag: active users by day, week and month, sums by tag, and sums by user."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Annotated

import strawberry

from graphql_api.errors import InvalidQueryError
from graphql_api.query.executor import Answer, Json
from graphql_api.query.request import OrderTerm, Predicate, QueryRequest
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.tag_types import TagActivity, TagSums
from graphql_api.schema.reports.tag_windows import (
    Period,
    days_until_tomorrow,
    having_tag,
    having_user,
    of_tags,
    periods_until_tomorrow,
    within,
)
from graphql_api.schema.reports.values import amount, count, day, text
from graphql_api.schema.scalars import BigInt

# More rows are no list that anybody reads, and building them would keep others waiting.
MOST_ROWS = 50_000

TagFilter = Annotated[
    str | None,
    strawberry.argument(
        description="Only tags that contain this text literally, in any case of ASCII letters."
    ),
]
TagFilters = Annotated[
    list[str] | None,
    strawberry.argument(
        description="Only these tags, exactly; overrides `tagFilter`. An empty list is no filter."
    ),
]
SUMS = ("api_requests", "successful_api_requests", "failed_api_requests", "api_tokens", "spend_usd")


@strawberry.enum(description="How long the periods are; the last one ends tomorrow (UTC).")
class TagPeriod(Enum):
    """Which of the three figures is asked for."""

    DAY = strawberry.enum_value("day", description="Each of the last 7 days.")
    WEEK = strawberry.enum_value("week", description="The last 7 periods of 7 days.")
    MONTH = strawberry.enum_value("month", description="The last 7 periods of 30 days.")


@report("daily_tag_usage")
async def tag_activity(
    ask: Ask,
    *,
    period: TagPeriod,
    tag_filter: TagFilter = None,
    tag_filters: TagFilters = None,
) -> list[TagActivity]:
    """Different users of each tag, by day, week or month; without users there is no row.

    Days: latest first. Weeks and months: earliest first. Then the most users, then the tag. A user
    of two tags counts once under each.
    """
    tags = of_tags(tag_filter, tag_filters)
    if period is TagPeriod.DAY:
        (answer,) = await ask(_by_day(ask, days_until_tomorrow(ask, 7), tags))
        rows = _complete([answer])
        return [_active_on(day(row, "day"), row) for row in rows]
    periods = periods_until_tomorrow(ask, weekly=period is TagPeriod.WEEK)
    answers = await ask(*(_active(ask, ("tag",), each, tags) for each in periods))
    _complete(answers)
    return [
        _active_in(each, row)
        for each, answer in zip(periods, answers, strict=True)
        for row in answer.nodes or []
    ]


@report("daily_tag_usage")
async def tag_summary(
    ask: Ask,
    *,
    start_date: Annotated[date, strawberry.argument(description="First day (UTC), included.")],
    end_date: Annotated[date, strawberry.argument(description="Last day (UTC), included.")],
    tag_filter: TagFilter = None,
    tag_filters: TagFilters = None,
) -> list[TagSums]:
    """Users, requests, tokens and spend of each tag; most requests first, then the tag.

    A request with several tags counts under each of them.
    """
    if start_date > end_date:
        raise InvalidQueryError(
            f"startDate: {start_date} is later than endDate {end_date}; swap them",
            code="INVERTED_WINDOW",
            argument="startDate",
        )
    question = ask.question(
        within(ask, start_date, end_date, having_tag(), of_tags(tag_filter, tag_filters)),
        group_by=("tag",),
        order_by=(OrderTerm("api_requests", descending=True), OrderTerm("tag")),
        dimensions=("tag",),
        metrics=("active_tag_users", *SUMS),
        with_nodes=True,
        first=MOST_ROWS + 1,
    )
    return [_sums(row) for row in _complete(await ask(question))]


def _by_day(ask: Ask, window: Period, tags: Predicate | None) -> QueryRequest:
    return _active(ask, ("day", "tag"), window, tags, OrderTerm("day", descending=True))


def _active(
    ask: Ask,
    group_by: tuple[str, ...],
    window: Period,
    tags: Predicate | None,
    *order: OrderTerm,
) -> QueryRequest:
    """A question for the different users of each tag."""
    users = "active_tag_users"
    return ask.question(
        within(ask, window.start, window.end, having_tag(), having_user(), tags),
        group_by=group_by,
        order_by=(*order, OrderTerm(users, descending=True), OrderTerm("tag")),
        dimensions=group_by,
        metrics=(users,),
        with_nodes=True,
        first=MOST_ROWS + 1,
    )


def _active_on(moment: date, row: Json) -> TagActivity:
    return _active_in(Period(moment.isoformat(), moment, moment), row)


def _active_in(period: Period, row: Json) -> TagActivity:
    return TagActivity(
        tag=text(row, "tag") or "",
        label=period.label,
        period_start=period.start,
        period_end=period.end,
        active_users=BigInt(count(row, "active_tag_users")),
    )


def _sums(row: Json) -> TagSums:
    return TagSums(
        tag=text(row, "tag") or "",
        unique_users=BigInt(count(row, "active_tag_users")),
        total_requests=BigInt(count(row, "api_requests")),
        successful_requests=BigInt(count(row, "successful_api_requests")),
        failed_requests=BigInt(count(row, "failed_api_requests")),
        total_tokens=BigInt(count(row, "api_tokens")),
        total_spend_usd=amount(row, "spend_usd"),
    )


def _complete(answers: Sequence[Answer]) -> list[Json]:
    """All rows of the answers.

    Raises:
        InvalidQueryError: there are more than an answer may hold.
    """
    rows = [row for answer in answers for row in answer.nodes or []]
    if len(rows) > MOST_ROWS:
        raise InvalidQueryError(
            f"more than {MOST_ROWS:,} rows; narrow them with tagFilter, tagFilters or filter",
            code="ANSWER_TOO_LARGE",
        )
    return rows
