"""Hears of published builds: one connection of this process listens, and rings who waits.

A ring says only that something may be new. Whoever hears it reads what it has not seen yet from the
database, so that nobody's queue can overflow and nobody waits for anybody.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import psycopg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from graphql_api.errors import TooManySubscriptionsError
from graphql_api.query.changes import CHANNEL, compile_newest_build
from graphql_api.query.faults import DATABASE_ERRORS

log = logging.getLogger(__name__)

# A look at the newest build now and then, lest a notification be lost between us and the database.
POLL_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 10.0


class Bell:
    """Rings for one subscriber; however often it rang meanwhile, it is heard once."""

    __slots__ = ("_rung",)

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the subscriber, now or when it next waits."""
        self._rung.set()

    async def heard(self) -> None:
        """Wait for a ring since the last one that was heard."""
        await self._rung.wait()
        self._rung.clear()


class PublicationFeed:
    """Listens while anybody subscribes, across restarts of the database."""

    def __init__(self, engine: AsyncEngine, schema: str, most: int) -> None:
        """``engine`` gives a new connection each time; ``most`` subscribers are let in."""
        self._engine = engine
        self._newest = compile_newest_build(schema)
        self._most = most
        self._bells: set[Bell] = set()
        self._rings = 0
        self._told: list[Callable[[], None]] = []
        self._listener: asyncio.Task[NoReturn] | None = None
        self._ending: set[asyncio.Task[NoReturn]] = set()

    @contextmanager
    def subscribe(self) -> Iterator[Bell]:
        """A bell that rings for every build published from now on.

        Raises:
            TooManySubscriptionsError: as many as the operator allows are there already.
        """
        self.refuse_when_full()
        bell = Bell()
        self._bells.add(bell)
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen_for_ever())
        try:
            yield bell
        finally:
            self._bells.remove(bell)
            if not self._bells:
                self._stop()

    @property
    def rings(self) -> int:
        """How often it rang: what was read at a lower number may lack the newest build."""
        return self._rings

    def also_tell(self, whom: Callable[[], None]) -> None:
        """Call somebody at each ring, before subscribers wake; it does not make anybody listen."""
        self._told.append(whom)

    def ring(self) -> None:
        """Wake every subscriber."""
        self._rings += 1
        for tell in self._told:
            tell()
        for bell in self._bells:
            bell.ring()

    def refuse_when_full(self) -> None:
        """Say so before anything is begun that could not be finished."""
        if len(self._bells) >= self._most:
            raise TooManySubscriptionsError(
                f"this server has {self._most:,} subscriptions, the most it allows; try again later"
            )

    async def close(self) -> None:
        """Stop listening, and wait until the connection is closed."""
        self._stop()
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _stop(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            self._ending.add(self._listener)
            self._listener.add_done_callback(self._ending.discard)
            self._listener = None

    async def _listen_for_ever(self) -> NoReturn:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                async with self._engine.connect() as connection:
                    await self._begin(connection)
                    pause = FIRST_PAUSE_SECONDS
                    await self._listen(connection)
            except (*DATABASE_ERRORS, psycopg.Error) as error:
                log.warning("cannot listen for published builds, trying again: %s", error)
            except Exception:
                log.exception("listening for published builds failed, trying again")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _begin(self, connection: AsyncConnection) -> None:
        # Outside of transactions: notifications arrive between them.
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(sa.text(f"listen {CHANNEL}"))

    async def _listen(self, connection: AsyncConnection) -> NoReturn:
        driver = (await connection.get_raw_connection()).driver_connection
        assert isinstance(driver, psycopg.AsyncConnection)
        seen: object = None
        while True:
            # The first look finds what was published while nobody listened.
            newest = (await connection.execute(self._newest)).scalar()
            if newest != seen:
                seen = newest
                self.ring()
            async for _ in driver.notifies(timeout=POLL_SECONDS, stop_after=1):
                pass
