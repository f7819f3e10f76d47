"""What holds for the sample rows of each system: the same rows everywhere, all or nothing.

How the loader works in detail is tested with Kaapi's rows, in test_sample_load.py.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from psycopg import sql

from warehouse.errors import WarehouseError
from warehouse.sample import load_sample, replay_traces, sample_group
from warehouse.sample.registry import SOURCES

UNTIL = datetime(2026, 3, 17, 12, 34, 56, 789_012, tzinfo=UTC)
ROWS = 1_000

pytestmark = pytest.mark.database


@pytest.fixture(scope="module", params=["litellm", "auto_analyst", "enclava"])
def system(request):
    return request.param


@pytest.fixture(scope="module")
def loaded(system, postgres_server, module_database):
    """A connection to a database with the rows in the schema `plain`."""
    with postgres_server.connect(module_database("systems")) as connection:
        load(connection, system, "plain")
        yield connection


@pytest.fixture
def connection(postgres_server, fresh_database):
    with postgres_server.connect(fresh_database("systems")) as connection:
        yield connection


def load(connection, system, schema=None, rows=ROWS, seed=1, until=UNTIL, **more):
    result = load_sample(connection, system, rows, seed, until, schema, **more)
    connection.commit()
    return result


def checksum(connection, system, schema):
    """One digest of every value of every table, whatever order the rows lie in."""
    digests = {}
    with connection.transaction():
        connection.execute("set local timezone to 'UTC'")
        for table in SOURCES[system].tables:
            (digests[table],) = connection.execute(
                sql.SQL(
                    "select md5(string_agg(row_text, chr(10) order by cast(row_text as bytea)))"
                    " from (select cast(t as text) as row_text from {} as t) as rows"
                ).format(sql.Identifier(schema, table))
            ).fetchone()
    return digests


def count(connection, query):
    return connection.execute(query).fetchone()[0]


def schemas(connection):
    return {name for (name,) in connection.execute("select nspname from pg_namespace")}


# The main table with its key, the instant by which its rows are counted, and what tells awkward
# rows, which may lie after `until`.
MAIN = {
    "litellm": ('"LiteLLM_SpendLogs"', '"endTime"', "request_id like 'awkward/%'"),
    "auto_analyst": ("model_usage", "timestamp", "usage_id <= 200"),
    "enclava": ("usage_tracking", "created_at", "id <= 200"),
}

# Digests written down once. They change only together with the version of the source.
VERSIONS = {"litellm": 2, "auto_analyst": 1, "enclava": 1}
PINNED = {
    "litellm": {
        "LiteLLM_SpendLogs": "4c9601d5effd8f27687a481383917d50",
        "LiteLLM_DailyTagSpend": "61304aece06b91ce239cea9d1ca19f35",
        "LiteLLM_VerificationToken": "5c7b6545d67774065c681d21a58a26fc",
        "LiteLLM_UserTable": "abc3bcdf758d60de524e1fba34be6f2e",
    },
    "auto_analyst": {
        "model_usage": "7a968afda1f3ab99af61b916f4c18c92",
        "code_executions": "ec722bf02161407afa2a54b615dfd51f",
        "message_feedback": "0a6ac57a8466dd05658d5e7843ceb005",
        "messages": "e67afeec4c37c81705014734414b3675",
        "chats": "2ed627a563705efee614648b85dbb8d4",
        "users": "a02b227db5f4aed52ee04890d50ca1fe",
    },
    "enclava": {
        "usage_tracking": "cb28ba425688d6c0b95d0c667b68860f",
        "budgets": "3e5cdace979be65df1ed21a5161ce5f3",
        "api_keys": "00e80154bcc47b5768ab1c91569ec38a",
        "users": "797297f5a9bb7bc6d90aacc5cf55540e",
    },
}


def test_asked_number_of_requests_is_exact_and_the_rest_scales_with_it(loaded, system):
    main = SOURCES[system].tables[0]
    sizes = []
    for rows in (1_000, 1_001, 20_000):
        counts = load(loaded, system, f"size_{rows}", rows).row_counts
        assert counts[main] == rows
        sizes.append(counts)
    assert all(sizes[0][table] < sizes[2][table] for table in SOURCES[system].tables)


def test_content_is_the_same_on_every_machine(loaded, system):
    assert SOURCES[system].version == VERSIONS[system]
    assert checksum(loaded, system, "plain") == PINNED[system]


def test_content_does_not_depend_on_session_settings_or_chunks(
    loaded, system, postgres_server, monkeypatch
):
    chunked = replace(SOURCES[system], chunk_rows=37)
    if system == "litellm":
        chunked = replace(chunked, days_at_a_time=2)
    monkeypatch.setitem(SOURCES, system, chunked)
    with postgres_server.connect(loaded.info.dbname) as odd:
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
            "enable_hashagg to off",
        ):
            odd.execute(f"set {setting}")
        load(odd, system, "odd")
    assert checksum(loaded, system, "odd") == checksum(loaded, system, "plain")


def test_another_seed_gives_other_requests(loaded, system):
    load(loaded, system, "other", seed=2)
    main = SOURCES[system].tables[0]
    assert checksum(loaded, system, "other")[main] != checksum(loaded, system, "plain")[main]


def test_history_ends_at_until_and_spans_more_than_the_longest_window(loaded, system):
    load(loaded, system, "history", 20_000)
    table, instant, awkward = MAIN[system]
    first, last, months = loaded.execute(
        f"select min({instant}), max({instant}), count(distinct date_trunc('month', {instant}))"
        f" from history.{table} where not ({awkward})"
    ).fetchone()
    until = UNTIL.replace(tzinfo=None)
    assert until - timedelta(days=426) <= first < until - timedelta(days=400)
    assert until - timedelta(hours=6) < last <= until
    assert months == 15


def test_traffic_grows_and_rests_at_night_and_at_weekends(loaded, system):
    load(loaded, system, "history", 20_000)
    table, instant, awkward = MAIN[system]
    old, new, night, day, weekend, week = loaded.execute(
        f"""
        select
            count(*) filter (where {instant} < timestamp '2025-05-01'),
            count(*) filter (where {instant} >= timestamp '2025-12-15'),
            count(*) filter (where extract(hour from {instant}) < 3),
            count(*) filter (where extract(hour from {instant}) between 11 and 13),
            count(*) filter (where extract(isodow from {instant}) >= 6),
            count(*) filter (where extract(isodow from {instant}) < 6)
        from history.{table} where not ({awkward})
        """
    ).fetchone()
    assert new > 2 * old
    assert day > 4 * night
    assert week > 4 * weekend


@pytest.mark.parametrize(
    "until",
    [
        datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2024, 3, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(2039, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_only_awkward_rows_are_younger_than_until_at_the_edges_of_the_calendar(
    connection, system, until
):
    load(connection, system, "edge", until=until)
    table, instant, awkward = MAIN[system]
    plain = until.replace(tzinfo=None)
    younger = f"select count(*) from edge.{table} where {instant} > '{plain}'"
    assert count(connection, f"{younger} and not ({awkward})") == 0
    assert count(connection, younger) > 0


def test_second_load_does_nothing_and_another_is_refused_unless_replaced(connection, system):
    assert load(connection, system).is_new
    assert not load(connection, system).is_new
    with pytest.raises(WarehouseError, match="seed 1 instead of 2") as refusal:
        load(connection, system, seed=2)
    assert refusal.value.code == "OTHER_SAMPLE_ROWS"
    assert load(connection, system, seed=2, replace=True).is_new


def test_replaced_content_and_keys_equal_those_loaded_at_once(connection, system):
    load(connection, system, "first", 2_000, 5)
    load(connection, system, "second", 1_000, 6)
    main = sql.Identifier("second", SOURCES[system].tables[0])
    connection.execute(
        sql.SQL("create view reader as select count(*) as rows from {}").format(main)
    )
    load(connection, system, "second", 2_000, 5, replace=True)
    assert count(connection, "select rows from reader") == 2_000
    assert checksum(connection, system, "first") == checksum(connection, system, "second")
    definitions = (
        "select array_agg(replace(indexdef, schemaname || '.', '') order by indexname)"
        " from pg_indexes where schemaname = '{}'"
    )
    assert count(connection, definitions.format("first")) == count(
        connection, definitions.format("second")
    )


def test_replace_rebuilds_tables_that_were_altered_or_dropped(connection, system):
    load(connection, system, "whole")
    load(connection, system, "torn")
    first, *_, last = (sql.Identifier("torn", table) for table in SOURCES[system].tables)
    connection.execute(sql.SQL("alter table {} add column extra integer").format(first))
    connection.execute(sql.SQL("drop table {}").format(last))
    with pytest.raises(WarehouseError, match=f"no table {SOURCES[system].tables[-1]}"):
        load(connection, system, "torn")
    load(connection, system, "torn", replace=True)
    assert checksum(connection, system, "torn") == checksum(connection, system, "whole")


def test_failed_load_leaves_nothing(connection, system):
    def fail(stage, done, total):
        if stage == "indexes":
            raise RuntimeError("the lights went out")

    before = schemas(connection)
    with pytest.raises(RuntimeError):
        load(connection, system, progress=fail)
    assert schemas(connection) == before
    assert load(connection, system).is_new


def test_load_leaves_no_working_objects_behind(loaded):
    assert count(loaded, "select count(*) from pg_class where relname like 'sample%'") == 0
    assert count(loaded, "select count(*) from pg_proc where proname like 'sample%'") == 0


def test_every_stage_is_shown_to_its_end(connection, system):
    shown = {}

    def watch(stage, done, total):
        shown.setdefault(stage, []).append((done, total))

    load(connection, system, rows=30_000, progress=watch)
    for stage, steps in shown.items():
        assert steps == sorted(steps), stage
        assert steps[-1][0] == steps[-1][1], stage
    assert len(shown) >= 2
    assert max(map(len, shown.values())) > 1


def test_keys_are_the_first_columns_and_the_only_constraints(loaded, system):
    constraints = dict(
        loaded.execute(
            "select relname, pg_get_constraintdef(pg_constraint.oid)"
            " from pg_constraint inner join pg_class on conrelid = pg_class.oid"
            " where relnamespace = cast('plain' as regnamespace) and contype in ('p', 'u', 'f')"
        ).fetchall()
    )
    first_columns = dict(
        loaded.execute(
            "select relname, attname from pg_class inner join pg_attribute"
            " on attrelid = pg_class.oid and attnum = 1"
            " where relnamespace = cast('plain' as regnamespace) and relkind = 'r'"
        ).fetchall()
    )
    assert set(first_columns) == set(SOURCES[system].tables)
    assert constraints == {
        table: f"PRIMARY KEY ({column})" for table, column in first_columns.items()
    }


def test_fewer_rows_than_the_awkward_cases_need_are_refused(connection, system):
    with pytest.raises(WarehouseError, match=f"every awkward case of {system}") as refusal:
        load(connection, system, rows=999)
    assert refusal.value.code == "TOO_FEW_SAMPLE_ROWS"


def test_traces_are_refused_in_one_line(connection, system, tmp_path):
    trace = tmp_path / "azure.csv"
    trace.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,1,2\n")
    before = schemas(connection)
    with pytest.raises(WarehouseError, match=f"requests of {system}: .* kaapi") as refusal:
        replay_traces(connection, system, [trace], 1)
    assert refusal.value.code == "TRACES_NOT_TAKEN"
    connection.rollback()
    assert schemas(connection) == before


# ---- all systems at once ---------------------------------------------------------------------


@pytest.fixture
def run(connection, postgres_server):
    environment = postgres_server.env(connection.info.dbname)
    arguments = ["load", "--source-system", "all", "--rows", "1000", "--until", "2026-03-31"]

    def run(*more):
        return CliRunner(env=environment).invoke(sample_group, [*arguments, *more])

    return run


def test_all_systems_are_loaded_each_into_its_schema(connection, run):
    first = run()
    assert first.exit_code == 0, first.output
    assert first.stderr == ""
    lines = first.stdout.splitlines()
    assert [line.split(" in ")[0] for line in lines] == [
        f"sample rows loaded into schema {name}"
        for name in ("kaapi", "litellm", "auto_analyst", "enclava")
    ]
    assert "1,000 LiteLLM_SpendLogs" in lines[1]
    assert set(SOURCES) <= schemas(connection)
    again = run()
    assert again.stdout.count("holds these sample rows already") == 4


def test_all_systems_or_none_are_loaded(connection, run):
    connection.execute("create schema enclava")
    connection.commit()
    before = schemas(connection)
    refused = run()
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("error [FOREIGN_SCHEMA]: schema 'enclava' exists")
    assert schemas(connection) == before


def test_a_schema_or_a_trace_needs_one_system(run):
    for more in (("--schema", "one"), ("--trace", "a.csv")):
        refused = run(*more)
        assert refused.exit_code == 2
        assert more[0] in refused.stderr or "--trace invents nothing" in refused.stderr
