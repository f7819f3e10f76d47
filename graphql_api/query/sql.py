"""Names for the SQLAlchemy types of expressions made at run time.

Their element types are known from the catalogue, not to the type checker: hence the only `Any` of
the query layer.
"""

from typing import Any, TypeAlias

import sqlalchemy as sa

Expression: TypeAlias = sa.ColumnElement[Any]
Rows: TypeAlias = sa.Select[*tuple[Any, ...]]
JsonPart: TypeAlias = sa.ScalarSelect[Any]
SqlType: TypeAlias = sa.types.TypeEngine[Any]

EMPTY_ARRAY: Expression = sa.literal_column("'[]'::json")


def text_literal(text: str) -> Expression:
    """A text of the project's own in SQL: never one that a caller sent."""
    quoted = text.replace("'", "''")
    return sa.literal_column(f"'{quoted}'", sa.Text())
