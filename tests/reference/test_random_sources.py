"""The random rows of LiteLLM, Auto-Analyst and Enclava really hold the edges they promise."""

import math
from datetime import timedelta

import pytest

from . import (
    auto_analyst,
    enclava,
    litellm_tags,
    litellm_usage,
    random_auto_analyst,
    random_enclava,
    random_litellm,
)
from .dice import AS_OF, MICROSECOND
from .windows import instant

SEEDS = range(12)
PERIODS = (7, 30, 90)


@pytest.fixture(scope="module")
def analysts():
    return [random_auto_analyst.generate(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def proxies():
    return [random_litellm.generate(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def enclaves():
    return [random_enclava.generate(seed) for seed in SEEDS]


def has_ties(rows, field):
    values = [row[field] for row in rows]
    return len(set(values)) < len(values)


def test_new_users_come_on_both_sides_of_a_window_start(analysts):
    now = instant(AS_OF)
    first_uses = set()
    for raw in analysts:
        for user in random_auto_analyst.USERS:
            rows = [row for row in raw.model_usage if row.user_id == user and row.timestamp]
            first_uses.add(min(row.timestamp for row in rows))
    starts = [now - timedelta(days=days) for days in PERIODS]
    assert any(start in first_uses for start in starts)
    assert any(start - MICROSECOND in first_uses for start in starts)
    new = [sum(d["newUsers"] for d in auto_analyst.users_activity(r, AS_OF)) for r in analysts]
    assert min(new) < max(new)


def test_models_and_users_tie_and_have_sums_of_nothing(analysts):
    boards = [auto_analyst.dashboard(raw, AS_OF) for raw in analysts]
    assert any(has_ties(board["model_usage"], "tokens") for board in boards)
    assert any(has_ties(board["top_users"], "tokens") for board in boards)
    costs = [auto_analyst.costs_models(raw, AS_OF) for raw in analysts]
    assert any(row["cost"] == 0 for rows in costs for row in rows)
    assert any(has_ties(rows, "cost") for rows in costs)


def test_tiers_without_usage_and_all_tiers_occur(analysts):
    data = [auto_analyst.tiers_usage(raw, AS_OF)["tier_data"] for raw in analysts]
    used = [sum(1 for row in tiers.values() if row["total_requests"]) for tiers in data]
    assert min(used) < max(used) == 5
    best = {auto_analyst.tiers_efficiency(raw, AS_OF)["best_value_tier"] for raw in analysts}
    assert len(best) > 1


def test_chats_of_one_row_and_of_many_occur(analysts):
    for raw in analysts:
        chats = [row.chat_id for row in raw.model_usage]
        assert {chats.count(chat) == 1 for chat in set(chats)} == {True, False}


def test_executions_share_moments(analysts):
    for raw in analysts:
        found = auto_analyst.code_executions_detailed(raw, AS_OF, period="90d", limit=1000)
        assert has_ties(found["executions"], "created_at")
        listed = auto_analyst.feedback_detailed(raw, AS_OF, period="90d", limit=1000)
        assert has_ties(listed["feedback"], "created_at")


def test_lists_of_tags_and_models_are_cut_among_equals(proxies):
    distinct = [litellm_tags.distinct_tags(raw, AS_OF) for raw in proxies]
    full = [rows for rows in distinct if len(rows) == litellm_tags.LISTED_TAGS]
    assert full
    assert all(rows[-1]["usage_count"] == rows[-2]["usage_count"] for rows in full)
    models = [litellm_usage.by_model(raw, AS_OF) for raw in proxies]
    assert {len(rows) == litellm_usage.LISTED_MODELS for rows in models} == {True, False}
    assert any(rows[-1]["total_tokens"] == rows[-2]["total_tokens"] for rows in models)
    assert any(row["total_tokens"] == 0 for rows in models for row in rows)
    assert any(row["tokens_per_sec"] is None for rows in models for row in rows)


def test_users_of_tags_tie(proxies):
    pages = [litellm_tags.per_user(raw, AS_OF)["results"] for raw in proxies]
    assert any(has_ties(rows, "successful_requests") for rows in pages)
    assert all(rows for rows in pages)


def test_peaks_tie(proxies):
    hours = [litellm_usage.peak_hours(raw, AS_OF) for raw in proxies]
    days = [litellm_usage.peak_days(raw, AS_OF) for raw in proxies]
    assert any(has_ties(rows, "requests") for rows in hours)
    assert any(has_ties(rows, "requests") for rows in days)


def test_money_that_is_no_amount_occurs(proxies, analysts):
    spends = [row.spend for raw in proxies for row in (*raw.spend_logs, *raw.daily_tag_spend)]
    costs = [row.cost for raw in analysts for row in raw.model_usage]
    for amounts in (spends, costs):
        assert None in amounts
        assert any(amount is not None and math.isnan(amount) for amount in amounts)


def test_endpoints_are_cut_among_equals_and_budgets_vary(enclaves):
    found = [enclava.usage_metrics(raw, AS_OF, hours=1) for raw in enclaves]
    assert any(has_ties(metrics["top_endpoints"], "count") for metrics in found)
    assert any(has_ties(metrics["top_models"], "count") for metrics in found)
    assert 0 in [metrics["active_budgets"] for metrics in found]
    rates = [metrics["error_rate"] for metrics in found]
    assert min(rates) < 5
    assert max(rates) > 10
