"""How the JSON objects of an answer are written: members by the names that a client chose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from graphql_api.query.render import as_json
from graphql_api.query.request import QueryRequest
from graphql_api.query.sql import Expression, text_literal
from graphql_api.query.top import IS_OTHER


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object: a column's value under ``key``, or the same text in every object.

    ``names`` are what a closed set's values are called by clients.
    """

    key: str
    column: str | None = None
    text: str | None = None
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The objects of ``nodes`` and of ``totals``, their members in order."""

    nodes: tuple[Member, ...] = ()
    totals: tuple[Member, ...] = ()


def as_laid_out(
    members: Sequence[Member], request: QueryRequest, value_of: Callable[[str], Expression]
) -> list[Expression]:
    """The columns that become an object's members."""
    return [_value(each, request, value_of).label(each.key) for each in members]


def _value(
    member: Member, request: QueryRequest, value_of: Callable[[str], Expression]
) -> Expression:
    if member.column is None:
        return sa.cast(text_literal(member.text or ""), sa.Text())
    if member.column == IS_OTHER and not (request.top and request.top.has_other):
        return sa.false()
    value = value_of(member.column)
    if member.names:
        known = {text_literal(each): text_literal(name) for each, name in member.names}
        return sa.case(known, value=value, else_=value)
    dimension = request.mart.dimensions.get(member.column)
    kind = dimension.type if dimension else request.mart.metrics[member.column].type
    return as_json(value, kind)
