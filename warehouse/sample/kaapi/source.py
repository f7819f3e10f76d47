"""Fills Kaapi's raw tables, set by set inside Postgres; what the rows are is in the SQL files."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.sample.drawing import Filler
from warehouse.sample.drawing.filler import CHUNK_ROWS, run_sql
from warehouse.sample.kaapi.replay import replay_traces
from warehouse.sample.sources import Cursor, Progress, SyntheticRows
from warehouse.sample.traces import Trace

PACKAGE = "warehouse.sample.kaapi"

# Two whole years to compare, and the months before them that a report looks back to.
HISTORY = "26 months"


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
        run_sql(cursor, PACKAGE, "tables.sql")

    def add_constraints(self, cursor: Cursor) -> None:
        """Add keys and indexes, and analyse."""
        run_sql(cursor, PACKAGE, "constraints.sql")

    def drop_constraints(self, cursor: Cursor) -> None:
        """Take away again what ``add_constraints`` added, as far as it is there."""
        run_sql(cursor, PACKAGE, "drop_constraints.sql")

    def fill(self, cursor: Cursor, wanted: SyntheticRows, progress: Progress) -> None:
        """Write ``wanted.rows`` calls and everything around them."""
        filler = Filler(cursor, PACKAGE, wanted, progress, self.chunk_rows)
        with filler.drawing():
            _write_reference_rows(filler)
            calls = filler.run("awkward_calls.sql")
            # The calls of a chain are counted by the statement that writes both.
            chains = max(wanted.rows // 20 - filler.run("awkward_chains.sql"), 0)
            filler.spread("llm_chain", chains, HISTORY)
            calls += filler.run_in_chunks("llm_chain", "chains.sql", chains)
            filler.spread("llm_call", wanted.rows - calls, HISTORY)
            filler.run_in_chunks("llm_call", "calls.sql", wanted.rows - calls)
            awkward_runs = filler.run("awkward_evaluations.sql")
            runs = max(wanted.rows // 200 - awkward_runs, 0)
            filler.spread("evaluation_run", runs, HISTORY)
            filler.run_in_chunks(
                "evaluation_run", "evaluations.sql", runs, first_id=awkward_runs + 1
            )

    def replay(
        self, cursor: Cursor, traces: Sequence[Trace], seed: int, progress: Progress
    ) -> list[str]:
        """Write the requests of the traces as calls of one organisation, a project per file."""
        return replay_traces(cursor, traces, seed, progress)


def _write_reference_rows(filler: Filler) -> None:
    """Write tenants, prices and configurations, and the odds of drawing them."""
    filler.run("organizations.sql", organization_count=_organization_count(filler.wanted.rows))
    filler.run("projects.sql")
    filler.run("project_picks.sql")
    filler.run("model_configs.sql")
    filler.run("config_versions.sql")
    filler.run("traffic_picks.sql")


def _organization_count(rows: int) -> int:
    """Eight tenants for a thousand calls, and two more with every further power of ten."""
    return 8 + 2 * (len(str(rows // 1000)) - 1)
