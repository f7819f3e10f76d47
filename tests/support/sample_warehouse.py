"""The sample rows, built and published, and the API over them as an administrator asks it."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from graphql_api.app import create_app
from graphql_api.settings import DatabaseSettings, Settings
from tests.support.dbt import ALL_SYSTEMS, dbt
from tests.support.postgres import PostgresServer
from warehouse.api_keys import create_key
from warehouse.project import project_names
from warehouse.sample import load_sample

ROWS = 2_000
SEED = 7


@dataclass(frozen=True)
class SampleWarehouse:
    """One built database. Tests must not change it."""

    server: PostgresServer
    database: str
    target: Path
    key: str
    client: httpx.AsyncClient
    loop: asyncio.Runner

    def ask(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The whole answer to a GraphQL operation: `data`, or `errors`."""

        async def post() -> httpx.Response:
            return await self.client.post(
                "/graphql",
                json={"query": document, "variables": dict(variables or {})},
                headers={"authorization": f"Bearer {self.key}"},
            )

        answer: dict[str, Any] = self.loop.run(post()).json()
        return answer


@contextmanager
def sample_warehouse(server: PostgresServer, target: Path) -> Iterator[SampleWarehouse]:
    """Load, build and serve; the database is dropped afterwards."""
    database = server.create_database("sample")
    with server.connect(database) as connection:
        for system in ALL_SYSTEMS:
            load_sample(connection, system, ROWS, SEED)
        dbt(["build"], server.env(database), target, source_systems=ALL_SYSTEMS)
        key = create_key(connection, project_names(), role="admin").key
    app = create_app(Settings(target_path=target), DatabaseSettings(**server.env(database)))
    with asyncio.Runner() as loop:
        lifespan = app.router.lifespan_context(app)
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://warehouse"
        )
        loop.run(lifespan.__aenter__())
        yield SampleWarehouse(server, database, target, key, client, loop)
        loop.run(client.aclose())
        loop.run(lifespan.__aexit__(None, None, None))
    server.drop_database(database)
