"""Writes the requests of public traces as Kaapi calls, streamed with COPY.

Everything belongs to one organisation named after the files, with one project per file. A trace
has no prices: each model that occurs gets a model_config row, if its list price is known here.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from warehouse.errors import WarehouseError
from warehouse.sample.sources import Cursor, Progress
from warehouse.sample.traces import AZURE_MODEL, Trace, TraceRequest

PROVIDER = "openai"
ORGANIZATION_ID = 1

# List prices in USD per 1,000,000 tokens (input, output) of the time the traces were recorded.
# BurstGPT calls its two models by the names of the products.
LIST_PRICES = {
    AZURE_MODEL: ("1.00", "2.00"),
    "ChatGPT": ("1.00", "2.00"),
    "GPT-4": ("30.00", "60.00"),
}

_COPY_CALLS = """
copy llm_call (
    id, job_id, organization_id, project_id, input_type, output_type, provider, model,
    conversation_id, usage, inserted_at, updated_at
) from stdin
"""


@dataclass(slots=True)
class _Seen:
    """What the rows written so far tell about the rows of the small tables."""

    first_requested_at: datetime | None = None
    models: set[str] = field(default_factory=set)

    def add(self, request: TraceRequest) -> None:
        self.models.add(request.model)
        if self.first_requested_at is None or request.requested_at < self.first_requested_at:
            self.first_requested_at = request.requested_at


def replay_traces(
    cursor: Cursor, traces: Sequence[Trace], seed: int, progress: Progress
) -> list[str]:
    """Write all requests of the traces; returns a remark on models without a price."""
    seen = _Seen()
    with cursor.copy(_COPY_CALLS) as copy:
        for project_id, trace in enumerate(traces, start=1):
            for row in _call_rows(trace, project_id, seed, seen, progress):
                copy.write_row(row)
    if seen.first_requested_at is None:
        raise WarehouseError("EMPTY_TRACE", "the traces hold no request; nothing was loaded")
    _write_tenant(cursor, traces, seen.first_requested_at)
    _write_prices(cursor, seen)
    unpriced = sorted(seen.models - LIST_PRICES.keys())
    return [f"no list price is known for: {', '.join(map(repr, unpriced))}"] if unpriced else []


def _call_rows(
    trace: Trace, project_id: int, seed: int, seen: _Seen, progress: Progress
) -> Iterator[tuple[Any, ...]]:
    def report(bytes_read: int) -> None:
        progress(trace.path.name, bytes_read, trace.size)

    for request in trace.requests(report):
        seen.add(request)
        # Keyed by content, not by path or order: a file gives the same ids wherever it lies.
        key = f"{seed}:{trace.sha256}:{request.line_number}"
        digest = hashlib.sha256(key.encode()).digest()
        usage = (
            f'{{"input_tokens": {request.input_tokens}, "output_tokens": {request.output_tokens}, '
            f'"total_tokens": {request.total_tokens}}}'
        )
        yield (
            UUID(bytes=digest[:16], version=4),
            UUID(bytes=digest[16:], version=4),
            ORGANIZATION_ID,
            project_id,
            "text",
            "text",
            PROVIDER,
            request.model,
            request.session_id,
            usage,
            request.requested_at,
            request.requested_at,
        )


def _write_tenant(cursor: Cursor, traces: Sequence[Trace], since: datetime) -> None:
    name = " + ".join(trace.name for trace in traces)
    cursor.execute(
        "insert into organization (id, name, is_active, inserted_at, updated_at)"
        " values (%s, %s, true, %s, %s)",
        (ORGANIZATION_ID, name, since, since),
    )
    cursor.executemany(
        "insert into project (id, organization_id, name, is_active, inserted_at, updated_at)"
        " values (%s, %s, %s, true, %s, %s)",
        [
            (project_id, ORGANIZATION_ID, trace.name, since, since)
            for project_id, trace in enumerate(traces, start=1)
        ],
    )


def _write_prices(cursor: Cursor, seen: _Seen) -> None:
    for model_id, model in enumerate(sorted(seen.models & LIST_PRICES.keys()), start=1):
        input_price, output_price = LIST_PRICES[model]
        pricing = (
            f'{{"response": {{"input_token_cost": {input_price}, '
            f'"output_token_cost": {output_price}}}}}'
        )
        cursor.execute(
            "insert into model_config ("
            "    id, provider, model_name, pricing, is_active, completion_type, config,"
            "    input_modalities, output_modalities, inserted_at, updated_at"
            ") values (%s, %s, %s, cast(%s as jsonb), true, %s, cast(%s as jsonb), %s, %s, %s, %s)",
            (
                model_id,
                PROVIDER,
                model,
                pricing,
                ["text-to-text"],
                "{}",
                ["TEXT"],
                ["TEXT"],
                seen.first_requested_at,
                seen.first_requested_at,
            ),
        )
