"""Fills Enclava's raw tables, set by set inside Postgres; what the rows are is in the SQL files."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.sample.drawing import Filler
from warehouse.sample.drawing.filler import CHUNK_ROWS, run_sql
from warehouse.sample.sources import Cursor, Progress, SyntheticRows
from warehouse.sample.traces import Trace, refuse_traces

PACKAGE = "warehouse.sample.enclava"

# More than the 365 days of the longest window.
HISTORY = "14 months"

# The ids up to here belong to awkward rows, in every table.
RESERVED_IDS = 200

_AWKWARD_FILES = ("awkward_users.sql", "awkward_keys.sql", "awkward_budgets.sql")


@dataclass(frozen=True, slots=True)
class EnclavaSample:
    """The source system ``enclava``."""

    chunk_rows: int = CHUNK_ROWS
    name: str = "enclava"
    default_schema: str = "enclava"
    version: int = 1
    minimum_rows: int = 1_000
    tables: tuple[str, ...] = ("usage_tracking", "budgets", "api_keys", "users")

    def create_tables(self, cursor: Cursor) -> None:
        """Create the raw tables of the definitions, section 6.1."""
        run_sql(cursor, PACKAGE, "tables.sql")

    def add_constraints(self, cursor: Cursor) -> None:
        """Add keys and indexes, and analyse."""
        run_sql(cursor, PACKAGE, "constraints.sql")

    def drop_constraints(self, cursor: Cursor) -> None:
        """Take away again what ``add_constraints`` added, as far as it is there."""
        run_sql(cursor, PACKAGE, "drop_constraints.sql")

    def fill(self, cursor: Cursor, wanted: SyntheticRows, progress: Progress) -> None:
        """Write ``wanted.rows`` requests and everything around them."""
        filler = Filler(
            cursor, PACKAGE, wanted, progress, self.chunk_rows, {"reserved": RESERVED_IDS}
        )
        users = 20 + wanted.rows // 2000
        with filler.drawing():
            filler.run("kinds.sql")
            filler.run("keys.sql", user_count=users)
            filler.run("picks.sql")
            for file_name in _AWKWARD_FILES:
                filler.run(file_name)
            requests = wanted.rows - filler.run("awkward_usage.sql")
            filler.spread("usage_tracking", requests, HISTORY)
            filler.run_in_chunks("usage_tracking", "usage_tracking.sql", requests)
            filler.run("users.sql", user_count=users)
            filler.run("api_keys.sql")
            filler.run("budgets.sql")

    def replay(
        self, cursor: Cursor, traces: Sequence[Trace], seed: int, progress: Progress
    ) -> list[str]:
        """Refuse: a trace is replayed as calls of Kaapi."""
        refuse_traces(self.name)
