"""Puts GraphQL documents to the real schema and records the questions it asks the executor.

Only the database is missing: documents are parsed, validated and resolved as the server does it.
"""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import strawberry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from graphql_api.catalogue.model import Catalogue
from graphql_api.query.compiler import compile_request
from graphql_api.query.executor import Answer, Executor
from graphql_api.query.request import QueryRequest, Role, Scope
from graphql_api.query.source import Locate, asked_mart
from graphql_api.schema.context import Context
from graphql_api.schema.schema import build_schema
from graphql_api.settings import Settings

NOW = datetime(2026, 2, 15, 12, 30)
ADMIN = Scope(Role.ADMIN)
MEMBER = Scope(Role.MEMBER, "kaapi", "1", "12")


# What fits every question: no rows.
NOTHING = Answer(
    nodes=[],
    total_count=0,
    totals={},
    chart={"labels": [], "series": []},
    freshness={
        "build_id": "b1",
        "published_at": "2026-02-15T12:00:00.000Z",
        "data_as_of": "2026-02-15T11:59:00.000Z",
        "sources": [],
        "last_period_complete": None,
    },
    has_next_page=False,
)


@dataclass
class RecordingExecutor:
    """Answers every question alike, and keeps the questions."""

    answer: Answer
    requests: list[QueryRequest] = field(default_factory=list)

    async def run(self, request: QueryRequest) -> Answer:
        self.requests.append(request)
        return self.answer


class Api:
    """A schema that can be asked without a server or a database."""

    def __init__(self, catalogue: Catalogue, settings: Settings | None = None) -> None:
        self.catalogue = catalogue
        self.settings = settings or Settings()
        self.schema: strawberry.Schema = build_schema(catalogue, self.settings)

    def execute(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        scope: Scope = ADMIN,
        answer: Answer | None = None,
    ) -> tuple[strawberry.types.ExecutionResult, list[QueryRequest]]:
        """The result, and what the executor was asked on the way."""
        executor = RecordingExecutor(answer or NOTHING)
        result = self.execute_with(executor, document, variables, scope=scope)
        return result, executor.requests

    def execute_with(
        self,
        executor: RecordingExecutor,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        scope: Scope = ADMIN,
    ) -> strawberry.types.ExecutionResult:
        """The result with an executor of the test's own."""

        async def caller() -> Scope:
            return scope

        async def run() -> strawberry.types.ExecutionResult:
            context = Context(self.catalogue, self.settings, cast(Executor, executor), caller)
            context.now = NOW
            return cast(
                strawberry.types.ExecutionResult,
                await self.schema.execute(document, dict(variables or {}), context_value=context),
            )

        return asyncio.run(run())

    def question(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        scope: Scope = ADMIN,
    ) -> QueryRequest:
        """The one question that a document asks; fails where it is refused."""
        result, requests = self.execute(document, variables, scope=scope)
        assert not result.errors
        (request,) = requests
        return request

    def refusal(
        self, document: str, variables: Mapping[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Message and extensions of the one error; fails where the executor was asked."""
        result, requests = self.execute(document, variables)
        assert not requests
        assert result.errors
        (error,) = result.errors
        return error.message, dict(error.extensions or {})


def sql_of(request: QueryRequest, locate: Locate = asked_mart) -> tuple[str, dict[str, object]]:
    """The statement as Postgres gets it, and its bound values by name."""
    compiled = compile_request(request, locate).compile(
        dialect=PGDialect_psycopg(), compile_kwargs={"render_postcompile": True}
    )
    return str(compiled), dict(compiled.params)
