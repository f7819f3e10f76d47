"""What one subscriber gets of published builds: each in turn, or the newest after a gap."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from graphql_api.catalogue.model import Mart
from graphql_api.errors import InvalidQueryError, QueryTimeoutError, UnavailableError
from graphql_api.live.feed import PublicationFeed
from graphql_api.live.shared import SharedReads
from graphql_api.query.changes import (
    compile_build,
    compile_builds_after,
    compile_changes,
    compile_newest_build,
)
from graphql_api.query.executor import Json, set_scope
from graphql_api.query.faults import DATABASE_ERRORS, translate
from graphql_api.query.request import Predicate, QueryRequest, Scope, is_storable
from graphql_api.query.sql import Rows

log = logging.getLogger(__name__)

# Answers that are kept for the next subscriber with the same scope and filter.
KEPT_ANSWERS = 32

# Most builds that a subscriber who fell behind gets one by one; after more it gets the newest.
MAX_BACKLOG = 16
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 10.0

P = ParamSpec("P")
T = TypeVar("T")
Caller = Callable[[], Awaitable[Scope]]


class UsageUpdates:
    """Makes the stream of each subscriber."""

    def __init__(
        self, engine: AsyncEngine, mart: Mart, feed: PublicationFeed, readers: int
    ) -> None:
        """``readers``: how many of the pool's connections subscribers may use at once."""
        self._engine = engine
        self._mart = mart
        self._feed = feed
        self._reading = asyncio.Semaphore(readers)
        self._builds: SharedReads[list[Json]] = SharedReads(kept=0)
        self._changes: SharedReads[Json] = SharedReads(kept=KEPT_ANSWERS)

    async def position(self, since_build_id: str | None) -> str | None:
        """The build after which a subscription begins; None: nothing was ever published.

        Raises:
            InvalidQueryError: no such build was published here.
            TooManySubscriptionsError: nobody else is let in.
            UnavailableError: the database, or a published build, is not there.
        """
        self._feed.refuse_when_full()
        if since_build_id is None:
            rows = await self._rows(compile_newest_build(self._mart.schema))
            return str(rows[0]["build_id"]) if rows else None
        if is_storable(since_build_id) and await self._rows(
            compile_build(self._mart.schema, since_build_id)
        ):
            return since_build_id
        raise InvalidQueryError(
            f"sinceBuildId: no build {since_build_id!r} was published here; subscribe without it "
            "and read again what you show",
            argument="sinceBuildId",
        )

    async def stream(
        self, caller: Caller, where: Predicate | None, position: str | None
    ) -> AsyncGenerator[Json, None]:
        """One update for each build after ``position``, for as long as it is asked.

        The caller is identified anew for each: a key that was revoked or has expired hears nothing.

        Raises:
            UnauthenticatedError: the key is not valid any more.
        """
        with self._feed.subscribe() as bell:
            while True:
                for build in await _patiently(self._builds_after, position):
                    build_id = str(build["build_id"])
                    update = await _patiently(self._read, build_id, caller, where)
                    missed = build["previous_build_id"] != position
                    position = build_id
                    yield {**build, **update, "missed": missed}
                await bell.heard()

    async def _builds_after(self, position: str | None) -> list[Json]:
        """Oldest first; after more than MAX_BACKLOG only the newest."""
        statement = compile_builds_after(self._mart.schema, position, MAX_BACKLOG + 1)
        # Shared by those that one ring woke. A read that began before the ring may have seen the
        # table without the new build, and nobody would ring again.
        key = (position, self._feed.rings)
        newest_first = await self._builds.get(key, lambda: self._rows(statement))
        if len(newest_first) > MAX_BACKLOG:
            return newest_first[:1]
        return newest_first[::-1]

    async def _read(self, build_id: str, caller: Caller, where: Predicate | None) -> Json:
        scope = await self._identified(caller)

        async def read() -> Json:
            now = datetime.now(UTC).replace(tzinfo=None)
            request = QueryRequest(self._mart, scope, now, where=where)
            (row,) = await self._rows(compile_changes(build_id, request), scope)
            return row

        # What a build changed never changes, for callers of one scope.
        return await self._changes.get((build_id, scope, where), read)

    async def _identified(self, caller: Caller) -> Scope:
        async with self._reading:
            return await caller()

    async def _rows(self, statement: Rows, scope: Scope | None = None) -> list[Json]:
        try:
            async with self._reading, self._engine.connect() as connection:
                if scope is not None:
                    await set_scope(connection, scope)
                return [dict(row) for row in (await connection.execute(statement)).mappings()]
        except DATABASE_ERRORS as error:
            raise translate(error) from error


async def _patiently(work: Callable[P, Awaitable[T]], *given: P.args, **named: P.kwargs) -> T:
    """Try until the database answers: a subscription outlives its restart."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await work(*given, **named)
        except (UnavailableError, QueryTimeoutError) as error:
            cause = getattr(error.__cause__, "orig", error.__cause__)
            log.warning("an update is late, trying again: %s", cause or error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
