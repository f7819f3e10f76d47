"""Fills Kaapi's raw tables, set by set inside Postgres; what the rows are is in the SQL files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.sample.kaapi.replay import replay_traces
from warehouse.sample.sources import Cursor, Progress, SyntheticRows, read_sql
from warehouse.sample.traces import Trace

PACKAGE = "warehouse.sample.kaapi"

# Large enough that a statement's overhead vanishes, small enough that the progress bar moves.
CHUNK_ROWS = 20_000


def _run(cursor: Cursor, file_name: str, **parameters: Any) -> int:
    """Run one packaged SQL file; a file without parameters may hold several statements."""
    cursor.execute(read_sql(PACKAGE, file_name), parameters or None, prepare=False)
    return cursor.rowcount


@dataclass(frozen=True, slots=True)
class KaapiSample:
    """The source system ``kaapi``."""

    chunk_rows: int = CHUNK_ROWS
    name: str = "kaapi"
    default_schema: str = "kaapi"
    version: int = 1
    minimum_rows: int = 1_000
    tables: tuple[str, ...] = (
        "organization",
        "project",
        "llm_call",
        "llm_chain",
        "evaluation_run",
        "config_version",
        "model_config",
    )

    def create_tables(self, cursor: Cursor) -> None:
        """Create the raw tables of the definitions, section 2.1."""
        _run(cursor, "tables.sql")

    def add_constraints(self, cursor: Cursor) -> None:
        """Add keys and indexes, and analyse."""
        _run(cursor, "constraints.sql")

    def drop_constraints(self, cursor: Cursor) -> None:
        """Take away again what ``add_constraints`` added, as far as it is there."""
        _run(cursor, "drop_constraints.sql")

    def fill(self, cursor: Cursor, wanted: SyntheticRows, progress: Progress) -> None:
        """Write ``wanted.rows`` calls and everything around them."""
        constants = {"seed": wanted.seed, "until": wanted.until}
        _run(cursor, "helpers.sql")
        _write_reference_rows(cursor, wanted)
        calls = _run(cursor, "awkward_calls.sql", **constants)
        awkward_chains = _run(cursor, "awkward_chains.sql", **constants)
        chains = max(wanted.rows // 20 - awkward_chains, 0)
        calls += self._fill_population(cursor, wanted, "llm_chain", "chains.sql", chains, progress)
        self._fill_population(
            cursor, wanted, "llm_call", "calls.sql", wanted.rows - calls, progress
        )
        awkward_runs = _run(cursor, "awkward_evaluations.sql", **constants)
        runs = max(wanted.rows // 200 - awkward_runs, 0)
        self._fill_population(
            cursor,
            wanted,
            "evaluation_run",
            "evaluations.sql",
            runs,
            progress,
            first_id=awkward_runs + 1,
        )
        _run(cursor, "cleanup.sql")

    def replay(
        self, cursor: Cursor, traces: Sequence[Trace], seed: int, progress: Progress
    ) -> list[str]:
        """Write the requests of the traces as calls of one organisation, a project per file."""
        return replay_traces(cursor, traces, seed, progress)

    def _fill_population(
        self,
        cursor: Cursor,
        wanted: SyntheticRows,
        population: str,
        file_name: str,
        row_count: int,
        progress: Progress,
        **parameters: int,
    ) -> int:
        """Write one population chunk by chunk and return how many rows the statements reported."""
        _run(cursor, "slots.sql", until=wanted.until, population=population, row_count=row_count)
        written = 0
        for first_row in range(1, row_count + 1, self.chunk_rows):
            last_row = min(first_row + self.chunk_rows - 1, row_count)
            written += _run(
                cursor,
                file_name,
                seed=wanted.seed,
                until=wanted.until,
                first_row=first_row,
                last_row=last_row,
                **parameters,
            )
            progress(population, last_row, row_count)
        return written


def _write_reference_rows(cursor: Cursor, wanted: SyntheticRows) -> None:
    """Write tenants, prices and configurations, and the odds of drawing them."""
    seed, until = wanted.seed, wanted.until
    tenants = _organization_count(wanted.rows)
    _run(cursor, "organizations.sql", until=until, organization_count=tenants)
    _run(cursor, "projects.sql", seed=seed)
    _run(cursor, "project_picks.sql")
    _run(cursor, "model_configs.sql", until=until)
    _run(cursor, "config_versions.sql", seed=seed, until=until)
    _run(cursor, "traffic_picks.sql")


def _organization_count(rows: int) -> int:
    """Eight tenants for a thousand calls, and two more with every further power of ten."""
    return 8 + 2 * (len(str(rows // 1000)) - 1)
