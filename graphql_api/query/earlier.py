"""The question about an earlier window, for measures to be compared with."""

from dataclasses import replace
from datetime import date

from graphql_api.catalogue.model import Dimension, Grain, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.periods import at_midnight, period_start, shift
from graphql_api.query.request import (
    And,
    Comparison,
    Condition,
    Not,
    Operator,
    Or,
    Predicate,
    QueryRequest,
    Value,
)
from graphql_api.query.shifts import Shift, shift_over
from graphql_api.query.window import bounds, limits

_SHIFTS = {
    Comparison.PREVIOUS_YEAR: Shift(months=12),
    Comparison.PREVIOUS_MONTH: Shift(months=1),
    Comparison.PREVIOUS_WEEK: Shift(days=7),
    Comparison.PREVIOUS_DAY: Shift(days=1),
}


def shift_of(request: QueryRequest, to: Comparison) -> Shift:
    """How far back a comparison looks.

    Raises:
        InvalidQueryError: the question has no start, or not in whole periods of that length.
    """
    time = request.mart.time
    start, end = limits(request)
    if request.group_by is None or time is None or start is None:
        missing = "groupBy" if request.group_by is None else "a filter with the window's start"
        raise InvalidQueryError(
            f"compareTo: {request.mart.label} needs {missing}"
            + (f" ({time.name.upper()})" if time else ", and has no time dimension"),
            argument="compareTo",
        )
    if to is Comparison.PREVIOUS_PERIOD:
        if end is None or end <= start:
            raise InvalidQueryError(
                "compareTo: PREVIOUS_PERIOD is as long as the window, which has no length; let it "
                "start before it ends",
                argument="compareTo",
            )
        zone = request.timezone if time.type is ValueType.TIMESTAMP else None
        found = shift_over(start, end, zone)
    else:
        found = _SHIFTS[to]
    grain = time.grain
    if time.name in request.group_by and request.time_grain:
        grain = request.time_grain
    if not found.fits(grain):
        assert grain is not None
        raise InvalidQueryError(
            f"compareTo: {to.name} lies no whole number of {grain.name} periods before; take "
            "another comparison, window or timeGrain",
            argument="compareTo",
        )
    return found


def shifted(request: QueryRequest, by: Shift) -> QueryRequest:
    """The question about the earlier window: all moments of its filter moved back.

    Raises:
        InvalidQueryError: it lies before the calendar.
    """
    time = request.mart.time
    assert time is not None
    try:
        move = _Move(time, by, request.timezone)
        where = move.predicate(request.where or And(()))
        if bounds(request)[1] is None:
            # Without an end of its own the window ends now, and the earlier one as much earlier.
            as_of = request.as_of if time.type is ValueType.TIMESTAMP else request.as_of.date()
            now = Condition(time.name, Operator.LTE, (as_of,))
            where = And((where, move.predicate(now)))
    except OverflowError:
        raise InvalidQueryError(
            "compareTo: the window to compare with lies before the year 1", argument="compareTo"
        ) from None
    return replace(request, where=where, having=None, fill=None)


class _Move:
    """Moves the moments of conditions on the time back."""

    def __init__(self, time: Dimension, by: Shift, timezone: str | None) -> None:
        self.time, self.by, self.timezone = time, by, timezone

    def predicate(self, predicate: Predicate) -> Predicate:
        match predicate:
            case And(terms):
                return And(tuple(self.predicate(term) for term in terms))
            case Or(terms):
                return Or(tuple(self.predicate(term) for term in terms))
            case Not(term):
                return Not(self.predicate(term))
            case Condition(name) if name == self.time.name:
                return self.condition(predicate)
            case _:
                return predicate

    def condition(self, given: Condition) -> Condition:
        """Bounds of dates become those of whole days: the last day of a month may be cut."""
        following = {Operator.LTE: Operator.LT, Operator.GT: Operator.GTE}.get(given.operator)
        if following is not None and self.time.type is ValueType.DATE:
            values = tuple(self.value(self.next(value)) for value in given.values)
            return replace(given, operator=following, values=values)
        return replace(given, values=tuple(self.value(value) for value in given.values))

    def value(self, value: Value) -> Value:
        return self.by.back(value, self.timezone) if isinstance(value, date) else value

    def next(self, day: Value) -> date:
        """First day of the period after the one that holds ``day``."""
        assert isinstance(day, date)
        grain = self.time.grain or Grain.DAY
        return shift(at_midnight(period_start(day, grain)), grain, 1).date()
