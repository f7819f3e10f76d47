"""Puts sample rows into a schema of their own: all or nothing, never into a schema made by others.

Everything happens in one transaction, so that a load that fails or is killed leaves no trace.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors, sql

from warehouse.errors import WarehouseError
from warehouse.sample.marks import Mark, read_state, write_mark
from warehouse.sample.sources import Cursor, Progress, SampleSource, only_row
from warehouse.sample.tables import clear_tables, existing_tables

Connection = psycopg.Connection[tuple[Any, ...]]

_SESSION_SETTINGS = {
    # Compiling a statement takes longer than running it on a chunk.
    "jit": "off",
    "statement_timeout": "0",
    "lock_timeout": "60s",
    "maintenance_work_mem": "128MB",
    # The SQL files write a backslash as a backslash.
    "standard_conforming_strings": "on",
}


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a schema holds after a load; ``is_new`` is false when it held just that before."""

    schema: str
    is_new: bool
    row_counts: dict[str, int]
    remarks: list[str]


@dataclass(frozen=True, slots=True)
class SchemaLoad:
    """One load: ``asked`` are the parameters the user named, ``made`` all that decide the rows."""

    source: SampleSource
    schema: str
    asked: Mapping[str, Any]
    made: Mapping[str, Any]
    replace: bool
    fill: Callable[[Cursor], list[str]]
    progress: Progress

    def mark(self, parameters: Mapping[str, Any]) -> Mark:
        """The parameters together with what makes the rows."""
        identity = {"source system": self.source.name, "generator version": self.source.version}
        return Mark({**identity, **parameters})


def run_load(connection: Connection, load: SchemaLoad) -> LoadResult:
    """Make the schema hold what is asked, unless it does already or belongs to somebody else."""
    with (
        _database_faults(load.schema),
        connection.transaction(),
        connection.cursor() as cursor,
    ):
        # Two loads at a time would race for the name of the schema.
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended('sample schema ' || %s, 0))",
            (load.schema,),
        )
        state = read_state(cursor, load.schema)
        if not state.exists:
            cursor.execute(sql.SQL("create schema {}").format(sql.Identifier(load.schema)))
        elif _is_loaded(cursor, load, state.mark):
            return LoadResult(load.schema, False, _row_counts(cursor, load), [])
        with _settings(cursor, load.schema):
            clear_tables(cursor, load.source, load.schema)
            remarks = load.fill(cursor)
            load.progress("indexes", 0, 1)
            load.source.add_constraints(cursor)
            load.progress("indexes", 1, 1)
        write_mark(cursor, load.schema, load.mark(load.made))
        return LoadResult(load.schema, True, _row_counts(cursor, load), remarks)


def _is_loaded(cursor: Cursor, load: SchemaLoad, mark: Mark | None) -> bool:
    """Whether an existing schema needs no work; refuses what must not be overwritten."""
    if mark is None:
        raise WarehouseError(
            "FOREIGN_SCHEMA",
            f"schema {load.schema!r} exists and was not made by this command, so it stays as it "
            "is: name another one with --schema, or drop it yourself first",
        )
    if load.replace:
        return False
    missing = sorted(set(load.source.tables) - set(existing_tables(cursor, load.schema)))
    differences = mark.differences(load.mark(load.asked))
    if missing:
        differences.append(f"no table {', '.join(missing)}")
    if differences:
        raise WarehouseError(
            "OTHER_SAMPLE_ROWS",
            f"schema {load.schema!r} holds other sample rows ({'; '.join(differences)}): "
            "add --replace to load it anew",
        )
    return True


@contextmanager
def _settings(cursor: Cursor, schema: str) -> Iterator[None]:
    """Set what the load needs and set it back, as the caller's transaction may go on."""
    cursor.execute("select quote_ident(%s) || ', pg_temp'", (schema,))
    (search_path,) = only_row(cursor)
    before: dict[str, str] = {}
    for name, value in {**_SESSION_SETTINGS, "search_path": search_path}.items():
        cursor.execute("select current_setting(%s), set_config(%s, %s, true)", (name, name, value))
        before[name] = only_row(cursor)[0]
    yield
    # Not after a failure: the rollback sets them back, and nothing else can be run before it.
    for name, value in before.items():
        cursor.execute("select set_config(%s, %s, true)", (name, value))


def _row_counts(cursor: Cursor, load: SchemaLoad) -> dict[str, int]:
    counts: dict[str, int] = {}
    for table in load.source.tables:
        cursor.execute(
            sql.SQL("select count(*) from {}").format(sql.Identifier(load.schema, table))
        )
        (counts[table],) = only_row(cursor)
    return counts


@contextmanager
def _database_faults(schema: str) -> Iterator[None]:
    """Say in one line why the server refused; a lost connection is told by the caller."""
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate is None:
            raise
        reason = error.diag.message_primary or str(error)
        remedy = "nothing was changed"
        match error:
            case errors.LockNotAvailable():
                remedy += "; somebody is reading the tables, try again when they are done"
            case errors.DependentObjectsStillExist():
                remedy += f"; drop what depends on the tables ({error.diag.message_detail})"
            case errors.InsufficientPrivilege():
                remedy += "; the user needs the rights CREATE and TEMPORARY on the database"
        raise WarehouseError(
            "SAMPLE_LOAD_FAILED", f"schema {schema!r} could not be loaded: {reason}; {remedy}"
        ) from error
