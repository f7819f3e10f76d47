"""Two builds at once: the second is refused, or the first stops; neither is published wrongly."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest

from tests.support.postgres import PostgresServer
from tests.support.small_project import SmallProject, load_raw_rows

pytestmark = pytest.mark.database

# Who waits for a raw table is in the middle of a model.
IS_WAITING = (
    "select exists (select from pg_locks where not granted and relation = 'raw.requests'::regclass)"
)


def wait_until(connection, query: str) -> None:
    give_up_at = monotonic() + 300
    while not connection.execute(query).fetchone()[0]:
        assert monotonic() < give_up_at, query
        sleep(0.01)


@pytest.fixture
def raw_only(postgres_server: PostgresServer, fresh_database) -> str:
    """A database in which nothing was built yet."""
    name = fresh_database("at_once")
    with postgres_server.connect(name) as connection:
        load_raw_rows(connection)
    return name


def test_a_build_is_refused_while_another_one_writes(
    postgres_server, raw_only, small_project: SmallProject
):
    environment = postgres_server.env(raw_only)
    with postgres_server.connect(raw_only) as holder, ThreadPoolExecutor() as threads:
        holder.execute("begin; lock table raw.requests in access exclusive mode")
        first = threads.submit(small_project.build, environment)
        try:
            with postgres_server.connect(raw_only) as watcher:
                wait_until(watcher, IS_WAITING)
            second = small_project.build(
                environment, "--target-path", str(small_project.root / "2")
            )
        finally:
            holder.execute("rollback")
    assert not second.success
    assert "Another dbt build is running into schema usage_build (dbt: process " in second.output
    assert first.result().success, first.result().output


def test_a_build_that_was_overtaken_stops(published, small_project):
    before = published.rows("select build_id from usage.publication")
    with published.connect() as holder, ThreadPoolExecutor() as threads:
        holder.execute("begin; lock table raw.requests in access exclusive mode")
        building = threads.submit(small_project.build, published.env)
        try:
            with published.connect() as other:
                wait_until(other, IS_WAITING)
                # As the beginning of another build does.
                other.execute("update usage_build.build_plan set build_id = 'another'")
        finally:
            holder.execute("rollback")
    result = building.result()
    assert not result.success
    assert "Another dbt build began while this one ran" in result.output
    assert published.rows("select build_id from usage.publication") == before
