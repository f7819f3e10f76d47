"""Runs the SQL files of one source system; what the rows are is in those files.

Every file may use ``%(seed)s`` and ``%(until)s``; a percent sign of its own is written ``%%``.
A file without parameters may hold several statements.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from warehouse.sample.sources import Cursor, Progress, SyntheticRows, read_sql

SHARED_PACKAGE = "warehouse.sample.drawing"

# Large enough that a statement's overhead vanishes, small enough that the progress bar moves.
CHUNK_ROWS = 20_000


def run_sql(cursor: Cursor, package: str, file_name: str, **parameters: Any) -> int:
    """Run one packaged SQL file; returns the number of rows it reports."""
    cursor.execute(read_sql(package, file_name), parameters or None, prepare=False)
    return cursor.rowcount


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills the tables of one source system, whose SQL files lie in ``package``."""

    cursor: Cursor
    package: str
    wanted: SyntheticRows
    progress: Progress
    chunk_rows: int = CHUNK_ROWS
    constants: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Have the functions and tables that draws need, for as long as the block runs."""
        run_sql(self.cursor, SHARED_PACKAGE, "functions.sql")
        self.run("working_tables.sql")
        yield
        # Not after a failure: the rollback takes them along, and nothing can be run before it.
        self.run("drop_working_tables.sql")
        run_sql(self.cursor, SHARED_PACKAGE, "drop_functions.sql")

    def run(self, file_name: str, **parameters: Any) -> int:
        """Run one file of the source; returns the number of rows it reports."""
        known = {"seed": self.wanted.seed, "until": self.wanted.until, **self.constants}
        return run_sql(self.cursor, self.package, file_name, **known, **parameters)

    def spread(self, population: str, row_count: int, history: str) -> None:
        """Share the rows of a population out over the hours of the history before ``until``."""
        run_sql(
            self.cursor,
            SHARED_PACKAGE,
            "slots.sql",
            until=self.wanted.until,
            population=population,
            row_count=row_count,
            history=history,
        )

    def run_in_chunks(self, stage: str, file_name: str, row_count: int, **parameters: Any) -> int:
        """Run a file for the rows 1 to ``row_count``, chunk by chunk, and show how far it is.

        Returns the number of rows that the file reports, all chunks together.
        """
        written = 0
        for first_row in range(1, row_count + 1, self.chunk_rows):
            last_row = min(first_row + self.chunk_rows - 1, row_count)
            written += self.run(file_name, first_row=first_row, last_row=last_row, **parameters)
            self.progress(stage, last_row, row_count)
        return written
