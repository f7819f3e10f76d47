"""Looking at the sample rows of one system: the columns of its tables, and rows by condition."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg

from warehouse.sample import load_sample

UNTIL = datetime(2026, 3, 17, 9, 30, 15, 250_000, tzinfo=UTC)

# Every awkward case must be there in the smallest sample as well as in another one.
SIZES = [(1_000, 1), (4_321, 4711)]


class Sample:
    """One loaded schema, first on the search path."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def value(self, query: str) -> Any:
        row = self.connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    def column(self, query: str) -> list[Any]:
        return [value for (value,) in self.connection.execute(query)]

    def count(self, rows: str, condition: str = "true") -> int:
        found: int = self.value(f"select count(*) from {rows} where {condition}")
        return found

    def tables(self) -> dict[str, list[str]]:
        """Each table's columns as `name type`, with `not null` where they are."""
        found: dict[str, list[str]] = {}
        for table, column in self.connection.execute(
            "select relname, attname || ' ' || format_type(atttypid, atttypmod)"
            " || case when attnotnull then ' not null' else '' end"
            " from pg_class inner join pg_attribute on attrelid = pg_class.oid"
            " where relnamespace = to_regnamespace(current_schema()) and relkind = 'r'"
            " and attnum > 0 order by relname, attnum"
        ):
            found.setdefault(table, []).append(
                column.replace("character varying", "varchar").replace(" without time zone", "")
            )
        return found


@contextmanager
def sample_of(server: Any, database: str, system: str, rows: int, seed: int) -> Iterator[Sample]:
    """Load the rows of a system into its own schema and look at them."""
    with server.connect(database) as connection:
        load_sample(connection, system, rows, seed, UNTIL)
        connection.execute(f"set search_path to {system}")
        yield Sample(connection)
