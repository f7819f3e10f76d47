"""`usage-warehouse sample load` as a person meets it: one line per outcome."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from graphql_api.settings import PROJECT_ROOT
from warehouse.project import project_names
from warehouse.sample import sample_group

pytestmark = pytest.mark.database


@pytest.fixture
def run(postgres_server, fresh_database):
    environment = postgres_server.env(fresh_database("cli"))

    def run(*arguments):
        return CliRunner(env=environment).invoke(sample_group, ["load", *map(str, arguments)])

    return run


KAAPI = ("--source-system", "kaapi")
SMALL = (*KAAPI, "--rows", 1000, "--until", "2026-03-31T12:00:00Z")


def test_load_and_load_again(run):
    first = run(*SMALL)
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith("sample rows loaded into schema kaapi in ")
    assert first.stdout.endswith(
        "8 organization, 26 project, 1,000 llm_call, 50 llm_chain, 74 evaluation_run,"
        " 137 config_version, 41 model_config\n"
    )
    assert first.stderr == ""
    second = run(*SMALL)
    assert second.exit_code == 0
    assert second.stdout.startswith("schema kaapi holds these sample rows already: ")


def test_refusal_is_one_line_and_replace_helps(run):
    assert run(*SMALL).exit_code == 0
    refused = run(*SMALL, "--seed", 2)
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr == (
        "error [OTHER_SAMPLE_ROWS]: schema 'kaapi' holds other sample rows (seed 1 instead of 2):"
        " add --replace to load it anew\n"
    )
    assert run(*SMALL, "--seed", 2, "--replace").exit_code == 0


def test_schema_is_the_one_dbt_reads_unless_named(run, postgres_server):
    assert project_names().raw_schemas["kaapi"] == "kaapi"
    assert " schema kaapi " in run(*SMALL).stdout
    assert " schema other " in run(*SMALL, "--schema", "other").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing option '--source-system'"),
        (("--source-system", "langfuse"), "error [UNKNOWN_SOURCE_SYSTEM]"),
        ((*KAAPI, "--until", "yesterday"), "'yesterday' is not an instant like 2026-03-31"),
        ((*KAAPI, "--rows", 5), "error [TOO_FEW_SAMPLE_ROWS]"),
        ((*KAAPI, "--rows", 0), "error [TOO_FEW_SAMPLE_ROWS]"),
        ((*KAAPI, "--trace-start", "2024-01-01"), "--trace-start needs --trace"),
        ((*KAAPI, "--trace", "a.csv", "--rows", 1000), "--trace invents nothing"),
        ((*KAAPI, "--trace", "a.csv", "--until", "2026-01-01"), "--trace invents nothing"),
        ((*KAAPI, "--trace", "missing.csv"), "error [UNREADABLE_TRACE]"),
        ((*KAAPI, "--trace", "."), "error [UNREADABLE_TRACE]"),
        ((*KAAPI, "--schema", "public"), "error [FOREIGN_SCHEMA]"),
    ],
)
def test_wrong_arguments(run, arguments, message):
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert message in result.stderr
    assert result.stdout == ""


def test_trace_is_replayed_and_remarks_go_to_standard_error(run, tmp_path: Path):
    trace = tmp_path / "burst.csv"
    trace.write_text(
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        "5,ChatGPT,472,18,490,Conversation log\n"
        "6,Llama,1,2,3,API log\n"
    )
    result = run(*KAAPI, "--trace", trace, "--trace-start", "2024-06-01")
    assert result.exit_code == 0, result.output
    assert "1 organization, 1 project, 2 llm_call, 1 model_config" in result.stdout
    assert result.stderr == "note: no list price is known for: 'Llama'\n"
    assert "already" in run(*KAAPI, "--trace", trace, "--trace-start", "2024-06-01").stdout
    refused = run(*KAAPI, "--trace", trace)
    assert "trace start 2024-06-01 00:00:00 instead of 2024-01-01 00:00:00" in refused.stderr


def test_unreachable_server_is_one_line(tmp_path: Path):
    environment = {**os.environ, "PGHOST": str(tmp_path), "PGPORT": "1"}
    result = subprocess.run(
        [sys.executable, "-m", "warehouse.cli", "sample", "load", *KAAPI],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("error [DATABASE_UNREACHABLE]: ")
    assert result.stderr.count("\n") == 1


def test_progress_bar_is_shown_on_a_terminal(postgres_server, fresh_database):
    terminal, output = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "warehouse.cli", "sample", "load", *map(str, SMALL)],
        env={**os.environ, **postgres_server.env(fresh_database("cli")), "TERM": "xterm"},
        cwd=PROJECT_ROOT,
        stderr=output,
        stdout=subprocess.DEVNULL,
    )
    os.close(output)
    shown = b""
    try:
        while part := os.read(terminal, 4096):
            shown += part
    except OSError:  # how Linux tells that nobody holds the other end any more
        pass
    finally:
        os.close(terminal)
    assert process.wait(timeout=30) == 0
    for stage in (b"llm_chain", b"llm_call", b"indexes"):
        assert stage in shown
    assert b"100%" in shown
