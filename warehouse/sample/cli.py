"""`usage-warehouse sample`: arguments in, one line out; the work is in loader.py."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from warehouse.database import connect
from warehouse.project import project_names
from warehouse.sample.loader import load_sample, replay_traces
from warehouse.sample.progress import StageBars
from warehouse.sample.registry import SOURCES, find_source
from warehouse.sample.schema_load import LoadResult
from warehouse.sample.traces import DEFAULT_TRACE_START

DEFAULT_ROWS = 100_000
DEFAULT_SEED = 1
EVERY_SYSTEM = "all"


class Instant(click.ParamType[datetime]):
    """An ISO-8601 date or instant; UTC where it has no zone."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Parse the text."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant like 2026-03-31 or 2026-03-31T12:00:00Z")


@click.group("sample")
def sample_group() -> None:
    """Write sample rows as a source system would."""


@sample_group.command("load")
@click.option(
    "--source-system",
    required=True,
    help=f"Whose raw tables to fill: {', '.join(SOURCES)}; or {EVERY_SYSTEM}.",
)
@click.option("--rows", type=int, help=f"Requests to invent.  [default: {DEFAULT_ROWS}]")
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Same seed, same rows."
)
@click.option("--until", type=Instant(), help="Instant of the last rows, UTC.  [default: now]")
@click.option("--schema", help="Schema to make.  [default: as dbt_project.yml names it]")
@click.option("--replace", is_flag=True, help="Load anew a schema that this command made.")
@click.option(
    "--trace",
    "traces",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Replay this CSV file (Azure LLM inference trace, BurstGPT) instead; repeatable.",
)
@click.option(
    "--trace-start",
    type=Instant(),
    help=f"First midnight of a BurstGPT trace, UTC.  [default: {DEFAULT_TRACE_START:%Y-%m-%d}]",
)
def load(
    source_system: str,
    rows: int | None,
    seed: int,
    until: datetime | None,
    schema: str | None,
    replace: bool,
    traces: Sequence[Path],
    trace_start: datetime | None,
) -> None:
    """Create the raw tables of a source system and fill them with sample rows.

    The same rows, seed and until give the same content everywhere. A schema that was not made by
    this command is never touched, and a load that fails leaves nothing behind.
    """
    if traces and (rows is not None or until is not None):
        raise click.UsageError("--rows and --until say what to invent, --trace invents nothing")
    if trace_start is not None and not traces:
        raise click.UsageError("--trace-start needs --trace")
    if source_system == EVERY_SYSTEM and (traces or schema):
        raise click.UsageError(f"--trace and --schema need one system, not {EVERY_SYSTEM!r}")
    systems = tuple(SOURCES) if source_system == EVERY_SYSTEM else (source_system,)
    load_one: Callable[..., LoadResult]
    if traces:
        start = trace_start or DEFAULT_TRACE_START
        load_one = partial(replay_traces, traces=traces, seed=seed, trace_start=start)
    else:
        count = DEFAULT_ROWS if rows is None else rows
        load_one = partial(load_sample, rows=count, seed=seed, until=until)
    _load(
        {system: schema or _schema_of(system) for system in systems},
        partial(load_one, replace=replace),
    )


def _load(schemas: Mapping[str, str], load_one: Callable[..., LoadResult]) -> None:
    """Load the systems in one transaction, so that either each of them is loaded or none."""
    results: list[tuple[LoadResult, float]] = []
    with connect() as connection, StageBars() as bars, connection.transaction():
        for system, schema in schemas.items():
            started = time.monotonic()
            result = load_one(connection, system, schema=schema, progress=bars.show)
            results.append((result, time.monotonic() - started))
    for result, seconds in results:
        _report(result, seconds)


def _schema_of(source_system: str) -> str:
    """The schema dbt reads this system from, so that what is loaded is what gets built."""
    default = find_source(source_system).default_schema
    return project_names().raw_schemas.get(source_system, default)


def _report(result: LoadResult, seconds: float) -> None:
    counts = ", ".join(f"{count:,} {table}" for table, count in result.row_counts.items() if count)
    if result.is_new:
        click.echo(f"sample rows loaded into schema {result.schema} in {seconds:.1f} s: {counts}")
    else:
        click.echo(f"schema {result.schema} holds these sample rows already: {counts}")
    for remark in result.remarks:
        click.echo(f"note: {remark}", file=sys.stderr)
