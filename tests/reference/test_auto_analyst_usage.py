"""Hand-computed Auto-Analyst figures: usage, users, models, costs and tiers."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count

import pytest

from . import auto_analyst, random_auto_analyst
from .auto_analyst_usage import change_events
from .kaapi import Refused
from .raw_auto_analyst import ModelUsage, RawAutoAnalyst, User, tables, write
from .raw_tables import differing_tables
from .windows import instant, midnight

AS_OF = datetime(2026, 3, 15, 12, 30, tzinfo=UTC)
NOW, TODAY = instant(AS_OF), midnight(AS_OF)
TICK, DAY = timedelta(microseconds=1), timedelta(days=1)
NUMBERS = count(1)


def use(ago=timedelta(0), **changes):
    moment = None if ago is None else NOW - ago
    base = {"usage_id": next(NUMBERS), "model_name": "m", "user_id": 1, "timestamp": moment}
    return ModelUsage(**base | changes)


def figure(name, *rows, **parameters):
    raw = RawAutoAnalyst(model_usage=[*rows])
    return auto_analyst.FIGURES[f"auto_analyst.{name}"](raw, AS_OF, **parameters)


PERIODICAL = [
    "dashboard",
    "users_activity",
    "usage_models",
    "models_history",
    "costs_summary",
    "costs_daily",
    "costs_models",
    "tiers_usage",
    "tiers_efficiency",
    "code_executions_summary",
    "code_executions_detailed",
    "code_executions_users",
    "error_analysis",
    "feedback_summary",
    "feedback_detailed",
]


@pytest.mark.parametrize("name", PERIODICAL)
@pytest.mark.parametrize("period", ["", "1d", "7D", "30", "365d"])
def test_unknown_periods_are_refused(name, period):
    with pytest.raises(Refused) as refusal:
        figure(name, period=period)
    assert refusal.value.argument == "period"


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("users", "limit", 0),
        ("users", "offset", -1),
        ("code_executions_detailed", "limit", 0),
        ("code_executions_users", "limit", 0),
        ("feedback_detailed", "limit", -5),
        ("feedback_detailed", "offset", -1),
    ],
)
def test_limits_out_of_bounds_are_refused(name, argument, value):
    with pytest.raises(Refused) as refusal:
        figure(name, **{argument: value})
    assert refusal.value.argument == argument


def test_dashboard_by_hand():
    rows = [
        use(total_tokens=5, cost=0.1),
        use(7 * DAY, user_id=None, model_name="M", total_tokens=None, cost=0.2),
        use(7 * DAY + TICK, total_tokens=100),
        use(-TICK, total_tokens=100),
        use(None, total_tokens=100),
        use(DAY, user_id=10, model_name="a", total_tokens=5),
        use(DAY, user_id=9, total_tokens=5),
    ]
    found = figure("dashboard", *rows, period="7d")
    assert found["total_tokens"] == 15
    assert found["total_cost"] == Fraction(3, 10)
    assert (found["total_requests"], found["total_users"]) == (4, 3)
    assert found["daily_usage"] == [
        {"date": date(2026, 3, 8), "tokens": 0, "cost": Fraction(1, 5), "requests": 1},
        {"date": date(2026, 3, 14), "tokens": 10, "cost": 0, "requests": 2},
        {"date": date(2026, 3, 15), "tokens": 5, "cost": Fraction(1, 10), "requests": 1},
    ]
    models = [(row["model_name"], row["tokens"]) for row in found["model_usage"]]
    assert models == [("m", 10), ("a", 5), ("M", 0)]
    assert [row["user_id"] for row in found["top_users"]] == ["1", "9", "10"]
    assert (found["start_date"], found["end_date"]) == (date(2026, 3, 8), date(2026, 3, 15))


def test_users_by_hand():
    rows = [use(DAY, user_id=n, total_tokens=1) for n in (12, 2, 3)]
    rows += [use(2 * DAY, user_id=2), use(8 * DAY, user_id=2), use(user_id=None)]
    found = figure("users", *rows, limit=2)
    assert found["users"][0] == {
        "user_id": "2",
        "tokens": 1,
        "cost": 0,
        "requests": 2,
        "first_seen": NOW - 2 * DAY,
        "last_seen": NOW - DAY,
    }
    assert [row["user_id"] for row in found["users"]] == ["2", "3"]
    assert (found["total"], found["limit"], found["offset"]) == (3, 2, 0)
    rest = figure("users", *rows, limit=2, offset=2)
    assert [row["user_id"] for row in rest["users"]] == ["12"]


def test_new_users_have_their_first_use_in_the_window():
    rows = [
        use(7 * DAY, user_id=1, chat_id=1),
        use(7 * DAY + TICK, user_id=2),
        use(7 * DAY, user_id=2, chat_id=1),
        use(user_id=3, chat_id=None),
        use(user_id=3, chat_id=5),
        use(user_id=None, chat_id=6),
        use(None, user_id=3),
        use(-TICK, user_id=4),
    ]
    found = figure("users_activity", *rows, period="7d")
    assert len(found) == 8
    days = [tuple(row.values()) for row in found]
    assert days[0] == (date(2026, 3, 8), 2, 1, 1)
    assert days[1] == (date(2026, 3, 9), 0, 0, 0)
    assert days[7] == (date(2026, 3, 15), 1, 1, 1)


def test_sessions_by_hand():
    second = timedelta(seconds=1)
    rows = [
        use(chat_id=1),
        use(10 * second, chat_id=1, user_id=2),
        use(None, chat_id=1),
        use(chat_id=2, user_id=None),
        use(NOW - TODAY, user_id=3),
        use(NOW - TODAY + TICK, user_id=4),
        use(-TICK, user_id=5),
        use(500 * DAY, chat_id=3),
        use(500 * DAY + 3 * second - TICK, chat_id=3),
    ]
    assert figure("sessions_stats", *rows) == {
        "totalUsers": 5,
        "activeToday": 3,
        "avgQueriesPerSession": 2,
        "avgSessionTime": 6,  # 10 and 2.999999 seconds: 6.4999995
    }


def test_queries_per_session_are_rounded():
    rows = [use(chat_id=chat) for chat in (1, 1, 1, 1, 2, 3, 4)]
    assert figure("sessions_stats", *rows)["avgQueriesPerSession"] == Fraction("1.8")  # 1.75


def test_models_by_hand():
    rows = [
        use(total_tokens=4, completion_tokens=1, request_time_ms=0),
        use(total_tokens=None, completion_tokens=None, request_time_ms=3000),
        use(None, total_tokens=5, completion_tokens=0),
        use(model_name="M", total_tokens=9, completion_tokens=7),
    ]
    assert figure("usage_models", *rows) == [
        {"model_name": "M", "tokens": 9, "cost": 0, "requests": 1, "avg_response_time": 0},
        {
            "model_name": "m",
            "tokens": 4,
            "cost": 0,
            "requests": 2,
            "avg_response_time": Fraction(3, 2),
        },
    ]
    assert figure("models_metrics", *rows) == [
        {"name": "M", "avg_tokens": 9, "avg_response_time": 0, "success_rate": 1},
        {
            "name": "m",
            "avg_tokens": Fraction(9, 2),
            "avg_response_time": Fraction(3, 2),
            "success_rate": Fraction(1, 3),
        },
    ]
    history = figure("models_history", *rows, period="7d")
    empty = [{"name": n, "tokens": 0, "requests": 0} for n in ("M", "m")]
    assert [day["models"] for day in history[:7]] == [empty] * 7
    assert history[7]["models"] == [
        {"name": "M", "tokens": 9, "requests": 1},
        {"name": "m", "tokens": 4, "requests": 2},
    ]


def test_ticker_counts_everything():
    raw = RawAutoAnalyst(
        users=[User(user_id=1), User(user_id=2)],
        model_usage=[use(None, total_tokens=1), use(-DAY, total_tokens=2), use(900 * DAY)],
    )
    assert auto_analyst.public_ticker(raw, AS_OF) == {
        "total_signups": 2,
        "total_tokens": 3,
        "total_requests": 3,
        "last_updated": AS_OF,
    }


def test_costs_by_hand():
    rows = [
        use(cost=0.1, total_tokens=500),
        use(NOW - TODAY, cost=0.2, model_name="a"),
        use(NOW - TODAY + TICK, cost=0.3, total_tokens=100, model_name="b"),
        use(8 * DAY, cost=5.0),
    ]
    assert figure("costs_summary", *rows, period="7d") == {
        "totalCost": Fraction("0.6"),
        "totalTokens": 600,
        "totalRequests": 3,
        "avgDailyCost": Fraction("0.6") / 7,
        "costPerThousandTokens": 1,
        "daysInPeriod": 7,
        "startDate": date(2026, 3, 8),
        "endDate": date(2026, 3, 15),
    }
    assert figure("costs_summary", use(cost=1.0))["costPerThousandTokens"] == 0
    daily = figure("costs_daily", *rows, period="7d")
    assert len(daily) == 8
    assert daily[6:] == [
        {"date": date(2026, 3, 14), "cost": Fraction("0.3"), "tokens": 100},
        {"date": date(2026, 3, 15), "cost": Fraction("0.3"), "tokens": 500},
    ]
    models = [row["model_name"] for row in figure("costs_models", *rows, period="7d")]
    assert models == ["b", "a", "m"]
    assert figure("costs_today", *rows) == {
        "date": date(2026, 3, 15),
        "cost": Fraction("0.3"),
        "tokens": 500,
        "requests": 2,
    }


def test_projections_divide_by_days_with_usage():
    rows = [use(cost=0.5, total_tokens=3), use(cost=0.1), use(2 * DAY), use(31 * DAY, cost=9.0)]
    assert figure("costs_projections", *rows) == {
        "baselineDays": 2,
        "dailyCost": Fraction("0.3"),
        "dailyTokens": Fraction(3, 2),
        "nextMonth": 9,
        "next3Months": 27,
        "nextYear": Fraction("109.5"),
        "tokensNextMonth": 45,
    }
    assert figure("costs_projections")["baselineDays"] == 1


TIER_ROWS = [
    use(model_name="gpt-5", total_tokens=30, cost=0.4),
    use(model_name="gpt-5", total_tokens=None, cost=None),
    use(model_name="gemini-3-pro", total_tokens=30),
    use(model_name="GPT-5", total_tokens=6),
    use(8 * DAY, model_name="o3", total_tokens=60, cost=0.6),
]


def test_tiers_by_hand():
    found = figure("tiers_usage", *TIER_ROWS, period="7d")
    assert list(found["tier_data"]) == ["tier1", "tier2", "tier3", "tier4", "tier5"]
    assert found["tier_data"]["tier4"] == {
        "name": "Premium Plus",
        "credits": 20,
        "total_tokens": 60,
        "total_requests": 3,
        "total_cost": Fraction("0.4"),
        "avg_tokens_per_query": 20,
        "cost_per_1k_tokens": Fraction("0.4") / 60 * 1000,
        "total_credit_cost": 60,
        "cost_per_credit": Fraction("0.4") / 60,
        "models": [
            {
                "name": "gemini-3-pro",
                "tokens": 30,
                "requests": 1,
                "cost": 0,
                "avg_tokens_per_query": 30,
            },
            {
                "name": "gpt-5",
                "tokens": 30,
                "requests": 2,
                "cost": Fraction("0.4"),
                "avg_tokens_per_query": 30,
            },
        ],
    }
    assert [row["name"] for row in found["tier_data"]["tier1"]["models"]] == ["GPT-5"]
    assert found["tier_data"]["tier3"]["total_requests"] == 0


def test_tier_projections_divide_by_thirty():
    found = figure("tiers_projections", *TIER_ROWS, use(30 * DAY + TICK, model_name="o3"))
    assert found["daily_usage"]["tier3"] == {
        "name": "Premium",
        "daily_requests": Fraction(1, 30),
        "daily_tokens": 2,
        "daily_cost": Fraction("0.02"),
        "daily_credits": Fraction(1, 6),
    }
    quarter = found["projections"]["quarterly"]
    assert quarter["requests"] == {"tier1": 3, "tier2": 0, "tier3": 3, "tier4": 9, "tier5": 0}
    assert (quarter["total_requests"], quarter["total_credits"]) == (15, 3 + 15 + 180)
    assert found["projections"]["yearly"]["total_cost"] == Fraction(365, 30)
    assert found["tier_definitions"]["tier5"] == {
        "name": "Ultimate",
        "credits": 50,
        "models": ["gpt-5.2-pro", "gpt-5.4-pro"],
    }
    assert sum(len(tier["models"]) for tier in found["tier_definitions"].values()) == 20


def test_best_tiers():
    found = figure("tiers_efficiency", *TIER_ROWS)
    assert found["efficiency_data"]["tier3"]["tokens_per_credit"] == 12
    assert (found["most_efficient_tier"], found["best_value_tier"]) == ("tier3", "tier4")
    none = figure("tiers_efficiency")
    assert (none["most_efficient_tier"], none["best_value_tier"]) == (None, None)
    tied = figure(
        "tiers_efficiency",
        use(model_name="o3", total_tokens=5, cost=0.5),
        use(model_name="gpt-5-mini", total_tokens=3, cost=0.3),
    )
    assert (tied["most_efficient_tier"], tied["best_value_tier"]) == ("tier2", "tier2")
    costless = figure("tiers_efficiency", use(total_tokens=5))
    assert (costless["most_efficient_tier"], costless["best_value_tier"]) == ("tier1", None)


def test_change_events_by_hand():
    row = use(cost=0.1, total_tokens=7, chat_id=3)
    day = date(2026, 3, 15)
    assert change_events(row) == [
        {
            "type": "usage_update",
            "date": day,
            "tokens_delta": 7,
            "cost_delta": Fraction(1, 10),
            "requests_delta": 1,
        },
        {
            "type": "model_update",
            "model_name": "m",
            "tokens": 7,
            "cost": Fraction(1, 10),
            "requests": 1,
        },
        {"type": "user_activity", "date": day, "activeUsers": 1, "sessions": 1},
    ]
    assert [event["type"] for event in change_events(use(user_id=None))] == [
        "usage_update",
        "model_update",
    ]
    assert change_events(use())[2]["sessions"] == 0


@pytest.fixture(scope="module")
def samples():
    return [random_auto_analyst.generate(seed) for seed in range(6)]


def test_random_rows_are_repeatable(samples):
    assert random_auto_analyst.generate(3) == samples[3] != samples[4]


def test_random_figures_agree_with_each_other(samples):
    as_of = random_auto_analyst.AS_OF
    for raw in samples:
        for period in ("7d", "30d", "90d"):
            board = auto_analyst.dashboard(raw, as_of, period=period)
            tiers = auto_analyst.tiers_usage(raw, as_of, period=period)["tier_data"].values()
            costs = auto_analyst.costs_daily(raw, as_of, period=period)
            activity = auto_analyst.users_activity(raw, as_of, period=period)
            assert sum(tier["total_tokens"] for tier in tiers) == board["total_tokens"]
            assert sum(tier["total_cost"] for tier in tiers) == board["total_cost"]
            assert sum(day["cost"] for day in costs) == board["total_cost"]
            assert sum(day["newUsers"] for day in activity) <= board["total_users"]
            assert [day["date"] for day in costs] == [day["date"] for day in activity]
            assert costs[0]["date"] == board["start_date"]


def test_random_users_are_cut_at_ten_and_sorted_as_numbers(samples):
    for raw in samples:
        users = auto_analyst.users(raw, random_auto_analyst.AS_OF)["users"]
        keys = [(-row["tokens"], int(row["user_id"])) for row in users]
        assert keys == sorted(keys)
        board = auto_analyst.dashboard(raw, random_auto_analyst.AS_OF)
        assert len(board["top_users"]) == 10


@pytest.mark.database
def test_written_rows_are_the_rows(samples, module_database, postgres_server):
    with postgres_server.connect(module_database("raw_auto_analyst")) as connection:
        write(connection, "auto_analyst source", samples[0])
        assert differing_tables(connection, "auto_analyst source", tables(samples[0])) == []
