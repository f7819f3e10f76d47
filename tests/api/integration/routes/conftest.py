"""One warehouse of all four systems, published from random rows."""

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any

import pytest

from graphql_api.catalogue.load import load_catalogue
from graphql_api.query.request import Role, Scope
from tests.api.integration.routes.requests import Asker
from tests.api.integration.routes.warehouse import ADMIN, Database, Warehouse, as_the_api
from tests.reference import (
    random_auto_analyst,
    random_enclava,
    random_litellm,
    random_rows,
    raw_auto_analyst,
    raw_enclava,
    raw_kaapi,
    raw_litellm,
)
from tests.support.dbt import ALL_SYSTEMS, dbt
from tests.support.postgres import PostgresServer

SEED = 20264
# Of hours of the day and days of the week, which are no columns.
PARTS_OF_TIME = [1, 5, 6, 7]


@pytest.fixture(scope="package")
def database(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Random rows of every system, built and published. Tests must not change it."""
    name, target = postgres_server.create_database("routes"), tmp_path_factory.mktemp("routes")
    with postgres_server.connect(name) as connection:
        raw_kaapi.write(connection, "kaapi", random_rows.generate(SEED, organizations=3))
        raw_litellm.write(connection, "litellm", random_litellm.generate(SEED))
        raw_auto_analyst.write(connection, "auto_analyst", random_auto_analyst.generate(SEED))
        raw_enclava.write(connection, "enclava", random_enclava.generate(SEED))
    dbt(["build"], postgres_server.env(name), target, source_systems=ALL_SYSTEMS)
    yield Database(postgres_server, name, target, load_catalogue(target))
    postgres_server.drop_database(name)


@pytest.fixture(scope="package")
def warehouse(database: Database) -> Iterator[Warehouse]:
    with as_the_api(database) as connection:
        yield Warehouse(database.catalogue, connection)


@pytest.fixture(scope="package")
def asker(database: Database) -> Callable[[int], Asker]:
    """Asks about what is there, as an administrator and as a member of each tenant."""
    values: dict[tuple[str, str], list[Any]] = {}
    with database.server.connect(database.name) as connection:
        for mart in database.catalogue.marts.values():
            for column, dimension in mart.dimensions.items():
                if dimension.part is not None:
                    values[mart.name, column] = PARTS_OF_TIME
                    continue
                found = connection.execute(
                    f"select distinct {column} from {mart.schema}.{mart.name}"
                    f" where {column} is not null order by 1"
                ).fetchall()
                values[mart.name, column] = spread([without_zone(each) for (each,) in found])
        tenants = connection.execute(
            "select distinct source_system, organization_id from usage.fct_requests order by 1, 2"
        ).fetchall()
    scopes = [ADMIN] * 4 + [Scope(Role.MEMBER, *tenant) for tenant in tenants]
    scopes.append(Scope(Role.MEMBER, "kaapi", "1", values["fct_requests", "project_id"][0]))

    def asking(seed: int) -> Asker:
        return Asker(Random(seed), database.catalogue, values, scopes)

    return asking


def without_zone(value: Any) -> Any:
    """An instant as conditions hold it: UTC without zone."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def spread(values: list[Any], most: int = 60) -> list[Any]:
    """Some of the values, from all over the list."""
    return values[:: max(1, len(values) // most)]
