"""The windows of time that reports are about, as conditions (SEMANTICS C1 to C3, 5.2)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from graphql_api.catalogue.model import camel_case
from graphql_api.errors import InvalidQueryError
from graphql_api.query.local_time import from_local, to_local
from graphql_api.query.periods import at_midnight
from graphql_api.query.request import And, Condition, Operator, Predicate
from graphql_api.schema.reports.report import Ask
from graphql_api.schema.reports.values import instant
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
        raise _no_window(ask) from None


def midnight(ask: Ask, *, days_before: int = 0) -> datetime:
    """The instant at which the zone's day began that holds ``as_of``, or one so many days earlier.

    Raises:
        InvalidQueryError: that is before the year 1.
    """
    try:
        day = to_local(ask.as_of, ask.timezone).date() - timedelta(days=days_before)
        return from_local(at_midnight(day), ask.timezone)
    except OverflowError:
        raise _no_window(ask) from None


def date_of(ask: Ask, moment: datetime) -> date:
    """The date of an instant in the zone.

    Raises:
        InvalidQueryError: it lies outside the years 1 to 9999.
    """
    try:
        return to_local(moment, ask.timezone).date()
    except OverflowError:
        raise _no_window(ask) from None


def date_in(ask: Ask, row: Mapping[str, object], name: str) -> date:
    """The date in the zone of an instant that a row of an answer holds."""
    moment = instant(row, name)
    assert moment is not None, name
    return date_of(ask, moment)


def _no_window(ask: Ask) -> InvalidQueryError:
    message = f"asOf: {ask.as_of.isoformat()} has no such window before it"
    return InvalidQueryError(message, argument="asOf")


def from_midnight(ask: Ask) -> Predicate:
    """From the zone's midnight of the day of ``as_of`` until ``as_of``."""
    return between(ask, midnight(ask), ask.as_of)


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
