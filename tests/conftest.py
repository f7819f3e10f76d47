"""Fixtures that every test folder may use: a Postgres server and fresh databases on it."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.postgres import PostgresServer, throwaway_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One Postgres 18 for the whole session: `.env(dbname)`, `.connect(dbname)`, `.port`."""
    with throwaway_server() as server:
        yield server


@pytest.fixture
def fresh_database(postgres_server: PostgresServer) -> Iterator[Callable[..., str]]:
    """`fresh_database()` makes an empty database of the login role; dropped after the test."""
    yield from _databases(postgres_server)


@pytest.fixture(scope="module")
def module_database(postgres_server: PostgresServer) -> Iterator[Callable[..., str]]:
    """As `fresh_database`, for fixtures that build once per module."""
    yield from _databases(postgres_server)


def _databases(server: PostgresServer) -> Iterator[Callable[..., str]]:
    made: list[str] = []

    def make(label: str = "test") -> str:
        made.append(server.create_database(label))
        return made[-1]

    yield make
    for name in made:
        server.drop_database(name)
