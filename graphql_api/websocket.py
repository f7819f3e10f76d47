"""GraphQL over WebSocket, protocol `graphql-transport-ws`: who may connect, and what is refused.

The protocol's steps are Strawberry's. Added here: callers are known before anything is answered,
no message of a client can make the server fail, and every refusal has words and a code.
"""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from graphql import GraphQLError
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)
from strawberry.types.execution import PreExecutionError

from graphql_api.errors import TooManySubscriptionsError, UnauthenticatedError, UnavailableError
from graphql_api.schema.context import Context

MAX_MESSAGE_CHARACTERS = 1_000_000
CONNECTION_INIT_SECONDS = 10

FORBIDDEN = 4403
INVALID_MESSAGE = 4400
TRY_AGAIN_LATER = 1013

# A close frame has room for this many bytes of words.
_REASON_BYTES = 123


# What sending raises when the other end has gone. Uvicorn has a RuntimeError for a connection that
# it closed itself, because a ping was not answered. Reading it ends at the same time.
_GONE = (WebSocketDisconnect, RuntimeError)


class Socket(ASGIWebSocketAdapter):
    """One WebSocket, as its handler reads and writes it."""

    async def iter_json(
        self, *, ignore_parsing_errors: bool = False
    ) -> AsyncGenerator[object, None]:
        """Every message of the client, until one of both ends the connection."""
        while self.ws.application_state is not WebSocketState.DISCONNECTED:
            try:
                text = await self.ws.receive_text()
            except KeyError:
                raise NonTextMessageReceived from None
            except WebSocketDisconnect:
                return
            yield _parsed(text)

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send a message; to a client that has gone it is no error."""
        if self.ws.application_state is WebSocketState.DISCONNECTED:
            return
        with suppress(*_GONE):
            await self.ws.send_text(json.dumps(message, separators=(",", ":")))

    async def close(self, code: int, reason: str) -> None:
        """Close in order, with as much of the reason as a frame can hold."""
        if self.ws.application_state is WebSocketState.DISCONNECTED:
            return
        words = reason.encode(errors="replace")[:_REASON_BYTES].decode(errors="ignore")
        with suppress(*_GONE):
            await self.ws.close(code, words)


def _parsed(text: str) -> object:
    if len(text) > MAX_MESSAGE_CHARACTERS:
        raise NonJsonMessageReceived
    try:
        parsed = json.loads(text)
        # A lone surrogate can be spelt in JSON, and sent to nobody.
        json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise NonJsonMessageReceived from None
    return parsed


class TransportHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection."""

    async def handle_message(self, message: Message) -> None:
        """Refuse what is no message of the protocol before anything reads it."""
        fault = fault_of(message)
        if fault:
            await self.handle_invalid_message(fault)
        else:
            await super().handle_message(message)

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Let a caller in who says who it is."""
        if message.get("payload") is None:
            message = {"type": "connection_init"}
        try:
            await super().handle_connection_init(message)
        except UnauthenticatedError as error:
            await self.websocket.close(FORBIDDEN, str(error))
        except UnavailableError as error:
            await self.websocket.close(TRY_AGAIN_LATER, str(error))

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation, unless the connection has as many as it may."""
        most = self.max_subscriptions_per_connection
        is_new = message["id"] not in self.operations
        if self.connection_acknowledged and is_new and len(self.operations) >= (most or 0):
            refusal = TooManySubscriptionsError(
                f"this connection has {most} operations at work, the most it may; complete one"
            )
            error = GraphQLError(str(refusal), extensions=refusal.extensions)
            payload = [error.formatted]
            await self.send_message({"id": message["id"], "type": "error", "payload": payload})
            return
        await super().handle_subscribe(message)

    async def send_message(self, message: Message) -> None:
        """Send, and close the connection of a caller who is not known any more."""
        await super().send_message(message)
        refusal = _unauthenticated(message)
        if refusal:
            await self.websocket.close(FORBIDDEN, refusal)

    async def _handle_pre_execution_error(
        self, operation: Operation[Context, None], result: PreExecutionError
    ) -> None:
        # Strawberry would end the whole connection over one document that cannot be read.
        await operation.send_initial_errors(result.errors or [])


def authorization_in(parameters: Mapping[str, object] | None) -> str | None:
    """The authorization among the parameters of a connection, in whatever letter case."""
    for name, value in (parameters or {}).items():
        if name.lower() == "authorization":
            return value if isinstance(value, str) else ""
    return None


def _unauthenticated(message: Message) -> str | None:
    """Why the caller is not known any more, if that is what a message says."""
    if message["type"] == "next":
        errors = message["payload"].get("errors") or []
    elif message["type"] == "error":
        errors = message["payload"]
    else:
        return None
    for error in errors:
        if error.get("extensions", {}).get("code") == UnauthenticatedError.code:
            return error["message"]
    return None


def fault_of(message: object) -> str | None:
    """What is wrong with a client's message; None where it can be read."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "a message is a JSON object with a type"
    kind, payload = message["type"], message.get("payload")
    if kind in ("subscribe", "complete") and not isinstance(message.get("id"), str):
        return f"{kind} needs an id, a text"
    if kind != "subscribe":
        return None
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        return "subscribe needs a payload with a query, a text"
    if not isinstance(payload.get("variables"), (dict, type(None))):
        return "the variables of a query are an object"
    if not isinstance(payload.get("operationName"), (str, type(None))):
        return "the operationName of a query is a text"
    return None
