"""When a second `up` must build again, and when it must not."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.support.checkout import PROJECT_ROOT
from warehouse import build_record
from warehouse.build_record import MadeFrom, Published
from warehouse.project import ProjectNames, project_fingerprint, project_names
from warehouse.raw_tables import RawTable, raw_tables

CHANGES = {
    "insert": "insert into raw.calls values (4)",
    "update": "update raw.calls set n = 5 where n = 1",
    "delete": "delete from raw.calls where n = 1",
    "truncate": "truncate raw.calls",
    "new table": "create table raw.more (n int)",
    "replaced table": "drop table raw.calls; create table raw.calls (n int)",
    "new column": "alter table raw.calls add column m int",
    "partition": "insert into raw.parted values (1)",
    "new partition": "create table raw.parted_2 partition of raw.parted for values in (2)",
}
TABLES = [RawTable("raw", "calls"), RawTable("raw", "more"), RawTable("raw", "parted")]


@pytest.fixture
def names() -> ProjectNames:
    return replace(project_names(), raw_schemas={"one": "raw"}, serving_schema="serving")


@pytest.fixture
def connection(postgres_server, fresh_database):
    with postgres_server.connect(fresh_database()) as made:
        made.execute("create schema raw; create table raw.calls (n int)")
        made.execute("insert into raw.calls values (1), (2), (3)")
        made.execute("create table raw.parted (n int) partition by list (n)")
        made.execute("create table raw.parted_1 partition of raw.parted for values in (1)")
        yield made


def digest(connection: psycopg.Connection) -> str | None:
    # The server counts rows at the end of a transaction, but tells others at its leisure.
    connection.execute("select pg_stat_force_next_flush()")
    return build_record.digest_of_states(connection, TABLES)


@pytest.mark.database
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_any_change_of_raw_rows_changes_the_digest(connection, change):
    before = digest(connection)
    assert before is not None
    assert digest(connection) == before
    connection.execute(change)
    assert digest(connection) != before


@pytest.mark.database
@pytest.mark.parametrize(
    "uncounted",
    [
        "create view raw.more as select * from public.elsewhere",
        "create materialized view raw.more as select * from public.elsewhere",
    ],
)
def test_rows_that_are_not_counted_here_are_never_taken_for_unchanged(connection, uncounted):
    connection.execute("create table public.elsewhere (n int)")
    assert digest(connection) is not None
    connection.execute(uncounted)
    assert digest(connection) is None


@pytest.mark.database
def test_a_server_that_does_not_count_rows_is_never_taken_for_unchanged(
    postgres_server, fresh_database
):
    with postgres_server.connect(fresh_database(), user="postgres") as superuser:
        assert build_record.digest_of_states(superuser, TABLES) is not None
        superuser.execute("set track_counts = off")
        assert build_record.digest_of_states(superuser, TABLES) is None


@pytest.mark.database
def test_rows_of_other_tables_and_reading_change_nothing(connection):
    before = digest(connection)
    connection.execute("create table raw.elsewhere as select * from raw.calls")
    connection.execute("analyze raw.calls")
    assert digest(connection) == before


def test_the_raw_tables_are_those_of_the_sources_that_are_built():
    names = project_names()
    everything = raw_tables(names)
    logs = RawTable("litellm", "LiteLLM_SpendLogs", "startTime", "litellm.spend_logs")
    assert logs in everything
    assert RawTable("kaapi", "organization", None, "kaapi.organization") in everything
    only = replace(names, raw_schemas={"kaapi": "elsewhere"})
    assert {table.schema for table in raw_tables(only)} == {"elsewhere"}


@pytest.mark.parametrize(
    ("made_from", "is_current", "has_same_seeds"),
    [
        (MadeFrom("files", {"one.calls": "columns: rows"}, "seeds", 0), True, True),
        (MadeFrom("others", {"one.calls": "columns: rows"}, "seeds", 0), False, False),
        (MadeFrom("files", {"one.calls": "columns: others"}, "seeds", 0), False, True),
        (MadeFrom("files", {"one.calls": "columns: rows"}, "others", 0), True, False),
        (MadeFrom("files", {"one.calls": "columns: rows"}, "seeds", 1), False, True),
        (None, False, False),
    ],
)
def test_what_need_not_be_done_again(made_from, is_current, has_same_seeds):
    published = Published("build", made_from)
    now = MadeFrom("files", {"one.calls": "columns: rows"}, "seeds", 0)
    assert build_record.is_current(published, now) == is_current
    assert build_record.has_same_seeds(published, now) == has_same_seeds


@pytest.mark.parametrize(
    ("made_from", "changed"),
    [
        (MadeFrom("files", {"one.calls": "c: 1", "one.more": "c: 1"}, "seeds", 0), []),
        (MadeFrom("files", {"one.calls": "c: 0", "one.more": "c: 1"}, "seeds", 0), ["one.calls"]),
        (MadeFrom("files", {"one.calls": "d: 1", "one.more": "c: 1"}, "seeds", 0), None),
        (MadeFrom("files", {"one.calls": "c: 1"}, "seeds", 0), None),
        (MadeFrom("others", {"one.calls": "c: 1", "one.more": "c: 1"}, "seeds", 0), None),
        (MadeFrom("files", {"one.calls": "c: 1", "one.more": "c: 1"}, "others", 0), None),
        (MadeFrom("files", {"one.calls": "c: 1", "one.more": "c: 1"}, "seeds", 1), None),
        (None, None),
    ],
)
def test_which_sources_changed(made_from, changed):
    now = MadeFrom("files", {"one.calls": "c: 1", "one.more": "c: 1"}, "seeds", 0)
    assert build_record.changed_sources(Published("build", made_from), now) == changed


def test_what_is_not_counted_is_never_taken_for_unchanged():
    unknown = MadeFrom("files", {"one.calls": None}, None, 0)
    assert not build_record.is_current(Published("build", unknown), unknown)
    assert not build_record.has_same_seeds(Published("build", unknown), unknown)


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
    assert build_record.published_build(connection, names) == Published("new", None)


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
