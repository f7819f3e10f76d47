"""Fills Auto-Analyst's raw tables, set by set inside Postgres; the SQL files say with what."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.sample.drawing import Filler
from warehouse.sample.drawing.filler import CHUNK_ROWS, run_sql
from warehouse.sample.sources import Cursor, Progress, SyntheticRows
from warehouse.sample.traces import Trace, refuse_traces

PACKAGE = "warehouse.sample.auto_analyst"

# More than the 90 days of the longest period, and a year to compare with.
HISTORY = "14 months"

# The ids up to here belong to awkward rows, in every table.
RESERVED_IDS = 200

_AWKWARD_FILES = (
    "awkward_users.sql",
    "awkward_chats.sql",
    "awkward_messages.sql",
    "awkward_executions.sql",
    "awkward_feedback.sql",
)


@dataclass(frozen=True, slots=True)
class AutoAnalystSample:
    """The source system ``auto_analyst``."""

    chunk_rows: int = CHUNK_ROWS
    name: str = "auto_analyst"
    default_schema: str = "auto_analyst"
    version: int = 1
    minimum_rows: int = 1_000
    tables: tuple[str, ...] = (
        "model_usage",
        "code_executions",
        "message_feedback",
        "messages",
        "chats",
        "users",
    )

    def create_tables(self, cursor: Cursor) -> None:
        """Create the raw tables of the definitions, section 5.1."""
        run_sql(cursor, PACKAGE, "tables.sql")

    def add_constraints(self, cursor: Cursor) -> None:
        """Add keys and indexes, and analyse."""
        run_sql(cursor, PACKAGE, "constraints.sql")

    def drop_constraints(self, cursor: Cursor) -> None:
        """Take away again what ``add_constraints`` added, as far as it is there."""
        run_sql(cursor, PACKAGE, "drop_constraints.sql")

    def fill(self, cursor: Cursor, wanted: SyntheticRows, progress: Progress) -> None:
        """Write ``wanted.rows`` model requests and everything around them."""
        filler = Filler(
            cursor, PACKAGE, wanted, progress, self.chunk_rows, {"reserved": RESERVED_IDS}
        )
        with filler.drawing():
            for file_name in ("kinds.sql", "errors.sql", "picks.sql", *_AWKWARD_FILES):
                filler.run(file_name)
            requests = wanted.rows - filler.run("awkward_usage.sql")
            # As model_usage.sql shares requests out: four chats to every 24 of them.
            chats = 4 * -(-requests // 24)
            users = 30 + wanted.rows // 500
            filler.spread("model_usage", requests, HISTORY)
            filler.run_in_chunks(
                "model_usage",
                "model_usage.sql",
                requests,
                chat_count=chats,
                user_count=users,
            )
            filler.run("chats.sql")
            for stage in ("messages", "code_executions", "message_feedback"):
                filler.run_in_chunks(stage, f"{stage}.sql", chats)
            filler.run("users.sql", user_count=users)

    def replay(
        self, cursor: Cursor, traces: Sequence[Trace], seed: int, progress: Progress
    ) -> list[str]:
        """Refuse: a trace is replayed as calls of Kaapi."""
        refuse_traces(self.name)
