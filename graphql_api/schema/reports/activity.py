"""How much is going on now, next to before."""

from collections.abc import Sequence
from decimal import Decimal

import strawberry

from graphql_api.query.executor import Answer
from graphql_api.query.request import And, Condition, Operator, Predicate, QueryRequest
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import change_percentage, count
from graphql_api.schema.reports.windows import between, midnight, start, trailing, until
from graphql_api.schema.scalars import BigInt

_SUCCEEDED = Condition("is_successful", Operator.EQ, (True,))


@strawberry.type(description="Usage of one stretch of time.")
class PeriodUsage:
    """SEMANTICS 4.2 `week_over_week`: one of its weeks."""

    requests: BigInt = strawberry.field(description="All requests. Unit: count.")
    successful_requests: BigInt = strawberry.field(
        description="Requests that succeeded. Unit: count."
    )
    successful_tokens: BigInt = strawberry.field(
        description="Total tokens of the requests that succeeded. Unit: tokens."
    )


@strawberry.type(description="This week next to the week before.")
class WeekOverWeek:
    """SEMANTICS 4.2 `week_over_week`."""

    this_week: PeriodUsage = strawberry.field(
        description="The seven days before the day of `asOf`, and that day until `asOf`, included; "
        "days of `timezone`."
    )
    last_week: PeriodUsage = strawberry.field(
        description="The seven days before those; its end is not included."
    )
    requests_change_percentage: Decimal | None = strawberry.field(
        description="Change of the requests in percent; null where last week had none."
    )
    successful_tokens_change_percentage: Decimal | None = strawberry.field(
        description="Change of the tokens in percent; null where last week had none."
    )


@strawberry.type(description="Usage of the last hours.")
class RecentActivity:
    """SEMANTICS 4.2 `recent`."""

    last_hour_requests: BigInt = strawberry.field(
        description="Requests of the hour until `asOf`, both ends included. Unit: count."
    )
    last_24_hours_requests: BigInt = strawberry.field(
        description="Requests of the 24 hours until `asOf`, both ends included. Unit: count."
    )
    last_24_hours_successful_tokens: BigInt = strawberry.field(
        description="Total tokens of those that succeeded. Unit: tokens."
    )
    previous_24_hours_requests: BigInt = strawberry.field(
        description="Requests of the 24 hours before those, their end not included. Unit: count."
    )
    requests_change_percentage: Decimal | None = strawberry.field(
        description="Change of the requests of 24 hours in percent; null where there were none."
    )


@report("requests")
async def week_over_week(ask: Ask) -> WeekOverWeek:
    """This week next to the week before: requests, and the tokens of those that succeeded.

    Days are those of `timezone`. This week holds seven full days and the part of today that has
    gone by, the week before holds seven full days.
    """
    begin, middle = midnight(ask, days_before=14), midnight(ask, days_before=7)
    answers = await ask(
        *_usage(ask, between(ask, middle, ask.as_of)), *_usage(ask, until(ask, begin, middle))
    )
    this_week = _period(answers[:2])
    last_week = _period(answers[2:])
    return WeekOverWeek(
        this_week=this_week,
        last_week=last_week,
        requests_change_percentage=change_percentage(this_week.requests, last_week.requests),
        successful_tokens_change_percentage=change_percentage(
            this_week.successful_tokens, last_week.successful_tokens
        ),
    )


@report("requests")
async def recent_activity(ask: Ask) -> RecentActivity:
    """Requests of the last hour and of the last 24 hours, next to the 24 hours before."""
    day, day_before = start(ask, hours=24), start(ask, hours=48)
    hour, last_day, succeeded, before = await ask(
        ask.question(trailing(ask, hours=1), group_by=(), total_metrics=("requests",)),
        *_usage(ask, trailing(ask, hours=24)),
        ask.question(until(ask, day_before, day), group_by=(), total_metrics=("requests",)),
    )
    current, previous = count(last_day.totals, "requests"), count(before.totals, "requests")
    return RecentActivity(
        last_hour_requests=BigInt(count(hour.totals, "requests")),
        last_24_hours_requests=BigInt(current),
        last_24_hours_successful_tokens=BigInt(count(succeeded.totals, "total_tokens")),
        previous_24_hours_requests=BigInt(previous),
        requests_change_percentage=change_percentage(current, previous),
    )


def _usage(ask: Ask, window: Predicate) -> tuple[QueryRequest, QueryRequest]:
    """All requests of a window, and those that succeeded."""
    succeeded = And((window, _SUCCEEDED))
    return (
        ask.question(window, group_by=(), total_metrics=("requests",)),
        ask.question(succeeded, group_by=(), total_metrics=("requests", "total_tokens")),
    )


def _period(answers: Sequence[Answer]) -> PeriodUsage:
    everything, succeeded = (answer.totals for answer in answers)
    return PeriodUsage(
        requests=BigInt(count(everything, "requests")),
        successful_requests=BigInt(count(succeeded, "requests")),
        successful_tokens=BigInt(count(succeeded, "total_tokens")),
    )
