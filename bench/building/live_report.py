"""A monthly report computed live from raw rows, as Kaapi does, next to the same from the mart."""

import time
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

import psycopg

from bench.building.floors import read_sql
from bench.building.server import Database

RUNS = 5
FIGURES = ("calls", "chains", "total_tokens", "cost_usd", "eval_cost_usd")
# Which figures each of the three queries over raw rows has, after month, modality and provider.
LIVE = {
    "calls": ("calls", "total_tokens", "cost_usd"),
    "chains": ("chains",),
    "evaluations": ("eval_cost_usd",),
}

Report = dict[tuple[Any, ...], dict[str, Decimal]]


@dataclass(frozen=True, slots=True)
class LiveReport:
    """Medians in milliseconds; of whom it asks, and how many rows the answer has."""

    asked_about: str
    rows: int
    live: float
    mart: float


def compare_reports(database: Database) -> list[LiveReport]:
    """Ask for everybody and for the organisation with the most calls."""
    with database.connect(autocommit=True) as connection:
        row = connection.execute(
            "select organization_id from kaapi.llm_call group by 1 order by count(*) desc limit 1"
        ).fetchone()
        assert row is not None
        return [
            _compare(connection, "one organisation", row[0]),
            _compare(connection, "all organisations", None),
        ]


def _compare(
    connection: psycopg.Connection[Any], asked_about: str, organization_id: int | None
) -> LiveReport:
    live_ms, mart_ms = [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        live = _live(connection, organization_id)
        middle = time.perf_counter()
        mart = _mart(connection, organization_id)
        ended = time.perf_counter()
        live_ms.append((middle - began) * 1000)
        mart_ms.append((ended - middle) * 1000)
        if live != mart:
            different = [key for key in live.keys() | mart.keys() if live.get(key) != mart.get(key)]
            raise RuntimeError(
                f"the live report of {asked_about} and the mart differ in {len(different)} rows, "
                f"as in {different[0]}: {live.get(different[0])} and {mart.get(different[0])}"
            )
    return LiveReport(asked_about, len(live), median(live_ms), median(mart_ms))


def _live(connection: psycopg.Connection[Any], organization_id: int | None) -> Report:
    """Three grouped queries, put together by month, modality and provider."""
    report: Report = {}
    for query, figures in LIVE.items():
        rows = connection.execute(read_sql("live", query), {"organization_id": organization_id})
        for month, modality, provider, *values in rows:
            bucket = report.setdefault(
                (month, modality, provider), dict.fromkeys(FIGURES, Decimal(0))
            )
            bucket.update(zip(figures, map(Decimal, values), strict=True))
    return report


def _mart(connection: psycopg.Connection[Any], organization_id: int | None) -> Report:
    rows = connection.execute(read_sql("live", "mart"), {"organization_id": organization_id})
    return {
        (month, modality, provider): dict(zip(FIGURES, map(Decimal, values), strict=True))
        for month, modality, provider, *values in rows
    }
