"""The figures of LiteLLM's spend log (definitions, section 4) in plain Python, from raw rows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from .aggregates import Number, Row, distinct, grouped, known, mean, ratio, total
from .json_values import round_half_away
from .percentiles import MEDIAN, P95, P99, percentile
from .raw_litellm import RawLiteLlm, SpendLog
from .windows import Window, from_midnight, instant, midnight, trailing

LISTED_MODELS = 25
LISTED_PEAKS = 5
HOUR = timedelta(hours=1)

_Rows = list[SpendLog]


def totals(raw: RawLiteLlm, as_of: datetime) -> Row:
    """litellm_usage.totals"""
    rows = raw.spend_logs
    return {
        **_token_sums(rows),
        "total_requests": len(rows),
        "successful_requests": len(_successful(rows)),
        "failed_requests": sum(1 for row in rows if row.status == "failure"),
        "success_rate": _success_rate(rows),
        "unique_sessions": distinct(row.session_id or None for row in rows),
        "unique_users": distinct(row.user or None for row in rows),
    }


def latency(raw: RawLiteLlm, as_of: datetime) -> Row:
    """litellm_usage.latency"""
    times = _latencies(_successful(raw.spend_logs))
    return {
        **_time_statistics(times),
        "min_ms": round_half_away(min(times, default=Fraction(0)), 0),
        "max_ms": round_half_away(max(times, default=Fraction(0)), 0),
    }


def ttft(raw: RawLiteLlm, as_of: datetime) -> Row:
    """litellm_usage.ttft"""
    return _time_statistics(_first_token_times(_successful(raw.spend_logs)))


def tokens_per_request(raw: RawLiteLlm, as_of: datetime) -> Row:
    """litellm_usage.tokens_per_request"""
    rows = _successful(raw.spend_logs)
    counts = [row.total_tokens for row in rows if row.total_tokens is not None]
    return {
        "avg": round_half_away(mean(counts), 0),
        "avg_prompt": round_half_away(mean(row.prompt_tokens for row in rows), 0),
        "avg_completion": round_half_away(mean(row.completion_tokens for row in rows), 0),
        "p50": round_half_away(percentile(counts, MEDIAN), 0),
        "p95": round_half_away(percentile(counts, P95), 0),
        "max": max(counts, default=0),
    }


def cache(raw: RawLiteLlm, as_of: datetime) -> Row:
    """litellm_usage.cache"""
    hits = [row for row in raw.spend_logs if row.cache_hit == "True"]
    misses = [row for row in raw.spend_logs if row.cache_hit == "False"]
    return {
        "hits": len(hits),
        "hit_tokens": _tokens(hits),
        "misses": len(misses),
        "miss_tokens": _tokens(misses),
        "hit_rate": round_half_away(ratio(len(hits), len(hits) + len(misses)) * 100, 2),
    }


def by_model(raw: RawLiteLlm, as_of: datetime) -> list[Row]:
    """litellm_usage.by_model"""
    groups = grouped((row for row in raw.spend_logs if row.model), lambda row: row.model or "")
    rows = [_model_row(model, members) for model, members in groups.items()]
    return sorted(rows, key=lambda row: (-row["total_tokens"], row["model"]))[:LISTED_MODELS]


def daily(raw: RawLiteLlm, as_of: datetime) -> list[Row]:
    """litellm_usage.daily"""
    rows = _started(raw.spend_logs, from_midnight(as_of, 14))
    days = grouped(rows, lambda row: known(row.startTime).date())
    return [
        {
            "date": day,
            "requests": len(members),
            "successful": len(_successful(members)),
            "success_rate": _success_rate(members),
            **_token_sums(members),
            "avg_latency_ms": round_half_away(mean(_latencies(_successful(members))), 0),
        }
        for day, members in sorted(days.items(), reverse=True)
    ]


def hourly(raw: RawLiteLlm, as_of: datetime) -> list[Row]:
    """litellm_usage.hourly"""
    return [
        {
            "hour": hour,
            "requests": len(members),
            "successful": len(_successful(members)),
            "tokens": _tokens(members),
        }
        for hour, members in sorted(_by_hour(raw.spend_logs).items())
    ]


def week_over_week(raw: RawLiteLlm, as_of: datetime) -> Row:
    """litellm_usage.week_over_week"""
    start = midnight(as_of) - timedelta(days=7)
    before = Window(start - timedelta(days=7), start, end_included=False)
    weeks = {
        "this_week": _week(_started(raw.spend_logs, Window(start, instant(as_of)))),
        "last_week": _week(_started(raw.spend_logs, before)),
    }
    changes = {
        name: _change_percent(weeks["this_week"][name], weeks["last_week"][name])
        for name in ("requests", "tokens")
    }
    return {**weeks, "change_pct": changes}


def peak_days(raw: RawLiteLlm, as_of: datetime) -> list[Row]:
    """litellm_usage.peak_days"""
    rows = [row for row in _successful(raw.spend_logs) if row.startTime is not None]
    days = grouped(rows, lambda row: known(row.startTime).date())
    ranked = sorted(days.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        {"date": day, "requests": len(members), "tokens": _tokens(members)}
        for day, members in ranked[:LISTED_PEAKS]
    ]


def peak_hours(raw: RawLiteLlm, as_of: datetime) -> list[Row]:
    """litellm_usage.peak_hours"""
    hours = _by_hour(_started(raw.spend_logs, from_midnight(as_of, 7)))
    ranked = sorted(hours.items(), key=lambda item: (-len(item[1]), item[0]))
    return [{"hour": hour, "requests": len(rows)} for hour, rows in ranked[:LISTED_PEAKS]]


def recent(raw: RawLiteLlm, as_of: datetime) -> Row:
    """litellm_usage.recent"""
    day = trailing(as_of, 24 * HOUR)
    day_before = Window(day.start - 24 * HOUR, day.start, end_included=False)
    last_day, before = _started(raw.spend_logs, day), _started(raw.spend_logs, day_before)
    return {
        "last_hour_requests": len(_started(raw.spend_logs, trailing(as_of, HOUR))),
        "last_24h_requests": len(last_day),
        "prev_24h_requests": len(before),
        "last_24h_tokens": _tokens(_successful(last_day)),
        "change_24h_pct": _change_percent(len(last_day), len(before)),
    }


_FUNCTIONS = (
    totals,
    latency,
    ttft,
    tokens_per_request,
    cache,
    by_model,
    daily,
    hourly,
    week_over_week,
    peak_days,
    peak_hours,
    recent,
)
FIGURES = {f"litellm_usage.{function.__name__}": function for function in _FUNCTIONS}


def _successful(rows: Iterable[SpendLog]) -> _Rows:
    return [row for row in rows if row.status == "success"]


def _started(rows: _Rows, window: Window) -> _Rows:
    return window.rows(rows, lambda row: row.startTime)


def _by_hour(rows: _Rows) -> dict[int, _Rows]:
    return grouped(
        (r for r in rows if r.startTime is not None), lambda row: known(row.startTime).hour
    )


def _tokens(rows: _Rows) -> Number:
    return total(row.total_tokens for row in rows)


def _token_sums(rows: _Rows) -> Row:
    return {
        "total_tokens": _tokens(rows),
        "prompt_tokens": total(row.prompt_tokens for row in rows),
        "completion_tokens": total(row.completion_tokens for row in rows),
    }


def _success_rate(rows: _Rows) -> Fraction:
    return round_half_away(ratio(len(_successful(rows)), len(rows)) * 100, 1)


def _milliseconds(start: datetime | None, end: datetime | None) -> list[Fraction]:
    return [] if start is None or end is None else [_in_milliseconds(end - start)]


def _in_milliseconds(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 1000)


def _latencies(rows: _Rows) -> list[Fraction]:
    return [ms for row in rows for ms in _milliseconds(row.startTime, row.endTime)]


def _first_token_times(rows: _Rows) -> list[Fraction]:
    return [ms for row in rows for ms in _milliseconds(row.startTime, row.completionStartTime)]


def _time_statistics(times: list[Fraction]) -> Row:
    return {
        "avg_ms": round_half_away(mean(times), 0),
        "p50_ms": round_half_away(percentile(times, MEDIAN), 0),
        "p95_ms": round_half_away(percentile(times, P95), 0),
        "p99_ms": round_half_away(percentile(times, P99), 0),
    }


def _model_row(model: str, rows: _Rows) -> Row:
    successful = _successful(rows)
    latencies = _latencies(successful)
    return {
        "model": model,
        "requests": len(rows),
        "successful": len(successful),
        "success_rate": _success_rate(rows),
        **_token_sums(rows),
        "avg_tokens": round_half_away(mean(row.total_tokens for row in successful), 0),
        "avg_latency_ms": round_half_away(mean(latencies), 0),
        "p50_latency_ms": round_half_away(percentile(latencies, MEDIAN), 0),
        "avg_ttft_ms": round_half_away(mean(_first_token_times(successful)), 0),
        "tokens_per_sec": _tokens_per_second(rows),
    }


def _tokens_per_second(rows: _Rows) -> Fraction | None:
    """All completion tokens by the successful rows, by their average latency before rounding."""
    successful = _successful(rows)
    seconds = mean(_latencies(successful)) / 1000
    completion_tokens = total(row.completion_tokens for row in rows)
    if not successful or seconds == 0 or completion_tokens == 0:
        return None
    return round_half_away(ratio(completion_tokens, len(successful)) / seconds, 1)


def _week(rows: _Rows) -> Row:
    successful = _successful(rows)
    return {"requests": len(rows), "tokens": _tokens(successful), "successful": len(successful)}


def _change_percent(current: Number, previous: Number) -> Fraction | None:
    if previous == 0:
        return None
    return round_half_away(Fraction(current - previous, previous) * 100, 1)
