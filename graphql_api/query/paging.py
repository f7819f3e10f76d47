"""A total order for every answer, and pages that continue exactly after a row of it."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import sqlalchemy as sa

from graphql_api.catalogue.model import ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query import cursor
from graphql_api.query.expressions import SQL_TYPES
from graphql_api.query.request import OrderTerm, QueryRequest
from graphql_api.query.sql import Expression, Instant

_PARSERS: dict[ValueType, Callable[[str], object]] = {
    ValueType.STRING: str,
    ValueType.BIGINT: int,
    ValueType.DECIMAL: Decimal,
    ValueType.FLOAT: Decimal,
    ValueType.BOOLEAN: {"true": True, "false": False}.__getitem__,
    ValueType.DATE: date.fromisoformat,
    ValueType.TIMESTAMP: datetime.fromisoformat,
}


def total_order(request: QueryRequest) -> tuple[OrderTerm, ...]:
    """What was asked for, ties broken by the group keys (or the row's own key), ascending."""
    if request.group_by is not None:
        keys = request.group_by
    else:
        time = (request.mart.time_dimension,) if request.mart.time_dimension else ()
        keys = (*time, *request.mart.key)
    terms: dict[str, OrderTerm] = {}
    for term in (*request.order_by, *(OrderTerm(key) for key in keys)):
        terms.setdefault(term.name, term)
    return tuple(terms.values())


def value_type(request: QueryRequest, name: str) -> ValueType:
    """Type of a dimension or metric."""
    dimension = request.mart.dimensions.get(name)
    return dimension.type if dimension else request.mart.metrics[name].type


def sort_key(request: QueryRequest, name: str, value: Expression) -> Expression:
    """What a value is sorted by: itself, but a text that is a number by its length first.

    Shorter numbers are smaller, and those of one length are in order as texts are. So ids that are
    whole numbers sort as numbers, and any other text still has its one place.
    """
    dimension = request.mart.dimensions.get(name)
    if dimension is None or not dimension.sorts_as_number:
        return value
    length: Expression = sa.func.lpad(sa.cast(sa.func.length(value), sa.Text()), 10, "0")
    return length.concat(value)


def order_clauses(
    request: QueryRequest, order: tuple[OrderTerm, ...], columns: sa.FromClause
) -> list[Expression]:
    """`order by` terms, nulls last. Not said where null cannot be, so that indexes serve."""
    clauses: list[Expression] = []
    for term in order:
        key = sort_key(request, term.name, columns.c[term.name])
        clause = key.desc() if term.descending else key.asc()
        dimension = request.mart.dimensions.get(term.name)
        is_nullable = dimension is None or dimension.is_nullable
        clauses.append(clause.nulls_last() if term.descending and is_nullable else clause)
    return clauses


def after_cursor(
    request: QueryRequest, order: tuple[OrderTerm, ...], columns: sa.FromClause
) -> sa.ColumnElement[bool]:
    """Rows that come after the cursor's row in the total order."""
    if request.after is None:
        return sa.true()
    texts = cursor.decode(request.after, cursor.fingerprint(request, order), len(order))
    later = []
    equal: list[sa.ColumnElement[bool]] = []
    for term, text in zip(order, texts, strict=True):
        column = columns.c[term.name]
        value = _parse(text, value_type(request, term.name))
        bound = sa.literal(value, SQL_TYPES[value_type(request, term.name)])
        if value is not None:
            key, last = (sort_key(request, term.name, each) for each in (column, bound))
            beyond = key < last if term.descending else key > last
            later.append(sa.and_(*equal, sa.or_(beyond, column.is_(None))))
            equal.append(column == bound)
        else:
            equal.append(column.is_(None))
    return sa.or_(sa.false(), *later)


def cursor_keys(order: tuple[OrderTerm, ...], columns: sa.FromClause) -> Expression:
    """The sort keys of a row as a JSON array of texts, equal for equal keys."""
    return sa.func.json_build_array(*(_text(columns.c[term.name]) for term in order))


def _text(key: Expression) -> Expression:
    if isinstance(key.type, sa.Numeric):
        # Zeros that end a decimal tell from what it was computed, not what it is.
        key = sa.func.trim_scale(key)
    elif isinstance(key.type, Instant):
        key = sa.func.timezone("UTC", key)
    return sa.cast(key, sa.Text())


def _parse(text: str | None, kind: ValueType) -> object:
    if text is None:
        return None
    try:
        return _PARSERS[kind](text)
    except (ValueError, KeyError, InvalidOperation):
        raise InvalidQueryError(
            "after: this cursor cannot be read; pass pageInfo.endCursor of the page before",
            code="INVALID_CURSOR",
            argument="after",
        ) from None
