"""Hand-computed figures of LiteLLM's spend log."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count

import pytest

from . import litellm_usage, random_litellm
from .raw_litellm import RawLiteLlm, SpendLog, tables, write
from .raw_tables import differing_tables
from .windows import instant, midnight

AS_OF = datetime(2026, 3, 15, 12, 30, tzinfo=UTC)
NOW = instant(AS_OF)
TODAY = midnight(AS_OF)
TICK = timedelta(milliseconds=1)
DAY = timedelta(days=1)
NUMBERS = count()


def log(started=NOW, latency=None, first_token=None, **changes):
    base = {
        "request_id": f"r{next(NUMBERS)}",
        "status": "success",
        "startTime": started,
        "endTime": None if latency is None else started + latency * TICK,
        "completionStartTime": None if first_token is None else started + first_token * TICK,
    }
    return SpendLog(**base | changes)


def figure(name, *rows):
    return litellm_usage.FIGURES[f"litellm_usage.{name}"](RawLiteLlm(spend_logs=[*rows]), AS_OF)


def test_totals_count_exact_statuses_and_real_texts():
    found = figure(
        "totals",
        log(total_tokens=10, prompt_tokens=4, completion_tokens=5, session_id="s", user="u"),
        log(total_tokens=None, status="failure", session_id="s", user=""),
        log(total_tokens=1, status="Success", session_id="", user="U"),
        log(None, total_tokens=2, status=None, session_id="S", user=None),
        log(NOW + 9 * DAY, status="failure"),
        log(status="failure"),
    )
    assert found == {
        "total_tokens": 13,
        "prompt_tokens": 4,
        "completion_tokens": 5,
        "total_requests": 6,
        "successful_requests": 1,
        "failed_requests": 3,
        "success_rate": Fraction("16.7"),
        "unique_sessions": 2,
        "unique_users": 2,
    }


def test_nothing_is_zeros_and_empty_lists():
    assert set(figure("totals").values()) == {0}
    assert set(figure("latency").values()) == {0}
    assert set(figure("ttft").values()) == {0}
    assert set(figure("tokens_per_request").values()) == {0}
    assert set(figure("cache").values()) == {0}
    for name in ("by_model", "daily", "hourly", "peak_days", "peak_hours"):
        assert figure(name) == []
    assert figure("recent")["change_24h_pct"] is None
    assert figure("week_over_week")["change_pct"] == {"requests": None, "tokens": None}


def test_latency_of_successful_answers_only():
    rows = [log(latency=ms) for ms in (100, 200, 300, 401)]
    rows += [log(latency=9999, status="failure"), log(), log(None, endTime=NOW)]
    assert figure("latency", *rows) == {
        "avg_ms": 250,  # 250.25
        "p50_ms": 250,
        "p95_ms": 386,  # 300 + 0.85 of 101 = 385.85
        "p99_ms": 398,  # 300 + 0.97 of 101 = 397.97
        "min_ms": 100,
        "max_ms": 401,
    }


def test_a_half_rounds_away_from_zero_on_both_sides():
    assert figure("latency", log(latency=0), log(latency=-1))["avg_ms"] == -1
    assert figure("ttft", log(first_token=0), log(first_token=1)) == {
        "avg_ms": 1,
        "p50_ms": 1,
        "p95_ms": 1,
        "p99_ms": 1,
    }


def test_tokens_per_request_skip_what_is_missing():
    rows = [log(total_tokens=n, prompt_tokens=1, completion_tokens=None) for n in (1, 2, None)]
    rows.append(log(total_tokens=50, status="failure"))
    assert figure("tokens_per_request", *rows) == {
        "avg": 2,
        "avg_prompt": 1,
        "avg_completion": 0,
        "p50": 2,
        "p95": 2,
        "max": 2,
    }


def test_cache_reads_two_texts_only():
    texts = ["True", "True", "False", "true", "None", "", None, "False "]
    rows = [log(cache_hit=text, total_tokens=n, status="x") for n, text in enumerate(texts, 1)]
    assert figure("cache", *rows) == {
        "hits": 2,
        "hit_tokens": 3,
        "misses": 1,
        "miss_tokens": 3,
        "hit_rate": Fraction("66.67"),
    }


def test_a_model_by_hand():
    (found,) = figure(
        "by_model",
        log(latency=1000, first_token=10, model="m", total_tokens=30, completion_tokens=20),
        log(latency=2001, first_token=11, model="m", total_tokens=31, completion_tokens=None),
        log(latency=9, model="m", total_tokens=5, completion_tokens=5, status="failure"),
        log(model="", total_tokens=99),
        log(model=None, total_tokens=99),
    )
    assert found == {
        "model": "m",
        "requests": 3,
        "successful": 2,
        "success_rate": Fraction("66.7"),
        "total_tokens": 66,
        "prompt_tokens": 0,
        "completion_tokens": 25,
        "avg_tokens": 31,  # 30.5
        "avg_latency_ms": 1501,  # 1500.5
        "p50_latency_ms": 1501,
        "avg_ttft_ms": 11,  # 10.5
        "tokens_per_sec": Fraction("8.3"),  # 12.5 by 1.5005 seconds
    }


@pytest.mark.parametrize(
    "row",
    [
        log(model="m", latency=5, completion_tokens=5, status="failure"),
        log(model="m", completion_tokens=5),
        log(model="m", latency=0, completion_tokens=5),
        log(model="m", latency=5, completion_tokens=0),
        log(model="m", latency=5, completion_tokens=None),
    ],
)
def test_no_speed_without_tokens_time_or_success(row):
    assert figure("by_model", row)[0]["tokens_per_sec"] is None


def test_25_models_in_order_of_tokens_then_code_point():
    names = [chr(ord("a") + n) for n in range(26)] + ["B"]
    rows = [log(model=name, total_tokens=None) for name in names] + [log(model="é", total_tokens=1)]
    listed = [row["model"] for row in figure("by_model", *rows)]
    assert listed == ["é", "B", *names[:23]]


def test_daily_spans_15_dates_from_midnight():
    start = TODAY - 14 * DAY
    rows = [log(start, 3), log(start - TICK), log(NOW, 4, status="failure"), log(NOW + TICK)]
    rows += [log(TODAY, 5, total_tokens=7), log(TODAY - TICK), log(None)]
    found = figure("daily", *rows)
    assert [(row["date"], row["requests"], row["avg_latency_ms"]) for row in found] == [
        (date(2026, 3, 15), 2, 5),
        (date(2026, 3, 14), 1, 0),
        (date(2026, 3, 1), 1, 3),
    ]
    assert [row["success_rate"] for row in found] == [50, 100, 100]
    assert [row["total_tokens"] for row in found] == [7, 0, 0]


def test_hours_of_the_day_over_all_time():
    rows = [
        log(TODAY - TICK, total_tokens=1),
        log(TODAY, total_tokens=2),
        log(TODAY - 99 * DAY, total_tokens=3, status="x"),
        log(TODAY + 9 * DAY),
        log(None, total_tokens=50),
    ]
    assert figure("hourly", *rows) == [
        {"hour": 0, "requests": 3, "successful": 2, "tokens": 5},
        {"hour": 23, "requests": 1, "successful": 1, "tokens": 1},
    ]


def test_two_weeks_side_by_side():
    start = TODAY - 7 * DAY
    rows = [
        log(start, total_tokens=10),
        log(NOW, total_tokens=1, status="failure"),
        log(NOW + TICK, total_tokens=100),
        log(start - TICK, total_tokens=8),
        log(start - 7 * DAY, total_tokens=None),
        log(start - 3 * DAY, status="failure"),
        log(start - 7 * DAY - TICK, total_tokens=100),
    ]
    assert figure("week_over_week", *rows) == {
        "this_week": {"requests": 2, "tokens": 10, "successful": 1},
        "last_week": {"requests": 3, "tokens": 8, "successful": 2},
        "change_pct": {"requests": Fraction("-33.3"), "tokens": 25},
    }


def test_five_peak_days_of_successful_rows():
    rows = [log(TODAY + n * DAY, total_tokens=n) for n in range(-3, 4)]
    rows += [log(TODAY + 3 * DAY, total_tokens=1), log(TODAY, status="failure"), log(None)]
    found = figure("peak_days", *rows)
    assert [(row["date"].day, row["requests"], row["tokens"]) for row in found] == [
        (18, 2, 4),
        (12, 1, -3),
        (13, 1, -2),
        (14, 1, -1),
        (15, 1, 0),
    ]


def test_five_peak_hours_of_seven_days_and_today():
    hour = timedelta(hours=1)
    rows = [log(TODAY + n * hour, status="x") for n in range(6)]
    rows += [log(TODAY - 7 * DAY + 5 * hour), log(TODAY - 7 * DAY - TICK), log(NOW + TICK)]
    found = figure("peak_hours", *rows)
    assert [(row["hour"], row["requests"]) for row in found] == [
        (5, 2),
        (0, 1),
        (1, 1),
        (2, 1),
        (3, 1),
    ]


def test_recent_windows_meet_at_the_instant():
    hour = timedelta(hours=1)
    ages = [0 * hour, hour, hour + TICK, 24 * hour, 24 * hour + TICK, 48 * hour, 48 * hour + TICK]
    rows = [log(NOW - age, total_tokens=1) for age in ages]
    rows += [log(NOW + TICK), log(NOW, total_tokens=5, status="failure"), log(None)]
    assert figure("recent", *rows) == {
        "last_hour_requests": 3,
        "last_24h_requests": 5,
        "prev_24h_requests": 2,
        "last_24h_tokens": 4,
        "change_24h_pct": 150,
    }


@pytest.fixture(scope="module")
def samples():
    return [random_litellm.generate(seed) for seed in range(6)]


def test_random_rows_are_repeatable(samples):
    assert random_litellm.generate(3) == samples[3] != samples[4]


def test_random_rows_hold_the_window_edges(samples):
    now, start = instant(random_litellm.AS_OF), midnight(random_litellm.AS_OF)
    moments = {row.startTime for raw in samples for row in raw.spend_logs}
    for edge in (now, now - DAY, now - 2 * DAY, start - 7 * DAY, start - 14 * DAY):
        assert {edge, edge - TICK, edge + TICK} <= moments
    for raw in samples:
        assert len(litellm_usage.daily(raw, random_litellm.AS_OF)) == 15


def test_random_parts_add_up(samples):
    for raw in samples:
        whole = litellm_usage.totals(raw, random_litellm.AS_OF)
        untimed = sum(1 for row in raw.spend_logs if row.startTime is None)
        hours = litellm_usage.hourly(raw, random_litellm.AS_OF)
        assert sum(row["requests"] for row in hours) == whole["total_requests"] - untimed
        weeks = litellm_usage.week_over_week(raw, random_litellm.AS_OF)
        days = litellm_usage.daily(raw, random_litellm.AS_OF)
        both = weeks["this_week"]["requests"] + weeks["last_week"]["requests"]
        assert sum(row["requests"] for row in days) == both


@pytest.mark.database
def test_written_rows_are_the_rows(samples, module_database, postgres_server):
    with postgres_server.connect(module_database("raw_litellm")) as connection:
        write(connection, "litellm source", samples[0])
        assert differing_tables(connection, "litellm source", tables(samples[0])) == []
