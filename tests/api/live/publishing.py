"""A database with published builds, and further ones: by dbt, or written as dbt would."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.api.live.client import DEADLINE
from tests.support.postgres import PostgresServer
from tests.support.small_project import SmallProject
from tests.support.usage_project import RAW_USAGE, add_usage
from warehouse.api_keys import CreatedKey, create_key
from warehouse.project import project_names
from warehouse.tenants import Tenant

Connection = psycopg.Connection[Any]

NEWEST = "select build_id from usage.publication order by published_at desc limit 1"
LISTENERS = (
    "select count(*) from pg_stat_activity "
    "where application_name = 'usage_warehouse_api_live' and datname = current_database()"
)


@dataclass
class Publisher:
    """The database of the builds."""

    server: PostgresServer
    database: str
    project: SmallProject
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def connect(self, user: str = "usage_warehouse") -> Connection:
        return self.server.connect(self.database, user)

    def value(self, query: str, *values: object) -> Any:
        with self.connect() as connection:
            row = connection.execute(query, values or None).fetchone()
        return None if row is None else row[0]

    @property
    def newest(self) -> str:
        return str(self.value(NEWEST))

    def build(self) -> str:
        """Build and publish with dbt."""
        result = self.project.build(self.server.env(self.database))
        assert result.success, result.output
        return self.newest

    def add(self, at: str, **values: Any) -> None:
        """One raw request more, for the next build."""
        with self.connect() as connection:
            add_usage(connection, f"r{next(self._numbers)}", at, **values)

    def announce(
        self, *changes: dict[str, Any], models: int = 0, connection: Connection | None = None
    ) -> str:
        """Publish a build with these changes, in one transaction, without building anything.

        And with one of each of `models` models whose names have 1,000 characters.
        """
        if connection is None:
            with self.connect() as own:
                return self.announce(*changes, models=models, connection=own)
        build_id = f"build {next(self._numbers)}"
        with connection.transaction():
            connection.execute(
                "insert into usage.publication select %s, greatest(clock_timestamp(), "
                "max(published_at) + interval '1 microsecond'), now(), '1.11', "
                "(array_agg(mart_row_counts order by published_at desc))[1] "
                "from usage.publication",
                [build_id],
            )
            connection.execute(
                "insert into usage.publication_comparisons select %s, build_id "
                "from usage.publication where build_id <> %s order by published_at desc limit 1",
                [build_id, build_id],
            )
            with connection.cursor() as cursor:
                cursor.executemany(
                    "insert into usage.publication_changes values "
                    "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    [_row(build_id, **change) for change in changes],
                )
            connection.execute(
                "insert into usage.publication_changes select %s, 'kaapi', '1', 'p', '2026-01-01', "
                "'openai', n || repeat('x', 1000), 1, 1, 1, null from generate_series(1, %s) as n",
                [build_id, models],
            )
            connection.execute("select pg_notify('usage_warehouse_published', %s)", [build_id])
        return build_id

    def key(self, organization: str | None = None, project: str | None = None) -> CreatedKey:
        """A key of an administrator, or of a member of an organization."""
        with self.connect() as connection:
            if organization is None:
                return create_key(connection, project_names(), role="admin")
            return create_key(
                connection,
                project_names(),
                role="member",
                tenant=Tenant("kaapi", organization),
                project_id=project,
                force=True,
            )

    def wait_for_listeners(self, number: int) -> None:
        """Wait until the servers hold so many listening connections."""
        wait_for(lambda: self.value(LISTENERS) == number, f"{number} listeners")


def _row(
    build_id: str,
    *,
    organization: str = "1",
    project: str = "p",
    day: str | None = "2026-01-01",
    provider: str = "openai",
    model: str = "m",
    requests: int = 1,
    tokens: int = 10,
    cost: str = "0.5",
    earlier_days: str | None = None,
) -> list[object]:
    tenant = [build_id, "kaapi", organization, project]
    return [*tenant, day, provider, model, requests, tokens, cost, earlier_days]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Poll until a condition of another process holds."""
    give_up_at = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < give_up_at, f"waited in vain for {what}"
        time.sleep(0.05)


async def until(condition: Callable[[], bool], what: str) -> None:
    """The same, while this process goes on receiving."""
    await asyncio.to_thread(wait_for, condition, what)


@contextmanager
def publisher(server: PostgresServer, project: SmallProject) -> Iterator[Publisher]:
    """A new database with one build, published by dbt, of two tenants' requests."""
    database = server.create_database("live")
    with server.connect(database) as connection:
        connection.execute(RAW_USAGE)
    made = Publisher(server, database, project)
    made.add("2026-01-01 10:00", user_id="u1", session_id="s1")
    made.add("2026-01-02 10:00", organization_id="2", user_id="u2", session_id="s2")
    made.build()
    yield made
    server.drop_database(database)
