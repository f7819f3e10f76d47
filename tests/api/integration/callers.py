"""Asking the API as a client does: HTTP requests to the whole application, without a network."""

import asyncio
import json
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import httpx
from fastapi import FastAPI

import graphql_api.app
from graphql_api.catalogue.load import load_catalogue
from graphql_api.settings import DatabaseSettings, Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Reply:
    """What came back: the HTTP status and the body as it went over the wire."""

    status: int
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def data(self) -> Any:
        return self.body.get("data")

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self.body.get("errors") or []

    @property
    def codes(self) -> list[str | None]:
        return [error.get("extensions", {}).get("code") for error in self.errors]


@dataclass(frozen=True)
class Question:
    """A GraphQL request: the document and its variables."""

    document: str
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass
class Api:
    """One application over one database, on an event loop that others may share."""

    app: FastAPI
    client: httpx.AsyncClient
    loop: asyncio.Runner

    def ask(self, question: Question | str, key: str | None, **headers: str | bytes) -> Reply:
        return run(self.loop, self.asking(question, key, **headers))

    async def asking(
        self, question: Question | str, key: str | None, **headers: str | bytes
    ) -> Reply:
        question = Question(question) if isinstance(question, str) else question
        # json.dumps writes what httpx would refuse: lone surrogates, NaN.
        content = json.dumps({"query": question.document, "variables": question.variables})
        return await self.posting(content.encode(), key, **headers)

    def refusal(self, document: str, key: str | None, **variables: Any) -> dict[str, Any]:
        """The one error of a question that must be refused: its message and extensions."""
        (error,) = self.ask(Question(document, variables), key).errors
        return {"message": error["message"], **error["extensions"]}

    def post(self, content: bytes, key: str | None, **headers: str | bytes) -> Reply:
        return run(self.loop, self.posting(content, key, **headers))

    async def posting(self, content: bytes, key: str | None, **headers: str | bytes) -> Reply:
        known: dict[str, str | bytes] = {"content-type": "application/json"}
        if key is not None:
            known["authorization"] = f"Bearer {key}"
        answer = await self.client.post("/graphql", content=content, headers={**known, **headers})
        return Reply(answer.status_code, answer.text)

    def get(self, path: str, **headers: str) -> Reply:
        answer = run(self.loop, self.client.get(path, headers=headers))
        return Reply(answer.status_code, answer.text)


def run(loop: asyncio.Runner, work: Coroutine[Any, Any, T]) -> T:
    return loop.run(work)


def ask_all(asked: Sequence[tuple[Api, Question, str]]) -> list[Reply]:
    """Ask several applications of one loop at once."""
    replies = ask_all_within(None, asked)
    return [reply for reply in replies if reply is not None]


def hang_up_on(api: Api, question: Question, key: str, patiences: Sequence[float]) -> None:
    """Ask six at once and go away after so many seconds, again and again."""

    async def hang_up() -> None:
        for patience in patiences:
            asking = [asyncio.create_task(api.asking(question, key)) for _ in range(6)]
            await asyncio.sleep(patience)
            for each in asking:
                each.cancel()
            await asyncio.gather(*asking, return_exceptions=True)

    run(api.loop, hang_up())


def ask_all_within(
    seconds: float | None, asked: Sequence[tuple[Api, Question, str]]
) -> list[Reply | None]:
    """Ask all at once, and hang up on those that take longer: they are None."""

    async def one(api: Api, what: Question, key: str) -> Reply | None:
        try:
            return await asyncio.wait_for(api.asking(what, key), seconds)
        except TimeoutError:
            return None

    async def together() -> list[Reply | None]:
        return list(await asyncio.gather(*(one(*each) for each in asked)))

    return run(asked[0][0].loop, together())


@contextmanager
def serving(
    target: Path,
    libpq: dict[str, str],
    loop: asyncio.Runner,
    *,
    role: str | None = None,
    **settings: Any,
) -> Iterator[Api]:
    """The application over the database of these libpq variables.

    `role` replaces the database role that the API acts as.
    """
    catalogue = load_catalogue(target)
    if role is not None:
        catalogue = replace(catalogue, api_role=role)
    with patch.object(graphql_api.app, "load_catalogue", lambda _: catalogue):
        app = graphql_api.app.create_app(
            Settings(target_path=target, **settings), DatabaseSettings(**libpq)
        )
    lifespan = app.router.lifespan_context(app)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://warehouse"
    )
    loop.run(lifespan.__aenter__())
    try:
        yield Api(app, client, loop)
    finally:
        loop.run(client.aclose())
        loop.run(lifespan.__aexit__(None, None, None))
