"""What a number hidden in raw JSON is worth: tokens, prices, evaluation costs.

Every function takes a value parsed by :func:`parse` and never fails: what is not a value of the
asked kind is ``None``, and the caller says what that counts as.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

# The largest amounts the warehouse keeps; both rules come from the types of its money columns.
TOKEN_LIMIT = 10**15
PRICE_LIMIT = 10**6
PRICE_DECIMALS = 16
MONEY_LIMIT = 10**12
MONEY_DECIMALS = 22

_NUMBER = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class JsonNumber:
    """A JSON number as written, so that 12.0 and 12, or 1e400 and infinity, stay distinct."""

    text: str


def parse(text: str | None) -> Any:
    """The JSON value of a raw column; SQL NULL and JSON null are both ``None``."""
    if text is None:
        return None
    return json.loads(
        text, parse_int=JsonNumber, parse_float=JsonNumber, parse_constant=_refuse_constant
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def member(value: Any, key: str) -> Any:
    """The member of a JSON object; ``None`` for a missing key and for everything but objects."""
    return value.get(key) if isinstance(value, dict) else None


def first_element(value: Any) -> Any:
    """The first element of a JSON array; ``None`` for an empty one and for all but arrays."""
    return value[0] if isinstance(value, list) and value else None


def token_value(value: Any) -> int:
    """A JSON integer or a JSON string of ASCII digits, of at most 15 digits; anything else is 0."""
    if isinstance(value, JsonNumber):
        number = _integer_of(value.text)
    elif isinstance(value, str) and _DIGITS.fullmatch(value):
        number = _whole(value)
    else:
        return 0
    return number if number is not None and abs(number) < TOKEN_LIMIT else 0


def _whole(digits: str) -> int | None:
    significant = digits.lstrip("0")  # Python refuses to read thousands of digits
    return int(significant or "0") if len(significant) < 100 else None


def _integer_of(text: str) -> int | None:
    # jsonb keeps the written decimals (12.0 stays 12.0) but resolves the exponent (1e3 is 1000).
    sign, whole, fraction, exponent = _parts(text)
    if exponent < len(fraction) or exponent > 100:
        return None
    digits: int = sign * int(whole + fraction)
    return digits * int(10 ** (exponent - len(fraction)))


def price_value(value: Any) -> Fraction | None:
    """USD per million tokens at 16 decimals, when the value is a JSON number below 1,000,000."""
    if not isinstance(value, JsonNumber):
        return None
    if Decimal(value.text).adjusted() < -PRICE_DECIMALS - 1:
        return Fraction(0)  # too small to leave a trace
    price = _fraction_of(value.text, limit_exponent=6, smallest_exponent=-PRICE_DECIMALS - 1)
    if price is None:
        return None
    rounded = round_half_away(price, PRICE_DECIMALS)
    return rounded if abs(rounded) < PRICE_LIMIT else None


def evaluation_cost(value: Any) -> Fraction:
    """USD of a JSON number or plain decimal string, at 22 decimals; anything else is 0."""
    text = value.text if isinstance(value, JsonNumber) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        return Fraction(0)
    amount = _fraction_of(text, limit_exponent=16, smallest_exponent=-MONEY_DECIMALS - 1)
    if amount is None:  # far too large, or too small to leave a trace in 22 decimals
        return Fraction(0)
    rounded = round_half_away(amount, MONEY_DECIMALS)
    return rounded if abs(rounded) < MONEY_LIMIT else Fraction(0)


def _parts(text: str) -> tuple[int, str, str, int]:
    match = _NUMBER.fullmatch(text)
    assert match is not None, text
    sign, whole, fraction, exponent = match.groups()
    return (-1 if sign == "-" else 1), whole, fraction or "", int(exponent or 0)


def _fraction_of(text: str, *, limit_exponent: int, smallest_exponent: int) -> Fraction | None:
    """The exact value; ``None`` when |value| >= 10**limit or 0 < |value| < 10**smallest.

    The magnitude is judged before the power of ten is worked out, because text may claim any
    exponent it likes.
    """
    sign, whole, fraction, exponent = _parts(text)
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return Fraction(0)
    leading_exponent = len(digits) - len(fraction) + exponent - 1
    if not smallest_exponent <= leading_exponent < limit_exponent:
        return None
    return sign * int(digits) * Fraction(10) ** (exponent - len(fraction))


def round_half_away(value: Fraction, decimals: int) -> Fraction:
    """The value at so many decimals; a half goes away from zero."""
    scaled = abs(value) * 10**decimals
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(-rounded if value < 0 else rounded, 10**decimals)


def decimal_text(value: Fraction) -> str:
    """An exact decimal fraction as text, without trailing zeros and never with an exponent."""
    digits, power = abs(value.numerator), 0
    denominator = value.denominator
    while denominator != 1:
        power += 1
        scaled = Fraction(abs(value)) * 10**power
        digits, denominator = scaled.numerator, scaled.denominator
        assert power <= 60, f"{value} is no decimal fraction"
    text = str(digits).rjust(power + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{text[:-power]}.{text[-power:]}" if power else text)
