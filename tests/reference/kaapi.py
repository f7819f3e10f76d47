"""kaapi.monthly and kaapi.chart (definitions 2.3 and 2.4), and grouping rows in general."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from .canonical import PRICED_PROVIDERS, evaluation_runs, requests
from .raw_kaapi import RawKaapi

MODALITIES = ("OTHER", "S-FS-S", "STT", "T-FS-T", "TTS")
METRICS = ("requests", "cost_usd", "eval_runs", "eval_cost_usd")
TOKENS = ("input_tokens", "output_tokens", "total_tokens")
MONTHLY_DIMENSIONS = ("month", "organization_id", "project_id", "modality", "provider", "model")
MONTHLY_MEASURES = (
    "llm_call_requests",
    "llm_chain_requests",
    "requests",
    "unpriced_requests",
    *TOKENS,
    "cost_usd",
    "eval_runs",
    "eval_cost_usd",
)
DEFAULT_WINDOW_MONTHS = 24
_SERIES_KEYS = {
    "modality_provider": ("modality", "provider"),
    "modality": ("modality",),
    "provider": ("provider",),
    "total": (),
}

Row = dict[str, Any]


class Refused(ValueError):
    """An argument that no answer exists for."""

    def __init__(self, argument: str, reason: str):
        super().__init__(f"{argument}: {reason}")
        self.argument = argument


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    data: list[Any]
    total: Any
    tokens: dict[str, int]


@dataclass(frozen=True, slots=True)
class Chart:
    labels: list[date]
    series: list[Series]


def value_of(row: Any, name: str) -> Any:
    """A field of a mapping or an object; a measure the row does not have is 0."""
    if isinstance(row, Mapping):
        return row.get(name, 0)
    return getattr(row, name, 0)


def group(rows: Iterable[Any], keys: Sequence[str], measures: Sequence[str]) -> list[Row]:
    """Sums of the measures per distinct keys, ordered by the keys (null last, text by code point).

    A missing amount adds 0 (C6). Without keys there is one row, also over nothing: a grand total.
    """
    sums: dict[tuple[Any, ...], Row] = {} if keys else {(): dict.fromkeys(measures, 0)}
    for row in rows:
        key = tuple(value_of(row, name) for name in keys)
        totals = sums.setdefault(key, dict.fromkeys(measures, 0))
        for measure in measures:
            totals[measure] += value_of(row, measure) or 0
    ordered = sorted(sums.items(), key=lambda item: [(v is None, v) for v in item[0]])
    return [dict(zip(keys, key, strict=True)) | totals for key, totals in ordered]


def monthly_usage(raw: RawKaapi) -> list[Row]:
    """The rows of fct_monthly_usage: month, owner, modality, provider and model with any event.

    An event without a time belongs to no month (C5).
    """
    events = [e for e in (*requests(raw), *evaluation_runs(raw)) if e.month is not None]
    return group(events, MONTHLY_DIMENSIONS, MONTHLY_MEASURES)


def first_of_month(day: date) -> date:
    return date(day.year, day.month, 1)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many calendar months earlier, no earlier than year 1."""
    number = max(day.year * 12 + day.month - 1 - months, 12)
    return date(number // 12, number % 12 + 1, 1)


def window(
    as_of: datetime, from_month: date | None = None, to_month: date | None = None
) -> tuple[date, date | None]:
    """First and last month of the window, both inclusive; no last month means no upper bound."""
    last = None if to_month is None else first_of_month(to_month)
    anchor = last if last is not None else first_of_month(as_of.astimezone(UTC).date())
    first = (
        months_before(anchor, DEFAULT_WINDOW_MONTHS)
        if from_month is None
        else first_of_month(from_month)
    )
    if last is not None and first > last:
        raise Refused("from_month", f"{first} is later than to_month {last}")
    return first, last


def monthly(raw: RawKaapi, organization: str, as_of: datetime, **parameters: Any) -> list[Row]:
    """kaapi.monthly: one row per month, modality and provider with at least one event."""
    return monthly_of(monthly_usage(raw), organization, as_of, **parameters)


def monthly_of(
    usage: Iterable[Row],
    organization: str,
    as_of: datetime,
    *,
    project_id: str | None = None,
    from_month: date | None = None,
    to_month: date | None = None,
    modality: str | None = None,
    provider: str | None = None,
) -> list[Row]:
    """kaapi.monthly from the rows of `monthly_usage`, which take long to compute."""
    first, last = window(as_of, from_month, to_month)
    if modality is not None and modality not in MODALITIES:
        raise Refused("modality", f"choose from {MODALITIES}")
    if provider is not None and provider not in PRICED_PROVIDERS:
        raise Refused("provider", f"choose from {PRICED_PROVIDERS}")
    chosen = [
        row
        for row in usage
        if row["organization_id"] == organization
        and row["month"] >= first
        and (last is None or row["month"] <= last)
        and (project_id is None or row["project_id"] == project_id)
        and (modality is None or row["modality"] == modality)
        and (provider is None or row["provider"] == provider)
    ]
    return group(chosen, ("month", "modality", "provider"), MONTHLY_MEASURES)


def chart(raw: RawKaapi, organization: str, as_of: datetime, **parameters: Any) -> Chart:
    """kaapi.chart.<group_by>: the buckets of kaapi.monthly as series over months."""
    return chart_of(monthly_usage(raw), organization, as_of, **parameters)


def chart_of(
    usage: Iterable[Row],
    organization: str,
    as_of: datetime,
    *,
    metric: str,
    group_by: str = "modality_provider",
    **parameters: Any,
) -> Chart:
    """kaapi.chart.<group_by> from the rows of `monthly_usage`."""
    if group_by not in _SERIES_KEYS:
        raise Refused("group_by", f"choose from {sorted(_SERIES_KEYS)}")
    if metric not in METRICS:
        raise Refused("metric", f"choose from {METRICS}")
    buckets = monthly_of(usage, organization, as_of, **parameters)
    return _chart(buckets, _SERIES_KEYS[group_by], metric)


def _chart(rows: Sequence[Row], series_keys: Sequence[str], measure: str) -> Chart:
    by_series: dict[str, list[Row]] = {}
    for row in rows:
        name = " · ".join(str(row[key]) for key in series_keys) if series_keys else "total"
        by_series.setdefault(name, []).append(row)
    labels = sorted({row["month"] for row in rows})
    series = [_series(name, by_series[name], labels, measure) for name in sorted(by_series)]
    return Chart(labels, series)


def _series(name: str, rows: Sequence[Row], labels: Sequence[date], measure: str) -> Series:
    per_month = {row["month"]: row[measure] for row in group(rows, ("month",), (measure,))}
    (totals,) = group(rows, (), (*TOKENS, measure))
    return Series(
        name,
        [per_month.get(label, 0) for label in labels],
        totals[measure],
        {token: totals[token] for token in TOKENS},
    )


# The names that the definitions give to what a bucket counts; our own marts say the currency.
_FIGURE_NAMES = {
    "llm_call_requests": "llm_call_requests",
    "llm_chain_requests": "llm_chain_requests",
    "requests": "requests",
    "cost_usd": "cost",
    "eval_runs": "eval_runs",
    "eval_cost_usd": "eval_cost",
    **{token: token for token in TOKENS},
}
_MEASURES = {figure: measure for measure, figure in _FIGURE_NAMES.items()}


def monthly_figure(
    raw: RawKaapi, as_of: datetime, *, organization: str, **parameters: Any
) -> list[Row]:
    """kaapi.monthly under the names of the definitions."""
    return [
        {key: row[key] for key in ("month", "modality", "provider")}
        | {figure: row[measure] for measure, figure in _FIGURE_NAMES.items()}
        for row in monthly(raw, organization, as_of, **parameters)
    ]


def chart_figure(
    raw: RawKaapi,
    as_of: datetime,
    *,
    organization: str,
    metric: str,
    group_by: str,
    **parameters: Any,
) -> Row:
    """kaapi.chart.<group_by> under the names of the definitions."""
    measure = _MEASURES.get(metric, metric)
    made = chart(raw, organization, as_of, metric=measure, group_by=group_by, **parameters)
    return {
        "labels": made.labels,
        "series": [
            {"name": line.name, "data": line.data}
            | {f"total_{name.removeprefix('total_')}": value for name, value in line.tokens.items()}
            for line in made.series
        ],
    }


FIGURES = {
    "kaapi.monthly": monthly_figure,
    **{
        f"kaapi.chart.{group_by}": partial(chart_figure, group_by=group_by)
        for group_by in _SERIES_KEYS
    },
}
