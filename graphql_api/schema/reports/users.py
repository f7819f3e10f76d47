"""Who came, and who came for the first time."""

from collections import Counter
from datetime import date, datetime

import strawberry

from graphql_api.catalogue.model import Grain
from graphql_api.query.request import And, Condition, Fill, Operator, OrderTerm, QueryRequest
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import count
from graphql_api.schema.reports.windows import date_in, date_of, days_of, start, trailing
from graphql_api.schema.scalars import BigInt

# More users than there are.
_ALL = 100_000_000
# A user is one of a tenant.
_USER = ("source_system", "organization_id", "user_id")


@strawberry.type(description="The users of one day (of `timezone`).")
class UserActivityOfDay:
    """SEMANTICS 5.3 `users_activity`."""

    day: date = strawberry.field(description="The day.")
    active_users: BigInt = strawberry.field(description="Different users.")
    new_users: BigInt = strawberry.field(
        description="Users whose first request ever was made that day, inside the period."
    )
    sessions: BigInt = strawberry.field(
        description="Different sessions of the requests that have a user."
    )


@strawberry.type(description="Users per day over a period.")
class UserActivity:
    """SEMANTICS 5.3 `users_activity`."""

    period: str = strawberry.field(description="The period: 7d, 30d or 90d until `asOf`.")
    start_date: date = strawberry.field(description="Date of the first instant, in `timezone`.")
    end_date: date = strawberry.field(description="Date of the last instant, in `timezone`.")
    days: list[UserActivityOfDay] = strawberry.field(
        description="Every day of the period, the first and the last in part."
    )


@report("requests")
async def user_activity(ask: Ask, *, period: str = "30d") -> UserActivity:
    """Users per day over a period, and those among them who had never been there before."""
    length = days_of(period)
    first = start(ask, days=length)
    days, newcomers = await ask(_days(ask, length), _newcomers(ask, first))
    time = ask.mart.time_dimension or ""
    news = Counter(date_in(ask, row, "first_requested_at") for row in newcomers.nodes or [])
    return UserActivity(
        period=period,
        start_date=date_of(ask, first),
        end_date=date_of(ask, ask.as_of),
        days=[
            UserActivityOfDay(
                day=day,
                active_users=BigInt(count(row, "active_users")),
                new_users=BigInt(news[day]),
                sessions=BigInt(count(row, "user_sessions")),
            )
            for row in days.nodes or []
            for day in [date_in(ask, row, time)]
        ],
    )


def _days(ask: Ask, length: int) -> QueryRequest:
    """A question for every day of the period."""
    time = ask.mart.time_dimension or ""
    return ask.question(
        trailing(ask, days=length),
        group_by=(time,),
        time_grain=Grain.DAY,
        fill=Fill.ZERO,
        order_by=(OrderTerm(time),),
        dimensions=(time,),
        metrics=("active_users", "user_sessions"),
        with_nodes=True,
        # Two are cut; so many times 24 hours may hold one more where a day has 23.
        first=length + 2,
    )


def _newcomers(ask: Ask, first: datetime) -> QueryRequest:
    """A question for the users whose first request of all lies between an instant and now."""
    return ask.question(
        Condition("user_id", Operator.IS_NULL, (False,)),
        group_by=_USER,
        having=And(
            (
                Condition("first_requested_at", Operator.GTE, (first,)),
                Condition("first_requested_at", Operator.LTE, (ask.as_of,)),
            )
        ),
        metrics=("first_requested_at",),
        with_nodes=True,
        first=_ALL,
    )
