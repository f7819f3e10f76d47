"""Every route that may answer a question, and its answer along each of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import set_json_loads

from graphql_api.catalogue.model import Catalogue
from graphql_api.query.legs import along_route
from graphql_api.query.needs import needs_of
from graphql_api.query.request import QueryRequest, Role, Scope
from graphql_api.query.route import Route, along, usable
from graphql_api.query.source import Locate, Source, asked_mart
from graphql_api.query.window import in_whole_periods
from tests.api.unit.asking import sql_of
from tests.support.postgres import PostgresServer

ADMIN = Scope(Role.ADMIN)
_SCOPE_SETTINGS = """
    select set_config('usage_warehouse.scope', %s, true),
        set_config('usage_warehouse.source_system', %s, true),
        set_config('usage_warehouse.organization_id', %s, true)
"""


# Planned as the API has its statements planned: see graphql_api.database.
_AS_THE_API = "-c role=usage_warehouse_api -c plan_cache_mode=force_custom_plan -c jit=off"


@dataclass(frozen=True)
class Database:
    """A published build, and what dbt says of it."""

    server: PostgresServer
    name: str
    target: Path
    catalogue: Catalogue

    @property
    def libpq(self) -> dict[str, str]:
        """psycopg's names for the libpq variables."""
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGDATABASE": "dbname"}
        env = self.server.env(self.name)
        return {names[key]: value for key, value in env.items() if key in names}


@contextmanager
def as_the_api(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """A connection in the API's role."""
    with psycopg.connect(**database.libpq, options=_AS_THE_API, autocommit=True) as connection:
        yield connection


@dataclass
class Warehouse:
    """A published build, read as the API reads it: in its role, under row-level security."""

    catalogue: Catalogue
    connection: psycopg.Connection[Any]

    def __post_init__(self) -> None:
        # Numbers as they are written: 1 is not 1.0 to a client that reads texts.
        loads = partial(json.loads, parse_int=str, parse_float=str)
        set_json_loads(loads, self.connection)

    def answer(self, request: QueryRequest, locate: Locate = asked_mart) -> dict[str, Any]:
        """The columns of the one row that answers."""
        (row,) = self._run("", request, locate)
        return row

    def plan(self, request: QueryRequest, locate: Locate = asked_mart) -> dict[str, Any]:
        """What Postgres would do."""
        (row,) = self._run("explain (format json) ", request, locate)
        return row["QUERY PLAN"][0]["Plan"]  # type: ignore[no-any-return]

    def rows(self, sql: str, values: dict[str, Any], scope: Scope) -> list[tuple[Any, ...]]:
        """The rows of a statement as somebody may see them."""
        return self._fetched(sql, values, scope)[1]

    def _run(self, prefix: str, request: QueryRequest, locate: Locate) -> list[dict[str, Any]]:
        sql, values = sql_of(request, locate)
        names, rows = self._fetched(prefix + sql, values, request.scope)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _fetched(
        self, sql: str, values: dict[str, Any], scope: Scope
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        with self.connection.transaction():
            tenant = [scope.source_system or "", scope.organization_id or ""]
            self.connection.execute(_SCOPE_SETTINGS, [scope.role.value, *tenant])
            cursor = self.connection.execute(sql, values)  # type: ignore[call-overload]
            assert cursor.description is not None
            return [column.name for column in cursor.description], cursor.fetchall()


def every_route(request: QueryRequest, catalogue: Catalogue) -> Iterator[Route]:
    """The routes of every choice of the roll-ups that can answer."""
    asked = in_whole_periods(request)
    needs = needs_of(asked)
    if needs is None:
        return
    rollups = usable(asked.mart, needs, catalogue)
    seen = set()
    for count in range(1, len(rollups) + 1):
        for some in combinations(rollups, count):
            route = along(needs, some)
            if route is not None and str(route) not in seen:
                seen.add(str(route))
                yield route


def taking(route: Route) -> Locate:
    """Answers along this route, whichever were the best."""

    def locate(request: QueryRequest) -> Source:
        return along_route(request, route)

    return locate
