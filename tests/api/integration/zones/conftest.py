"""One warehouse of usage around changes of clocks."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.api.integration.callers import Question, serving
from tests.api.integration.zones.rows import generate
from tests.reference import raw_auto_analyst
from tests.reference.raw_auto_analyst import ModelUsage
from tests.support.dbt import dbt
from tests.support.postgres import PostgresServer
from warehouse.api_keys import create_key
from warehouse.project import project_names

SYSTEM = "auto_analyst"

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="package")
def usage() -> list[ModelUsage]:
    """The raw rows."""
    return generate().model_usage


@pytest.fixture(scope="package")
def ask(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks a document with variables, which must be answered."""
    name, target = postgres_server.create_database("zones"), tmp_path_factory.mktemp("zones")
    with postgres_server.connect(name) as connection:
        raw_auto_analyst.write(connection, SYSTEM, generate())
        connection.commit()
        dbt(["build"], postgres_server.env(name), target, source_systems=[SYSTEM])
        key = create_key(connection, project_names(), role="admin").key
    with asyncio.Runner() as loop, serving(target, postgres_server.env(name), loop) as api:

        def asking(document: str, **variables: Any) -> dict[str, Any]:
            reply = api.ask(Question(document, variables), key)
            assert not reply.errors, reply.text
            data: dict[str, Any] = reply.data
            return data

        yield asking
    postgres_server.drop_database(name)
