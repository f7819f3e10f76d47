"""A published warehouse of several tenants, and APIs over it."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.api.integration import tenants
from tests.api.integration.apis import Apis, TenantsWarehouse, served_every_way
from tests.api.integration.callers import Api, serving
from tests.reference import raw_kaapi
from tests.support.dbt import dbt
from tests.support.postgres import PostgresServer
from warehouse.api_keys import create_key
from warehouse.project import project_names
from warehouse.tenants import Tenant


@pytest.fixture(scope="session")
def tenants_warehouse(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TenantsWarehouse]:
    """Built once; tests must not change it. Keys: `admin`, `1`, `2`, `9`; `1/20` has a project."""
    database = postgres_server.create_database("tenants")
    target = tmp_path_factory.mktemp("tenants")
    with postgres_server.connect(database) as connection:
        raw_kaapi.write(connection, "kaapi", tenants.raw_rows())
        dbt(["build"], postgres_server.env(database), target)
        tenants.add_tag_usage(connection)
        tenants.add_other_system(connection)
        names = project_names()
        keys = {"admin": create_key(connection, names, role="admin").key}
        for holder in ("1", "2", "9", "1/20"):
            organization, _, project = holder.partition("/")
            keys[holder] = create_key(
                connection,
                names,
                role="member",
                tenant=Tenant("kaapi", organization),
                project_id=project or None,
                force=True,
            ).key
    with ExitStack() as stack:
        # Copied now: a database can only be copied while nothing is connected to it.
        copies = {
            organization: stack.enter_context(tenants.only(postgres_server, database, organization))
            for organization in ("1", "2", "9")
        }
        yield TenantsWarehouse(postgres_server, database, target, keys, copies)
    postgres_server.drop_database(database)


@pytest.fixture(scope="session")
def event_loop_runner() -> Iterator[asyncio.Runner]:
    """One event loop for all requests, because database connections belong to one."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def api(tenants_warehouse: TenantsWarehouse, event_loop_runner: asyncio.Runner) -> Iterator[Api]:
    """The API as it is served."""
    warehouse = tenants_warehouse
    libpq = warehouse.server.env(warehouse.database)
    with serving(warehouse.target, libpq, event_loop_runner) as made:
        yield made


@pytest.fixture(scope="session")
def apis(
    api: Api, tenants_warehouse: TenantsWarehouse, event_loop_runner: asyncio.Runner
) -> Iterator[Apis]:
    """The same warehouse served in ways that must not differ for a member."""
    with served_every_way(api, tenants_warehouse, event_loop_runner) as made:
        yield made
