"""Prices that change between builds, and prices that are corrected: which costs change, no other.

Four builds, each as an operator runs it. What prices may do at random: test_price_history.py.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result

from tests.reference.raw_kaapi import (
    LlmCall,
    ModelConfig,
    Organization,
    Project,
    RawKaapi,
    write,
)
from tests.support.dbt import dbt
from tests.support.postgres import PostgresServer
from warehouse.commands import steps
from warehouse.dbt import LOCK_HOLDER
from warehouse.repricing import reprice_group

pytestmark = pytest.mark.database

THEN = datetime.fromisoformat("2026-01-01")
MODELS = ("steady", "dearer", "dropped", "late")
DAYS = 4
RANGE = ["--from", "2026-01-02", "--to", "2026-01-04T00:00:00+00:00"]
PRICES = ["--input-usd-per-mtok", "7.5", "--output-usd-per-mtok", "0"]
STEADY = ["--provider", "openai", "--model", "steady"]
REASON = ["--reason", "the invoice"]

Costs = dict[str, tuple[Decimal, str]]


def call(number: int, model: str, at: datetime) -> LlmCall:
    return LlmCall(
        id=UUID(int=number),
        job_id=UUID(int=number),
        organization_id=1 + number % 2,
        project_id=10 + number % 2,
        chain_id=None,
        input_type="text",
        output_type="text",
        provider="openai",
        model=model,
        provider_response_id=None,
        conversation_id=None,
        usage='{"input_tokens": 100, "output_tokens": 10}',
        inserted_at=at,
        updated_at=at,
        deleted_at=None,
    )


def priced(number: int, model: str, input_price: float | None) -> ModelConfig:
    prices = {"input_token_cost": input_price, "output_token_cost": 1}
    pricing = json.dumps({"response": prices})
    return ModelConfig(
        *(number, "openai", model, pricing, True, None, None, None, None, THEN, THEN)
    )


@dataclass(frozen=True)
class Warehouse:
    connection: psycopg.Connection[Any]
    env: Mapping[str, str]
    target: Path

    def build(self, *args: str, lock_holder: int | None = None) -> None:
        """As `usage-warehouse build` calls dbt, which must know whose lock is its own."""
        env = {**self.env, LOCK_HOLDER: str(lock_holder or "")}
        dbt(["build", *args], env, self.target)

    def costs(self) -> Costs:
        """Of every published call: what it costs, and what decided that."""
        rows = self.connection.execute(
            "select request_id, cost_usd, cost_source from usage.fct_requests"
            " where request_kind = 'call'"
        ).fetchall()
        return {request_id: (cost, source) for request_id, cost, source in rows}

    def history(self) -> int:
        (count,) = self.connection.execute(
            "select count(*) from usage_history.hist_kaapi__model_configs"
        ).fetchone() or (0,)
        return int(count)

    def add(self, *calls: LlmCall) -> None:
        """Write calls now, whenever they were made."""
        for each in calls:
            self.connection.execute(
                "insert into kaapi.llm_call (id, job_id, organization_id, project_id, input_type,"
                " output_type, provider, model, usage, inserted_at, updated_at) values"
                " (%s, %s, %s, %s, 'text', 'text', 'openai', %s, %s, %s,"
                " clock_timestamp() at time zone 'UTC')",
                [
                    *(each.id, each.job_id, each.organization_id, each.project_id),
                    *(each.model, each.usage, each.inserted_at),
                ],
            )


def request_id(number: int) -> str:
    return str(UUID(int=number))


@pytest.fixture(scope="module")
def warehouse(
    postgres_server: PostgresServer,
    module_database: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """Built once: each model has a call on each of the first days of 2026."""
    name = module_database("reprice")
    stamps = (THEN, THEN)
    calls = [
        call(10 * position + day, model, THEN + timedelta(days=day))
        for position, model in enumerate(MODELS)
        for day in range(DAYS)
    ]
    raw = RawKaapi(
        organizations=[Organization(each, f"o{each}", True, *stamps) for each in (1, 2)],
        projects=[Project(10 + n, 1 + n, f"p{n}", True, *stamps) for n in (0, 1)],
        llm_calls=calls,
        model_configs=[
            priced(position, model, None if model == "late" else 2)
            for position, model in enumerate(MODELS)
        ],
    )
    target = tmp_path_factory.mktemp("reprice") / "target"
    with postgres_server.connect(name) as connection:
        write(connection, "kaapi", raw)
        made = Warehouse(connection, postgres_server.env(name), target)
        made.build()
        yield made


@pytest.fixture
def reprice(
    warehouse: Warehouse, use_database: Callable[[Mapping[str, str]], None], monkeypatch
) -> Callable[..., Result]:
    """`reprice("range", …)` runs `usage-warehouse reprice range …`, whose builds are of Kaapi."""
    use_database(warehouse.env)
    monkeypatch.setenv("USAGE_WAREHOUSE_TARGET_PATH", str(warehouse.target))
    monkeypatch.setattr(
        steps, "run_dbt", lambda args, target, lock, **_: warehouse.build(lock_holder=lock)
    )
    return lambda *args: CliRunner().invoke(reprice_group, args)


# In the order in which they stand: each begins where the one before it ended.


def test_a_new_price_is_for_new_calls_and_a_first_one_for_all(warehouse: Warehouse):
    before = warehouse.costs()
    two = Decimal("0.00021")
    assert before[request_id(10)] == (two, "model_config")
    assert before[request_id(30)] == (0, "unpriced")

    changed_at = datetime.now(UTC).replace(tzinfo=None)
    for number, change in (
        (1, "pricing = jsonb_set(pricing, '{response,input_token_cost}', '3')"),
        (2, "is_active = false"),
        (3, "pricing = jsonb_set(pricing, '{response,input_token_cost}', '2')"),
    ):
        warehouse.connection.execute(
            f"update kaapi.model_config set {change}, updated_at = %s where id = %s",
            [changed_at, number],
        )
    just_before = changed_at - timedelta(microseconds=1)
    for number, model in enumerate(MODELS):
        warehouse.add(
            call(100 + number, model, changed_at),
            call(200 + number, model, just_before),
            call(300 + number, model, THEN + timedelta(hours=1)),
        )
    warehouse.build()

    after = warehouse.costs()
    late = {request_id(30 + day) for day in range(DAYS)}
    assert {key: after[key] for key in before if key not in late} == {
        key: cost for key, cost in before.items() if key not in late
    }
    assert {after[key] for key in late} == {(two, "model_config")}
    new = [after[request_id(100 + number)] for number in range(len(MODELS))]
    assert new == [
        (two, "model_config"),
        (Decimal("0.00031"), "model_config"),
        (0, "unpriced"),
        (two, "model_config"),
    ]
    for number in range(len(MODELS)):
        assert after[request_id(200 + number)] == (two, "model_config")
        assert after[request_id(300 + number)] == (two, "model_config")
    assert warehouse.history() == len(MODELS) + 3
    periods = warehouse.connection.execute(
        "select valid_from_at, valid_to_at, is_current from usage.dim_model_prices"
        " where price_list = 'model_config' and model = 'dearer' order by 1"
    ).fetchall()
    assert [period[1:] for period in periods] == [
        (changed_at.replace(tzinfo=UTC), False),
        (None, True),
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (["--source-system", "litellm"], "CORRECTION_SYSTEM"),
        (["--provider", "anthropic"], "UNKNOWN_PROVIDER"),
        (["--model", "unheard"], "UNKNOWN_MODEL"),
        (["--to", "2026-01-02T00:00:00Z"], "CORRECTION_RANGE"),
        (["--from", "2026-02-01"], "CORRECTION_RANGE"),
        (["--input-usd-per-mtok", "-1"], "CORRECTION_PRICE"),
        (["--output-usd-per-mtok", "1000000"], "CORRECTION_PRICE"),
        (["--output-usd-per-mtok", "NaN"], "CORRECTION_PRICE"),
        (["--output-usd-per-mtok", "0.00000000000000001"], "CORRECTION_PRICE"),
        (["--from", "2020-01-01", "--to", "2020-01-02"], "NO_CALLS_IN_RANGE"),
    ],
)
def test_what_cannot_be_corrected_is_refused(reprice, changed: list[str], code: str):
    result = reprice("range", *STEADY, *RANGE, *PRICES, *REASON, *changed)
    assert result.exit_code == 1
    assert f"error [{code}]" in result.stderr
    assert reprice("list").output.count("\n") == 1


def test_a_correction_changes_what_it_names_and_can_be_withdrawn(
    warehouse: Warehouse, reprice, monkeypatch
):
    """The last build starts from all raw rows, which keeps what was seen of prices."""
    before, history = warehouse.costs(), warehouse.history()
    arguments = [*STEADY, *RANGE, *PRICES, *REASON]
    effect = "2 of 2 calls in the range, on 2 days of 2 tenants, from 0.000420 to 0.001500 USD"

    foreseen = reprice("range", *arguments, "--dry-run")
    assert foreseen.output == f"would change: {effect}\n"
    assert warehouse.costs() == before
    assert json.loads(reprice("list", "--json").output) == []

    done = reprice("range", *arguments)
    assert done.exit_code == 0, done.output
    assert f"changed: {effect}" in done.output
    after = warehouse.costs()
    named = {request_id(1), request_id(2)}
    assert {after[key] for key in named} == {(Decimal("0.00075"), "model_config")}
    assert {key: cost for key, cost in after.items() if key not in named} == {
        key: cost for key, cost in before.items() if key not in named
    }
    assert warehouse.history() == history

    (listed,) = json.loads(reprice("list", "--json").output)
    assert (listed["status"], listed["reason"]) == ("active", "the invoice")
    correction_id = listed["correction_id"]
    assert "UNKNOWN_CORRECTION" in reprice("withdraw", "none", *REASON).stderr
    monkeypatch.setattr(
        steps,
        "run_dbt",
        lambda args, target, lock, **_: warehouse.build("--full-refresh", lock_holder=lock),
    )
    gone = reprice("withdraw", correction_id, "--reason", "credited")
    assert gone.exit_code == 0, gone.output
    assert "from 0.001500 to 0.000420 USD" in gone.output
    assert warehouse.costs() == before
    assert "CORRECTION_WITHDRAWN" in reprice("withdraw", correction_id, *REASON).stderr
    (listed,) = json.loads(reprice("list", "--json").output)
    assert (listed["status"], listed["withdrawn_because"]) == ("withdrawn", "credited")
