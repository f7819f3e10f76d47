"""Connections that answer in one round trip: pipelined statements, results as Postgres sent them.

All statements of one call are one transaction: it begins with the first, and the message that ends
the pipeline ends it. So a setting that is local to the transaction holds for the statements after
it and for nobody else's. Statements are prepared once per connection.

This is libpq's asynchronous interface, driven by the event loop. Whoever waits sees an error of the
database as psycopg would raise it; a connection on which anything went wrong is not used again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

import psycopg
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq.abc import PGconn, PGresult

# Per connection; each takes some 100 kB of the server process that holds it.
MAX_PREPARED = 200

_READY = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_ONE_ROW = pq.ExecStatus.SINGLE_TUPLE

Row = tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with ``$1`` … in place of values."""

    sql: bytes
    values: Sequence[object] = ()


class Wire:
    """One connection. It answers one call at a time."""

    def __init__(self, connection: psycopg.AsyncConnection) -> None:
        """Take over a connection that nobody else uses."""
        self._connection = connection
        self._libpq: PGconn = connection.pgconn
        self._libpq.enter_pipeline_mode()
        # libpq forgets it when the connection is lost.
        self._socket = self._libpq.socket
        self._adapt = Transformer(connection)
        self._prepared: OrderedDict[bytes, bytes] = OrderedDict()
        self._number = 0
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[None] | None = None
        self._lost: psycopg.Error | None = None
        self._loop.add_reader(self._socket, self._readable)
        self.is_usable = True

    async def run(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """The rows of each statement, as text; all of them in one transaction.

        Raises:
            psycopg.Error: the database refused one of them, or is gone.
        """
        is_done = False
        try:
            for each in statements:
                self._send(each)
            self._libpq.pipeline_sync()
            await self._flush()
            found = await self._results()
            is_done = True
        finally:
            if not is_done:
                self.is_usable = False
        return found

    async def stream(self, statements: Sequence[Statement]) -> AsyncGenerator[tuple[int, Row]]:
        """Every row as it arrives, after the number of its statement; no more is kept of them.

        Values of the last statement are as Postgres has them in memory, not as text. Until the last
        row was asked for the connection is no use to anybody else.

        Raises:
            psycopg.Error: the database refused one of them, or is gone.
        """
        is_done = False
        try:
            for number, each in enumerate(statements, 1):
                self._send(each, is_text=number < len(statements))
            self._libpq.pipeline_sync()
            await self._flush()
            async with aclosing(self._arriving()) as arriving:
                async for numbered in arriving:
                    yield numbered
            is_done = True
        finally:
            if not is_done:
                self.is_usable = False

    async def close(self) -> None:
        """End the connection, and what it may still be doing."""
        self.is_usable = False
        if self._lost is None:
            self._loop.remove_reader(self._socket)
        if self._answer is not None:
            with suppress(psycopg.Error):
                await self._connection.cancel_safe(timeout=5)
        await self._connection.close()

    def _send(self, statement: Statement, *, is_text: bool = True) -> None:
        values = self._adapt.dump_sequence(
            statement.values, [PyFormat.TEXT] * len(statement.values)
        )
        name = self._prepared.get(statement.sql)
        if name is None:
            name = self._prepare(statement.sql, self._adapt.types or ())
        else:
            self._prepared.move_to_end(statement.sql)
        form = pq.Format.TEXT if is_text else pq.Format.BINARY
        self._libpq.send_query_prepared(name, values, result_format=form)

    def _prepare(self, sql: bytes, types: Sequence[int]) -> bytes:
        if len(self._prepared) >= MAX_PREPARED:
            _, oldest = self._prepared.popitem(last=False)
            self._libpq.send_query_params(b"deallocate " + oldest, None)
        self._number += 1
        name = b"s%d" % self._number
        self._libpq.send_prepare(name, sql, types)
        self._prepared[sql] = name
        return name

    async def _flush(self) -> None:
        while self._libpq.flush():
            can_write = self._loop.create_future()
            self._loop.add_writer(self._socket, _wake, can_write)
            try:
                await can_write
            finally:
                self._loop.remove_writer(self._socket)

    async def _results(self) -> list[list[Row]]:
        """What arrives until the pipeline's end; the first error is raised when all has arrived."""
        found: list[list[Row]] = []
        error: psycopg.Error | None = None
        while True:
            result = await self._result()
            if result is None:
                continue
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                break
            if result.status in _READY:
                if result.nfields:
                    found.append(list(_rows(result)))
            else:
                error = error or _error(result)
        if error is not None:
            raise error
        return found

    async def _arriving(self) -> AsyncGenerator[tuple[int, Row]]:
        """What arrives until the pipeline's end, or the first error."""
        number, is_new = 0, True
        while True:
            if is_new:
                # Not for the answers to what prepares a statement, which have no rows.
                with suppress(psycopg.Error):
                    self._libpq.set_single_row_mode()
            result = await self._result()
            is_new = result is None
            if result is None:
                continue
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return
            if result.status == _ONE_ROW:
                (row,) = _rows(result)
                yield number, row
            elif result.status not in _READY:
                raise _error(result)
            elif result.nfields:
                number += 1

    async def _result(self) -> PGresult | None:
        while self._libpq.is_busy():
            await self._arrival()
        return self._libpq.get_result()

    async def _arrival(self) -> None:
        if self._lost is not None:
            raise self._lost  # while nobody waited
        self._answer = self._loop.create_future()
        await self._answer
        self._answer = None

    def _readable(self) -> None:
        try:
            self._libpq.consume_input()
        except psycopg.Error as error:
            self._lose(error)
            return
        if self._libpq.status != pq.ConnStatus.OK:
            self._lose(errors.OperationalError("the connection was closed"))
        elif self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    def _lose(self, error: psycopg.Error) -> None:
        self.is_usable, self._lost = False, error
        self._loop.remove_reader(self._socket)
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


def _rows(result: PGresult) -> Iterator[Row]:
    columns = range(result.nfields)
    for number in range(result.ntuples):
        yield tuple(result.get_value(number, column) for column in columns)


def _error(result: PGresult) -> psycopg.Error:
    state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    message = (result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or b"").decode(
        errors="replace"
    )
    try:
        kind: type[psycopg.Error] = errors.lookup(state)
    except KeyError:
        kind = psycopg.DatabaseError
    return kind(message)
