"""Fills LiteLLM's raw tables, set by set inside Postgres; what the rows are is in the SQL files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from warehouse.sample.drawing import Filler
from warehouse.sample.drawing.filler import CHUNK_ROWS, run_sql
from warehouse.sample.sources import Cursor, Progress, SyntheticRows, only_row
from warehouse.sample.traces import Trace, refuse_traces

PACKAGE = "warehouse.sample.litellm"

# More than the 210 days of the longest window of tag figures, and a year to compare with.
HISTORY = "14 months"

# Days of tag figures that are added up in one statement.
DAYS_AT_A_TIME = 7


@dataclass(frozen=True, slots=True)
class LitellmSample:
    """The source system ``litellm``."""

    chunk_rows: int = CHUNK_ROWS
    days_at_a_time: int = DAYS_AT_A_TIME
    name: str = "litellm"
    default_schema: str = "litellm"
    version: int = 2
    minimum_rows: int = 1_000
    tables: tuple[str, ...] = (
        "LiteLLM_SpendLogs",
        "LiteLLM_DailyTagSpend",
        "LiteLLM_VerificationToken",
        "LiteLLM_UserTable",
    )

    def create_tables(self, cursor: Cursor) -> None:
        """Create the raw tables of the definitions, sections 3.1 and 4.1."""
        run_sql(cursor, PACKAGE, "tables.sql")

    def add_constraints(self, cursor: Cursor) -> None:
        """Add keys and indexes, and analyse."""
        run_sql(cursor, PACKAGE, "constraints.sql")

    def drop_constraints(self, cursor: Cursor) -> None:
        """Take away again what ``add_constraints`` added, as far as it is there."""
        run_sql(cursor, PACKAGE, "drop_constraints.sql")

    def fill(self, cursor: Cursor, wanted: SyntheticRows, progress: Progress) -> None:
        """Write ``wanted.rows`` requests to the log, and everything around them."""
        # The columns hold milliseconds and would round what lies between up, past `until`.
        whole = wanted.until.replace(microsecond=wanted.until.microsecond // 1000 * 1000)
        filler = Filler(cursor, PACKAGE, replace(wanted, until=whole), progress, self.chunk_rows)
        with filler.drawing():
            filler.run("kinds.sql")
            keys = filler.run("keys.sql", user_count=40 + wanted.rows // 10_000)
            filler.run("picks.sql")
            filler.run("awkward_users.sql")
            filler.run("awkward_tokens.sql")
            logs = wanted.rows - filler.run("awkward_spend_logs.sql")
            filler.spread("LiteLLM_SpendLogs", logs, HISTORY)
            filler.run_in_chunks("SpendLogs", "spend_logs.sql", logs, key_count=keys)
            self._fill_tag_spend(filler, whole)
            filler.run("awkward_tag_spend.sql")
            filler.run("users.sql")
            filler.run("tokens.sql")

    def replay(
        self, cursor: Cursor, traces: Sequence[Trace], seed: int, progress: Progress
    ) -> list[str]:
        """Refuse: a trace is replayed as calls of Kaapi."""
        refuse_traces(self.name)

    def _fill_tag_spend(self, filler: Filler, until: datetime) -> None:
        """Add up the log per tag, some days at a time, and show how far it is."""
        filler.run("tag_spend_index.sql")
        filler.cursor.execute('select cast(min("startTime") as date) from "LiteLLM_SpendLogs"')
        (first_day,) = only_row(filler.cursor)
        days = (until.date() - first_day).days + 1
        for done in range(0, days, self.days_at_a_time):
            ahead = min(done + self.days_at_a_time, days)
            filler.run(
                "tag_spend.sql",
                first_day=first_day + timedelta(days=done),
                last_day=first_day + timedelta(days=ahead - 1),
            )
            filler.progress("DailyTagSpend", ahead, days)
        filler.run("drop_tag_spend_index.sql")
