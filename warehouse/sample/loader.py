"""Loading sample rows, as Python code calls it: checks what is asked and hands it to the source."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.errors import WarehouseError
from warehouse.sample.registry import find_source
from warehouse.sample.schema_load import Connection, LoadResult, SchemaLoad, run_load
from warehouse.sample.sources import Cursor, Progress, SyntheticRows
from warehouse.sample.traces import DEFAULT_TRACE_START, Trace, open_trace

# The calendar of the warehouse runs from 2015 to 2039, and a history reaches back from its end:
# 27 months, or to the latest leap day.
EARLIEST_UNTIL = datetime(2020, 1, 1)  # noqa: DTZ001 - raw timestamps are UTC without zone
EARLIEST_TRACE_START = datetime(2015, 1, 1)  # noqa: DTZ001
CALENDAR_END = datetime(2040, 1, 1)  # noqa: DTZ001
LARGEST_SEED = 2**63 - 1


def no_progress(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def load_sample(
    connection: Connection,
    source_system: str,
    rows: int,
    seed: int,
    until: datetime | None = None,
    schema: str | None = None,
    replace: bool = False,
    progress: Progress = no_progress,
) -> LoadResult:
    """Fill the raw tables of a source system with invented rows.

    ``rows`` counts the requests (for ``kaapi`` the rows of ``llm_call``); the other tables follow.
    ``until`` is UTC when it has no zone. Left out it is now, cut to the second, and an earlier load
    with the same ``rows`` and ``seed`` then counts as the one asked for. Runs in a transaction of
    its own, or in a savepoint when the connection is in a transaction already.
    """
    source = find_source(source_system)
    if rows < source.minimum_rows:
        raise WarehouseError(
            "TOO_FEW_SAMPLE_ROWS",
            f"{rows} sample rows are too few to hold every awkward case of {source.name}: "
            f"ask for {source.minimum_rows} or more",
        )
    last = _utc(until or datetime.now(UTC).replace(microsecond=0), EARLIEST_UNTIL, "until")
    wanted = SyntheticRows(rows, _checked_seed(seed), last)
    named = {"rows": rows, "seed": seed}

    def fill(cursor: Cursor) -> list[str]:
        source.fill(cursor, wanted, progress)
        return []

    return run_load(
        connection,
        SchemaLoad(
            source=source,
            schema=schema or source.default_schema,
            asked={**named, "until": str(last)} if until else named,
            made={**named, "until": str(last)},
            replace=replace,
            fill=fill,
            progress=progress,
        ),
    )


def replay_traces(
    connection: Connection,
    source_system: str,
    traces: Sequence[Path],
    seed: int,
    trace_start: datetime = DEFAULT_TRACE_START,
    schema: str | None = None,
    replace: bool = False,
    progress: Progress = no_progress,
) -> LoadResult:
    """Fill the raw tables of a source system with the requests of public traces.

    ``trace_start`` is the first midnight of a trace that counts its seconds from there. ``seed``
    only chooses the ids. The transaction is as in ``load_sample``.
    """
    source = find_source(source_system)
    starts_at = _utc(trace_start, EARLIEST_TRACE_START, "trace-start")
    opened = _opened(traces, starts_at)
    parameters: dict[str, Any] = {
        "traces": [f"{trace.path.name} (sha256 {trace.sha256[:16]})" for trace in opened],
        "seed": _checked_seed(seed),
    }
    if any(trace.layout.counts_from_start for trace in opened):
        parameters["trace start"] = str(starts_at)
    return run_load(
        connection,
        SchemaLoad(
            source=source,
            schema=schema or source.default_schema,
            asked=parameters,
            made=parameters,
            replace=replace,
            fill=lambda cursor: source.replay(cursor, opened, seed, progress),
            progress=progress,
        ),
    )


def _opened(paths: Sequence[Path], starts_at: datetime) -> list[Trace]:
    opened: list[Trace] = []
    for path in paths:
        trace = open_trace(path, starts_at)
        if trace.sha256 in {earlier.sha256 for earlier in opened}:
            raise WarehouseError(
                "TRACE_GIVEN_TWICE",
                f"trace {path.name} has the same content as one before it: name each trace once",
            )
        opened.append(trace)
    return opened


def _checked_seed(seed: int) -> int:
    if not 0 <= seed <= LARGEST_SEED:
        raise WarehouseError("BAD_SEED", f"the seed {seed} is not between 0 and {LARGEST_SEED}")
    return seed


def _utc(instant: datetime, earliest: datetime, name: str) -> datetime:
    plain = instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
    if not earliest <= plain < CALENDAR_END:
        raise WarehouseError(
            "INSTANT_OUTSIDE_CALENDAR",
            f"--{name} {plain} lies outside the warehouse's calendar: choose an instant from "
            f"{earliest:%Y-%m-%d} on and before {CALENDAR_END:%Y-%m-%d}",
        )
    return plain
