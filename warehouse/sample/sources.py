"""What a source system must offer to get sample rows; knows no system itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import psycopg

from warehouse.sample.traces import Trace

Cursor = psycopg.Cursor[tuple[Any, ...]]

# Called with the name of the stage, the units done in it and the units it has.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class SyntheticRows:
    """Which rows to invent. The same values give the same rows, everywhere and always."""

    rows: int
    seed: int
    until: datetime  # UTC, without zone: only rows that are awkward for it are younger


class SampleSource(Protocol):
    """One source system. Its statements find the raw tables on the search path."""

    @property
    def name(self) -> str:
        """Name of the system, as in the dbt var ``source_systems``."""

    @property
    def default_schema(self) -> str:
        """Schema the system's own installation writes to."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of its raw tables."""

    @property
    def version(self) -> int:
        """Raised whenever the same parameters would give other tables or other rows."""

    @property
    def minimum_rows(self) -> int:
        """Fewest rows that hold every awkward case."""

    def create_tables(self, cursor: Cursor) -> None:
        """Create the raw tables, without keys."""

    def add_constraints(self, cursor: Cursor) -> None:
        """Add keys and indexes to the filled tables and analyse them."""

    def drop_constraints(self, cursor: Cursor) -> None:
        """Take away again what ``add_constraints`` added, as far as it is there."""

    def fill(self, cursor: Cursor, wanted: SyntheticRows, progress: Progress) -> None:
        """Fill the empty tables with invented rows."""

    def replay(
        self, cursor: Cursor, traces: Sequence[Trace], seed: int, progress: Progress
    ) -> list[str]:
        """Fill the empty tables from traces; returns remarks for the user."""


@cache
def read_sql(package: str, name: str) -> bytes:
    """Text of a packaged SQL file, as bytes because psycopg takes no computed ``str``."""
    return files(package).joinpath(name).read_bytes()


def only_row(cursor: Cursor) -> tuple[Any, ...]:
    """The row of a query that always gives one."""
    row = cursor.fetchone()
    if row is None:
        raise LookupError("a query that always gives a row gave none")
    return row
