"""The continuous percentile (C13), exact."""

from collections.abc import Iterable
from fractions import Fraction

from .aggregates import Number

MEDIAN = Fraction(1, 2)
P95 = Fraction(95, 100)
P99 = Fraction(99, 100)


def percentile(values: Iterable[Number | None], share: Fraction) -> Fraction:
    """The value at `share` (0-1) of the sorted values, between neighbours in proportion.

    Missing values are skipped; 0 without any.
    """
    ordered = sorted(value for value in values if value is not None)
    if not ordered:
        return Fraction(0)
    position = share * (len(ordered) - 1)
    below = position.numerator // position.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])
