"""A request whose body was read, and can be read again by whoever answers it in the end."""

import json
from collections.abc import Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote

from starlette.types import Message, Receive
from starlette.types import Scope as Connection

from graphql_api.query.raw import NotAnsweredHereError
from graphql_api.transport import HALF_OF_A_PAIR, MAX_BODY_BYTES

# How it was sent, and the bytes of the body or of the address.
Asked: TypeAlias = tuple[str, bytes]

_KNOWN_KEYS = frozenset({"query", "variables", "operationName"})
# Answers of these kinds are streams or pages, which the web framework makes.
_OTHER_KINDS = (b"multipart/", b"text/event-stream", b"text/html")


def is_plain(connection: Connection) -> bool:
    """Whether it is a question in JSON or in the address, and JSON is wanted."""
    is_get = connection["method"] == "GET"
    if not is_get and connection["method"] != "POST":
        return False
    is_readable = is_get and b"query=" in connection["query_string"]
    for name, value in connection["headers"]:
        if name == b"content-type" and not is_get:
            is_readable = value == b"application/json" or value.startswith(b"application/json;")
        elif name == b"accept" and any(kind in value for kind in _OTHER_KINDS):
            return False
    return is_readable


class Received:
    """What of a request has arrived so far."""

    def __init__(self, connection: Connection, receive: Receive) -> None:
        """Nothing is read yet."""
        self._receive = receive
        self._messages: list[Message] = []
        self._given = 0
        self._headers = connection["headers"]
        self.is_get = connection["method"] == "GET"
        self._address: bytes = connection["query_string"]
        self.authorization = self.header(b"authorization").decode("latin-1")

    def header(self, name: bytes) -> bytes:
        """The first header of a name; empty where there is none."""
        return next((value for key, value in self._headers if key == name), b"")

    async def asked(self) -> Asked:
        """What is asked: the whole body, or the question in the address.

        Raises:
            NotAnsweredHereError: it is too large, or its sender has gone.
        """
        return ("GET", self._address) if self.is_get else ("POST", await self._body())

    async def _body(self) -> bytes:
        chunks, length, has_more = [], 0, True
        while has_more:
            message = await self._receive()
            self._messages.append(message)
            if message["type"] != "http.request":
                raise NotAnsweredHereError
            chunk = message.get("body", b"")
            chunks.append(chunk)
            length += len(chunk)
            has_more = message.get("more_body", False)
            if length > MAX_BODY_BYTES:
                raise NotAnsweredHereError
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def again(self) -> Message:
        """What was received, from the beginning, and then whatever follows."""
        if self._given < len(self._messages):
            self._given += 1
            return self._messages[self._given - 1]
        return await self._receive()


def read_question(asked: Asked) -> tuple[str, str | None, Mapping[str, object]]:
    """The document, the operation that is meant, and the variables.

    Raises:
        NotAnsweredHereError: it is no plain request; the application says what is wrong with it.
    """
    method, content = asked
    try:
        text = content.decode()
        request = json.loads(text) if method == "POST" else _in_address(text)
    except (ValueError, RecursionError):
        raise NotAnsweredHereError from None
    if not isinstance(request, dict) or not request.keys() <= _KNOWN_KEYS:
        raise NotAnsweredHereError
    document, operation = request.get("query"), request.get("operationName")
    variables = request.get("variables")
    if variables is None:
        variables = {}
    if not isinstance(document, str) or not (operation is None or isinstance(operation, str)):
        raise NotAnsweredHereError
    if not isinstance(variables, dict) or HALF_OF_A_PAIR.search(unquote(text)):
        raise NotAnsweredHereError
    return document, operation, variables


def _in_address(text: str) -> dict[str, object]:
    """Of a name that stands there twice the last counts, as for the web framework."""
    given: dict[str, object] = dict(parse_qsl(text, keep_blank_values=True))
    if "variables" in given:
        given["variables"] = json.loads(str(given["variables"]))
    return given
