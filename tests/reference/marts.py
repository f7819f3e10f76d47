"""The marts: their shape, and their rows computed from raw rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import canonical, kaapi
from .raw_kaapi import RawKaapi
from .time_parts import PARTS

SOURCE_SYSTEM = "kaapi"
OWNER_DIMENSIONS = ("source_system", "organization_id", "project_id")

# Quotients of sums: numerator, denominator, factor; 0 where the denominator is 0 (C7).
RATIOS = {
    "cost_usd_per_request": ("cost_usd", "requests", 1),
    "cost_usd_per_1k_tokens": ("cost_usd", "total_tokens", 1000),
    "tokens_per_request": ("total_tokens", "requests", 1),
    "eval_cost_usd_per_run": ("eval_cost_usd", "eval_runs", 1),
}


@dataclass(frozen=True, slots=True)
class Mart:
    """One mart; `sums` are its additive measures, `time` orders and windows it."""

    name: str
    dimensions: tuple[str, ...]
    sums: tuple[str, ...]
    time: str
    key: tuple[str, ...]
    holds_months: bool
    rows: Callable[[RawKaapi], list[kaapi.Row]]

    @property
    def parts(self) -> tuple[str, ...]:
        """Dimensions that are parts of the time; months have none."""
        return () if self.holds_months else PARTS

    @property
    def ratios(self) -> tuple[str, ...]:
        return tuple(name for name, (top, _, _) in RATIOS.items() if top in self.sums)


def _request_rows(raw: RawKaapi) -> list[kaapi.Row]:
    # Kaapi says nothing of users, keys, endpoints, caches or reasoning.
    silent = dict.fromkeys(set(_REQUEST_COLUMNS) - _columns_of(canonical.Request))
    rows = (_row(request, _REQUEST_COLUMNS) for request in canonical.requests(raw))
    return [silent | row for row in rows]


def _evaluation_rows(raw: RawKaapi) -> list[kaapi.Row]:
    columns = (*EVALUATION_RUNS.dimensions, *EVALUATION_RUNS.sums)
    return [_row(run, columns) for run in canonical.evaluation_runs(raw)]


def _monthly_rows(raw: RawKaapi) -> list[kaapi.Row]:
    return [{"source_system": SOURCE_SYSTEM} | row for row in kaapi.monthly_usage(raw)]


def _row(source: Any, columns: tuple[str, ...]) -> kaapi.Row:
    known = _columns_of(type(source))
    return {"source_system": SOURCE_SYSTEM} | {c: getattr(source, c) for c in columns if c in known}


def _columns_of(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


REQUESTS = Mart(
    name="requests",
    dimensions=(
        "request_id",
        "request_kind",
        *OWNER_DIMENSIONS,
        "user_id",
        "api_key_id",
        "session_id",
        "chain_id",
        "modality",
        "provider",
        "model",
        "endpoint",
        "http_method",
        "status",
        "usage_source",
        "cost_source",
        "is_successful",
        "is_failed",
        "is_cache_hit",
        "is_priced",
        "has_model",
        "http_status_code",
        "requested_at",
        "source_updated_at",
    ),
    sums=(
        "requests",
        "llm_call_requests",
        "llm_chain_requests",
        "unpriced_requests",
        "input_tokens",
        "cached_input_tokens",
        "output_tokens",
        "reasoning_tokens",
        "total_tokens",
        "reported_cost_usd",
        "cost_usd",
    ),
    time="requested_at",
    key=("source_system", "request_kind", "request_id"),
    holds_months=False,
    rows=_request_rows,
)
_REQUEST_COLUMNS = (*REQUESTS.dimensions, *REQUESTS.sums)

EVALUATION_RUNS = Mart(
    name="evaluationRuns",
    dimensions=(
        "evaluation_run_id",
        *OWNER_DIMENSIONS,
        "modality",
        "provider",
        "model",
        "run_name",
        "dataset_name",
        "status",
        "evaluated_at",
        "source_updated_at",
    ),
    sums=("eval_runs", "eval_cost_usd"),
    time="evaluated_at",
    key=("source_system", "evaluation_run_id"),
    holds_months=False,
    rows=_evaluation_rows,
)

MONTHLY_USAGE = Mart(
    name="monthlyUsage",
    dimensions=("month", *OWNER_DIMENSIONS, "modality", "provider", "model"),
    sums=kaapi.MONTHLY_MEASURES,
    time="month",
    key=("source_system", "organization_id", "project_id", "modality", "provider", "model"),
    holds_months=True,
    rows=_monthly_rows,
)
MARTS = (REQUESTS, EVALUATION_RUNS, MONTHLY_USAGE)
