"""A dbt that is kept, and a database with raw rows of all systems as the first build left it."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.kept_dbt import KeptDbt, kept_dbt
from tests.support.postgres import PostgresServer
from tests.support.untested_project import write_untested_project
from tests.warehouse.incremental.builds import Warehouse
from tests.warehouse.incremental.history import write_first_rows


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptDbt]:
    project = write_untested_project(tmp_path_factory.mktemp("kept") / "project")
    with kept_dbt(project, project / "target") as kept:
        yield kept


@pytest.fixture(scope="session")
def built(dbt: KeptDbt, postgres_server: PostgresServer) -> Iterator[Callable[[int], Warehouse]]:
    """`built(seed)` copies a database with that seed's rows, to be changed at will."""
    made: dict[int, Warehouse] = {}
    copies: list[Warehouse] = []

    def copy(seed: int) -> Warehouse:
        if seed not in made:
            made[seed] = Warehouse(postgres_server, dbt, postgres_server.create_database("rows"))
            with made[seed].connect() as connection:
                write_first_rows(connection, seed)
            made[seed].first_build()
        copies.append(made[seed].copy(f"{made[seed].database}_{len(copies)}"))
        return copies[-1]

    yield copy
    for warehouse in (*copies, *made.values()):
        postgres_server.drop_database(warehouse.database)
