"""Which rows reports on tags are about: windows that end tomorrow, and filters on tags.

SEMANTICS 3.2: the end of every window is the day after that of ``as_of``, included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import And, Condition, Operator, Predicate, is_storable
from graphql_api.schema.reports.report import Ask

PERIODS = 7
_WEEK, _MONTH = 7, 30
# English, whatever the locale of the server.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included, and what they are called."""

    label: str
    start: date
    end: date


def days_until_tomorrow(ask: Ask, length: int) -> Period:
    """So many days, of which tomorrow is the last.

    Raises:
        InvalidQueryError: the calendar has no such days.
    """
    try:
        end = ask.as_of.date() + timedelta(days=1)
        start = end - timedelta(days=length - 1)
    except OverflowError:
        raise InvalidQueryError(
            f"asOf: {ask.as_of.isoformat()} has no such window around it", argument="asOf"
        ) from None
    return Period(f"{start} to {end}", start, end)


def periods_until_tomorrow(ask: Ask, *, weekly: bool) -> list[Period]:
    """The last 7 periods of 7 or 30 days, the earliest first; number 7 ends tomorrow."""
    length = _WEEK if weekly else _MONTH
    first = days_until_tomorrow(ask, PERIODS * length).start
    found = []
    for number in range(1, PERIODS + 1):
        start = first + timedelta(days=(number - 1) * length)
        month = _MONTHS[start.month - 1]
        label = (
            f"Week {number} ({month} {start.day:02d})" if weekly else f"Month {number} ({month})"
        )
        found.append(Period(label, start, start + timedelta(days=length - 1)))
    return found


def within(ask: Ask, first: date, last: date, *more: Predicate | None) -> Predicate:
    """Rows of these days, both included, for which all else holds too."""
    time = ask.mart.time_dimension or ""
    bounds = (Condition(time, Operator.GTE, (first,)), Condition(time, Operator.LTE, (last,)))
    return And((*bounds, *(each for each in more if each is not None)))


def having_tag() -> Predicate:
    """Rows with a tag; the empty one is one."""
    return Condition("has_tag", Operator.EQ, (True,))


def having_user() -> Predicate:
    """Rows whose user is known."""
    return Condition("user_id", Operator.IS_NULL, (False,))


def of_tags(containing: str | None, exactly: Sequence[str] | None) -> Predicate | None:
    """Rows of the tags that were asked for; None where none were. A list goes before a text.

    Raises:
        InvalidQueryError: a text can be no tag.
    """
    if exactly:
        _refuse_unstorable("tagFilters", exactly)
        return And((having_tag(), Condition("tag", Operator.IN, tuple(exactly))))
    if containing is None:
        return None
    _refuse_unstorable("tagFilter", [containing])
    contains = Condition("tag", Operator.CONTAINS_IGNORING_ASCII_CASE, (containing,))
    return And((having_tag(), contains))


def _refuse_unstorable(argument: str, texts: Sequence[str]) -> None:
    if not all(map(is_storable, texts)):
        raise InvalidQueryError(
            f"{argument} holds a NUL or half a surrogate pair, which no tag can; leave it out",
            argument=argument,
        )
