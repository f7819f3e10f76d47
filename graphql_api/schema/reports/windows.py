"""The windows of time that reports are about, as conditions (SEMANTICS C1 to C3, 5.2)."""

from datetime import date, datetime, timedelta

from graphql_api.catalogue.model import camel_case
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import And, Condition, Operator, Predicate
from graphql_api.schema.reports.report import Ask
from graphql_api.schema.scalars import PERIODS


def days_of(period: str) -> int:
    """The number of days of a period.

    Raises:
        InvalidQueryError: it is not one of ``PERIODS``.
    """
    if period not in PERIODS:
        raise InvalidQueryError(
            f"period: {period!r} is none of {', '.join(PERIODS)}",
            argument="period",
            allowed=list(PERIODS),
        )
    return PERIODS[period]


def refuse_outside(argument: str, value: int, lowest: int, highest: int) -> None:
    """Refuse a length of time that a report is not defined for.

    Raises:
        InvalidQueryError: it is less than the lowest or more than the highest.
    """
    if not lowest <= value <= highest:
        raise InvalidQueryError(
            f"{argument}: {value} is not between {lowest} and {highest}", argument=argument
        )


def trailing(ask: Ask, **length: float) -> Predicate:
    """So much time (days=7, hours=24) until ``as_of``, to the instant at both ends."""
    return between(ask, start(ask, **length), ask.as_of)


def start(ask: Ask, **length: float) -> datetime:
    """The instant that lies so much time before ``as_of``.

    Raises:
        InvalidQueryError: that is before the year 1.
    """
    try:
        return ask.as_of - timedelta(**length)
    except OverflowError:
        raise InvalidQueryError(
            f"asOf: {ask.as_of.isoformat()} has no such window before it", argument="asOf"
        ) from None


def from_midnight(ask: Ask, *, days_before: int = 0) -> Predicate:
    """From 00:00 UTC of the day of ``as_of``, or so many days earlier, until ``as_of``."""
    first = start(ask, days=days_before)
    return between(ask, datetime(first.year, first.month, first.day), ask.as_of)  # noqa: DTZ001 - UTC by convention


def between(ask: Ask, first: datetime, last: datetime) -> Predicate:
    """Both instants included, on the time dimension of the report's mart."""
    name = ask.mart.time_dimension
    assert name is not None, camel_case(ask.mart.public_name)
    return And((Condition(name, Operator.GTE, (first,)), Condition(name, Operator.LTE, (last,))))


def until(ask: Ask, first: datetime, end: datetime) -> Predicate:
    """From the first instant until the end, which is not included."""
    name = ask.mart.time_dimension
    assert name is not None, camel_case(ask.mart.public_name)
    return And((Condition(name, Operator.GTE, (first,)), Condition(name, Operator.LT, (end,))))


def days(first: date, last: date) -> list[date]:
    """Every date from the first to the last, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
