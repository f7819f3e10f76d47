"""The floor: the same SQL over HTTP, by the least Python that can do it.

    python -m bench.asking.floor PORT

No GraphQL, no authentication, no row-level security: a prepared statement per question, and the
JSON text that Postgres made goes out as it comes.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import psycopg
import uvicorn

from bench.asking.questions import QUESTIONS

_CONNECTIONS = 8
_STATEMENTS = {each.name: each.sql("%(organization)s").encode() for each in QUESTIONS}

Message = MutableMapping[str, Any]


class Floor:
    """The ASGI application."""

    def __init__(self) -> None:
        self._idle: asyncio.LifoQueue[psycopg.AsyncConnection[Any]] = asyncio.LifoQueue()
        self._opened = 0

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer one request: ``/Q1?organization=7``."""
        if scope["type"] != "http":
            return
        given = parse_qs(scope["query_string"].decode())
        body = await self._answer(scope["path"][1:], given.get("organization", [""])[0])
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, name: str, organization: str) -> bytes:
        connection = await self._connection()
        try:
            cursor = await connection.execute(
                _STATEMENTS[name], {"organization": organization}, prepare=True
            )
            assert cursor.pgresult is not None
            return cursor.pgresult.get_value(0, 0) or b""
        finally:
            self._idle.put_nowait(connection)

    async def _connection(self) -> psycopg.AsyncConnection[Any]:
        if self._idle.empty() and self._opened < _CONNECTIONS:
            self._opened += 1
            return await psycopg.AsyncConnection.connect(
                options="-c jit=off -c default_transaction_read_only=on", autocommit=True
            )
        return await self._idle.get()


if __name__ == "__main__":
    uvicorn.run(
        Floor(), port=int(sys.argv[1]), log_level="warning", access_log=False, lifespan="off"
    )
