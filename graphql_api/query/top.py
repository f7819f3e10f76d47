"""The groups of a dimension with the highest measure; all others as one group, or left out."""

from dataclasses import dataclass, replace

import sqlalchemy as sa

from graphql_api.catalogue.model import Dimension, Mart, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import QueryRequest, Top
from graphql_api.query.sql import Expression

# The key that tells the group of all others from a group without a value.
IS_OTHER = "is_other"


def with_other_group(request: QueryRequest) -> QueryRequest:
    """The question with one more group key, where all others are to be one group.

    Raises:
        InvalidQueryError: the question is not grouped by the dimension.
    """
    top = request.top
    if top is None:
        return request
    if top.dimension not in (request.group_by or ()):
        raise InvalidQueryError(
            f"top: {request.mart.label} must be grouped by {top.dimension.upper()}; add it to "
            "groupBy",
            argument="top.dimension",
        )
    if not top.has_other:
        return request
    keys = (*(request.group_by or ()), IS_OTHER)
    return replace(request, mart=mart_with_other(request.mart, top), group_by=keys)


def mart_with_other(mart: Mart, top: Top | None) -> Mart:
    """The mart as if the group of all others were told by a column; it has no value there."""
    if top is None or not top.has_other:
        return mart
    shown = replace(mart.dimensions[top.dimension], is_nullable=True)
    is_other = Dimension(IS_OTHER, ValueType.BOOLEAN, "", is_nullable=False)
    dimensions = {**mart.dimensions, top.dimension: shown, IS_OTHER: is_other}
    return replace(mart, dimensions=dimensions)


@dataclass(frozen=True, slots=True)
class TopValues:
    """The values in the top, as a table with one column ``value``."""

    top: Top
    table: sa.CTE
    is_nullable: bool

    def hold(self, value: Expression) -> sa.ColumnElement[bool]:
        """Whether a value is one of them; written so that Postgres looks it up in a hash."""
        known = self.table.c["value"]
        if not self.is_nullable:
            return value.in_(sa.select(known))
        is_known = value.in_(sa.select(known).where(known.is_not(None)))
        has_null = sa.exists().where(known.is_(None)).select_from(self.table)
        return sa.or_(sa.func.coalesce(is_known, sa.false()), sa.and_(value.is_(None), has_null))

    def key(self, name: str, value: Expression) -> Expression:
        """The group key ``name``: the dimension without the values of others, or `is_other`."""
        if name == IS_OTHER:
            return sa.not_(self.hold(value))
        return sa.case((self.hold(value), value))
