"""A client of `graphql-transport-ws`, by hand: its messages as they stand in the protocol."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

# For any one step. Generous, because the machine may be busy; nothing waits for it to pass.
DEADLINE = 120

EVERYTHING = """
subscription ($since: String, $filter: UsageUpdatedFilter) {
  usageUpdated(sinceBuildId: $since, filter: $filter) {
    buildId previousBuildId publishedAt missed
    requestsDelta totalTokensDelta costUsdDelta dayCount modelCount
    days {
      sourceSystem organizationId day requestsDelta totalTokensDelta costUsdDelta
      activeUsers sessions userSessions
    }
    models { provider model requestsDelta totalTokensDelta costUsdDelta }
  }
}
"""


class Client:
    """One connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(DEADLINE):
            message: dict[str, Any] = json.loads(await self.connection.recv())
        return message

    async def closed(self) -> tuple[int, str]:
        """Code and reason with which the server ends the connection."""
        try:
            while True:
                await self.receive()
        except ConnectionClosed as end:
            close = end.rcvd
        assert close is not None, "the connection broke"
        return close.code, close.reason

    async def introduce(self, key: str | None, **payload: Any) -> None:
        if key is not None:
            payload["authorization"] = f"Bearer {key}"
        await self.send(type="connection_init", payload=payload)

    async def subscribe(
        self, document: str = EVERYTHING, identity: str = "1", **variables: Any
    ) -> None:
        payload = {"query": document, "variables": variables}
        await self.send(id=identity, type="subscribe", payload=payload)

    async def update(self) -> dict[str, Any]:
        """The next update of a subscription."""
        message = await self.receive()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        found: dict[str, Any] = message["payload"]["data"]["usageUpdated"]
        return found

    async def refusal(self) -> dict[str, Any]:
        """The error with which an operation is refused: its message and extensions."""
        message = await self.receive()
        assert message["type"] == "error", message
        (error,) = message["payload"]
        return {"message": error["message"], **error["extensions"]}


@asynccontextmanager
async def connected(url: str, **options: Any) -> AsyncIterator[Client]:
    """A connection that has not said yet who it is."""
    options = {"subprotocols": ["graphql-transport-ws"], "open_timeout": DEADLINE, **options}
    async with connect(url, **options) as connection:
        yield Client(connection)


@asynccontextmanager
async def introduced(url: str, key: str, **options: Any) -> AsyncIterator[Client]:
    """A connection whose key was accepted."""
    async with connected(url, **options) as client:
        await client.introduce(key)
        assert await client.receive() == {"type": "connection_ack"}
        yield client
