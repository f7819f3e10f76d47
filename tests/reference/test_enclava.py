"""Hand-computed Enclava figures."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from . import enclava, random_enclava
from .kaapi import Refused
from .raw_enclava import ApiKey, Budget, RawEnclava, UsageTracking, tables, write
from .raw_tables import differing_tables
from .windows import instant

AS_OF = datetime(2026, 3, 15, 12, 30, tzinfo=UTC)
NOW = instant(AS_OF)
TICK = timedelta(microseconds=1)


def request(ago=timedelta(0), **changes):
    base = {"id": 1, "endpoint": "/chat", "method": "POST", "user_id": 1, "api_key_id": 1}
    return UsageTracking(**base | {"created_at": None if ago is None else NOW - ago} | changes)


def metrics(*requests, budgets=(), api_keys=(), **parameters):
    raw = RawEnclava(usage_tracking=[*requests], budgets=[*budgets], api_keys=[*api_keys])
    return enclava.usage_metrics(raw, AS_OF, **parameters)


def budgets(*pairs, **changes):
    base = [
        Budget(id=number, user_id=1, limit_cents=limit, current_usage_cents=used)
        for number, (limit, used) in enumerate(pairs, start=1)
    ]
    return [replace(budget, **changes) for budget in base]


def test_nothing_is_all_zeros():
    assert metrics() == {
        "total_requests": 0,
        "successful_requests": 0,
        "failed_requests": 0,
        "error_rate": 0,
        "avg_response_time": 0,
        "requests_per_minute": 0,
        "total_tokens": 0,
        "total_cost_cents": 0,
        "avg_tokens_per_request": 0,
        "avg_cost_per_request_cents": 0,
        "active_budgets": 0,
        "total_budget_cents": 0,
        "used_budget_cents": 0,
        "budget_usage_percentage": 0,
        "top_endpoints": [],
        "status_codes": {},
        "top_models": [],
        "timestamp": AS_OF,
    }


def test_metrics_by_hand():
    found = metrics(
        request(status_code=200, response_time_ms=1000, total_tokens=10, cost_cents=1, model="b"),
        request(status_code=399, response_time_ms=None, total_tokens=11, cost_cents=2, model="a"),
        request(status_code=400, response_time_ms=1001, model=""),
        request(status_code=None, response_time_ms=None, total_tokens=4, model="a", method="GET"),
        hours=1,
    )
    assert (found["total_requests"], found["successful_requests"]) == (4, 2)
    assert found["failed_requests"] == 1
    assert found["error_rate"] == Fraction("33.33")
    assert found["avg_response_time"] == Fraction("1.001")  # 1.0005 seconds
    assert found["requests_per_minute"] == Fraction("0.07")
    assert found["avg_tokens_per_request"] == Fraction("6.3")  # 25 by 4 is 6.25
    assert found["avg_cost_per_request_cents"] == Fraction("0.75")
    assert found["status_codes"] == {"200": 1, "399": 1, "400": 1, "unknown": 1}
    assert found["top_endpoints"] == [
        {"endpoint": "POST /chat", "count": 3},
        {"endpoint": "GET /chat", "count": 1},
    ]
    assert found["top_models"] == [
        {"model": "a", "count": 2, "total_tokens": 15, "total_cost_cents": 2},
        {"model": "b", "count": 1, "total_tokens": 10, "total_cost_cents": 1},
    ]


def test_the_window_is_closed_to_the_microsecond():
    hour = timedelta(hours=1)
    rows = [request(hour), request(hour + TICK), request(), request(-TICK), request(None)]
    assert metrics(*rows, hours=1)["total_requests"] == 2
    assert metrics(*rows, hours=2)["total_requests"] == 3


def test_filters_restrict_requests_by_both():
    rows = [request(), request(user_id=2), request(api_key_id=2), request(None)]
    assert metrics(*rows, user_id=1)["total_requests"] == 2
    assert metrics(*rows, api_key_id=1)["total_requests"] == 2
    assert metrics(*rows, user_id=1, api_key_id=1)["total_requests"] == 1
    assert metrics(*rows, user_id=9)["total_requests"] == 0


def test_a_user_has_own_budgets_and_those_of_own_keys_once():
    all_budgets = [
        Budget(id=1, user_id=1, limit_cents=100, current_usage_cents=50),
        Budget(id=2, user_id=2, api_key_id=7, limit_cents=200),
        Budget(id=3, user_id=1, api_key_id=7, limit_cents=300),
        Budget(id=4, user_id=2, api_key_id=8, limit_cents=400),
        Budget(id=5, user_id=1, limit_cents=500, is_active=None),
    ]
    keys = [ApiKey(id=7, user_id=1, is_active=False), ApiKey(id=8, user_id=2)]
    own = metrics(budgets=all_budgets, api_keys=keys, user_id=1)
    assert (own["active_budgets"], own["total_budget_cents"]) == (3, 600)
    assert own["budget_usage_percentage"] == Fraction("8.33")
    everyone = metrics(budgets=all_budgets, api_keys=keys, api_key_id=8)
    assert (everyone["active_budgets"], everyone["total_budget_cents"]) == (4, 1000)


def test_ten_endpoints_are_listed_and_ties_go_by_code_point():
    rows = [request(endpoint=f"/{letter}") for letter in "bBaAéZzyxwv"]
    listed = [row["endpoint"] for row in metrics(*rows)["top_endpoints"]]
    assert listed == [f"POST /{letter}" for letter in "ABZabvwxyz"]


@pytest.mark.parametrize("hours", [0, -1, 169])
def test_hours_out_of_bounds_are_refused(hours):
    with pytest.raises(Refused) as refusal:
        metrics(hours=hours)
    assert refusal.value.argument == "hours"


@pytest.mark.parametrize("days", [0, 366])
def test_days_out_of_bounds_are_refused(days):
    with pytest.raises(Refused) as refusal:
        enclava.cost_analysis(RawEnclava(), AS_OF, days=days)
    assert refusal.value.argument == "days"


def health(requests=(), active=()):
    raw = RawEnclava(usage_tracking=[*requests], budgets=[*active])
    found = enclava.system_health(raw, AS_OF)
    return found["status"], found["score"], [(i["code"], i["value"]) for i in found["issues"]]


def failing(failed, of):
    return [request(status_code=500 if n < failed else 200) for n in range(of)]


@pytest.mark.parametrize(
    ("requests", "active", "expected"),
    [
        ((), (), ("healthy", 100, [])),
        (failing(1, 20), (), ("healthy", 100, [])),
        (failing(2, 20), (), ("warning", 85, [("error_rate_elevated", 10)])),
        (failing(3, 20), (), ("warning", 70, [("error_rate_high", 15)])),
        ([request(response_time_ms=2000)], (), ("healthy", 100, [])),
        (
            [request(response_time_ms=2001)],
            (),
            ("healthy", 90, [("response_time_elevated", Fraction("2.001"))]),
        ),
        (
            [request(response_time_ms=5000)],
            (),
            ("healthy", 90, [("response_time_elevated", 5)]),
        ),
        (
            [request(response_time_ms=5001)],
            (),
            ("warning", 75, [("response_time_high", Fraction("5.001"))]),
        ),
        ((), budgets((100_000, 75_004)), ("healthy", 100, [])),
        (
            (),
            budgets((100_000, 75_005)),
            ("healthy", 90, [("budget_usage_high", Fraction("75.01"))]),
        ),
        (
            (),
            budgets((100_000, 90_004), (1, None)),
            ("warning", 80, [("budget_usage_high", 90), ("budgets_near_limit", 1)]),
        ),
        ((), budgets((100, 80), (900, 0)), ("healthy", 90, [("budgets_near_limit", 1)])),
        ((), budgets((100, 79), (900, 0)), ("healthy", 100, [])),
        ((), budgets((900, 0), is_exceeded=True), ("warning", 75, [("budgets_exceeded", 1)])),
        ((), budgets((900, 0), is_exceeded=None), ("healthy", 100, [])),
        ((), budgets((100, 200), is_active=False, is_exceeded=True), ("healthy", 100, [])),
        (
            [request(status_code=500, response_time_ms=9000)],
            budgets((100, 91), is_exceeded=True),
            (
                "critical",
                0,
                [
                    ("error_rate_high", 100),
                    ("response_time_high", 9),
                    ("budget_usage_critical", 91),
                    ("budgets_exceeded", 1),
                ],
            ),
        ),
    ],
)
def test_health(requests, active, expected):
    assert health(requests, active) == expected


def test_health_looks_at_the_last_hour_only():
    old = [request(timedelta(hours=1) + TICK, status_code=500)]
    assert health(old) == ("healthy", 100, [])


def test_costs_by_hand():
    raw = RawEnclava(
        usage_tracking=[
            request(cost_cents=10, total_tokens=4, model="m"),
            request(timedelta(days=1), cost_cents=None, total_tokens=None, model="m"),
            request(timedelta(days=30), cost_cents=5, total_tokens=3, model="", endpoint="/x"),
            request(timedelta(days=30) + TICK, cost_cents=1000, model="m"),
            request(None, cost_cents=1000, model="m"),
            request(cost_cents=1000, model="m", user_id=2),
        ]
    )
    assert enclava.cost_analysis(raw, AS_OF, user_id=1) == {
        "period_days": 30,
        "total_cost_cents": 15,
        "total_cost_dollars": Fraction("0.15"),
        "total_tokens": 7,
        "total_requests": 3,
        "efficiency_metrics": {
            "cost_per_token": Fraction(15, 7),
            "cost_per_request": 5,
            "tokens_per_request": Fraction(7, 3),
        },
        "cost_by_model": {"m": 10},
        "tokens_by_model": {"m": 4},
        "requests_by_model": {"m": 2},
        "daily_costs": {date(2026, 3, 15): 10, date(2026, 3, 14): 0, date(2026, 2, 13): 5},
        "cost_by_endpoint": {"/chat": 10, "/x": 5},
        "analysis_timestamp": AS_OF,
    }


@pytest.fixture(scope="module")
def samples():
    return [random_enclava.generate(seed) for seed in range(12)]


def test_random_rows_are_repeatable(samples):
    assert random_enclava.generate(3) == samples[3] != samples[4]


def test_random_rows_reach_every_issue_and_status(samples):
    found = [enclava.system_health(raw, random_enclava.AS_OF) for raw in samples]
    found += [enclava.system_health(random_enclava.generate(s), AS_OF) for s in range(12, 40)]
    codes = {issue["code"] for health in found for issue in health["issues"]}
    assert len(codes) == 8
    assert {health["status"] for health in found} >= {"warning", "critical"}


def test_random_rows_hold_the_window_edges(samples):
    now = instant(random_enclava.AS_OF)
    moments = {row.created_at for raw in samples for row in raw.usage_tracking}
    for hours in random_enclava.HOURS:
        edge = now - timedelta(hours=hours)
        assert {edge, edge - TICK, edge + TICK} <= moments
    assert None in moments


def test_random_totals_agree_with_their_parts(samples):
    for raw in samples:
        found = enclava.cost_analysis(raw, random_enclava.AS_OF)
        assert sum(found["daily_costs"].values()) == found["total_cost_cents"]
        assert sum(found["cost_by_endpoint"].values()) == found["total_cost_cents"]
        whole = enclava.usage_metrics(raw, random_enclava.AS_OF)
        parts = [
            enclava.usage_metrics(raw, random_enclava.AS_OF, user_id=user)
            for user in random_enclava.USERS
        ]
        for name in ("total_requests", "total_tokens", "total_cost_cents", "failed_requests"):
            assert sum(part[name] for part in parts) == whole[name]


@pytest.mark.database
def test_written_rows_are_the_rows(samples, module_database, postgres_server):
    with postgres_server.connect(module_database("raw_enclava")) as connection:
        write(connection, "enclava source", samples[0])
        assert differing_tables(connection, "enclava source", tables(samples[0])) == []
