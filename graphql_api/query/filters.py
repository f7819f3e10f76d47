"""What each condition means in SQL. Every value is bound.

Conditions are two-valued: null satisfies no comparison except `ne`, `not in` and `is null`, and
`not` is the exact complement. So a filter and its negation split the rows without loss.
"""

from collections.abc import Callable
from typing import assert_never

import sqlalchemy as sa

from graphql_api.query.request import And, Condition, Not, Operator, Or, Predicate, Value
from graphql_api.query.sql import Expression

Resolve = Callable[[str], Expression]


def to_sql(predicate: Predicate, resolve: Resolve) -> sa.ColumnElement[bool]:
    """Translate a predicate; ``resolve`` gives the column or aggregate behind a name."""
    match predicate:
        case And(terms):
            return sa.and_(sa.true(), *(to_sql(term, resolve) for term in terms))
        case Or(terms):
            return sa.or_(sa.false(), *(to_sql(term, resolve) for term in terms))
        case Not(term):
            return to_sql(term, resolve).is_not(sa.true())
        case Condition(name, operator, values):
            return _compare(resolve(name), operator, values)


def _compare(
    left: Expression, operator: Operator, values: tuple[Value, ...]
) -> sa.ColumnElement[bool]:
    first = values[0] if values else None
    match operator:
        case Operator.EQ:
            return left == first
        case Operator.NE:
            return left.is_distinct_from(first)
        case Operator.IN:
            return left == _any_of(values, left)
        case Operator.NOT_IN:
            return (left == _any_of(values, left)).is_not(sa.true())
        case Operator.IS_NULL:
            return left.is_(None) if first else left.is_not(None)
        case Operator.GT:
            return left > first
        case Operator.GTE:
            return left >= first
        case Operator.LT:
            return left < first
        case Operator.LTE:
            return left <= first
        case Operator.CONTAINS:
            return sa.func.strpos(left, first) > 0
        case Operator.CONTAINS_INSENSITIVE:
            return sa.func.strpos(sa.func.lower(left), sa.func.lower(first)) > 0
        case Operator.CONTAINS_IGNORING_ASCII_CASE:
            lowered = (_ascii_lower(each) for each in (left, sa.literal(first, left.type)))
            return sa.func.strpos(*lowered) > 0
        case Operator.STARTS_WITH:
            return sa.func.starts_with(left, first)
        case Operator.ENDS_WITH:
            return sa.func.right(left, sa.func.length(first)) == first
        case _:
            assert_never(operator)


def _any_of(values: tuple[Value, ...], left: Expression) -> Expression:
    """One bound array, however many values: a statement has room for 65,535 single ones."""
    return sa.any_(sa.literal(list(values), sa.ARRAY(left.type)))


def _ascii_lower(text: Expression) -> Expression:
    """In lower case as far as A to Z goes, whatever the letters of the server's locale."""
    return sa.func.lower(sa.collate(text, "C"))
