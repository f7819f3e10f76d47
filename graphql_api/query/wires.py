"""The connections of ``wire`` that one server has, for as many calls at once."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

import psycopg

from graphql_api.query.wire import Row, Statement, Wire


class Wires:
    """As many connections as are asked for at once, at most ``most``; opened when first needed."""

    def __init__(
        self, arguments: Mapping[str, str | int], most: int, patience: float = 30.0
    ) -> None:
        """``arguments`` are psycopg's; nobody waits longer than ``patience`` seconds."""
        self._arguments = arguments
        self._places = asyncio.Semaphore(most)
        self._idle: list[Wire] = []
        self._patience = patience
        self._ending: set[asyncio.Task[None]] = set()

    async def run(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """As ``Wire.run``, on whichever connection is free.

        Raises:
            TimeoutError: none became free in time.
            psycopg.Error: the database refused a statement, or cannot be reached.
        """
        wire = await self._taken()
        try:
            return await wire.run(statements)
        finally:
            self._give_back(wire)

    async def stream(self, statements: Sequence[Statement]) -> AsyncGenerator[tuple[int, Row]]:
        """As ``Wire.stream``, on whichever connection is free.

        Raises:
            TimeoutError: none became free in time.
            psycopg.Error: the database refused a statement, or cannot be reached.
        """
        wire = await self._taken()
        try:
            async with aclosing(wire.stream(statements)) as rows:
                async for numbered in rows:
                    yield numbered
        finally:
            self._give_back(wire)

    async def close(self) -> None:
        """End all connections that nobody uses."""
        while self._idle:
            self._end(self._idle.pop())
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _taken(self) -> Wire:
        if self._places.locked():
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        else:
            await self._places.acquire()
        try:
            return await self._free()
        except BaseException:
            self._places.release()
            raise

    def _give_back(self, wire: Wire) -> None:
        if wire.is_usable:
            self._idle.append(wire)
        else:
            self._end(wire)
        self._places.release()

    async def _free(self) -> Wire:
        # The one that was used last has its plans and pages at hand.
        while self._idle:
            wire = self._idle.pop()
            if wire.is_usable:
                return wire
            self._end(wire)
        return Wire(await psycopg.AsyncConnection.connect(**self._arguments, autocommit=True))  # type: ignore[arg-type]

    def _end(self, wire: Wire) -> None:
        """Without making anybody wait for it."""
        task = asyncio.create_task(wire.close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
