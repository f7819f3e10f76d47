"""How far costs are to be trusted: GraphQL's answers on sample rows equal SQL on raw tables.

The SQL is written from SEMANTICS and from what each source keeps, and reads no model.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database

SYSTEMS = ("KAAPI", "LITELLM", "AUTO_ANALYST", "ENCLAVA")

# What each system wrote: rows, those left out, total tokens, cost. Kaapi keeps no cost.
RAW = {
    "LITELLM": (
        "select count(*), 0, sum(total_tokens), sum(cast(cast(spend as text) as numeric))"
        " filter (where spend < 'Infinity') from litellm.\"LiteLLM_SpendLogs\""
    ),
    "AUTO_ANALYST": (
        "select count(*), 0, sum(total_tokens), sum(cast(cast(cost as text) as numeric))"
        " filter (where cost < 'Infinity') from auto_analyst.model_usage"
    ),
    "ENCLAVA": (
        "select count(*), 0, sum(total_tokens), sum(cost_cents) / 100.0 from enclava.usage_tracking"
    ),
    "KAAPI": (
        "select (select count(*) from kaapi.llm_call) + (select count(*) from kaapi.llm_chain),"
        " (select count(*) from kaapi.llm_call where deleted_at is not null), null, null"
    ),
}

# Of rows with a time: with tokens priced at 0, with tokens unpriced; what rows without any count
# cost, and what failures cost.
QUALITY = {
    "LITELLM": """
        select
            count(*) filter (
                where spend = 0 and total_tokens > 0 and cache_hit is distinct from 'True'
            ),
            count(*) filter (where (spend is null or spend = 'NaN') and total_tokens > 0),
            sum(cast(cast(spend as text) as numeric)) filter (where not has_count),
            sum(cast(cast(spend as text) as numeric)) filter (where status = 'failure')
        from litellm."LiteLLM_SpendLogs", lateral (
            select greatest(prompt_tokens, completion_tokens, total_tokens, 0) > 0 as has_count
        ) as counted
        where "startTime" is not null
    """,
    "AUTO_ANALYST": """
        select
            count(*) filter (where cost = 0 and total_tokens > 0),
            count(*) filter (where (cost is null or cost = 'NaN') and total_tokens > 0),
            sum(cast(cast(cost as text) as numeric)) filter (
                where cost <> 'NaN' and not greatest(
                    prompt_tokens, completion_tokens, total_tokens, 0
                ) > 0
            ),
            0
        from auto_analyst.model_usage
        where timestamp is not null
    """,
    "ENCLAVA": """
        select
            count(*) filter (where cost_cents = 0 and total_tokens > 0),
            count(*) filter (where cost_cents is null and total_tokens > 0),
            sum(cost_cents / 100.0) filter (
                where not greatest(request_tokens, response_tokens, total_tokens, 0) > 0
            ),
            sum(cost_cents / 100.0) filter (where status_code >= 400)
        from enclava.usage_tracking
        where created_at is not null
    """,
}


@pytest.fixture(scope="module")
def raw(sample: SampleWarehouse) -> Iterator[psycopg.Connection[Any]]:
    with sample.server.connect(sample.database) as connection:
        yield connection


def nodes(sample: SampleWarehouse, document: str) -> list[dict[str, Any]]:
    answer = sample.ask(document)
    assert "errors" not in answer, answer["errors"]
    (result,) = answer["data"].values()
    found: list[dict[str, Any]] = result["nodes"]
    assert found
    return found


def one(connection: psycopg.Connection[Any], query: str) -> tuple[Any, ...]:
    (row,) = connection.execute(query).fetchall()
    return tuple(row)


@pytest.fixture(scope="module")
def by_system(sample: SampleWarehouse) -> dict[str, dict[str, Any]]:
    """The reconciliation of each source system."""
    found = nodes(
        sample,
        """{ costReconciliation(groupBy: [SOURCE_SYSTEM]) { nodes {
            sourceSystem reconciledRows unreconciledRows
            rawRequests martRequests excludedRequests unexplainedRequests
            rawTotalTokens martTotalTokens excludedTotalTokens unexplainedTotalTokens
            rawCostUsd martCostUsd excludedCostUsd unexplainedCostUsd
            rawEvalRuns martEvalRuns excludedEvalRuns
        } } }""",
    )
    return {node["sourceSystem"]: node for node in found}


class TestReconciliation:
    @pytest.mark.parametrize("system", SYSTEMS)
    def test_shows_what_the_source_wrote(self, raw, by_system, system: str):
        requests, excluded, tokens, cost = one(raw, RAW[system])
        node = by_system[system]
        assert (node["rawRequests"], node["excludedRequests"]) == (requests, excluded)
        if cost is not None:
            assert node["rawTotalTokens"] == tokens
            assert Decimal(node["rawCostUsd"]) == cost

    @pytest.mark.parametrize("system", SYSTEMS)
    def test_adds_up(self, by_system, system: str):
        node = by_system[system]
        assert node["reconciledRows"] > 0
        assert node["unreconciledRows"] == 0
        for name in ("Requests", "TotalTokens", "CostUsd"):
            raw_, mart, excluded, unexplained = (
                Decimal(node[side + name]) for side in ("raw", "mart", "excluded", "unexplained")
            )
            assert raw_ == mart + excluded
            assert unexplained == 0

    def test_shows_evaluation_runs(self, raw, by_system):
        (runs,) = one(raw, "select count(*) from kaapi.evaluation_run")
        node = by_system["KAAPI"]
        assert node["rawEvalRuns"] == node["martEvalRuns"] + node["excludedEvalRuns"] == runs

    def test_what_has_no_time_stands_in_a_row_of_its_own(self, sample, raw):
        (untimed,) = one(
            raw, "select count(*) from enclava.usage_tracking where created_at is null"
        )
        (node,) = nodes(
            sample,
            "{ costReconciliation(filter: {month: {isNull: true}, sourceSystem: {eq: ENCLAVA}})"
            " { nodes { month rawRequests martRequests isReconciled } } }",
        )
        assert untimed
        assert node == {
            "month": None,
            "rawRequests": untimed,
            "martRequests": untimed,
            "isReconciled": True,
        }


class TestQuality:
    @pytest.mark.parametrize("system", QUALITY)
    def test_counts_what_is_suspicious(self, sample, raw, system: str):
        zero, unpriced, tokenless, failed = one(raw, QUALITY[system])
        (node,) = nodes(
            sample,
            f"{{ dailyCostQuality(groupBy: [], filter: {{sourceSystem: {{eq: {system}}}}}) {{"
            " nodes { zeroCostRequests unpricedTokenRequests tokenlessCostUsd failedCostUsd"
            " } } }",
        )
        assert (node["zeroCostRequests"], node["unpricedTokenRequests"]) == (zero, unpriced)
        assert Decimal(node["tokenlessCostUsd"]) == (tokenless or 0)
        assert Decimal(node["failedCostUsd"]) == (failed or 0)

    def test_whole_cents_lose_what_the_price_list_says(self, sample, raw):
        """gpt-4o costs 2.50 USD per million tokens in and 10 out; many calls cost no whole cent."""
        computed, reported, requests = one(
            raw,
            "select sum(coalesce(request_tokens, 0) * 2.5 + coalesce(response_tokens, 0) * 10)"
            " / 1000000, sum(cost_cents) / 100.0, count(*)"
            " from enclava.usage_tracking where model = 'gpt-4o' and created_at is not null"
            " and cost_cents is not null and coalesce(request_tokens, response_tokens) is not null",
        )
        (node,) = nodes(
            sample,
            """{ dailyCostQuality(groupBy: [], filter: {
                sourceSystem: {eq: ENCLAVA}, model: {eq: "gpt-4o"}
            }) { nodes {
                comparedRequests comparedReportedCostUsd comparedComputedCostUsd
                driftUsd driftRate roundingLossUsd
            } } }""",
        )
        assert requests > 10
        assert node["comparedRequests"] == requests
        assert Decimal(node["comparedReportedCostUsd"]) == reported
        assert Decimal(node["comparedComputedCostUsd"]) == computed
        assert Decimal(node["roundingLossUsd"]) == computed - reported
        assert Decimal(node["driftUsd"]) == reported - computed
        assert node["driftRate"] == pytest.approx(float((reported - computed) / computed))

    def test_drift_is_found_by_day_and_model(self, sample):
        found = nodes(
            sample,
            "{ dailyCostQuality(groupBy: [DAY, MODEL], orderBy: [{field: DRIFT_USD}], first: 5,"
            " having: {comparedRequests: {gt: 0}}) { nodes { day model driftUsd"
            " comparedReportedCostUsd comparedComputedCostUsd } } }",
        )
        for node in found:
            reported = Decimal(node["comparedReportedCostUsd"])
            assert Decimal(node["driftUsd"]) == reported - Decimal(node["comparedComputedCostUsd"])

    def test_usage_is_missing_or_estimated(self, sample, raw):
        estimated, missing = one(
            raw,
            "select count(*) filter (where has_count), count(*) filter (where not has_count)"
            " from auto_analyst.model_usage, lateral (select greatest(prompt_tokens,"
            " completion_tokens, total_tokens, 0) > 0 as has_count) as counted"
            " where timestamp is not null",
        )
        (node,) = nodes(
            sample,
            "{ dailyCostQuality(groupBy: [], filter: {sourceSystem: {eq: AUTO_ANALYST}})"
            " { nodes { estimatedUsageRequests missingUsageRequests estimatedUsageRate"
            " missingUsageRate } } }",
        )
        calls = estimated + missing
        assert node["estimatedUsageRequests"] == estimated
        assert node["missingUsageRequests"] == missing
        assert node["estimatedUsageRate"] == pytest.approx(estimated / calls)
        assert node["missingUsageRate"] == pytest.approx(missing / calls)


def test_unpriced_models_are_listed_with_their_calls(sample: SampleWarehouse, raw: Any):
    expected = raw.execute(
        "select coalesce(nullif(model, ''), 'unknown'), count(*), coalesce(sum(total_tokens), 0),"
        " min(created_at), max(created_at) from enclava.usage_tracking where cost_cents is null"
        " group by 1 order by 1"
    ).fetchall()
    found = nodes(
        sample,
        "{ unpricedModels(groupBy: [MODEL], filter: {sourceSystem: {eq: ENCLAVA}}) { nodes {"
        " model unpricedModelRequests unpricedModelTokens firstUnpricedAt lastUnpricedAt } } }",
    )
    assert [tuple(node.values()) for node in found] == [
        (model, calls, tokens, *(f"{at.isoformat(timespec='milliseconds')}Z" for at in seen))
        for model, calls, tokens, *seen in expected
    ]


def test_reasons_say_what_to_do(sample: SampleWarehouse):
    found = nodes(
        sample,
        "{ unpricedModels(first: 1000) { nodes { provider model unpricedReason isInPriceBook"
        " unpricedModelComputedCostUsd } } }",
    )
    reasons = {node["unpricedReason"] for node in found}
    assert {"PRICE_BOOK_OFF", "UNKNOWN_MODEL", "UNKNOWN_PROVIDER", "NO_TOKENS"} <= reasons
    for node in found:
        waits = node["unpricedReason"] == "PRICE_BOOK_OFF"
        assert node["isInPriceBook"] or not waits
        assert waits or Decimal(node["unpricedModelComputedCostUsd"]) == 0


def test_an_answer_costs_what_all_requests_cost(sample: SampleWarehouse, raw: Any):
    cost, successes = one(
        raw,
        "select sum(cast(cast(spend as text) as numeric)) filter (where spend < 'Infinity'),"
        " count(*) filter (where status = 'success') from litellm.\"LiteLLM_SpendLogs\"",
    )
    (node,) = nodes(
        sample,
        "{ requests(groupBy: [], filter: {sourceSystem: {eq: LITELLM}})"
        " { nodes { costUsdPerSuccessfulRequest } } }",
    )
    assert Decimal(node["costUsdPerSuccessfulRequest"]) == pytest.approx(cost / successes)
