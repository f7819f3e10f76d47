"""A warehouse that builds are published in, and the server over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.live.publishing import Publisher, publisher
from tests.api.live.served import Server, serving
from tests.support.postgres import PostgresServer
from tests.support.small_project import SmallProject
from tests.support.usage_project import write_usage_project


@pytest.fixture(scope="session")
def usage_project(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    return write_usage_project(tmp_path_factory.mktemp("dbt") / "live")


@pytest.fixture(scope="session")
def published(postgres_server: PostgresServer, usage_project: SmallProject) -> Iterator[Publisher]:
    """Tests may publish further builds in it; none may rely on which were there before."""
    with publisher(postgres_server, usage_project) as made:
        yield made


@pytest.fixture(scope="session")
def server(
    published: Publisher, parsed_target: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("live") / "server.log"
    libpq = published.server.env(published.database)
    with serving(libpq, parsed_target, log, max_subscriptions=205) as made:
        yield made
        for fault in ("Exception in ASGI application", "worker task", "never retrieved"):
            assert fault not in made.said()


@pytest.fixture(scope="session")
def admin(published: Publisher) -> str:
    return published.key().key
