"""Sums, averages and ratios of raw values, exact, with the conventions C6 and C7 of all figures."""

from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from typing import Any, TypeVar

from .json_values import JsonNumber, evaluation_cost

Number = int | Fraction
Row = dict[str, Any]
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def money(amount: float | None) -> Fraction:
    """A floating-point amount as the decimal it is written as; what is no amount counts 0.

    Its shortest decimal text is what people mean by it (0.1, not 0.1000000000000000055...), kept
    within the limits of every amount of the warehouse (MONEY_LIMIT, MONEY_DECIMALS).
    """
    return Fraction(0) if amount is None else evaluation_cost(JsonNumber(repr(float(amount))))


def total(values: Iterable[Number | None]) -> Number:
    """The sum; a missing value adds 0."""
    return sum((value for value in values if value is not None), start=0)


def mean(values: Iterable[Number | None]) -> Fraction:
    """The average of the values there are; 0 without any."""
    present = [value for value in values if value is not None]
    return ratio(total(present), len(present))


def ratio(numerator: Number, denominator: Number) -> Fraction:
    """Real division, exact; 0 by 0 and anything else by 0 is 0."""
    return Fraction(0) if denominator == 0 else Fraction(numerator) / Fraction(denominator)


def grouped(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The rows under each key, in their order."""
    groups: dict[K, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def known(value: T | None) -> T:
    """A value that whoever chose the rows made sure of: a row of a window has a time."""
    assert value is not None
    return value


def distinct(values: Iterable[Hashable | None]) -> int:
    """How many different values there are, NULL being none."""
    return len({value for value in values if value is not None})
