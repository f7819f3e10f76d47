"""Raw rows and marts are held against each other, and a row that goes missing is reported.

Random raw rows of every system: all add up. Then raw rows are taken away, added and changed behind
the build's back; they are counted again, and the reconciliation alone is built again.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.reference import (
    random_auto_analyst,
    random_enclava,
    random_litellm,
    random_rows,
    raw_auto_analyst,
    raw_enclava,
    raw_kaapi,
    raw_litellm,
)
from tests.support.dbt import ALL_SYSTEMS, DbtResult, run_dbt
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.database

SEEDS = [20265]
LONG_SEEDS = range(40, 50)
MART = "usage_build.fct_cost_reconciliation"

# What is done to the raw rows, and the row of the mart that must tell: by how much.
DAMAGES = {
    "litellm": (
        'delete from litellm."LiteLLM_SpendLogs" where request_id = (select request_id'
        ' from litellm."LiteLLM_SpendLogs" where "startTime" is not null'
        " and spend between 0.001 and 1000 and total_tokens > 0 order by 1 limit 1)"
        " returning cast(date_trunc('month', \"startTime\") as date) as month, -1 as requests,"
        " -total_tokens as total_tokens, -cast(cast(spend as text) as numeric) as cost_usd"
    ),
    "auto_analyst": (
        "insert into auto_analyst.model_usage (usage_id, total_tokens, cost, timestamp)"
        " values (999999, 7, 0.1, null)"
        " returning cast(null as date), 1, total_tokens, 0.1"
    ),
    "enclava": (
        "update enclava.usage_tracking set cost_cents = cost_cents + 3 where id = (select id"
        " from enclava.usage_tracking where created_at is not null and cost_cents is not null"
        " order by 1 limit 1)"
        " returning cast(date_trunc('month', created_at) as date), 0, 0, 0.03"
    ),
    "kaapi": (
        "update kaapi.llm_call set deleted_at = null where id = (select id from kaapi.llm_call"
        " where deleted_at is not null and provider = 'nobody' limit 1)"
        " returning cast(date_trunc('month', inserted_at) as date), 1, 12, 0"
    ),
}


@dataclass(frozen=True)
class Built:
    server: PostgresServer
    database: str
    target: Path

    def dbt(self, *args: str) -> DbtResult:
        env = self.server.env(self.database)
        return run_dbt(args, env, self.target, source_systems=ALL_SYSTEMS)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.server.connect(self.database) as connection:
            return connection.execute(query).fetchall()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        is_long = metafunc.config.getoption("--long", default=False)
        metafunc.parametrize("seed", LONG_SEEDS if is_long else SEEDS, scope="module")


@pytest.fixture(scope="module")
def built(
    seed: int, postgres_server: PostgresServer, module_database: Any, tmp_path_factory: Any
) -> Built:
    database = module_database("reconciliation")
    with postgres_server.connect(database) as connection:
        _write(connection, seed)
    warehouse = Built(postgres_server, database, tmp_path_factory.mktemp("target"))
    of = ("--resource-type", "model", "--resource-type", "seed")
    result = warehouse.dbt("build", "--select", "+fct_cost_reconciliation", *of)
    assert result.success, result.output
    return warehouse


def _write(connection: psycopg.Connection[Any], seed: int) -> None:
    raw_kaapi.write(connection, "kaapi", random_rows.generate(seed, organizations=4))
    raw_litellm.write(connection, "litellm", random_litellm.generate(seed))
    raw_auto_analyst.write(connection, "auto_analyst", random_auto_analyst.generate(seed))
    raw_enclava.write(connection, "enclava", random_enclava.generate(seed))
    # A deleted call of which it is known what it would add if it were there.
    connection.execute(
        "insert into kaapi.llm_call (id, organization_id, project_id, provider, model, usage,"
        " inserted_at, deleted_at) select gen_random_uuid(), organization_id, project_id,"
        " 'nobody', 'm', '{\"input_tokens\": 5, \"output_tokens\": 7}', '2026-03-15', '2026-03-16'"
        " from kaapi.llm_call where organization_id = 1 limit 1"
    )


def test_every_random_row_is_in_the_marts_or_left_out(built: Built):
    assert built.rows(f"select * from {MART} where not is_reconciled") == []
    # Nothing is compared with nothing: every system has rows, with and without a month.
    found = built.rows(
        f"select source_system, month is null, sum(raw_requests) > 0 from {MART}"
        " group by 1, 2 having sum(raw_requests) > 0 order by 1, 2"
    )
    assert {system for system, *_ in found} == set(ALL_SYSTEMS)
    assert any(is_untimed for _, is_untimed, _ in found)


def test_what_is_left_out_is_what_the_source_deleted_or_gave_no_time(built: Built):
    deleted, tokens, runs = built.rows(
        f"select sum(excluded_requests), sum(excluded_total_tokens), sum(excluded_eval_runs)"
        f" from {MART}"
    )[0]
    ((expected,),) = built.rows("select count(*) from kaapi.llm_call where deleted_at is not null")
    ((untimed,),) = built.rows(
        "select count(*) from kaapi.evaluation_run where inserted_at is null"
        " or not isfinite(inserted_at) or extract(year from inserted_at) not between 1 and 9999"
    )
    assert deleted == expected > 0
    assert tokens > 0
    assert runs == untimed


def test_raw_rows_that_change_after_the_build_are_reported(built: Built):
    expected = {}
    with built.server.connect(built.database) as connection:
        for system, statement in DAMAGES.items():
            ((month, *amounts),) = connection.execute(statement).fetchall()
            expected[system] = (month, *map(Decimal, amounts))
            # A build counts them in the transaction that makes the requests.
            counted = f"usage_build.audited_{system}__raw_totals"
            connection.execute(f"truncate {counted}")
            connection.execute(
                f"insert into {counted} select * from usage_build.audit_{system}__raw_totals"
            )
    result = built.dbt("build", "--select", "fct_cost_reconciliation")
    assert not result.success
    assert "every_raw_row_is_in_the_marts_once_or_left_out_for_a_stated_reason" in result.output
    found = built.rows(
        "select source_system, month, unexplained_requests, unexplained_total_tokens,"
        f" unexplained_cost_usd from {MART} where not is_reconciled"
    )
    assert {system: tuple(rest) for system, *rest in found} == expected
    assert len(found) == len(expected)
