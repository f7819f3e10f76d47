"""The mark on a schema that the loader made: a comment that tells with which parameters.

A comment is part of the schema: it is written in the transaction that creates it, cannot outlive
it, survives dump and restore, and adds no table to what a source system would have there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from warehouse.sample.sources import Cursor

_PREFIX = "Sample rows made by usage-warehouse, safe to drop: "


@dataclass(frozen=True, slots=True)
class Mark:
    """The parameters of a load. Those that were left open are missing."""

    parameters: Mapping[str, Any]

    def differences(self, asked: "Mark") -> list[str]:
        """Where this load is not what is asked for; what was left open fits any value."""
        return [
            f"{name} {_shown(self.parameters.get(name))} instead of {_shown(value)}"
            for name, value in asked.parameters.items()
            if self.parameters.get(name) != value
        ]


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Whether a schema exists, and the mark if the loader made it."""

    exists: bool
    mark: Mark | None


def read_state(cursor: Cursor, schema: str) -> SchemaState:
    """Look at a schema without touching it."""
    cursor.execute(
        "select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = %s",
        (schema,),
    )
    row = cursor.fetchone()
    return SchemaState(exists=row is not None, mark=_parsed(row[0]) if row else None)


def write_mark(cursor: Cursor, schema: str, mark: Mark) -> None:
    """Mark a schema as made by the loader."""
    text = _PREFIX + json.dumps(dict(mark.parameters), sort_keys=True)
    cursor.execute(
        sql.SQL("comment on schema {} is {}").format(sql.Identifier(schema), sql.Literal(text))
    )


def _parsed(comment: str | None) -> Mark | None:
    if comment is None or not comment.startswith(_PREFIX):
        return None
    try:
        parameters = json.loads(comment.removeprefix(_PREFIX))
    except json.JSONDecodeError:
        return None
    return Mark(parameters) if isinstance(parameters, dict) else None


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return " + ".join(map(str, value))
    return "(none)" if value is None else str(value)
