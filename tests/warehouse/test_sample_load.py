"""Loading sample rows: the same rows everywhere, all or nothing, and only where it may."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest

from tests.reference.raw_kaapi import COLUMNS
from warehouse.errors import WarehouseError
from warehouse.sample import load_sample, schema_load
from warehouse.sample.kaapi.source import KaapiSample
from warehouse.sample.registry import SOURCES

UNTIL = datetime(2026, 3, 31, 12, 34, 56, 789_000, tzinfo=UTC)
ROWS = 1_000

pytestmark = pytest.mark.database


@pytest.fixture
def connection(postgres_server, fresh_database):
    with postgres_server.connect(fresh_database("sample")) as connection:
        yield connection


@pytest.fixture(scope="module")
def module_connection(postgres_server, module_database):
    with postgres_server.connect(module_database("sample")) as connection:
        yield connection


def load(connection, schema="kaapi", rows=ROWS, seed=1, until=UNTIL, **more):
    return load_sample(connection, "kaapi", rows, seed, until, schema, **more)


def checksum(connection, schema):
    """One digest of every value of every table, whatever order the rows lie in."""
    digests = []
    with connection.transaction():
        connection.execute("set local datestyle to iso")
        connection.execute("set local timezone to 'UTC'")
        for table in COLUMNS:
            digests += connection.execute(
                f"select md5(string_agg(row_text, chr(10) order by cast(row_text as bytea)))"
                f" from (select cast(t as text) as row_text from {schema}.{table} as t) as rows"
            ).fetchone()
    return digests


def schemas(connection):
    return {name for (name,) in connection.execute("select nspname from pg_namespace")}


def one(connection, query):
    return connection.execute(query).fetchone()


# ---- the rows ------------------------------------------------------------------------------


def test_asked_number_of_calls_is_exact_and_the_rest_scales_with_it(module_connection):
    for rows in (1_000, 1_001, 20_000):
        counts = load(module_connection, f"size_{rows}", rows).row_counts
        assert counts["llm_call"] == rows
        assert counts["llm_chain"] == rows // 20
        assert counts["evaluation_run"] == max(rows // 200, 74)
        assert counts["organization"] == (8 if rows < 10_000 else 10)
        assert counts["organization"] <= counts["project"] <= 6 * counts["organization"]


def test_columns_and_their_types_are_those_of_the_definitions(module_connection):
    load(module_connection, "typed")
    found = {}
    for table, column, data_type in module_connection.execute(
        "select relname, attname, format_type(atttypid, atttypmod)"
        " from pg_class inner join pg_attribute on attrelid = pg_class.oid"
        " where relnamespace = cast('typed' as regnamespace) and relkind = 'r' and attnum > 0"
        " order by relname, attnum"
    ):
        found.setdefault(table, {})[column] = data_type
    spelled_out = {"varchar": "character varying", "timestamp": "timestamp without time zone"}
    expected = {
        table: {
            column: data_type.replace("primary key", "").strip()
            for column, data_type in columns.items()
        }
        for table, columns in COLUMNS.items()
    }
    for columns in expected.values():
        for column, data_type in columns.items():
            for short, full in spelled_out.items():
                data_type = data_type.replace(short, full)
            columns[column] = data_type
    assert found == expected
    assert list(found["llm_call"]) == list(COLUMNS["llm_call"])


def test_nullable_columns_are_those_of_the_definitions_and_free_texts(module_connection):
    load(module_connection, "typed")
    nullable = {
        f"{table}.{column}"
        for table, column in module_connection.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'typed' and is_nullable = 'YES'"
        )
    }
    assert nullable == {
        "llm_call.chain_id",
        "llm_call.output_type",
        "llm_call.provider_response_id",
        "llm_call.conversation_id",
        "llm_call.usage",
        "llm_call.deleted_at",
        "llm_chain.error",
        "llm_chain.block_sequences",
        "llm_chain.total_usage",
        "evaluation_run.providers",
        "evaluation_run.config_id",
        "evaluation_run.config_version",
        "evaluation_run.error_message",
        "evaluation_run.cost",
        "config_version.commit_message",
        "config_version.deleted_at",
        "model_config.pricing",
    }


def test_keys_are_those_of_the_definitions(module_connection):
    load(module_connection, "typed")
    keys = {
        (table, definition)
        for table, definition in module_connection.execute(
            "select relname, pg_get_constraintdef(pg_constraint.oid)"
            " from pg_constraint inner join pg_class on conrelid = pg_class.oid"
            " where relnamespace = cast('typed' as regnamespace) and contype in ('p', 'u', 'f')"
        )
    }
    assert keys == {
        *((table, "PRIMARY KEY (id)") for table in COLUMNS),
        ("config_version", "UNIQUE (config_id, version)"),
        ("model_config", "UNIQUE (provider, model_name)"),
    }


def test_history_spans_more_than_the_default_window_and_ends_at_until(module_connection):
    load(module_connection, "history", 20_000)
    for table in ("llm_call", "llm_chain", "evaluation_run"):
        first, last, latest_update, months = one(
            module_connection,
            "select min(inserted_at), max(inserted_at), max(updated_at),"
            f" count(distinct date_trunc('month', inserted_at)) from history.{table}",
        )
        until = UNTIL.replace(tzinfo=None)
        assert first < datetime(2024, 3, 1) < last <= until, table  # noqa: DTZ001
        assert latest_update <= until, table
        assert months >= (24 if table == "evaluation_run" else 26), table
    (too_late,) = one(
        module_connection,
        "select count(*) from history.llm_call where deleted_at not between inserted_at and"
        " cast('2026-03-31 12:34:56.789' as timestamp)",
    )
    assert too_late == 0


def test_traffic_grows_and_rests_at_night_and_at_weekends(module_connection):
    load(module_connection, "history", 20_000)
    old, new, night, day, weekend, week = one(
        module_connection,
        """
        select
            count(*) filter (where inserted_at < '2024-08-01'),
            count(*) filter (where inserted_at >= '2025-10-01'),
            count(*) filter (where extract(hour from inserted_at) < 3),
            count(*) filter (where extract(hour from inserted_at) between 11 and 13),
            count(*) filter (where extract(isodow from inserted_at) >= 6),
            count(*) filter (where extract(isodow from inserted_at) < 6)
        from history.llm_call
        """,
    )
    assert new > 2 * old
    assert day > 4 * night
    assert week > 4 * weekend


def test_tenants_differ_in_size_and_every_row_lies_in_a_project_of_its_organisation(
    module_connection,
):
    load(module_connection, "history", 20_000)
    for table in ("llm_call", "llm_chain", "evaluation_run"):
        (strays,) = one(
            module_connection,
            f"select count(*) from history.{table} as t left join history.project as p"
            " on p.id = t.project_id and p.organization_id = t.organization_id"
            " where p.id is null",
        )
        assert strays == 0, table
    largest, smallest, tenants = one(
        module_connection,
        "select max(calls), min(calls), count(*) from (select count(*) as calls"
        " from history.llm_call group by organization_id) as sizes",
    )
    assert largest > 5 * smallest
    assert tenants == 9  # of ten: the last one is silent


def test_chains_name_their_calls_in_order(module_connection):
    load(module_connection, "history", 20_000)
    wrong, chained = one(
        module_connection,
        """
        select
            count(*) filter (where calls.ids is distinct from llm_chain.block_sequences),
            count(calls.ids)
        from history.llm_chain
        left join (
            select chain_id, jsonb_agg(cast(id as text) order by inserted_at) as ids
            from history.llm_call where chain_id is not null group by chain_id
        ) as calls on calls.chain_id = llm_chain.id
        where
            coalesce(llm_chain.error, '') not like 'awkward/%'
            and llm_chain.number_of_blocks_processed > 0
            -- Calls squeezed into the last instant tie.
            and llm_chain.inserted_at < '2026-03-31'
        """,
    )
    assert wrong == 0
    assert chained > 900


# ---- determinism ---------------------------------------------------------------------------


def test_same_parameters_give_the_same_content_and_another_seed_other_content(module_connection):
    for schema, seed in (("once", 7), ("again", 7), ("other", 8)):
        load(module_connection, schema, 1_500, seed)
    once, again, other = (
        checksum(module_connection, schema) for schema in ("once", "again", "other")
    )
    assert once == again
    assert not set(once) & set(other) - {once[0], once[-1]}  # tenants and prices have no seed


def test_content_does_not_depend_on_session_settings_or_chunks(
    module_connection, postgres_server, monkeypatch
):
    load(module_connection, "plain", 1_500)
    monkeypatch.setitem(SOURCES, "kaapi", KaapiSample(chunk_rows=37))
    with postgres_server.connect(module_connection.info.dbname) as odd:
        for setting in (
            "timezone to 'Asia/Kathmandu'",
            "datestyle to 'SQL, DMY'",
            "intervalstyle to 'sql_standard'",
            "bytea_output to 'escape'",
            "extra_float_digits to -5",
            "standard_conforming_strings to off",
            "escape_string_warning to off",
            "search_path to pg_catalog",
            "enable_hashjoin to off",
        ):
            odd.execute(f"set {setting}")
        load(odd, "odd", 1_500)
    assert checksum(module_connection, "odd") == checksum(module_connection, "plain")


def test_content_is_the_same_on_every_machine(module_connection):
    # Digests written down once. They change only together with KaapiSample.version.
    load(module_connection, "pinned", 1_000, 1)
    assert KaapiSample().version == 1
    assert checksum(module_connection, "pinned") == PINNED


PINNED = [
    "7b67dead230f8989c2c45ea97f247a36",  # organization
    "6e44689f5843a6f89a66a37fe2489f8b",  # project
    "b486490a1ae718c80686d0228dc45105",  # llm_call
    "929940f7aea44471019ea8198b6f7fa7",  # llm_chain
    "d7baaef6e3860e93b2bc68af4a42bb71",  # evaluation_run
    "f2725ad3259f2bd2f1cda738b2ec8382",  # config_version
    "ce7f74117e87f4f62c59a5c613ed8b7e",  # model_config
]


def test_until_without_zone_is_utc_and_with_a_zone_is_converted(module_connection):
    load(module_connection, "zoned", until=UNTIL)
    for until in (
        UNTIL.replace(tzinfo=None),
        UNTIL.astimezone(timezone(timedelta(hours=5, minutes=45))),
    ):
        assert not load(module_connection, "zoned", until=until).is_new


# ---- all or nothing, and only where it may ---------------------------------------------------


def test_second_load_with_the_same_parameters_does_nothing(connection):
    assert load(connection).is_new
    connection.execute("delete from kaapi.llm_chain")
    again = load(connection)
    assert not again.is_new
    assert again.row_counts["llm_chain"] == 0


def test_load_until_now_is_repeatable_without_naming_the_instant(connection):
    first = load(connection, until=None)
    (last,) = one(connection, "select max(inserted_at) from kaapi.llm_call")
    assert last.microsecond == 0
    assert timedelta(0) <= datetime.now(UTC).replace(tzinfo=None) - last < timedelta(minutes=1)
    assert first.is_new
    assert not load(connection, until=None).is_new


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"seed": 2}, "seed 1 instead of 2"),
        ({"rows": 2_000}, "rows 1000 instead of 2000"),
        (
            {"until": UNTIL + timedelta(days=1)},
            r"until 2026-03-31 12:34:56.789000 instead of 2026-04-01 12:34:56.789000",
        ),
    ],
)
def test_other_parameters_are_refused_and_named_unless_replaced(connection, other, named):
    load(connection)
    before = checksum(connection, "kaapi")
    with pytest.raises(WarehouseError, match=named) as refusal:
        load(connection, **other)
    assert refusal.value.code == "OTHER_SAMPLE_ROWS"
    assert "--replace" in refusal.value.message
    assert checksum(connection, "kaapi") == before

    assert load(connection, **other, replace=True).is_new
    assert checksum(connection, "kaapi") != before
    assert not load(connection, **other).is_new


def test_replaced_content_equals_content_loaded_at_once(connection):
    load(connection, "first", 2_000, 5)
    load(connection, "second", 1_000, 6)
    load(connection, "second", 2_000, 5, replace=True)
    assert checksum(connection, "first") == checksum(connection, "second")
    definitions = (
        "select array_agg(replace(indexdef, schemaname || '.', '') order by indexname)"
        " from pg_indexes where schemaname = '{}'"
    )
    assert one(connection, definitions.format("first")) == one(
        connection, definitions.format("second")
    )


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize(
    "comment",
    [None, "raw rows of production", "Sample rows made by usage-warehouse, safe to drop: {"],
)
def test_schema_of_somebody_else_is_never_touched(connection, replace, comment):
    connection.execute("create schema kaapi")
    connection.execute("create table kaapi.llm_call (id integer)")
    connection.execute("insert into kaapi.llm_call values (1)")
    if comment:
        connection.execute(f"comment on schema kaapi is '{comment}'")
    with pytest.raises(WarehouseError, match="was not made by this command") as refusal:
        load(connection, replace=replace)
    assert refusal.value.code == "FOREIGN_SCHEMA"
    assert one(connection, "select * from kaapi.llm_call") == (1,)


def test_replace_keeps_views_on_the_tables_and_other_things_in_the_schema(connection):
    load(connection)
    connection.execute("create schema usage_build")
    connection.execute("create view usage_build.stg as select id, provider from kaapi.llm_call")
    connection.execute("create table kaapi.notes as select 'mine' as note")
    connection.execute("create index mine on kaapi.llm_call (provider)")
    load(connection, rows=2_000, replace=True)
    assert one(connection, "select count(*) from usage_build.stg") == (2_000,)
    assert one(connection, "select note from kaapi.notes") == ("mine",)
    assert one(connection, "select to_regclass('kaapi.mine')") != (None,)


def test_replace_rebuilds_tables_that_were_altered_or_dropped(connection):
    load(connection, "whole")
    load(connection)
    connection.execute("alter table kaapi.llm_call drop column usage")
    connection.execute("drop table kaapi.llm_chain")
    with pytest.raises(WarehouseError, match="no table llm_chain"):
        load(connection)
    load(connection, replace=True)
    assert checksum(connection, "kaapi") == checksum(connection, "whole")


def test_replace_of_altered_tables_that_views_need_says_what_is_in_the_way(connection):
    load(connection)
    connection.execute("alter table kaapi.llm_call add column extra integer")
    connection.execute("create view kaapi_view as select id from kaapi.llm_call")
    with pytest.raises(
        WarehouseError, match=r"drop what depends .*view public\.kaapi_view"
    ) as refusal:
        load(connection, replace=True)
    assert refusal.value.code == "SAMPLE_LOAD_FAILED"
    assert one(connection, "select count(*) from kaapi_view") == (ROWS,)


def test_failed_load_leaves_nothing(connection):
    def fail_halfway(stage, done, total):
        if stage == "llm_call":
            raise RuntimeError("the lights went out")

    before = schemas(connection)
    with pytest.raises(RuntimeError):
        load(connection, progress=fail_halfway)
    assert schemas(connection) == before
    assert load(connection).is_new


def test_failed_replace_keeps_the_rows_before(connection):
    load(connection)
    before = checksum(connection, "kaapi")

    def fail_at_the_end(stage, done, total):
        if stage == "indexes" and done == total:
            raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError):
        load(connection, seed=2, replace=True, progress=fail_at_the_end)
    assert checksum(connection, "kaapi") == before
    assert not load(connection).is_new


# As in a terminal, even where the tests themselves were started with Ctrl-C ignored.
LOAD = """
import signal
from warehouse.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killed_load_leaves_nothing_and_can_be_done_again(connection, postgres_server, kill):
    before = schemas(connection)
    arguments = ["--source-system", "kaapi", "--rows", "3000000", "--schema", "kaapi"]
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, "sample", "load", *arguments],
        env={**os.environ, **postgres_server.env(connection.info.dbname)},
        stderr=subprocess.PIPE,
    )
    try:
        _wait_until(lambda: _loading(connection))
        process.send_signal(kill)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode != 0
    assert b"Traceback" not in errors
    _wait_until(lambda: not _loading(connection))
    assert schemas(connection) == before
    assert load(connection).is_new


def _loading(connection):
    return one(
        connection,
        "select count(*) > 0 from pg_stat_activity where datname = current_database()"
        " and pid <> pg_backend_pid() and query like '%llm_c%'",
    )[0]


def _wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_load_inside_a_callers_transaction_is_undone_with_it(connection):
    before = schemas(connection)
    with connection.transaction(force_rollback=True):
        connection.execute("set local statement_timeout to '77s'")
        path = one(connection, "show search_path")
        load(connection)
        assert one(connection, "select count(*) from kaapi.llm_call") == (ROWS,)
        assert one(connection, "show search_path") == path
        assert one(connection, "show statement_timeout") == ("77s",)
    assert schemas(connection) == before


def test_two_loads_at_a_time_make_one_schema(connection, postgres_server):
    results = []

    def run():
        with postgres_server.connect(connection.info.dbname) as other:
            results.append(load(other).is_new)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True]


def test_replace_waits_for_readers_only_so_long(connection, postgres_server, monkeypatch):
    monkeypatch.setitem(schema_load._SESSION_SETTINGS, "lock_timeout", "50ms")
    load(connection)
    with postgres_server.connect(connection.info.dbname) as reader, reader.transaction():
        reader.execute("select count(*) from kaapi.llm_call")
        with pytest.raises(WarehouseError, match="somebody is reading the tables"):
            load(connection, seed=2, replace=True)
    assert not load(connection).is_new


def test_missing_right_is_named(postgres_server, fresh_database):
    name = fresh_database("sample")
    with postgres_server.connect(name, user="postgres") as superuser:
        superuser.execute("create role plain_user")
        try:
            superuser.execute("set role plain_user")
            with pytest.raises(WarehouseError, match="needs the rights CREATE and TEMPORARY"):
                load(superuser)
        finally:
            superuser.execute("reset role")
            superuser.execute("drop role plain_user")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"rows": 999}, "TOO_FEW_SAMPLE_ROWS"),
        ({"seed": -1}, "BAD_SEED"),
        ({"seed": 2**63}, "BAD_SEED"),
        ({"until": datetime(2019, 12, 31, tzinfo=UTC)}, "INSTANT_OUTSIDE_CALENDAR"),
        ({"until": datetime(2040, 1, 1, tzinfo=UTC)}, "INSTANT_OUTSIDE_CALENDAR"),
        ({"schema": "pg_mine"}, "SAMPLE_LOAD_FAILED"),
    ],
)
def test_impossible_parameters_are_refused(connection, arguments, code):
    before = schemas(connection)
    with pytest.raises(WarehouseError) as refusal:
        load(connection, **arguments)
    assert refusal.value.code == code
    assert schemas(connection) == before


def test_unknown_source_system_names_the_known_ones(connection):
    with pytest.raises(WarehouseError, match="'langfuse': choose from kaapi") as refusal:
        load_sample(connection, "langfuse", ROWS, 1)
    assert refusal.value.code == "UNKNOWN_SOURCE_SYSTEM"


@pytest.mark.parametrize("schema", ['odd "name"', "Kaapi", "percent%s"])
def test_any_schema_name_works(connection, schema):
    assert load(connection, schema).is_new
    assert not load(connection, schema).is_new
    assert load(connection, schema, replace=True).is_new


@pytest.mark.parametrize(
    "until",
    [
        datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC),
        datetime(2024, 3, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(2039, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_no_row_is_younger_than_until_at_the_edges_of_the_calendar(connection, until):
    load(connection, until=until)
    plain = until.replace(tzinfo=None)
    for table in COLUMNS:
        (latest,) = one(
            connection, f"select max(greatest(inserted_at, updated_at)) from kaapi.{table}"
        )
        assert latest <= plain, table
    assert one(connection, "select max(inserted_at) from kaapi.llm_call") == (plain,)
    (leap_days,) = one(
        connection,
        "select count(*) from kaapi.llm_call where provider_response_id like 'awkward/leap-day-%'"
        " and to_char(inserted_at, 'MM-DD') = '02-29'",
    )
    assert leap_days == 2


def test_lost_connection_is_left_to_the_caller(postgres_server, fresh_database):
    with postgres_server.connect(fresh_database("sample")) as doomed:
        doomed.close()
        with pytest.raises(psycopg.OperationalError):
            load(doomed)
