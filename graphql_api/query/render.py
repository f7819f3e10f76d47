"""How values stand in the JSON that Postgres builds.

Counts and tokens are JSON numbers; money is a decimal text without trailing zeros, because JSON
numbers are floats to most readers; instants are ISO-8601 UTC with milliseconds and `Z`.
"""

from typing import assert_never

import sqlalchemy as sa

from graphql_api.catalogue.model import ValueType
from graphql_api.query.sql import EMPTY_ARRAY, Expression, JsonPart, Rows

INSTANT_FORMAT = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'


def as_json(value: Expression, kind: ValueType) -> Expression:
    """The expression whose JSON form is the one clients get."""
    match kind:
        case ValueType.DECIMAL:
            return sa.cast(sa.func.trim_scale(value), sa.Text())
        case ValueType.FLOAT:
            return sa.cast(value, sa.Double())
        case ValueType.TIMESTAMP:
            return instant_text(value)
        case ValueType.STRING | ValueType.BIGINT | ValueType.BOOLEAN | ValueType.DATE:
            return value
        case ValueType.JSON:
            # The text as it is: what of it is JSON, whoever serves it can tell without failing.
            return value
        case _:
            assert_never(kind)


def instant_text(moment: Expression) -> Expression:
    """An instant as clients get it."""
    return sa.func.to_char(sa.func.timezone("UTC", moment), INSTANT_FORMAT)


def rows_as_json(rows: Rows, name: str) -> JsonPart:
    """All rows of a select, in its order, as one JSON array of objects."""
    table = rows.subquery(name)
    return sa.select(
        sa.func.coalesce(sa.func.json_agg(table.table_valued()), EMPTY_ARRAY)
    ).scalar_subquery()


def row_as_json(row: Rows, name: str) -> JsonPart:
    """The only row of a select as one JSON object."""
    table = row.subquery(name)
    return sa.select(sa.func.row_to_json(table.table_valued())).scalar_subquery()
