"""The random rows are repeatable, valid, and really hold the edges they promise."""

from collections import Counter
from dataclasses import astuple
from datetime import UTC
from uuid import UUID

import pytest
from psycopg import sql

from . import canonical, edge_values, json_values, kaapi, random_rows
from .raw_kaapi import COLUMNS, _rows_by_table, write

SEED = 1


@pytest.fixture(scope="module")
def raw():
    return random_rows.generate(SEED, organizations=12)


def test_a_seed_always_gives_the_same_rows():
    one, two = (random_rows.generate(SEED, organizations=2) for _ in range(2))
    assert one == two
    assert one != random_rows.generate(SEED + 1, organizations=2)


def test_an_organization_does_not_depend_on_how_many_follow(raw):
    fewer = random_rows.generate(SEED, organizations=2)
    assert fewer.llm_calls == [c for c in raw.llm_calls[: len(fewer.llm_calls)]]


def test_every_json_text_is_json_that_jsonb_can_hold(raw):
    for table, rows in _rows_by_table(raw).items():
        for position, column_type in enumerate(COLUMNS[table].values()):
            if column_type == "jsonb":
                texts = [astuple(row)[position] for row in rows]
                for text in texts:
                    json_values.parse(text)
                    assert "\\u0000" not in (text or "")


def test_every_outcome_occurs(raw):
    requests = canonical.requests(raw)
    calls = [r for r in requests if r.request_kind == "call"]
    chains = [r for r in requests if r.request_kind == "chain"]
    runs = canonical.evaluation_runs(raw)
    assert {r.modality for r in calls} == {r.modality for r in chains} == set(kaapi.MODALITIES)
    assert {r.modality for r in runs} == {*kaapi.MODALITIES} - {"S-FS-S"}
    for rows in (calls, chains, runs):
        assert "unknown" in {r.provider for r in rows}
        assert "unknown" in {r.organization_id for r in rows}
    assert set(canonical.PRICED_PROVIDERS) <= {r.provider for r in calls}
    assert set(canonical.PRICED_PROVIDERS) <= {r.provider for r in chains}
    assert len({r.provider for r in runs} & set(canonical.PRICED_PROVIDERS)) >= 3
    assert {"OpenAI", "openai-native", "x-native-y", "-native"} <= {r.provider for r in calls}
    priced = Counter(r.is_priced for r in calls if r.provider in canonical.PRICED_PROVIDERS)
    assert min(priced[True], priced[False]) > 50
    assert min(r.cost_usd for r in calls) < 0 < max(r.cost_usd for r in calls)
    assert len([r for r in runs if r.eval_cost_usd == 0]) > 100
    assert len([r for r in runs if r.eval_cost_usd != 0]) > 100


def test_every_way_to_an_evaluation_provider_occurs(raw):
    stored = {(c.config_id, c.version): c for c in raw.config_versions}
    providers = canonical._providers_of_models(raw.model_configs)
    ways = Counter()
    for run in raw.evaluation_runs:
        from_config = canonical._stored_provider(run, stored) != "unknown"
        first = json_values.first_element(json_values.parse(run.providers))
        candidates = providers.get(first, set()) if isinstance(first, str) else set()
        ways["config" if from_config else min(len(candidates), 2)] += 1
    assert set(ways) == {"config", 0, 1, 2}


def test_shared_prices_hold_both_spellings_of_a_provider(raw):
    pairs = {(c.provider, c.model_name) for c in raw.model_configs if c.is_active}
    assert [m for p, m in pairs if p == "openai" and ("openai-native", m) in pairs]


def test_chains_reach_deleted_and_foreign_calls(raw):
    calls = {call.id: call for call in raw.llm_calls}
    reached = []
    for chain in raw.llm_chains:
        first = json_values.first_element(json_values.parse(chain.block_sequences))
        if isinstance(first, str) and len(first) == 36 and "g" not in first:
            reached.append((chain, calls.get(UUID(first))))
    assert any(call is None for _, call in reached)
    assert any(call and call.deleted_at for _, call in reached)
    assert any(call and call.organization_id != chain.organization_id for chain, call in reached)


def test_money_stays_within_its_column(raw):
    totals = kaapi.group(kaapi.monthly_usage(raw), (), ("cost_usd", "eval_cost_usd"))[0]
    assert all(0 < amount < 10**16 for amount in totals.values())  # numeric(38,22)


def test_months_touch_the_default_window(raw):
    first, _ = kaapi.window(edge_values.AROUND.replace(tzinfo=UTC))
    months = {row["month"] for row in kaapi.monthly_usage(raw)}
    assert {first, kaapi.months_before(first, 1)} <= months
    assert any(row.requested_at.microsecond == 999_999 for row in canonical.requests(raw))


@pytest.mark.database
def test_written_rows_are_the_rows(raw, module_database, postgres_server):
    database = module_database("raw_rows")
    with postgres_server.connect(database) as connection:
        write(connection, "kaapi source", raw)
        for table, rows in _rows_by_table(raw).items():
            names = [name for name, kind in COLUMNS[table].items() if kind != "jsonb"]
            query = sql.SQL("select {} from {} order by id").format(
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.Identifier("kaapi source", table),
            )
            stored = connection.execute(query).fetchall()
            expected = sorted(rows, key=lambda row: row.id)
            assert stored == [tuple(getattr(row, n) for n in names) for row in expected]
        (usages,) = connection.execute(
            'select count(*) from "kaapi source".llm_call where usage is not null'
        ).fetchone()
    assert usages == len([call for call in raw.llm_calls if call.usage is not None])
