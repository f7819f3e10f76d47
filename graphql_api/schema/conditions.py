"""GraphQL filter inputs to predicates."""

import dataclasses
from datetime import datetime
from enum import Enum

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from graphql_api.catalogue.model import Dimension, Grain, Mart, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.periods import period_start, shift
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
from graphql_api.schema.inputs import Last

_OPERATORS = {operator.value: operator for operator in Operator}


def predicate(given: object, mart: Mart, as_of: datetime, argument: str) -> Predicate | None:
    """The predicate of a mart's filter or having input; None where nothing was given.

    Raises:
        InvalidQueryError: an operator was given null, or a window is impossible.
    """
    if given is None or given is UNSET or not dataclasses.is_dataclass(given):
        return None
    terms: list[Predicate] = []
    for field in dataclasses.fields(given):
        value = getattr(given, field.name)
        if value is UNSET or value is None:
            continue
        if field.name in ("and_", "or_"):
            nested = [predicate(each, mart, as_of, argument) for each in value]
            parts = tuple(each or And(()) for each in nested)
            terms.append(And(parts) if field.name == "and_" else Or(parts))
        elif field.name == "not_":
            terms.append(Not(predicate(value, mart, as_of, argument) or And(())))
        else:
            terms += _conditions(
                field.name, value, mart, as_of, f"{argument}.{to_camel_case(field.name)}"
            )
    return terms[0] if len(terms) == 1 else And(tuple(terms))


def _conditions(
    name: str, given: object, mart: Mart, as_of: datetime, argument: str
) -> list[Predicate]:
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
        elif operator == "last":
            found += _last(mart.dimensions[name], value, as_of, argument)
        else:
            values = value if isinstance(value, list) else [value]
            plain = tuple(_plain(each) for each in values)
            _refuse_unstorable(plain, named)
            found.append(Condition(name, _OPERATORS[operator], plain))
    return found


def _refuse_unstorable(values: tuple[Value, ...], argument: str) -> None:
    if not all(is_storable(value) for value in values if isinstance(value, str)):
        raise InvalidQueryError(
            f"{argument} holds a NUL or half a surrogate pair, which no text in the warehouse "
            "can; leave it out",
            argument=argument,
        )


def _plain(value: object) -> Value:
    """Enum members stand for their value in the mart."""
    return value.value if isinstance(value, Enum) else value  # type: ignore[return-value]


def _last(dimension: Dimension, last: Last, as_of: datetime, argument: str) -> list[Predicate]:
    if last.n < 1:
        raise InvalidQueryError(f"{argument}.last.n is {last.n}, at least 1", argument=argument)
    unit: Grain = last.unit
    try:
        if dimension.type is ValueType.TIMESTAMP:
            start: Value = shift(as_of, unit, -last.n)
            end: Value = as_of
        else:
            if unit is Grain.HOUR or (
                dimension.grain and not dimension.grain.can_be_cut_into(unit)
            ):
                grain = dimension.grain or Grain.DAY
                raise InvalidQueryError(
                    f"{argument}.last.unit: {unit.name} is no whole number of {grain.name} periods",
                    argument=argument,
                )
            first = period_start(as_of.date(), unit)
            start = shift(datetime(first.year, first.month, first.day), unit, 1 - last.n).date()  # noqa: DTZ001 - UTC by convention
            end = as_of.date()
    except OverflowError:
        raise InvalidQueryError(
            f"{argument}.last reaches back beyond the year 1", argument=argument
        ) from None
    return [
        Condition(dimension.name, Operator.GTE, (start,)),
        Condition(dimension.name, Operator.LTE, (end,)),
    ]
