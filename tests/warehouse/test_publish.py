"""Readers see a whole build that passed its tests, or the one before (law 7)."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.small_project import (
    MARTS,
    REQUESTS_PER_TENANT,
    TENANTS,
    SmallProject,
    load_raw_rows,
)
from tests.warehouse.conftest import PublishedDatabase

FIRST_BUILD = {
    "fct_requests": len(TENANTS) * REQUESTS_PER_TENANT,
    "dim_organizations": len(TENANTS),
    "dim_projects": len(TENANTS),
    "dim_providers": 1,
}

# One more row in three of the four marts.
MORE_ROWS = """
insert into raw.organizations values ('kaapi', '3', 'Organization 3', true);
insert into raw.providers values ('google');
insert into raw.requests values ('new', 'kaapi', '3', 1, '2026-02-01', '2026-02-02 03:04:05');
"""
SECOND_BUILD = {
    "fct_requests": FIRST_BUILD["fct_requests"] + 1,
    "dim_organizations": FIRST_BUILD["dim_organizations"] + 1,
    "dim_projects": FIRST_BUILD["dim_projects"],
    "dim_providers": FIRST_BUILD["dim_providers"] + 1,
}

# Passes every data test, but cannot be published: fct_requests has a key in serving only. It is the
# last mart in order, so that all others have been copied when it fails.
DUPLICATE_REQUEST = "insert into raw.requests select * from raw.requests limit 1"

# Everything about published marts that a new build must not change.
SHAPE = """
select 'grant', format('%s: %s', oid::regclass, relacl) from pg_class
where relnamespace = 'usage'::regnamespace and relkind = 'r'
union all
select 'policy', format('%s.%s: %s %s %s', tablename, policyname, cmd, roles, qual) from pg_policies
where schemaname = 'usage'
union all
select 'row security', format('%s: %s', oid::regclass, relrowsecurity) from pg_class
where relnamespace = 'usage'::regnamespace and relkind = 'r'
union all
select 'index', indexdef from pg_indexes where schemaname = 'usage'
union all
select 'constraint', format('%s.%s: %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
from pg_constraint where connamespace = 'usage'::regnamespace
union all
select 'column', format(
    '%s.%s: %s %s %s', attrelid::regclass, attname, atttypid::regtype, attcollation::regcollation,
    col_description(attrelid, attnum)
) from pg_attribute inner join pg_class on pg_class.oid = attrelid
where relnamespace = 'usage'::regnamespace and relkind = 'r' and attnum > 0
union all
select 'comment', format('%s: %s', oid::regclass, obj_description(oid)) from pg_class
where relnamespace = 'usage'::regnamespace and relkind = 'r'
order by 1, 2
"""


def row_counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    counts = {}
    for mart in MARTS:
        row = connection.execute(f"select count(*) from usage.{mart}").fetchone()
        assert row is not None
        counts[mart] = row[0]
    return counts


def counts_in_one_statement(connection: psycopg.Connection[Any]) -> dict[str, int]:
    parts = [f"(select count(*) from usage.{mart})" for mart in MARTS]
    row = connection.execute(f"select {', '.join(parts)}").fetchone()
    assert row is not None
    return dict(zip(MARTS, row, strict=True))


def counts(published: PublishedDatabase) -> dict[str, int]:
    with published.connect() as connection:
        return row_counts(connection)


def publications(published: PublishedDatabase) -> int:
    return int(published.value("select count(*) from usage.publication"))


def assert_untouched(published: PublishedDatabase) -> None:
    """Readers see the first build, and no trace of another is left."""
    assert counts(published) == FIRST_BUILD
    assert publications(published) == 1
    leftovers = published.rows("select relname from pg_class where relname like '%next%'")
    assert leftovers == []


def refusal(output: str) -> str:
    """The one line that says why nothing was published."""
    lines = [line for line in output.splitlines() if "Not published: " in line]
    assert len(lines) == 1, output
    assert lines[0].endswith(("Readers stay on the previous build.", "run dbt build again."))
    return lines[0].partition("Not published: ")[2]


def test_a_published_mart_equals_the_built_one(published):
    assert counts(published) == FIRST_BUILD
    for mart in MARTS:
        built, served = f"usage_build.{mart}", f"usage.{mart}"
        assert published.rows(f"table {built} except all table {served}") == []


def test_a_publication_is_recorded_with_what_it_contains(published):
    recorded = published.rows(
        "select mart_row_counts, dbt_version, build_started_at < published_at "
        "from usage.publication"
    )
    assert [(row[0], row[2]) for row in recorded] == [(FIRST_BUILD, True)]
    assert recorded[0][1].startswith("1.11.")
    sources = published.rows(
        "select source_system, organization_id, newest_row_at::text "
        "from usage.publication_sources inner join usage.publication using (build_id) order by 1, 2"
    )
    assert sources == [(*tenant, "2026-01-01 04:00:00+00") for tenant in TENANTS]


def test_text_of_a_mart_sorts_by_code_point(published):
    collations = published.rows(
        "select distinct collation_name from information_schema.columns "
        "where table_schema = 'usage' and table_name in ('fct_requests', 'dim_organizations') "
        "and data_type = 'text'"
    )
    assert collations == [("C",)]


def test_key_indexes_and_descriptions_come_from_the_spec_sheet(published):
    indexes = published.rows(
        "select regexp_replace(indexdef, '^.* USING ', '') from pg_indexes "
        "where schemaname = 'usage' and tablename = 'fct_requests' order by 1"
    )
    assert indexes == [
        ("btree (organization_id, requested_at) INCLUDE (cost_usd)",),
        ("btree (source_system, request_id)",),
    ]
    assert published.value("select obj_description('usage.fct_requests'::regclass)") == (
        "One row per request; it's a 'test' with 100 % quotes."
    )
    assert published.value("select col_description('usage.fct_requests'::regclass, 1)") == (
        "The request's own id."
    )
    nullable = published.rows(
        "select column_name from information_schema.columns "
        "where table_schema = 'usage' and table_name = 'fct_requests' and is_nullable = 'YES' "
        "order by ordinal_position"
    )
    assert nullable == [("cost_usd",), ("requested_at",), ("source_updated_at",)]


def test_autovacuum_looks_at_every_published_mart(published):
    """It waits while a mart is built only."""
    unwatched = published.rows(
        "select relname from pg_class where relnamespace = 'usage'::regnamespace "
        "and 'autovacuum_enabled=false' = any(reloptions)"
    )
    assert unwatched == []


def test_a_second_build_changes_rows_and_nothing_else(published, small_project):
    shape = published.rows(SHAPE)
    for mart in MARTS:
        grants = next(text for kind, text in shape if kind == "grant" and f".{mart}:" in text)
        assert "usage_warehouse_api=r/" in grants
        assert "usage_warehouse_bi=r/" in grants
    published.execute(MORE_ROWS)
    with published.connect() as listener:
        listener.execute("listen usage_warehouse_published")
        result = small_project.build(published.env)
        heard = [note.payload for note in listener.notifies(timeout=5, stop_after=1)]
    assert result.success, result.output
    assert counts(published) == SECOND_BUILD
    assert published.rows(SHAPE) == shape
    assert publications(published) == 2
    newest = published.rows(
        "select build_id, newest_row_at::text from usage.publication_sources "
        "inner join usage.publication using (build_id) where organization_id = '3' "
        "order by published_at desc limit 1"
    )
    assert newest == [(heard[0], "2026-02-02 03:04:05+00")]


def test_a_file_that_is_parsed_again_and_says_the_same_is_no_change(
    published, small_project: SmallProject, tmp_path: Path
):
    """Dbt keeps what it parsed, and puts last what it parses again."""
    project = small_project.copy(tmp_path / "project")
    project.dbt(published.env, "parse")
    macro = project.root / "macros" / "publish" / "marts.sql"
    macro.write_text("{# Said otherwise. #}\n" + macro.read_text())
    result = project.build(published.env)
    assert result.success, result.output
    assert "Building what raw rows changed" in result.output


def test_a_build_with_a_failed_test_is_not_published(published, small_project):
    published.execute(
        MORE_ROWS + "update raw.requests set cost_usd = null where request_id = 'new'"
    )
    result = small_project.build(published.env)
    assert not result.success
    assert "not everything passed (has_valid_rows_fct_requests_cost_usd)" in refusal(result.output)
    assert "FAIL has_valid_rows in fct_requests: cost_usd is null (1 row)\n" in result.output
    assert_untouched(published)


@pytest.mark.parametrize(
    ("args", "fault"),
    [
        ([], "duplicate key value violates unique constraint"),
        (["--full-refresh"], "could not create unique index"),
    ],
)
def test_a_build_that_fails_in_mid_publication_leaves_no_trace(
    published, small_project, args, fault
):
    published.execute(MORE_ROWS + DUPLICATE_REQUEST)
    result = small_project.build(published.env, *args)
    assert not result.success
    assert fault in result.output
    assert_untouched(published)


def test_a_build_that_fails_in_the_last_step_of_publishing_leaves_no_trace(
    published, small_project
):
    published.execute(
        "create function public.stop() returns trigger language plpgsql as "
        "$$ begin raise exception 'stopped at the end'; end $$;"
        "create trigger stop before insert on usage.publication execute function public.stop();"
        + MORE_ROWS
    )
    result = small_project.build(published.env)
    assert not result.success
    assert "stopped at the end" in result.output
    assert_untouched(published)


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["--select", "+fct_requests"], "a build of some marts only (without dim_organizations"),
        (["--exclude", "test_type:data"], "some data tests did not run (has_valid_rows_"),
        (["--empty"], "a build without rows"),
        (["--sample", "3 days"], "a build of some rows"),
    ],
)
def test_a_build_of_less_than_everything_is_not_published(published, small_project, args, reason):
    published.execute(MORE_ROWS)
    result = small_project.build(published.env, *args)
    assert result.success, result.output
    assert reason in refusal(result.output)
    assert_untouched(published)


@pytest.mark.parametrize("command", ["run", "test"])
def test_other_commands_neither_publish_nor_speak_of_it(published, small_project, command):
    published.execute(MORE_ROWS)
    result = small_project.dbt(published.env, command)
    assert result.success, result.output
    assert "ublish" not in result.output
    assert_untouched(published)


def test_readers_see_the_old_build_until_the_new_one_is_complete(published, small_project):
    published.execute(MORE_ROWS)
    with published.connect() as holder, published.connect() as reader:
        # A query that has begun on the old build keeps its table; publishing must wait for it.
        holder.execute("begin; select from usage.dim_providers")
        building = BuildInBackground(small_project, published, "--full-refresh")
        try:
            wait_for(lambda: is_waiting_for_readers(published))
            assert counts_in_one_statement(reader) == FIRST_BUILD
        finally:
            holder.execute("commit")
        seen = [FIRST_BUILD]
        while building.is_running():
            seen.append(counts_in_one_statement(reader))
        result = building.result()
        seen.append(counts_in_one_statement(reader))
    assert result.success, result.output
    turn = seen.index(SECOND_BUILD)
    assert seen == [FIRST_BUILD] * turn + [SECOND_BUILD] * (len(seen) - turn)


def test_publishing_gives_up_on_a_reader_that_does_not_end(published, small_project):
    published.execute(MORE_ROWS)
    with published.connect() as holder:
        holder.execute("begin; select from usage.dim_providers")
        pid = holder.info.backend_pid
        result = small_project.build(
            published.env, "--full-refresh", "--vars", "publish_patience_seconds: 0"
        )
    assert not result.success
    reason = refusal(result.output)
    assert f"for more than 0 seconds (process {pid} of usage_warehouse)" in reason
    assert_untouched(published)


def test_two_builds_do_not_publish_at_once(published, small_project):
    with published.connect() as other:
        other.execute("begin; select pg_advisory_xact_lock(hashtextextended('publish usage', 0))")
        result = small_project.build(published.env)
    assert not result.success
    assert "another dbt build is publishing into schema usage" in refusal(result.output)
    assert_untouched(published)


def test_views_of_others_survive_and_show_the_new_build(published, small_project):
    published.execute(
        "create schema bi;"
        "create view bi.cost as select organization_id, sum(cost_usd) from usage.fct_requests "
        "group by 1;"
        "create function bi.name(usage.dim_providers) returns text return $1.provider;" + MORE_ROWS
    )
    objects = (
        "select array_agg(oid order by oid) from pg_class "
        "where relnamespace = 'usage'::regnamespace and relname like 'fct_requests%'"
    )
    table_and_indexes = published.value(objects)
    shape = published.rows(SHAPE)
    result = small_project.build(published.env)
    assert result.success, result.output
    assert counts(published) == SECOND_BUILD
    assert published.value("select sum from bi.cost where organization_id = '3'") == 1
    assert published.value("select count(bi.name(p)) from usage.dim_providers as p") == 2
    assert published.value(objects) == table_and_indexes
    assert published.rows(SHAPE) == shape


def test_what_others_hung_on_a_mart_stays(published, small_project):
    # One thing per mart, as a mart that is kept for one thing keeps all others with it.
    published.execute(
        "create index analyst on usage.fct_requests (cost_usd);"
        "create policy auditor on usage.dim_organizations to public using (true);"
        "grant select on usage.dim_projects to pg_monitor;"
        "grant select (provider) on usage.dim_providers to pg_monitor;" + MORE_ROWS
    )
    result = small_project.build(published.env)
    assert result.success, result.output
    assert counts(published) == SECOND_BUILD
    kept = published.rows(
        "select to_regclass('usage.analyst') is not null, "
        "exists (select from pg_policies where policyname = 'auditor'), "
        "has_table_privilege('pg_monitor', 'usage.dim_projects', 'select'), "
        "has_column_privilege('pg_monitor', 'usage.dim_providers', 'provider', 'select')"
    )
    assert kept == [(True, True, True, True)]


def test_changed_columns_are_refused_by_name_while_a_view_needs_the_old(
    published, small_project: SmallProject, tmp_path: Path
):
    published.execute("create view public.cost as select cost_usd from usage.fct_requests")
    changed = small_project.copy(tmp_path / "changed")
    changed.edit_spec(
        "source_updated_at, data_type: timestamptz}",
        "source_updated_at, data_type: timestamptz}\n      - {name: note, data_type: string}",
    )
    model = changed.models / "fct_requests.sql"
    model.write_text("select *, cast('x' as text) as note from raw.requests")

    result = changed.build(published.env)
    assert not result.success
    assert "the columns of fct_requests changed" in refusal(result.output)
    assert "view cost" in refusal(result.output)
    assert_untouched(published)

    published.execute("drop view public.cost")
    assert changed.build(published.env).success
    assert published.value("select distinct note from usage.fct_requests") == "x"


def test_changed_indexes_reach_a_mart_that_keeps_its_table(
    published, small_project: SmallProject, tmp_path: Path
):
    published.execute("create view public.cost as select cost_usd from usage.fct_requests")
    changed = small_project.copy(tmp_path / "changed")
    changed.edit_spec("[organization_id, requested_at], include: [cost_usd]", "[requested_at]")
    changed.edit_spec("[source_system, request_id]", "[request_id]")
    result = changed.build(published.env)
    assert result.success, result.output
    indexes = published.rows(
        "select regexp_replace(indexdef, '^.* USING ', '') from pg_indexes "
        "where schemaname = 'usage' and tablename = 'fct_requests' order by 1"
    )
    assert indexes == [("btree (request_id)",), ("btree (requested_at)",)]


def test_a_key_in_another_order_waits_for_those_who_refer_to_it(
    published, small_project: SmallProject, tmp_path: Path
):
    published.execute(
        "create table public.note (source_system text, request_id text, foreign key "
        "(source_system, request_id) references usage.fct_requests (source_system, request_id) "
        "deferrable initially deferred);"
        "insert into public.note select source_system, request_id from usage.fct_requests;"
        + MORE_ROWS
    )
    changed = small_project.copy(tmp_path / "changed")
    key = "[source_system, request_id]"
    changed.edit_spec(key, f"{key}\n        key_index: [request_id, source_system]")

    def built_key() -> str:
        result = changed.build(published.env, "--full-refresh")
        assert result.success, result.output
        assert counts(published) == SECOND_BUILD
        return published.value(
            "select regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', '') from pg_index "
            "where indrelid = 'usage.fct_requests'::regclass and indisprimary"
        )

    assert built_key() == "btree (source_system, request_id)"
    published.execute("drop table public.note")
    assert built_key() == "btree (request_id, source_system)"


def test_sources_of_old_builds_are_forgotten_and_the_builds_are_not(published, small_project):
    published.execute(
        "update usage.publication set published_at = published_at - interval '31 days';"
        "insert into usage.publication select 'recent', published_at + interval '2 days', "
        "build_started_at, dbt_version, mart_row_counts from usage.publication;"
        "insert into usage.publication_sources values ('recent', 'kaapi', '1', null)"
    )
    assert small_project.build(published.env).success
    kept = published.rows("select build_id, count(*) from usage.publication_sources group by 1")
    assert len(kept) == 2
    assert ("recent", 1) in kept
    assert publications(published) == 3


def test_the_newest_of_many_builds_is_found_without_reading_the_others(published):
    published.execute(
        "insert into usage.publication select 'build ' || number, published_at - number * interval "
        "'1 minute', build_started_at, dbt_version, mart_row_counts "
        "from usage.publication, generate_series(1, 2000) as number;"
        "analyze usage.publication"
    )
    plan = published.rows(
        "explain select build_id from usage.publication order by published_at desc limit 1"
    )
    assert any("Index Scan Backward using publication_by_time" in line for (line,) in plan), plan


def test_a_mart_that_is_gone_is_taken_away_unless_someone_uses_it(
    published, small_project: SmallProject, tmp_path: Path
):
    published.execute("create view public.names as select provider from usage.dim_providers")
    smaller = small_project.copy(tmp_path / "smaller")
    (smaller.models / "dim_providers.sql").unlink()
    smaller.edit_spec(
        "  - name: dim_providers\n    columns:\n      - {name: provider, data_type: string}\n", ""
    )
    result = smaller.build(published.env)
    assert not result.success
    assert "dim_providers is no mart of this project any more" in refusal(result.output)
    assert "view names" in refusal(result.output)
    assert_untouched(published)

    published.execute("drop view public.names")
    assert smaller.build(published.env).success
    assert published.value("select to_regclass('usage.dim_providers')") is None


def test_a_table_of_someone_else_is_not_replaced(
    postgres_server, fresh_database, small_project: SmallProject
):
    name = fresh_database()
    with postgres_server.connect(name) as connection:
        load_raw_rows(connection)
        connection.execute("create schema usage; create table usage.dim_projects as select 1 as a")
        result = small_project.build(postgres_server.env(name))
        assert not result.success
        assert '"usage"."dim_projects" exists and was not published' in refusal(result.output)
        assert connection.execute("table usage.dim_projects").fetchall() == [(1,)]


def test_an_index_on_a_missing_column_is_refused_by_name(
    published, small_project: SmallProject, tmp_path: Path
):
    changed = small_project.copy(tmp_path / "changed")
    changed.edit_spec("include: [cost_usd]", "include: [price]")
    result = changed.build(published.env)
    assert not result.success
    assert "an index or key of fct_requests names the column price" in refusal(result.output)
    assert_untouched(published)


def test_a_fact_without_tenant_is_refused(published, small_project: SmallProject, tmp_path: Path):
    changed = small_project.copy(tmp_path / "changed")
    (changed.models / "fct_totals.sql").write_text("select cast(1 as bigint) as requests")
    sheet = changed.models / "marts.yml"
    sheet.write_text(
        sheet.read_text()
        + "  - {name: fct_totals, columns: [{name: requests, data_type: bigint}]}\n"
    )
    result = changed.build(published.env)
    assert not result.success
    assert "fct_totals has no source_system and organization_id" in refusal(result.output)
    assert_untouched(published)


ONE_SCHEMA_TWICE = (
    "{build_schema: usage_build, serving_schema: usage_build, access_schema: a, history_schema: h}"
)


def test_schemas_must_differ(published, small_project):
    result = small_project.build(published.env, "--vars", ONE_SCHEMA_TWICE)
    assert not result.success
    assert "must be four different schemas" in refusal(result.output)


def test_a_reader_role_that_row_security_does_not_hold_is_refused(published, small_project):
    with published.connect("postgres") as superuser:
        superuser.execute("create role too_strong bypassrls")
        try:
            result = small_project.build(published.env, "--vars", "api_role: too_strong")
        finally:
            superuser.execute("drop role too_strong")
    assert not result.success
    assert "too_strong is not held by row-level security" in result.output
    assert_untouched(published)


class BuildInBackground:
    """A `dbt build` in a thread."""

    def __init__(self, project: SmallProject, published: PublishedDatabase, *args: str) -> None:
        self._results: list[Any] = []
        self._thread = threading.Thread(
            target=lambda: self._results.append(project.build(published.env, *args))
        )
        self._thread.start()

    def is_running(self) -> bool:
        return self._thread.is_alive()

    def result(self) -> Any:
        self._thread.join()
        return self._results[0]


def is_waiting_for_readers(published: PublishedDatabase) -> bool:
    return bool(
        published.value(
            "select exists (select from pg_locks where not granted and database = "
            "(select oid from pg_database where datname = current_database()) "
            "and mode = 'AccessExclusiveLock')"
        )
    )


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it did not happen"
        time.sleep(0.01)
