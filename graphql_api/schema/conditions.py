"""GraphQL filter inputs to predicates."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from graphql_api.catalogue.model import Dimension, Mart
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import (
    And,
    Condition,
    Not,
    Operator,
    Or,
    Predicate,
    Value,
    is_storable,
)
from graphql_api.schema.relative import Now, relative_window

_OPERATORS = {operator.value: operator for operator in Operator} | {"is": Operator.EQ}
_RELATIVE = ("last", "trailing", "period", "since_start_of")


def predicate(
    given: object, mart: Mart, as_of: datetime, argument: str, timezone: str | None = None
) -> Predicate | None:
    """The predicate of a mart's filter or having input; None where nothing was given.

    ``timezone`` is whose calendar relative windows mean.

    Raises:
        InvalidQueryError: an operator was given null, or a window is impossible.
    """
    return _predicate(given, mart, Now(as_of, timezone), argument)


def _predicate(given: object, mart: Mart, now: Now, argument: str) -> Predicate | None:
    if given is None or given is UNSET or not dataclasses.is_dataclass(given):
        return None
    terms: list[Predicate] = []
    for field in dataclasses.fields(given):
        value = getattr(given, field.name)
        if value is UNSET or value is None:
            continue
        if field.name in ("and_", "or_"):
            nested = [_predicate(each, mart, now, argument) for each in value]
            parts = tuple(each or And(()) for each in nested)
            terms.append(And(parts) if field.name == "and_" else Or(parts))
        elif field.name == "not_":
            terms.append(Not(_predicate(value, mart, now, argument) or And(())))
        else:
            terms += _conditions(
                field.name, value, mart, now, f"{argument}.{to_camel_case(field.name)}"
            )
    return terms[0] if len(terms) == 1 else And(tuple(terms))


def _conditions(name: str, given: object, mart: Mart, now: Now, argument: str) -> list[Predicate]:
    found: list[Predicate] = []
    for field in dataclasses.fields(given):  # type: ignore[arg-type]
        value = getattr(given, field.name)
        if value is UNSET:
            continue
        operator = field.name.removesuffix("_")
        named = f"{argument}.{to_camel_case(operator)}"
        if value is None:
            raise InvalidQueryError(
                f"{named} is null; to ask for missing values use isNull: true, "
                "to set no condition leave it out",
                argument=argument,
            )
        if operator == "between":
            found.append(Condition(name, Operator.GTE, (_plain(value.start),)))
            found.append(Condition(name, Operator.LTE, (_plain(value.end),)))
        elif operator in _RELATIVE:
            found += relative_window(_column(name, mart), value, now, named)
        else:
            values = value if isinstance(value, list) else [value]
            plain = tuple(_plain(each) for each in values)
            refuse_unstorable(plain, named)
            found.append(Condition(name, _OPERATORS[operator], plain))
    return found


def refuse_unstorable(values: Iterable[object], argument: str) -> None:
    """Refuse texts that Postgres cannot hold.

    Raises:
        InvalidQueryError: there is one.
    """
    if not all(is_storable(value) for value in values if isinstance(value, str)):
        raise InvalidQueryError(
            f"{argument} holds a NUL or half a surrogate pair, which no text in the warehouse "
            "can; leave it out",
            argument=argument,
        )


def _plain(value: object) -> Value:
    """Enum members stand for their value in the mart."""
    return value.value if isinstance(value, Enum) else value  # type: ignore[return-value]


def _column(name: str, mart: Mart) -> Dimension:
    """A dimension, or a metric as if it were one: the first instant of a group is an instant."""
    metric = mart.metrics.get(name)
    if metric is None:
        return mart.dimensions[name]
    return Dimension(name, metric.type, metric.description)
