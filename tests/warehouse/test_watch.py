"""`usage-warehouse watch` and `build`: they build what changed, and only then."""

import json
import re
import signal
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.dbt import run_dbt
from tests.support.usage_project import RAW_USAGE, add_usage
from tests.support.watched_project import WatchedProject, write_watched_project
from warehouse.extent import RECONCILED

pytestmark = pytest.mark.database

ENDED_SECONDS = 10
COUNTED_SECONDS = 11  # within which the server hands in what it counted


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> WatchedProject:
    return write_watched_project(tmp_path_factory.mktemp("watched") / "checkout")


@pytest.fixture(scope="module")
def env(postgres_server, module_database, project) -> dict[str, str]:
    """A database with one request, built and published."""
    name = module_database()
    with postgres_server.connect(name) as connection:
        connection.execute(RAW_USAGE)
        add_usage(connection, "first", "2026-01-01")
    env: dict[str, str] = postgres_server.env(name)
    status, said = project.run(env, "build")
    assert status == 0, said
    return env


@pytest.fixture
def connection(env, postgres_server) -> Iterator[psycopg.Connection[Any]]:
    with postgres_server.connect(env["PGDATABASE"]) as made:
        yield made


def published(connection: psycopg.Connection[Any]) -> tuple[int, int]:
    """How often was published, and how many requests readers see."""
    row = connection.execute(
        "select (select count(*) from usage.publication), (select count(*) from usage.fct_requests)"
    ).fetchone()
    assert row is not None
    return row


def has_sessions_left(connection: psycopg.Connection[Any]) -> bool:
    """Whether sessions but this one are left; the server takes a moment to end one."""
    deadline = time.monotonic() + ENDED_SECONDS
    while time.monotonic() < deadline:
        found = connection.execute(
            "select from pg_stat_activity where datname = current_database() "
            "and pid <> pg_backend_pid() and backend_type = 'client backend'"
        ).fetchall()
        if not found:
            return False
        time.sleep(0.1)
    return True


def waits_for_raw_rows(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(
        "select exists (select from pg_locks "
        "where not granted and relation = cast('raw.usage' as regclass))"
    ).fetchone()
    assert row is not None
    return bool(row[0])


def test_a_build_of_nothing_new_does_nothing_wherever_it_is_started(project, env, connection):
    builds, _ = published(connection)
    status, said = project.run(env, "build")
    assert (status, said) == (0, "the published build is current: nothing to build\n")
    (project.root / "target" / "usage_warehouse_manifests.json").unlink()
    status, said = project.run(env, "build")
    assert status == 0
    assert "nothing to build" in said
    assert published(connection)[0] == builds


def test_a_build_beside_another_says_whose_that_is(project, env, connection):
    connection.execute("set application_name = 'the nightly build'")
    connection.execute("select pg_advisory_lock(hashtextextended('build usage_build', 0))")
    status, said = project.run(env, "build", "--full-refresh")
    assert status == 1
    assert "error [BUILD_RUNNING]" in said
    assert "the nightly build (process" in said


def test_plain_dbt_is_kept_out_by_the_lock_too(project, env, connection):
    connection.execute("select pg_advisory_lock(hashtextextended('build usage_build', 0))")
    target = project.root / "target"
    ended = run_dbt(["build"], env, target, project_dir=project.root)
    assert not ended.success
    assert "Another dbt build is running into schema usage_build" in ended.output


def lines_of_status(project: WatchedProject, env: dict[str, str]) -> tuple[int, dict[str, str]]:
    status, said = project.run(env, "status")
    return status, {line[:11].strip(): line[11:] for line in said.splitlines()}


def test_a_build_that_only_looks_otherwise_is_remembered_too(project, env, connection):
    add_usage(connection, "quiet", "2026-01-01 12:00")
    connection.execute("select pg_stat_force_next_flush()")
    assert project.run(env, "build", "--quiet", "--threads", "1")[0] == 0
    assert "nothing to build" in project.run(env, "build")[1]


def test_status_says_what_is_published_and_what_it_cannot_tell(project, env, connection):
    status, lines = lines_of_status(project, env)
    assert status == 0
    (build_id, mode), requests = (
        connection.execute(
            "select build_id, mode from usage.publication order by published_at desc limit 1"
        ).fetchone(),
        published(connection)[1],
    )
    assert lines["build"] == f"{build_id} is published, made from what lies here now"
    assert lines["published"].endswith(f", {mode} build")
    assert f"fct_requests {requests}" in lines["rows"]
    assert lines["reconciled"] == "unknown: fct_cost_reconciliation is not published"
    assert lines["failures"] == "none since the published build"

    made_from = connection.execute(
        "select made_from from usage.publication where build_id = %s", [build_id]
    ).fetchone()[0]
    connection.execute("update usage.publication set made_from = null")
    _, lines = lines_of_status(project, env)
    assert "unknown whether older than the files or raw rows here" in lines["build"]
    found = json.loads(project.run(env, "status", "--json")[1])
    assert found["build"]["value"] == {"id": build_id, "is_current": None}
    assert found["rows"]["value"]["fct_requests"] == requests
    connection.execute(
        "update usage.publication set made_from = %s where build_id = %s",
        [json.dumps(made_from), build_id],
    )


def test_a_build_that_is_refused_says_why_and_is_remembered(project, env, connection):
    add_usage(connection, "refused", "2026-01-01 13:00")
    connection.execute("select pg_stat_force_next_flush()")
    database = env["PGDATABASE"]
    connection.execute(f'revoke temporary on database "{database}" from public, usage_warehouse')
    try:
        status, said = project.run(env, "build")
    finally:
        connection.execute(f'grant temporary on database "{database}" to public, usage_warehouse')
    assert status == 1
    last = said.splitlines()[-1]
    assert last.startswith("error [DBT_FAILED]: `dbt build")
    assert "[PRIVILEGE_TEMPORARY]" in last
    _, lines = lines_of_status(project, env)
    assert lines["build"].endswith("older than the raw rows here")
    assert lines["failures"].startswith("1 since the published build; at ")
    assert "usage-warehouse build: " in lines["failures"]
    assert "[PRIVILEGE_TEMPORARY]" in lines["failures"]
    assert project.run(env, "build")[0] == 0
    assert lines_of_status(project, env)[1]["failures"] == "none since the published build"


def test_a_second_analyst_is_told_in_one_line_what_is_missing(
    project, env, connection, postgres_server
):
    with postgres_server.cluster.connect() as superuser:
        superuser.execute("create role second_analyst login password 'second'")
    theirs = {
        **env,
        "PGHOST": postgres_server.tcp_host,
        "PGUSER": "second_analyst",
        "PGPASSWORD": "second",
    }
    try:
        status, lines = lines_of_status(project, theirs)
        listed, said = project.run(theirs, "keys", "list")
    finally:
        with postgres_server.cluster.connect() as superuser:
            superuser.execute("drop role second_analyst")
    remedy = 'let an administrator run: grant "usage_warehouse" to "second_analyst"'
    assert status == 1
    assert lines["build"].startswith("unknown: the login second_analyst may not do this (")
    assert lines["build"].endswith(remedy)
    assert listed == 1
    assert said.startswith("error [DATABASE_PRIVILEGE]: the login second_analyst may not")
    assert said.endswith(f"{remedy}\n")


def test_a_watch_publishes_what_changes_and_nothing_else(project, env, connection):
    builds, requests = published(connection)
    with project.watch(env) as watch:
        watch.wait_for("made of what lies here now")
        time.sleep(COUNTED_SECONDS)
        assert published(connection) == (builds, requests)

        add_usage(connection, "second", "2026-01-02")
        watch.wait_until(lambda: published(connection)[1] == requests + 1, "new request")
        watch.wait_for("published")
        assert "changed: raw.usage; building" in watch.text

        _a_failing_test_backs_off_and_heals(
            watch, connection, lambda: project.run(env, "status")[1]
        )
        _rows_that_changed_unnoticed_are_looked_for(watch, connection)
        _a_lost_connection_is_made_again(watch, connection)
        assert watch.stop() == 0
    assert watch.lines[-1].endswith(" stopped\n")
    assert not has_sessions_left(connection)


def _a_failing_test_backs_off_and_heals(watch, connection, status) -> None:
    before = published(connection)
    add_usage(connection, "wrong", "2026-01-03", cost_usd=-1)
    watch.wait_for("not built, next try in 5 s: no_costs_below_zero")
    assert published(connection) == before
    assert re.search(
        r"^failures +1 since the published build; at .*, usage-warehouse watch: no_costs_below",
        status(),
        re.MULTILINE,
    )
    connection.execute("delete from raw.usage where request_id = 'wrong'")
    count = watch.text.count(" published ")
    watch.wait_for(" published ", count + 1)
    assert published(connection)[1] == before[1]


def _rows_that_changed_unnoticed_are_looked_for(watch, connection) -> None:
    requests, count = published(connection)[1], watch.text.count(" published ")
    add_usage(connection, "unnoticed", "2026-01-03")
    watch.wait_for(f"not built, next try in 5 s: {RECONCILED}")
    watch.wait_for(" published ", count + 1)
    assert published(connection)[1] == requests + 1
    connection.execute("delete from raw.usage where request_id = 'unnoticed'")
    watch.wait_for(" published ", count + 2)
    assert published(connection)[1] == requests


def _a_lost_connection_is_made_again(watch, connection) -> None:
    requests = published(connection)[1]
    connection.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()"
    )
    watch.wait_for("waiting, as this is in the way")
    add_usage(connection, "after the loss", "2026-01-04")
    watch.wait_until(lambda: published(connection)[1] == requests + 1, "request after the loss")


def test_a_stop_within_a_build_leaves_nothing_behind(project, env, connection, postgres_server):
    connection.execute("update raw.usage set total_tokens = total_tokens + 1")
    before = published(connection)
    with project.watch(env) as watch:
        with postgres_server.connect(env["PGDATABASE"]) as writer, writer.transaction():
            # Holds the build up in its first model.
            writer.execute("lock table raw.usage in access exclusive mode")
            watch.wait_until(lambda: waits_for_raw_rows(connection), "build that waits")
            assert watch.stop(signal.SIGTERM) == 0
        assert watch.lines[-1].endswith(" stopped\n")
        assert not has_sessions_left(connection)
    assert published(connection) == before
    status, said = project.run(env, "watch", "--once")
    assert status == 0, said
    assert published(connection)[0] == before[0] + 1
