"""Reading answers exactly: counts as int, money as Decimal, and quotients that are never NaN."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext

from graphql_api.query.sql import zoned

# Digits of a quotient that does not end: more than any sum of the warehouse has (38).
_DIGITS = 50


def count(row: Mapping[str, object] | None, name: str) -> int:
    """A count or sum of whole numbers; 0 where there is none."""
    value = (row or {}).get(name)
    return value if isinstance(value, int) else 0


def amount(row: Mapping[str, object] | None, name: str) -> Decimal:
    """Money as the warehouse holds it; 0 where there is none."""
    value = (row or {}).get(name)
    return Decimal(str(value)) if value is not None else Decimal(0)


def text(row: Mapping[str, object], name: str) -> str | None:
    """A text, or None."""
    value = row.get(name)
    return value if isinstance(value, str) else None


def day(row: Mapping[str, object], name: str) -> date:
    """The date of a day or an instant."""
    return date.fromisoformat(str(row[name])[:10])


def instant(row: Mapping[str, object], name: str) -> datetime | None:
    """An instant, UTC without zone, or None."""
    value = row.get(name)
    if value is None:
        return None
    return zoned(datetime.fromisoformat(str(value))).astimezone(UTC).replace(tzinfo=None)


def ratio(numerator: Decimal | int, denominator: Decimal | int) -> Decimal:
    """The quotient; 0 where the denominator is 0 (SEMANTICS C7)."""
    if denominator == 0:
        return Decimal(0)
    with localcontext(prec=_DIGITS):
        return Decimal(numerator) / Decimal(denominator)


def total(values: Iterable[Decimal | int]) -> Decimal:
    """The sum, exact; 0 of nothing."""
    with localcontext(prec=_DIGITS):
        return sum(map(Decimal, values), Decimal(0))


def change_percentage(current: int, previous: int) -> Decimal | None:
    """By how many percent of the previous value it grew; None where that is 0."""
    return ratio(100 * (current - previous), previous) if previous else None


def times(factor: Decimal | int, value: Decimal | int) -> Decimal:
    """The product, to as many digits as a quotient has."""
    with localcontext(prec=_DIGITS):
        return Decimal(factor) * Decimal(value)


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half away from zero (SEMANTICS C9)."""
    with localcontext(prec=2 * _DIGITS):
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
