"""One warehouse served in several ways, and what random queries to it are drawn from."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import camel_case
from graphql_api.query import scope
from graphql_api.schema.schema import build_schema
from graphql_api.settings import Settings
from tests.api.integration.callers import Api, serving
from tests.api.integration.strategies import World
from tests.support.postgres import PostgresServer
from warehouse.embedded.roles import LOGIN_ROLE


@dataclass(frozen=True)
class TenantsWarehouse:
    """The database, dbt's target folder, and API keys by who holds them."""

    server: PostgresServer
    database: str
    target: Path
    keys: dict[str, str]
    copies: dict[str, str]  # by organisation: a database with only that tenant's rows


@dataclass
class Apis:
    """The same warehouse served in ways that must not differ for a member."""

    served: Api
    alone: dict[str, Api]  # by organisation: only that tenant's rows exist
    without_row_security: Api
    # These two are asked within `without_query_scope` only: an application keeps statements.
    without_query_scope: Api
    without_either: Api
    warehouse: TenantsWarehouse
    world: World

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """How Hypothesis prints it with a failing example: in full it would be 40 kB."""
        printer.text("the warehouse")

    def key(self, holder: str) -> str:
        return self.warehouse.keys[holder]

    def alone_for(self, member: str) -> Api:
        return self.alone[member.partition("/")[0]]


@contextmanager
def served_every_way(api: Api, warehouse: TenantsWarehouse, loop: asyncio.Runner) -> Iterator[Apis]:
    server = warehouse.server
    with ExitStack() as stack:

        def serve(database: str, role: str | None = None) -> Api:
            libpq = server.env(database)
            return stack.enter_context(serving(warehouse.target, libpq, loop, role=role))

        alone = {organization: serve(name) for organization, name in warehouse.copies.items()}
        owner = serve(warehouse.database, LOGIN_ROLE)
        unscoped, leaking = serve(warehouse.database), serve(warehouse.database, LOGIN_ROLE)
        yield Apis(api, alone, owner, unscoped, leaking, warehouse, _world(warehouse))


@contextmanager
def without_query_scope() -> Iterator[None]:
    """The query layer forgets tenants: only the database's row-level security is left."""
    with patch.object(scope, "own_rows", lambda *_: sa.true()):
        yield


def _world(warehouse: TenantsWarehouse) -> World:
    catalogue = load_catalogue(warehouse.target)
    schema = build_schema(catalogue, Settings())._schema
    values: dict[tuple[str, str], list[Any]] = {}
    times = {}
    with warehouse.server.connect(warehouse.database) as connection:
        for mart in catalogue.marts.values():
            if mart.time_dimension:
                times[mart.label] = mart.time_dimension.upper()
            columns = [*mart.dimensions, *mart.metrics]
            rows = connection.execute(
                f"select to_jsonb(mart) from {mart.schema}.{mart.name} as mart"
            ).fetchall()
            for name in columns:
                held = {row[0][name] for row in rows if row[0].get(name) is not None}
                values[mart.label, camel_case(name)] = _spread(sorted(held))
    # What `whatIf` takes as a model: most names of both lists together are no pair.
    values["whatIf", "provider"] = ["openai"]
    values["whatIf", "model"] = ["gpt-4o", "gpt-4o-mini", "o3"]
    return World(schema, values, times)


def _spread(values: list[Any], most: int = 60) -> list[Any]:
    """Some of the values, from all over the sorted list."""
    return values[:: max(1, len(values) // most)]
