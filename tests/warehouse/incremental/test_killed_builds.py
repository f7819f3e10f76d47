"""Law 7: whatever is killed, and when, readers see a whole build, and the next one is right."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.support.kept_dbt import KeptDbt, kept_dbt
from tests.support.postgres import PostgresServer, throwaway_server
from tests.support.untested_project import write_untested_project
from tests.warehouse.incremental.builds import ONLY_MARTS, PARSED, Warehouse
from tests.warehouse.incremental.history import History, write_first_rows
from tests.warehouse.incremental.killed_builds import (
    PUBLISHING,
    Killer,
    Reader,
    kill_backends,
    kill_dbt,
    kill_postgres,
    killed_build,
)
from tests.warehouse.incremental.published import content, publications
from warehouse.embedded import create_database

pytestmark = pytest.mark.database

LONG_KILLS = 60
KILLERS: list[Killer] = [kill_dbt, kill_backends, kill_postgres]
# Some two hundred lines in all; the first ones are said before anything is done.
FIRST_LINE, LAST_LINE = 12, 190


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server of this module's own, to be killed."""
    with throwaway_server(durable=True) as own:
        yield own


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_untested_project(tmp_path_factory.mktemp("kills") / "project")


@pytest.fixture(scope="module")
def dbt(project: Path) -> Iterator[KeptDbt]:
    with kept_dbt(project, project / "target") as kept:
        yield kept


def test_killed_builds_lose_and_spoil_nothing(server, project, dbt, long_run):
    rng = Random("kills")
    with server.cluster.connect() as superuser:
        create_database(superuser, PARSED)
    warehouse = Warehouse(server, dbt, PARSED)
    with warehouse.connect() as connection:
        write_first_rows(connection, 7)
        warehouse.first_build()
        History(warehouse.connect, 7).go_on()
        published = publications(connection)
        before = content(connection)
    # One of each kind: a build of all rows, and one of changes, in the middle and at its end.
    kills: list[tuple[list[str], int | str, Killer]] = [
        (["--full-refresh"], rng.randrange(FIRST_LINE, LAST_LINE), kill_dbt),
        ([], PUBLISHING, kill_backends),
        ([], rng.randrange(FIRST_LINE, LAST_LINE), kill_postgres),
    ]
    for _ in range(LONG_KILLS if long_run else 0):
        mode = rng.choice([[], ["--full-refresh"], ["--vars", "reconcile: true"]])
        moment = rng.choice([PUBLISHING, rng.randrange(FIRST_LINE, LAST_LINE)])
        kills.append((mode, moment, rng.choice(KILLERS)))

    reader = Reader(server, warehouse.database)
    with reader.reading():
        for args, moment, killer in kills:
            killed_build(
                *(project, project / "target", server, warehouse.database, *ONLY_MARTS, *args),
                after=moment,
                killer=killer,
            )
            with warehouse.connect() as connection:
                # It may have been published in the very moment in which it was killed.
                if publications(connection) == published:
                    assert content(connection) == before
                published, before = publications(connection), content(connection)
        said = warehouse.next_build()
        # Late rows of the history have it compare everything; what is published is built upon.
        assert "all marts from all raw rows" not in said
    assert reader.views > 0
    assert reader.faults == []
    warehouse.rename("healed")
    warehouse.assert_equals_full_refresh()
