"""How many people there are, and how long they stay."""

import strawberry

from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import count, ratio
from graphql_api.schema.reports.windows import from_midnight
from graphql_api.schema.scalars import BigInt


@strawberry.type(description="Users and sessions of all time, and users of today.")
class SessionStatistics:
    """SEMANTICS 5.3 `sessions_stats`."""

    total_users: BigInt = strawberry.field(description="Different users of all requests.")
    active_today: BigInt = strawberry.field(
        description="Different users from the midnight (of `timezone`) before `asOf` until `asOf`."
    )
    session_count: BigInt = strawberry.field(description="Number of sessions.")
    avg_requests_per_session: float = strawberry.field(
        description="Requests in sessions divided by the number of sessions; 0 without any."
    )
    avg_session_seconds: float = strawberry.field(
        description="Mean duration of the sessions that lasted: those of a single instant are left "
        "out; 0 where none lasted. Unit: s."
    )


@report("sessions", also_reads=("requests",))
async def session_statistics(ask: Ask) -> SessionStatistics:
    """Users and sessions of all time, and users of today.

    The filter may name only columns that requests have too: it narrows users as well as sessions.
    """
    requests = ask.also("requests")
    sessions, users, today = await ask(
        ask.question(
            group_by=(),
            total_metrics=(
                "session_count",
                "timed_sessions",
                "session_requests",
                "session_duration_us",
            ),
        ),
        requests.question(group_by=(), total_metrics=("active_users",)),
        requests.question(from_midnight(requests), group_by=(), total_metrics=("active_users",)),
    )
    found, lasted = (count(sessions.totals, name) for name in ("session_count", "timed_sessions"))
    microseconds = count(sessions.totals, "session_duration_us")
    return SessionStatistics(
        total_users=BigInt(count(users.totals, "active_users")),
        active_today=BigInt(count(today.totals, "active_users")),
        session_count=BigInt(found),
        avg_requests_per_session=float(ratio(count(sessions.totals, "session_requests"), found)),
        avg_session_seconds=float(ratio(microseconds, lasted * 1_000_000)),
    )
