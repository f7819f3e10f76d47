"""`usage-warehouse up` in a fresh checkout, and all that follows, as a newcomer types it."""

import json
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
import pytest

from tests.support.checkout import Checkout, copied_checkout

pytestmark = pytest.mark.database

START_SECONDS = 180  # a first `up` on a busy machine
QUICK_SECONDS = 30  # a second one: a few seconds, generously
LATER_TAG_SPEND = """
    update litellm."LiteLLM_DailyTagSpend" set spend = spend + 1
    where date = (select max(date) from litellm."LiteLLM_DailyTagSpend" where date < '2100')
"""


@pytest.fixture(scope="module")
def checkout() -> Iterator[Checkout]:
    with copied_checkout() as copy:
        yield copy


@contextmanager
def serving(checkout: Checkout, seconds: float, *arguments: str) -> Iterator[list[str]]:
    """Run `up` until it answers; yields what it had printed by then. Ended by Ctrl-C."""
    process = checkout.start("up", "--rows", "1000", *arguments)
    assert process.stdout is not None
    deadline = time.monotonic() + seconds
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line)
            assert time.monotonic() < deadline, f"not up in {seconds} s:\n{''.join(lines)}"
            if "Application startup complete" in line:
                break
        else:
            pytest.fail(f"`up` ended:\n{''.join(lines)}")
        yield lines
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        assert process.returncode == 0, rest
        assert "Traceback" not in rest
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate()


def ask(checkout: Checkout, key: str, query: str) -> dict[str, object]:
    request = urllib.request.Request(
        f"{checkout.url}/graphql",
        json.dumps({"query": query}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(request) as response:
        answer: dict[str, object] = json.load(response)
    return answer


def printed_key(lines: list[str]) -> str:
    found = re.search(r"^API key +(\S+)$", "".join(lines), re.MULTILINE)
    assert found, "".join(lines)
    return found[1]


def connect(checkout: Checkout) -> psycopg.Connection:
    return psycopg.connect(
        host="/tmp",
        port=checkout.postgres_port,
        user="usage_warehouse",
        dbname="usage_warehouse",
        autocommit=True,
    )


# What one request is to each source system, asked of its own tables.
RAW_REQUESTS = {
    "AUTO_ANALYST": "select count(*) from auto_analyst.model_usage where timestamp is not null",
    "ENCLAVA": "select count(*) from enclava.usage_tracking where created_at is not null",
    "KAAPI": "select (select count(*) from kaapi.llm_call"
    " where deleted_at is null and inserted_at is not null)"
    " + (select count(*) from kaapi.llm_chain where inserted_at is not null)",
    "LITELLM": """select count(*) from litellm."LiteLLM_SpendLogs" where "startTime" is not null""",
}


def test_the_way_of_a_newcomer(checkout: Checkout):
    """One story in order, because each step needs the state the step before it left."""
    with serving(checkout, START_SECONDS) as lines:
        key = printed_key(lines)
        assert "the sample rows hold faults on purpose" in "".join(lines)
        answer = ask(
            checkout,
            key,
            '{ monthlyUsage(filter: {month: {gte: "2000-01-01"}}, groupBy: [SOURCE_SYSTEM]) '
            "{ nodes { sourceSystem requests } } }",
        )
        with connect(checkout) as connection:
            raw = [
                {"sourceSystem": system, "requests": connection.execute(count).fetchone()[0]}
                for system, count in RAW_REQUESTS.items()
            ]
        assert answer == {"data": {"monthlyUsage": {"nodes": raw}}}
        assert all(each["requests"] > 500 for each in raw)
        _the_printed_curl_command_works(lines)
        _without_a_key_nothing_is_told(checkout)

    key_file = checkout.root / ".local" / "api-key"
    assert key_file.read_text().strip() == key
    assert key_file.stat().st_mode & 0o777 == 0o600

    _ctrl_c_leaves_postgres_running(checkout)
    _second_up_is_quick_and_loses_nothing(checkout, key)
    _changed_rows_are_built_again_and_a_lost_key_is_replaced(checkout, key)
    _plain_dbt_works_in_a_new_shell(checkout)
    _a_shell_that_does_not_know_the_port_finds_the_server(checkout)
    _down_stops_postgres(checkout)
    _clean_removes_what_was_made(checkout)


def _the_printed_curl_command_works(lines: list[str]) -> None:
    text = "".join(lines)
    command = text[text.index("curl ") : text.index("}'\n") + 2]
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout)["data"]["monthlyUsage"]["nodes"]


def _without_a_key_nothing_is_told(checkout: Checkout) -> None:
    answer = ask(checkout, "uw_wrong", "{ monthlyUsage { totalCount } }")
    assert answer["errors"]
    assert not answer.get("data")


def _ctrl_c_leaves_postgres_running(checkout: Checkout) -> None:
    with connect(checkout) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    status, said = checkout.run("status")
    assert status == 0
    assert f"runs on port {checkout.postgres_port}" in said
    assert "made from what lies here now" in said
    assert "does not answer" in said


def _second_up_is_quick_and_loses_nothing(checkout: Checkout, key: str) -> None:
    with connect(checkout) as connection:
        before = connection.execute("select build_id from usage.publication").fetchall()
    with serving(checkout, QUICK_SECONDS) as lines:
        assert "nothing to build" in "".join(lines)
        assert printed_key(lines) == key
    with connect(checkout) as connection:
        after = connection.execute("select build_id from usage.publication").fetchall()
    assert after == before


def change(checkout: Checkout, statement: LiteralString) -> None:
    with connect(checkout) as connection:
        assert connection.execute(statement).rowcount > 0


def _plain_dbt_works_in_a_new_shell(checkout: Checkout) -> None:
    status, said = checkout.dbt("test", "--select", "fct_monthly_usage")
    assert status == 0, said
    # LiteLLM goes on; what the build read of it is held to the mart all the same.
    change(checkout, LATER_TAG_SPEND)
    conserved = ("test", "--select", "litellm_tag_spend_is_reconciled")
    status, said = checkout.dbt(*conserved)
    assert status == 0, said
    change(checkout, "update usage.fct_daily_tag_usage set spend_usd = spend_usd + 1")
    assert checkout.dbt(*conserved)[0] == 1
    change(checkout, "update usage.fct_daily_tag_usage set spend_usd = spend_usd - 1")


def _a_shell_that_does_not_know_the_port_finds_the_server(checkout: Checkout) -> None:
    status, said = checkout.run("status", PGPORT="")
    assert status == 0, said
    assert f"runs on port {checkout.postgres_port}" in said
    assert "is published" in said


def _changed_rows_are_built_again_and_a_lost_key_is_replaced(checkout: Checkout, key: str) -> None:
    with connect(checkout) as connection:
        connection.execute("delete from kaapi.evaluation_run where id % 20 = 0")
    (checkout.root / ".local" / "api-key").unlink()
    with serving(checkout, START_SECONDS) as lines:
        assert "nothing to build" not in "".join(lines)
        assert printed_key(lines) != key


def _down_stops_postgres(checkout: Checkout) -> None:
    assert checkout.run("down", PGHOST="127.0.0.1")[0] == 0
    with connect(checkout):
        pass
    status, said = checkout.run("down")
    assert (status, said) == (0, "embedded Postgres stopped\n")
    with pytest.raises(psycopg.OperationalError):
        connect(checkout)
    assert checkout.run("down") == (0, "the embedded Postgres was not running\n")


def _clean_removes_what_was_made(checkout: Checkout) -> None:
    status, said = checkout.run("clean")
    assert status == 1, said  # nobody there to say yes
    assert (checkout.root / ".local").exists()
    assert checkout.run("clean", "--yes")[0] == 0
    left = {path.name for path in checkout.root.iterdir()}
    assert not left & {".local", "target", "logs"}
    assert "models" in left
