"""Raw tables made of dataclasses: a field is a column, its annotation says the column's type."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, get_type_hints

import psycopg
from psycopg import sql

IntegerKey = Annotated[int, "integer primary key"]
TextKey = Annotated[str, "text primary key"]
Integer = Annotated[int | None, "integer"]
BigInt = Annotated[int | None, "bigint"]
Double = Annotated[float | None, "double precision"]
Boolean = Annotated[bool | None, "boolean"]
Text = Annotated[str | None, "text"]
Varchar = Annotated[str | None, "varchar"]
TextList = Annotated[list[str] | None, "text[]"]
Jsonb = Annotated[str | None, "jsonb"]
Timestamp = Annotated[datetime | None, "timestamp"]
Milliseconds = Annotated[datetime | None, "timestamp(3)"]

Tables = Mapping[str, tuple[type[Any], Sequence[Any]]]


def columns(row_type: type[Any]) -> dict[str, str]:
    """Column names and types in the order of the fields."""
    hints = get_type_hints(row_type, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(row_type)}


def write_tables(
    connection: psycopg.Connection[Any],
    schema: str,
    tables: Tables,
) -> None:
    """Create the tables in the schema (made if missing) and fill them; the caller commits."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        for name, (row_type, rows) in tables.items():
            table = sql.Identifier(schema, name)
            _create(cursor, table, columns(row_type))
            _copy(cursor, table, list(columns(row_type)), rows)
            cursor.execute(sql.SQL("analyze {}").format(table))


def differing_tables(connection: psycopg.Connection[Any], schema: str, tables: Tables) -> list[str]:
    """The tables that do not hold exactly these rows; JSON columns are left out."""
    return [
        name
        for name, (row_type, rows) in tables.items()
        if _stored(connection, sql.Identifier(schema, name), row_type) != _plain(row_type, rows)
    ]


# Rows are compared as they are spelt, because one NaN does not equal another.
def _plain(row_type: type[Any], rows: Sequence[Any]) -> dict[Any, str]:
    names = _plain_columns(row_type)
    values = [[getattr(row, name) for name in names] for row in rows]
    return {row[0]: repr(row) for row in values}


def _stored(
    connection: psycopg.Connection[Any], table: sql.Identifier, row_type: type[Any]
) -> dict[Any, str]:
    listed = sql.SQL(", ").join(map(sql.Identifier, _plain_columns(row_type)))
    found = connection.execute(sql.SQL("select {} from {}").format(listed, table)).fetchall()
    return {row[0]: repr([*row]) for row in found}


def _plain_columns(row_type: type[Any]) -> list[str]:
    return [name for name, column_type in columns(row_type).items() if column_type != "jsonb"]


def _create(cursor: psycopg.Cursor[Any], table: sql.Identifier, types: dict[str, str]) -> None:
    definitions = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(column_type))
        for name, column_type in types.items()
    ]
    cursor.execute(sql.SQL("create table {} ({})").format(table, sql.SQL(", ").join(definitions)))


def _copy(
    cursor: psycopg.Cursor[Any], table: sql.Identifier, names: list[str], rows: Sequence[Any]
) -> None:
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(table, listed)) as copy:
        for row in rows:
            copy.write_row([getattr(row, name) for name in names])
