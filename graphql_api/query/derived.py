"""Dimensions computed from the time dimension: the hour of the day, the day of the week."""

from typing import assert_never

import sqlalchemy as sa

from graphql_api.catalogue.model import Mart, TimePart, ValueType, camel_case
from graphql_api.errors import InvalidQueryError
from graphql_api.query.expressions import UTC, to_local
from graphql_api.query.request import Operator, QueryRequest, conditions
from graphql_api.query.sql import Expression

_VALUES = {TimePart.HOUR_OF_DAY: range(24), TimePart.DAY_OF_WEEK: range(1, 8)}
_NAMING = frozenset({Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN})


def part_sql(
    moment: Expression, part: TimePart, kind: ValueType, timezone: str | None
) -> Expression:
    """A part of a date or of an instant, in the zone's own calendar."""
    local = moment
    if kind is ValueType.TIMESTAMP:
        local = to_local(moment, timezone or UTC)
    match part:
        case TimePart.HOUR_OF_DAY:
            return sa.cast(sa.extract("hour", local), sa.BigInteger())
        case TimePart.DAY_OF_WEEK:
            return sa.cast(sa.extract("isodow", local), sa.BigInteger())
        case TimePart.UTC_SECOND_OF_DAY:
            time = sa.cast(to_local(moment, UTC), sa.Time())
            return sa.cast(sa.func.floor(sa.extract("epoch", time)), sa.BigInteger())
        case _:
            assert_never(part)


def is_about_time(mart: Mart, name: str) -> bool:
    """Whether a dimension is the time dimension or a part of it."""
    return mart.dimensions[name].is_time or mart.dimensions[name].part is not None


def refuse_impossible_parts(request: QueryRequest) -> None:
    """Refuse to look for an hour or a weekday that no clock and no calendar has.

    Raises:
        InvalidQueryError: UNKNOWN_VALUE, with the values there are.
    """
    for each in conditions(request.where):
        part = request.mart.dimensions[each.name].part
        if part is None or each.operator not in _NAMING:
            continue
        known = _VALUES[part]
        unknown = [value for value in each.values if value not in known]
        if unknown:
            argument = f"filter.{camel_case(each.name)}"
            raise InvalidQueryError(
                f"{argument}: {unknown[0]} is not between {known[0]} and {known[-1]}",
                code="UNKNOWN_VALUE",
                argument=argument,
                allowed=[str(value) for value in known],
            )
