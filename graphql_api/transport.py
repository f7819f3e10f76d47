"""GraphQL over HTTP: what is no readable request is refused in words, whatever was sent."""

import json
import re

from cross_web import HTTPException, StarletteRequestAdapter
from strawberry.fastapi import GraphQLRouter
from strawberry.types.unset import UNSET, UnsetType

from graphql_api.schema.context import Context
from graphql_api.websocket import Socket, TransportHandler, authorization_in

MAX_BODY_BYTES = 4_000_000

HALF_OF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class BoundedRequest(StarletteRequestAdapter):
    """A request whose body is never read past a limit."""

    async def get_body(self) -> bytes:
        """The body, read as it arrives."""
        body = bytearray()
        async for chunk in self._request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                raise HTTPException(
                    413, f"the request is larger than {MAX_BODY_BYTES:,} bytes; send less"
                )
        return bytes(body)


class HttpRouter(GraphQLRouter[Context, None]):
    """Answers 400 to every request that is not GraphQL in JSON; serves WebSockets too."""

    request_adapter_class = BoundedRequest
    websocket_adapter_class = Socket
    graphql_transport_ws_handler_class = TransportHandler

    async def on_ws_connect(self, context: Context) -> UnsetType:
        """Let a caller in who sent a valid key as a parameter of the connection, or a header.

        Raises:
            UnauthenticatedError: there is no key, or it is unknown, expired or revoked.
            UnavailableError: the keys cannot be read.
        """
        given = authorization_in(context.connection_params)
        if given is not None:
            context.authorization = given
        await context.authenticate()
        nothing_to_add: UnsetType = UNSET
        return nothing_to_add

    def parse_json(self, data: str | bytes) -> object:
        """The value of a body, or of a parameter in the address.

        Raises:
            HTTPException: it is no JSON, or holds what no text in UTF-8 can say.
        """
        try:
            text = data.decode() if isinstance(data, bytes) else data
            parsed = json.loads(text)
            if HALF_OF_A_PAIR.search(text):
                json.dumps(parsed, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, f"the request is not JSON ({_reason(error)})") from None
        if isinstance(data, bytes) and not isinstance(parsed, (dict, list)):
            raise HTTPException(400, "the request must be a JSON object with a `query`")
        return parsed


def _reason(error: Exception) -> str:
    match error:
        case UnicodeEncodeError():
            return "half a surrogate pair in a text"
        case UnicodeDecodeError():
            return "its bytes are not UTF-8"
        case json.JSONDecodeError():
            return str(error)
        case RecursionError():
            return "nested too deeply"
        case _:
            return "a number with too many digits"
