"""Replaying traces: the raw calls are the rows of the files, no more, no less, no different."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from graphql_api.settings import PROJECT_ROOT
from warehouse.errors import WarehouseError
from warehouse.sample import load_sample, replay_traces

REAL_TRACE = PROJECT_ROOT.parent / "shared" / "data" / "azure_llm_trace_2023"
BURST = """\
Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type
5,7,1.5,ChatGPT,472,18,490,Conversation log
5,7,2.5,ChatGPT,1087,230,1317,Conversation log
118.25,,,GPT-4,417,0,417,API log
2678400,8,3,Llama,1,2,3,API log
"""
AZURE = """\
TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:17:03.9799600,4808,10
2023-11-30 23:59:59.9999999,110,27
"""

pytestmark = pytest.mark.database


@pytest.fixture
def connection(postgres_server, fresh_database):
    with postgres_server.connect(fresh_database("trace")) as connection:
        yield connection


@pytest.fixture
def burst(tmp_path: Path):
    path = tmp_path / "BurstGPT_1.csv"
    path.write_text(BURST)
    return path


@pytest.fixture
def azure(tmp_path: Path):
    path = tmp_path / "code.csv"
    path.write_text(AZURE)
    return path


def replay(connection, *paths, seed=1, **more):
    return replay_traces(connection, "kaapi", paths, seed, schema="kaapi", **more)


def rows(connection, query):
    return connection.execute(query).fetchall()


def test_burstgpt_rows_become_calls(connection, burst):
    result = replay(connection, burst, trace_start=datetime(2023, 12, 1))  # noqa: DTZ001
    assert result.row_counts["llm_call"] == 4
    assert result.remarks == ["no list price is known for: 'Llama'"]
    assert rows(
        connection,
        "select inserted_at = updated_at, cast(inserted_at as text), provider, model,"
        " input_type, output_type, conversation_id, cast(usage as text), deleted_at, chain_id"
        " from kaapi.llm_call order by inserted_at, usage -> 'total_tokens'",
    ) == [
        (True, instant, "openai", model, "text", "text", session, usage, None, None)
        for instant, model, session, usage in (
            (
                "2023-12-01 00:00:05",
                "ChatGPT",
                "7",
                '{"input_tokens": 472, "total_tokens": 490, "output_tokens": 18}',
            ),
            (
                "2023-12-01 00:00:05",
                "ChatGPT",
                "7",
                '{"input_tokens": 1087, "total_tokens": 1317, "output_tokens": 230}',
            ),
            (
                "2023-12-01 00:01:58.25",
                "GPT-4",
                None,
                '{"input_tokens": 417, "total_tokens": 417, "output_tokens": 0}',
            ),
            (
                "2024-01-01 00:00:00",
                "Llama",
                "8",
                '{"input_tokens": 1, "total_tokens": 3, "output_tokens": 2}',
            ),
        )
    ]


def test_tenant_is_named_after_the_files_and_models_have_a_price(connection, burst, azure):
    replay(connection, burst, azure)
    assert rows(connection, "select id, name, is_active from kaapi.organization") == [
        (1, "BurstGPT_1 + code", True)
    ]
    assert rows(connection, "select id, organization_id, name from kaapi.project order by id") == [
        (1, 1, "BurstGPT_1"),
        (2, 1, "code"),
    ]
    assert rows(
        connection,
        "select project_id, count(*) from kaapi.llm_call group by project_id order by 1",
    ) == [(1, 4), (2, 2)]
    assert rows(
        connection,
        "select model_name, is_active, provider,"
        " jsonb_typeof(pricing -> 'response' -> 'input_token_cost'),"
        " cast(pricing -> 'response' ->> 'output_token_cost' as numeric)"
        " from kaapi.model_config order by id",
    ) == [
        ("ChatGPT", True, "openai", "number", 2),
        ("GPT-4", True, "openai", "number", 60),
        ("gpt-3.5-turbo-1106", True, "openai", "number", 2),
    ]


def test_request_of_the_last_tick_of_a_month_stays_in_it(connection, azure):
    replay(connection, azure)
    assert rows(connection, "select cast(max(inserted_at) as text) from kaapi.llm_call") == [
        ("2023-11-30 23:59:59.999999",)
    ]


def test_replay_is_repeatable_wherever_the_file_lies(connection, azure, burst, tmp_path):
    replay(connection, azure, burst)
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / azure.name
    copy.write_bytes(azure.read_bytes())
    assert not replay(connection, copy, burst).is_new
    ids = rows(connection, "select id, job_id from kaapi.llm_call order by id")
    replay(connection, copy, burst, replace=True)
    assert rows(connection, "select id, job_id from kaapi.llm_call order by id") == ids
    replay(connection, copy, burst, seed=2, replace=True)
    assert rows(connection, "select id, job_id from kaapi.llm_call order by id") != ids


def test_changed_file_or_invented_rows_are_other_rows(connection, azure):
    replay(connection, azure)
    with pytest.raises(WarehouseError, match="rows \\(none\\) instead of 1000"):
        load_sample(connection, "kaapi", 1_000, 1, schema="kaapi")
    azure.write_text(AZURE + "2023-12-01 00:00:00,1,2\n")
    with pytest.raises(WarehouseError, match=r"traces code.csv \(sha256 \w+\) instead of code.csv"):
        replay(connection, azure)
    assert replay(connection, azure, replace=True).row_counts["llm_call"] == 3


def test_bad_row_leaves_nothing_behind(connection, azure, burst):
    azure.write_text(AZURE + "2023-12-01 00:00:00,many,2\n")
    with pytest.raises(WarehouseError, match=r"trace code\.csv, line 4: ContextTokens 'many'"):
        replay(connection, burst, azure)
    assert rows(connection, "select count(*) from pg_namespace where nspname = 'kaapi'") == [(0,)]


def test_bad_row_of_a_replacement_keeps_the_rows_before(connection, azure, burst):
    replay(connection, burst)
    azure.write_text(AZURE + "oops\n")
    with pytest.raises(WarehouseError, match="1 values for 3 columns"):
        replay(connection, azure, replace=True)
    assert not replay(connection, burst).is_new


def test_trace_without_a_request_is_refused(connection, tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("TIMESTAMP,ContextTokens,GeneratedTokens\r\n")
    with pytest.raises(WarehouseError) as refusal:
        replay(connection, path)
    assert refusal.value.code == "EMPTY_TRACE"


def test_trace_given_twice_is_refused(connection, azure):
    with pytest.raises(WarehouseError) as refusal:
        replay(connection, azure, azure)
    assert refusal.value.code == "TRACE_GIVEN_TWICE"


@pytest.mark.skipif(
    not REAL_TRACE.is_dir(),
    reason="the real Azure LLM inference trace is not at ../shared/data/azure_llm_trace_2023",
)
def test_real_azure_trace_equals_the_sums_over_its_files(connection):
    paths = sorted(REAL_TRACE.glob("*.csv"))
    expected = []
    for path in paths:
        with path.open(newline="") as file:
            lines = list(csv.DictReader(file))
        expected.append(
            (
                path.stem,
                len(lines),
                sum(int(line["ContextTokens"]) for line in lines),
                sum(int(line["GeneratedTokens"]) for line in lines),
                min(line["TIMESTAMP"] for line in lines)[:-1],
                max(line["TIMESTAMP"] for line in lines)[:-1],
            )
        )
    replay(connection, *paths)
    found = rows(
        connection,
        "select project.name, count(*), sum(cast(usage ->> 'input_tokens' as bigint)),"
        " sum(cast(usage ->> 'output_tokens' as bigint)),"
        " to_char(min(llm_call.inserted_at), 'YYYY-MM-DD HH24:MI:SS.US'),"
        " to_char(max(llm_call.inserted_at), 'YYYY-MM-DD HH24:MI:SS.US')"
        " from kaapi.llm_call inner join kaapi.project on project.id = llm_call.project_id"
        " group by 1 order by 1",
    )
    assert found == expected
    assert sum(count for _, count, *_ in found) == 28_185
