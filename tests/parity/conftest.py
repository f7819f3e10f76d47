"""Warehouses that hold all four source systems: random rows, and the sample rows."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.api.integration.callers import Api, Question, Reply, serving
from tests.parity.case import SYSTEMS
from tests.parity.cases.kaapi import ORGANIZATIONS
from tests.parity.cookbook import Recipe
from tests.reference import raw_auto_analyst, raw_enclava, raw_kaapi, raw_litellm
from tests.support.dbt import ALL_SYSTEMS, dbt
from tests.support.postgres import PostgresServer
from warehouse.api_keys import create_key
from warehouse.project import project_names
from warehouse.sample import load_sample
from warehouse.tenants import Tenant

SEEDS = [20263]
LONG_SEEDS = range(1, 11)
SAMPLE_ROWS, SAMPLE_SEED, SAMPLE_UNTIL = 2_000, 7, datetime(2026, 9, 1, 12)  # noqa: DTZ001 - UTC
_WRITERS = {
    "kaapi": raw_kaapi.write,
    "litellm": raw_litellm.write,
    "auto_analyst": raw_auto_analyst.write,
    "enclava": raw_enclava.write,
}


@dataclass
class Served:
    """An API over all four systems, its keys by organisation of kaapi, and the raw rows."""

    api: Api
    keys: dict[str, str]
    raw: dict[str, Any]

    def ask(self, recipe: Recipe, variables: dict[str, Any], organization: str | None) -> Reply:
        """Asked as that organisation of kaapi, else as an administrator."""
        key = self.keys[organization or "admin"]
        return self.api.ask(Question(recipe.text, variables), key)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        is_long = metafunc.config.getoption("--long", default=False)
        metafunc.parametrize("seed", LONG_SEEDS if is_long else SEEDS, scope="module")


@pytest.fixture(scope="module")
def random_warehouse(
    seed: int, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Random raw rows of every system, built and served."""
    raw = {system.source_system: system.raw(seed) for system in SYSTEMS}

    def write(connection: psycopg.Connection[Any]) -> None:
        for system, rows in raw.items():
            _WRITERS[system](connection, system, rows)

    target = tmp_path_factory.mktemp("parity")
    with _built(postgres_server, write, target, ORGANIZATIONS) as (api, keys):
        yield Served(api, keys, raw)


@pytest.fixture(scope="module")
def sample_of_all(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The sample rows of every system, until a fixed instant, built and served."""

    def write(connection: psycopg.Connection[Any]) -> None:
        for system in ALL_SYSTEMS:
            load_sample(connection, system, SAMPLE_ROWS, SAMPLE_SEED, SAMPLE_UNTIL)

    target = tmp_path_factory.mktemp("cookbook")
    with _built(postgres_server, write, target, 1) as (api, keys):
        yield Served(api, keys, {})


@contextmanager
def _built(
    server: PostgresServer, write: Any, target: Path, organizations: int
) -> Iterator[tuple[Api, dict[str, str]]]:
    database = server.create_database("parity")
    with server.connect(database) as connection:
        write(connection)
        connection.commit()
        dbt(["build"], server.env(database), target, source_systems=ALL_SYSTEMS)
        names = project_names()
        keys = {"admin": create_key(connection, names, role="admin").key}
        for number in range(1, organizations + 1):
            tenant = Tenant("kaapi", str(number))
            made = create_key(connection, names, role="member", tenant=tenant)
            keys[str(number)] = made.key
    with asyncio.Runner() as loop, serving(target, server.env(database), loop) as api:
        yield api, keys
    server.drop_database(database)
