"""Names for the SQLAlchemy types of expressions made at run time.

Their element types are known from the catalogue, not to the type checker: hence the only `Any` of
the query layer.
"""

from datetime import UTC, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

Expression: TypeAlias = sa.ColumnElement[Any]
Rows: TypeAlias = sa.Select[*tuple[Any, ...]]
JsonPart: TypeAlias = sa.ScalarSelect[Any]
SqlType: TypeAlias = sa.types.TypeEngine[Any]


class Instant(sa.types.TypeDecorator[datetime]):
    """An instant: `timestamptz` in Postgres, UTC without zone in Python."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With its zone, so that no session's zone is taken for it."""
        return None if value is None else zoned(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC, whatever the session's zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)


def zoned(moment: datetime) -> datetime:
    """The same instant with its zone named; without one it is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


EMPTY_ARRAY: Expression = sa.literal_column("'[]'::json")


def text_literal(text: str) -> Expression:
    """A text of the project's own in SQL: never one that a caller sent."""
    quoted = text.replace("'", "''")
    return sa.literal_column(f"'{quoted}'", sa.Text())
