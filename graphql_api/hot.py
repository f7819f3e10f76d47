"""The hot path: operations that ask nothing but marts, answered before the web framework is asked.

It stands before the application. A request that it does not understand in full, or whose answer
would be an error, is handed on as it came, so that every word of a refusal has one author. Whether
a document can be answered here is decided once.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from graphql import GraphQLError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from graphql_api.auth.assumed import Caller, Check, Checked
from graphql_api.auth.keys import authenticate, digest_of
from graphql_api.bounded import BoundedCache
from graphql_api.catalogue.model import Catalogue
from graphql_api.errors import ApiError, QueryTimeoutError, UnavailableError
from graphql_api.live.shared import SharedReads
from graphql_api.query.faults import translate
from graphql_api.query.raw import NotAnsweredHereError
from graphql_api.query.wire import Row, Statement
from graphql_api.query.wires import Wires
from graphql_api.received import Asked, Received, is_plain, read_question
from graphql_api.results import Results, tag_of
from graphql_api.schema.answers import Question, Questions
from graphql_api.schema.documents import Bound, Documents
from graphql_api.schema.schema import MartSchema
from graphql_api.settings import Settings

log = logging.getLogger(__name__)

PATH = "/graphql"
KEPT_BODIES_BYTES = 8_000_000
KEPT_CALLERS_BYTES = 4_000_000
# What the values in a body take as Python's, for each byte of it.
_BYTES_PER_BYTE = 10
# A client that reads a large answer slowly keeps a connection to the database so long.
STREAM_SECONDS = 120
# Nobody but the application says what is wrong with a request.
HANDED_ON = (NotAnsweredHereError, ApiError, GraphQLError)


class HotPath:
    """Answers what it can; the application answers the rest."""

    def __init__(self, app: ASGIApp, answering: "Answering") -> None:
        """Stand before ``app``."""
        self._app = app
        self._answering = answering

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if connection["type"] != "http" or connection["path"] != PATH or not is_plain(connection):
            await self._app(connection, receive, send)
            return
        received = Received(connection, receive)
        try:
            answer = await self._answering.answer(await received.asked(), received.authorization)
        except HANDED_ON:
            await self._app(connection, received.again, send)
            return
        except Exception:
            log.exception("a defect of the hot path; the question is answered without it")
            await self._app(connection, received.again, send)
            return
        if isinstance(answer, Streamed):
            await _pass_on(answer, send)
        else:
            await _send(b"".join(answer), received, send)


@dataclass(frozen=True)
class Streamed:
    """A large answer, of which the nodes are still arriving; it must be closed."""

    before: bytes
    pieces: AsyncGenerator[bytes]
    after: bytes


class Answering:
    """Answers the bodies of requests."""

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        schema: MartSchema,
        engine: AsyncEngine,
        wires: Wires,
        results: Results,
    ) -> None:
        """``wires`` carry questions; ``engine`` callers who were never seen before."""
        self._results = results
        self._under_way: SharedReads[list[bytes]] = SharedReads(kept=0)
        self._looking_up: SharedReads[object] = SharedReads(kept=0)
        self._schema, self._engine, self._wires = schema, engine, wires
        self._access_schema = catalogue.access_schema
        self._documents = Documents(schema, settings)
        self._questions = Questions(catalogue, settings.max_page_size)
        self._check = Check(catalogue.access_schema, catalogue.serving_schema)
        self._bound_before: BoundedCache[Asked, Bound] = BoundedCache(KEPT_BODIES_BYTES)
        self._callers: BoundedCache[str, Caller] = BoundedCache(KEPT_CALLERS_BYTES)

    async def answer(self, asked: Asked, authorization: str) -> list[bytes] | Streamed:
        """The answer to a request, in pieces.

        Raises:
            NotAnsweredHereError, ApiError, GraphQLError: the application has to answer it.
        """
        caller = self._callers.get(authorization) or await self._caller(authorization)
        now = datetime.now(UTC).replace(tzinfo=None)
        kept = self._results.find(asked, caller.scope, now.date())
        if kept is not None:
            await self._look_up(caller, authorization)
            if self._results.is_current(kept):
                return [kept.content]
        question = self._questions.of(self._bound(asked), caller.scope, now)
        if question.is_large:
            return await self._streamed(question, caller, authorization)
        if not (self._results.is_on and question.holds_all_day):
            return (await self._answered(question, caller, authorization))[0]

        async def read() -> list[bytes]:
            pieces, checked = await self._answered(question, caller, authorization)
            content = b"".join(pieces)
            if checked is not None:
                self._results.keep(asked, caller.scope, now.date(), content, checked)
            return [content]

        # However many wait for it, it is computed once; each of them has the same key.
        return await self._under_way.get((asked, caller, now.date()), read)

    async def _look_up(self, caller: Caller, authorization: str) -> None:
        """Make sure that the caller was looked up a moment ago, and the build with it."""
        if not self._results.is_checked(caller):
            await self._looking_up.get(caller, lambda: self._asked((), caller, authorization))

    async def _answered(
        self, question: Question, caller: Caller, authorization: str
    ) -> tuple[list[bytes], Checked | None]:
        """The answer, and what was said with it; nothing was with a refusal."""
        try:
            checked, found = await self._asked((question.statement,), caller, authorization)
        except (QueryTimeoutError, UnavailableError) as error:
            # Asking once more would take as long again.
            return [self._refusal(error, question)], None
        return question.written(found[0]), checked

    async def _streamed(
        self, question: Question, caller: Caller, authorization: str
    ) -> list[bytes] | Streamed:
        """A large answer, once its first piece is there; every refusal comes before that."""
        pieces = self._pieces(question, caller, authorization)
        try:
            before, after = await anext(pieces), await anext(pieces)
        except (QueryTimeoutError, UnavailableError) as error:
            return [self._refusal(error, question)]
        except BaseException:
            await pieces.aclose()
            raise
        return Streamed(before, pieces, after)

    async def _pieces(
        self, question: Question, caller: Caller, authorization: str
    ) -> AsyncGenerator[bytes]:
        """What stands before the nodes, what stands after them, then the nodes piece by piece."""
        statements = (self._check.statement(caller), question.statement_in_pieces)
        who: list[Row] = []
        expected = 0
        with _faults():
            async with aclosing(self._wires.stream(statements)) as rows:
                async for number, row in rows:
                    if number == 0:
                        who.append(row)
                        continue
                    if expected == 0:
                        self._checked(who, caller, authorization)
                        for each in question.written_around(row[2:]):
                            yield each
                    at, piece = row[:2]
                    assert at == expected.to_bytes(len(at or b"")), "pieces come in their order"
                    expected += 1
                    yield piece or b""

    def _bound(self, asked: Asked) -> Bound:
        bound = self._bound_before.get(asked)
        if bound is None:
            document, operation, variables = read_question(asked)
            bound = self._documents.named(document, operation).bound(variables)
            self._bound_before.put(asked, bound, len(asked[1]) * _BYTES_PER_BYTE)
        return bound

    async def _caller(self, authorization: str) -> Caller:
        scope = await authenticate(self._engine, self._access_schema, authorization)
        caller = Caller(digest_of(authorization), scope)
        self._callers.put(authorization, caller, len(authorization))
        return caller

    async def _asked(
        self, statements: tuple[Statement, ...], caller: Caller, authorization: str
    ) -> tuple[Checked, Sequence[Sequence[Row]]]:
        """What the database says of the caller, and the rows of each statement."""
        with _faults():
            who, *rows = await self._wires.run((self._check.statement(caller), *statements))
        return self._checked(who, caller, authorization), rows

    def _checked(self, who: Sequence[Row], caller: Caller, authorization: str) -> Checked:
        checked = self._check.read(who, caller)
        self._results.note(caller, checked)
        if not checked.is_as_assumed:
            self._callers.drop(authorization)
            raise NotAnsweredHereError
        return checked

    def _refusal(self, refusal: ApiError, question: Question) -> bytes:
        """As the GraphQL library reports an error of the first root field."""
        root = question.bound.laid_out.roots[0]
        error = GraphQLError(
            str(refusal),
            nodes=root.nodes,
            path=[root.key],
            original_error=refusal,
            extensions=refusal.extensions,
        )
        self._schema.process_errors([error])
        answer = {"data": None, "errors": [error.formatted]}
        return json.dumps(answer, separators=(",", ":")).encode()


@contextmanager
def _faults() -> Iterator[None]:
    """What the database or the way to it refuses, as it is reported."""
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        refusal = translate(error)
        assert isinstance(refusal, QueryTimeoutError)
        raise refusal from error
    except TimeoutError as error:
        raise UnavailableError("the server is busy; try again") from error
    except (psycopg.Error, OSError) as error:
        # The application has connections of its own, and words for whatever is wrong.
        raise NotAnsweredHereError from error


async def _pass_on(answer: Streamed, send: Send) -> None:
    """Piece by piece, as fast as the client takes them.

    Raises:
        Exception: something went wrong half-way; then the server ends the connection, so that no
            client takes what it has for the whole.
    """
    async with aclosing(answer.pieces) as pieces, asyncio.timeout(STREAM_SECONDS):
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer.before, "more_body": True})
        async for each in pieces:
            await send({"type": "http.response.body", "body": each, "more_body": True})
        await send({"type": "http.response.body", "body": answer.after})


async def _send(content: bytes, received: Received, send: Send) -> None:
    """Over GET with a tag, by which a client that has the answer already is told so."""
    status, headers = 200, [(b"content-type", b"application/json")]
    if received.is_get:
        tag = tag_of(content)
        headers += [(b"etag", tag), (b"cache-control", b"private, no-cache")]
        headers.append((b"vary", b"authorization"))
        if tag in received.header(b"if-none-match"):
            status, content = 304, b""
    if status == 200:
        headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
