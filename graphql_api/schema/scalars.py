"""Scalars that keep every digit.

Values that Postgres already rendered (texts of dates, instants and money) pass through unchanged.
"""

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NewType

import strawberry
from graphql import (
    FloatValueNode,
    GraphQLError,
    IntValueNode,
    StringValueNode,
    ValueNode,
    value_from_ast_untyped,
)
from strawberry.types.scalar import ScalarDefinition

BigInt = NewType("BigInt", int)
MeasureValue = NewType("MeasureValue", object)
Duration = NewType("Duration", timedelta)
Period = NewType("Period", timedelta)
JsonText = NewType("JsonText", object)

_MAX_BIGINT = 2**63 - 1
_MAX_DECIMAL_LENGTH = 200
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_MAX_DURATION = timedelta(days=36_525)
# The periods that reports and dashboards speak of, in days.
PERIODS = {"7d": 7, "30d": 30, "90d": 90}
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def _same(value: object) -> object:
    return value


def as_text(value: object) -> str:
    """As Postgres spells it in the marts' answers, for values that reports compute."""
    match value:
        case datetime():
            return value.isoformat(timespec="milliseconds") + "Z"
        case Decimal():
            digits = f"{value:f}"
            return digits.rstrip("0").rstrip(".") if "." in digits else digits
        case _:
            return str(value)


def _parse_big_int(value: object) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    is_digits = isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value)
    if is_number or is_digits:
        number = int(str(value))
        if abs(number) <= _MAX_BIGINT:
            return number
    raise GraphQLError(f"BigInt cannot represent {value!r}: expected a whole number of 64 bits")


def _parse_decimal(value: object) -> Decimal:
    is_number = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    text = str(value) if is_number else ""
    if len(text) <= _MAX_DECIMAL_LENGTH and _DECIMAL.fullmatch(text):
        number = Decimal(text)
        if -64 < number.adjusted() < 64:
            return number
    raise GraphQLError(f'Decimal cannot represent {value!r}: expected a number such as "0.25"')


def _parse_decimal_literal(node: ValueNode) -> Decimal:
    """From the document's own digits: read as a float first, a number would lose some."""
    if isinstance(node, (IntValueNode, FloatValueNode, StringValueNode)):
        return _parse_decimal(node.value)
    return _parse_decimal(value_from_ast_untyped(node))


def _parse_date(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise GraphQLError(f"Date cannot represent {value!r}: expected a real date YYYY-MM-DD")


def _parse_instant(value: object) -> datetime:
    """UTC without zone, as the warehouse stores instants; a text without offset is UTC."""
    if isinstance(value, str) and "T" in value:
        try:
            instant = datetime.fromisoformat(value)
            return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
        except (ValueError, OverflowError):
            pass
    raise GraphQLError(
        f"DateTime cannot represent {value!r}: expected ISO 8601 such as 2026-01-31T12:00:00Z"
    )


def _parse_duration(value: object) -> timedelta:
    found = re.fullmatch(r"([1-9][0-9]{0,5})([hdw])", value) if isinstance(value, str) else None
    length = int(found[1]) * _UNITS[found[2]] if found else timedelta()
    if timedelta() < length <= _MAX_DURATION:
        return length
    raise GraphQLError(
        f"Duration cannot represent {value!r}: expected a positive whole number of hours, days or "
        "weeks such as 24h, 7d or 4w, of at most 100 years"
    )


def _parse_period(value: object) -> timedelta:
    if isinstance(value, str) and value in PERIODS:
        return timedelta(days=PERIODS[value])
    raise GraphQLError(
        f"Period cannot represent {value!r}: expected one of {', '.join(PERIODS)}; "
        "any other length is a Duration"
    )


def duration_text(length: object) -> str:
    """As callers write it: whole days, else hours."""
    assert isinstance(length, timedelta)
    days, rest = divmod(length, _UNITS["d"])
    return f"{length // _UNITS['h']}h" if rest else f"{days}d"


def _json_value(value: object) -> object:
    """What a text of JSON says; a text that says nothing a client could read is served as it is."""
    try:
        return json.loads(str(value), parse_float=_finite, parse_constant=_not_json)
    except (ValueError, RecursionError):
        return value


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits} is no number that JSON readers know")
    return number


def _not_json(word: str) -> object:
    raise ValueError(f"{word} is no JSON")


def _scalar(
    name: str,
    description: str,
    serialize: Callable[[object], object],
    parse: Callable[..., object],
    parse_literal: Callable[[ValueNode], object] | None = None,
) -> ScalarDefinition:
    def parse_in_place(node: ValueNode, _: object = None) -> object:
        """Parse a value that stands in a document; its complaint says where."""
        try:
            return parse_literal(node) if parse_literal else parse(value_from_ast_untyped(node))
        except GraphQLError as error:
            raise GraphQLError(error.message, node) from None

    return strawberry.scalar(
        name=name,
        description=description,
        serialize=serialize,
        parse_value=parse,
        parse_literal=parse_in_place,
    )


def _output_only(value: object) -> object:
    raise GraphQLError(f"{value!r}: this is an output type")


SCALARS: dict[object, ScalarDefinition] = {
    BigInt: _scalar("BigInt", "Whole number of 64 bits, a JSON number.", _same, _parse_big_int),
    Decimal: _scalar(
        "Decimal",
        "Exact decimal number, a JSON string without trailing zeros.",
        as_text,
        _parse_decimal,
        _parse_decimal_literal,
    ),
    date: _scalar("Date", "Calendar date `YYYY-MM-DD`.", as_text, _parse_date),
    datetime: _scalar(
        "DateTime",
        "Instant, ISO 8601. Answers are UTC with milliseconds and `Z`; in arguments any offset is "
        "accepted, and none means UTC.",
        as_text,
        _parse_instant,
    ),
    MeasureValue: _scalar(
        "MeasureValue",
        "Value of the measure asked for: a JSON number, or for money a decimal string.",
        _same,
        _output_only,
    ),
    Duration: _scalar(
        "Duration",
        "Length of time: a positive whole number of hours, days or weeks, such as `24h`, `7d`, "
        "`4w`; at most 100 years.",
        duration_text,
        _parse_duration,
    ),
    Period: _scalar(
        "Period",
        "One of the lengths of time that dashboards show: `7d`, `30d` or `90d`.",
        duration_text,
        _parse_period,
    ),
    JsonText: _scalar("JSON", "Any JSON value.", _json_value, _output_only),
}
