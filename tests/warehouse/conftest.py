"""Databases that hold one published build, and the small project that made it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tests.support.postgres import PostgresServer
from tests.support.small_project import SmallProject, load_raw_rows, write_small_project


@dataclass(frozen=True)
class PublishedDatabase:
    """A database of its own for one test, as the first build of the small project left it."""

    server: PostgresServer
    name: str

    @property
    def env(self) -> dict[str, str]:
        return self.server.env(self.name)

    def connect(self, user: str = "usage_warehouse") -> psycopg.Connection[Any]:
        return self.server.connect(self.name, user)

    def value(self, query: str, *values: object) -> Any:
        """The first value of the first row, read as the owner of everything."""
        with self.connect() as connection:
            row = connection.execute(query, values or None).fetchone()
        assert row is not None
        return row[0]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, values or None).fetchall()

    def execute(self, statements: str) -> None:
        with self.connect() as connection:
            connection.execute(statements)


@pytest.fixture(scope="session")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    return write_small_project(tmp_path_factory.mktemp("dbt") / "small")


@pytest.fixture(scope="session")
def _published_template(postgres_server: PostgresServer, small_project: SmallProject) -> str:
    name = postgres_server.create_database("published_template")
    with postgres_server.connect(name) as connection:
        load_raw_rows(connection)
    result = small_project.build(postgres_server.env(name))
    assert result.success, result.output
    return name


@pytest.fixture
def published(
    postgres_server: PostgresServer, _published_template: str
) -> Iterator[PublishedDatabase]:
    """A copy of the published database, to be changed at will."""
    name = f"{_published_template}_copy"
    with postgres_server.cluster.connect() as superuser:
        superuser.execute(
            f'create database "{name}" owner usage_warehouse template "{_published_template}"'
        )
    yield PublishedDatabase(postgres_server, name)
    postgres_server.drop_database(name)


@pytest.fixture
def use_database(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """`use_database(env)` makes the command line, in this process, talk to that database."""

    def use(env: dict[str, str]) -> None:
        for name, value in env.items():
            monkeypatch.setenv(name, value)

    return use
