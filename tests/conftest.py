"""Fixtures that every test folder may use: a Postgres server and fresh databases on it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.dbt import ALL_SYSTEMS, dbt
from tests.support.distribution import ByWarehouse, takes_long
from tests.support.postgres import PostgresServer, throwaway_server
from tests.support.sample_warehouse import SampleWarehouse, sample_warehouse


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="a large budget: see `long_run`")
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden SQL files")


def pytest_configure(config: pytest.Config) -> None:
    # Property tests that state no number of examples of their own follow the budget by themselves.
    settings.register_profile("quick", deadline=None)
    settings.register_profile("long", deadline=None, max_examples=2_000)
    settings.load_profile("long" if config.getoption("--long") else "quick")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWarehouse:
    return ByWarehouse(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not takes_long(item.nodeid))
    if not config.getoption("--long"):
        skip = pytest.mark.skip(reason="runs with --long only (make test-long)")
        for item in items:
            if "long" in item.keywords:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def long_run(pytestconfig: pytest.Config) -> bool:
    """Whether `make test-long` runs, so that a random test may take many more seeds."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture(scope="session")
def parsed_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's target folder with both manifests of this project; parsing needs no database."""
    target = tmp_path_factory.mktemp("parsed") / "target"
    dbt(["parse"], {}, target, source_systems=ALL_SYSTEMS)
    return target


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One Postgres 18 for the whole session: `.env(dbname)`, `.connect(dbname)`, `.port`."""
    with throwaway_server() as server:
        yield server


@pytest.fixture(scope="session")
def sample(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SampleWarehouse]:
    """The sample rows, built, published and served: `.ask(document)`. Not to be changed."""
    with sample_warehouse(postgres_server, tmp_path_factory.mktemp("sample")) as made:
        yield made


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
