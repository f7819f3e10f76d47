"""Noticing that raw rows changed, without reading them.

By two signs: the counters of the server; and for a table that is not counted, and for one with a
fitting index, the newest value of the column that tells its new and changed rows. The counters see
everything, but up to ten seconds late; the newest value is for speed, and costs now and then a
build that finds nothing new.
"""

import time
from collections.abc import Sequence

import psycopg
from psycopg import sql

from warehouse.raw_tables import Connection, RawTable, states

# A newest value that takes long to find is looked for so much less often.
TIMES_AS_LONG = 50

INDEXED = """
select schema.nspname, class.relname, attribute.attname
from pg_index as index
inner join pg_class as index_class on index.indexrelid = index_class.oid
inner join pg_am as method on index_class.relam = method.oid
inner join pg_class as class on index.indrelid = class.oid
inner join pg_namespace as schema on class.relnamespace = schema.oid
inner join pg_attribute as attribute
    on class.oid = attribute.attrelid and index.indkey[0] = attribute.attnum
where
    schema.nspname = any(%s) and method.amname = 'btree'
    and index.indisvalid and index.indpred is null
"""


class RawChanges:
    """What is known of the raw tables over one connection, which nobody else uses."""

    def __init__(self, connection: Connection, tables: Sequence[RawTable]) -> None:
        self._connection = connection
        self._tables = tables
        self._newest: dict[RawTable, object] = {}
        self._look_again_at: dict[RawTable, float] = {}
        schemas = list({table.schema for table in tables})
        indexed = set(connection.execute(INDEXED, [schemas]).fetchall())
        counted = states(connection, tables)
        self._with_newest = [
            table
            for table, state in zip(tables, counted, strict=True)
            if table.cursor_column
            and (state is None or (table.schema, table.name, table.cursor_column) in indexed)
        ]
        self.unnoticed = [
            table
            for table, state in zip(tables, counted, strict=True)
            if state is None and not table.cursor_column
        ]

    def look(self) -> dict[str, object]:
        """The signs of all tables; what differs from an earlier look has changed."""
        counted = states(self._connection, self._tables)
        signs: dict[str, object] = dict(zip(map(str, self._tables), counted, strict=True))
        for table in self._with_newest:
            signs[f"{table}.{table.cursor_column}"] = self._newest_value(table)
        return signs

    def _newest_value(self, table: RawTable) -> object:
        began = time.monotonic()
        if began < self._look_again_at.get(table, 0):
            return self._newest.get(table)
        query = sql.SQL("select max({}) from {}").format(
            sql.Identifier(str(table.cursor_column)), sql.Identifier(table.schema, table.name)
        )
        try:
            row = self._connection.execute(query).fetchone()
        except psycopg.OperationalError:
            raise
        except psycopg.Error as error:
            # A build says in more words what is wrong with a source.
            row = (type(error).__name__,)
        took = time.monotonic() - began
        self._look_again_at[table] = began + TIMES_AS_LONG * took
        self._newest[table] = row[0] if row else None
        return self._newest[table]


def changed_tables(before: dict[str, object] | None, now: dict[str, object]) -> list[str]:
    """What differs between two looks, in words for a log."""
    if before is None:
        return []
    return [name for name, sign in now.items() if before.get(name) != sign]
