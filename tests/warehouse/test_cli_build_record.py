"""When a second `up` must build again, and when it must not."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.support.checkout import PROJECT_ROOT
from warehouse import build_record
from warehouse.project import ProjectNames, project_fingerprint, project_names

CHANGES = {
    "insert": "insert into raw.calls values (4)",
    "update": "update raw.calls set n = 5 where n = 1",
    "delete": "delete from raw.calls where n = 1",
    "truncate": "truncate raw.calls",
    "new table": "create table raw.more (n int)",
    "replaced table": "drop table raw.calls; create table raw.calls (n int)",
}


@pytest.fixture
def names() -> ProjectNames:
    return replace(project_names(), raw_schemas={"one": "raw"}, serving_schema="serving")


@pytest.fixture
def connection(postgres_server, fresh_database):
    with postgres_server.connect(fresh_database()) as made:
        made.execute("create schema raw; create table raw.calls (n int)")
        made.execute("insert into raw.calls values (1), (2), (3)")
        yield made


def inputs(connection: psycopg.Connection, names: ProjectNames) -> str | None:
    # The server counts rows at the end of a transaction, but tells others at its leisure.
    connection.execute("select pg_stat_force_next_flush()")
    return build_record.inputs(connection, names)


@pytest.mark.database
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_any_change_of_raw_rows_changes_the_inputs(connection, names, change):
    before = inputs(connection, names)
    assert inputs(connection, names) == before
    connection.execute(change)
    assert inputs(connection, names) != before


@pytest.mark.database
@pytest.mark.parametrize(
    "uncounted",
    [
        "create view raw.calls_seen as select * from public.elsewhere",
        "create materialized view raw.calls_kept as select * from public.elsewhere",
        "create table raw.parted (n int) partition by list (n)",
    ],
)
def test_rows_that_are_not_counted_here_are_never_taken_for_unchanged(connection, names, uncounted):
    connection.execute("create table public.elsewhere (n int)")
    assert inputs(connection, names) is not None
    connection.execute(uncounted)
    assert inputs(connection, names) is None


@pytest.mark.database
def test_a_server_that_does_not_count_rows_is_never_taken_for_unchanged(
    postgres_server, fresh_database, names
):
    with postgres_server.connect(fresh_database(), user="postgres") as superuser:
        assert build_record.inputs(superuser, names) is not None
        superuser.execute("set track_counts = off")
        assert build_record.inputs(superuser, names) is None


@pytest.mark.database
def test_rows_of_other_schemas_and_reading_change_nothing(connection, names):
    before = inputs(connection, names)
    connection.execute("create table public.elsewhere as select * from raw.calls")
    connection.execute("analyze raw.calls")
    assert inputs(connection, names) == before


@pytest.mark.database
def test_nothing_is_published_in_an_empty_database(connection, names):
    assert build_record.published_build(connection, names) is None


@pytest.mark.database
def test_the_newest_publication_counts(connection, names):
    connection.execute(
        "create schema serving; create table serving.publication as "
        "select * from (values ('old', timestamptz '2026-01-01'), ('new', '2026-01-03'), "
        "('middle', '2026-01-02')) as build (build_id, published_at)"
    )
    assert build_record.published_build(connection, names) == "new"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("models", "macros", "seeds", "tests/dbt"):
        shutil.copytree(PROJECT_ROOT / name, tmp_path / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT_ROOT / name, tmp_path / name)
    return tmp_path


def edit_model(root: Path) -> None:
    file = next((root / "models").rglob("*.sql"))
    file.write_text(file.read_text() + "\n-- changed")


def rename_macro(root: Path) -> None:
    file = next((root / "macros").rglob("*.sql"))
    file.rename(file.with_name("renamed.sql"))


def remove_seed(root: Path) -> None:
    next((root / "seeds").rglob("*.csv")).unlink()


def add_test(root: Path) -> None:
    (root / "tests" / "dbt" / "never.sql").write_text("select 1 where false")


@pytest.mark.parametrize("change", [edit_model, rename_macro, remove_seed, add_test])
def test_any_change_of_a_file_that_builds_read_changes_the_fingerprint(
    project: Path, change: Callable[[Path], None]
):
    before = project_fingerprint(project)
    assert project_fingerprint(project) == before
    change(project)
    assert project_fingerprint(project) != before


def test_the_fingerprint_does_not_depend_on_where_the_project_lies(project: Path):
    assert project_fingerprint(project) == project_fingerprint(PROJECT_ROOT)


def test_the_names_are_those_of_the_project_file():
    names = project_names()
    assert names.raw_schemas["kaapi"] == "kaapi"
    assert (names.build_schema, names.serving_schema) == ("usage_build", "usage")
