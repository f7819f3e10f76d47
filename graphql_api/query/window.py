"""What a question means in time: whole periods, the default window, refusals.

The rules of SEMANTICS 2.3 for months hold for every mart whose rows are whole periods: any date
means the period it lies in, a window whose start is after its end is refused, and a question
without a start reaches back a declared number of months.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from graphql_api.catalogue.model import Dimension, Grain, Mart, ValueType, camel_case
from graphql_api.errors import InvalidQueryError
from graphql_api.query.periods import at_midnight, month_start, period_start, shift
from graphql_api.query.request import (
    LOWER_BOUNDS,
    UPPER_BOUNDS,
    And,
    Condition,
    Not,
    Operator,
    Or,
    Predicate,
    QueryRequest,
    Value,
    conditions,
    conjuncts,
)


def in_whole_periods(request: QueryRequest) -> QueryRequest:
    """The same question with snapped time bounds and the default window applied.

    Raises:
        InvalidQueryError: INVERTED_WINDOW, when no period can satisfy the time bounds.
    """
    time = request.mart.time
    if time is None:
        return request
    where = _snap(request.where, time) if request.where and time.grain else request.where
    _refuse_inverted(where, request.mart, time)
    return replace(request, where=_with_default_window(replace(request, where=where), time))


def bounds(request: QueryRequest) -> tuple[date | None, date | None]:
    """The first and the last moment of the time dimension that the filter lets through."""
    time = request.mart.time
    if time is None:
        return None, None
    lower, upper = _bounds_given(request.where, time)
    return (
        max((_first_inside(each, time) for each in lower), default=None),
        min((_last_inside(each, time) for each in upper), default=None),
    )


def limits(request: QueryRequest) -> tuple[datetime | None, datetime | None]:
    """Where the window starts, and where it ends for the sake of its length.

    Dates end with the last day, instants where the caller said: seven days until now are seven days
    long, though both ends are included. A window without an end ends at ``as_of``.
    """
    time = request.mart.time
    if time is None:
        return None, None
    starts, ends = _bounds_given(request.where, time)
    if time.type is ValueType.TIMESTAMP:
        start = max((moment for _, moment in starts), default=None)
        end = min((moment for _, moment in ends), default=request.as_of)
        assert start is None or isinstance(start, datetime)
        assert isinstance(end, datetime)
        return start, end
    first, last = bounds(request)
    after = _next(_snap_day(last or request.as_of.date(), time), time, 1)
    return at_midnight(first) if first else None, at_midnight(after)


_Bound = tuple[Operator, date]


def _bounds_given(where: Predicate | None, time: Dimension) -> tuple[list[_Bound], list[_Bound]]:
    lower: list[_Bound] = []
    upper: list[_Bound] = []
    for each in conjuncts(where):
        moments = [value for value in each.values if isinstance(value, date)]
        if each.name != time.name or not moments:
            continue
        if each.operator in LOWER_BOUNDS:
            lower.append((each.operator, min(moments)))
        if each.operator in UPPER_BOUNDS:
            upper.append((each.operator, max(moments)))
    return lower, upper


def _first_inside(bound: _Bound, time: Dimension) -> date:
    return _next(bound[1], time, 1) if bound[0] is Operator.GT else bound[1]


def _last_inside(bound: _Bound, time: Dimension) -> date:
    return _next(bound[1], time, -1) if bound[0] is Operator.LT else bound[1]


def _next(moment: date, time: Dimension, count: int) -> date:
    """The neighbour of a moment: the next period, or the next instant that Postgres can tell."""
    try:
        if isinstance(moment, datetime):
            return moment + count * timedelta(microseconds=1)
        midnight = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - UTC by convention
        return shift(midnight, time.grain or Grain.DAY, count).date()
    except OverflowError:
        return moment


def _snap(predicate: Predicate, time: Dimension) -> Predicate:
    match predicate:
        case And(terms):
            return And(tuple(_snap(term, time) for term in terms))
        case Or(terms):
            return Or(tuple(_snap(term, time) for term in terms))
        case Not(term):
            return Not(_snap(term, time))
        case Condition(name, _, values) if name == time.name:
            return replace(predicate, values=tuple(_snap_value(value, time) for value in values))
        case _:
            return predicate


def _snap_value(value: Value, time: Dimension) -> Value:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _snap_day(value, time)
    return value


def _snap_day(day: date, time: Dimension) -> date:
    return period_start(day, time.grain) if time.grain else day


def _refuse_inverted(where: Predicate | None, mart: Mart, time: Dimension) -> None:
    starts, ends = _bounds_given(where, time)
    if not starts or not ends:
        return
    start = max(starts, key=lambda bound: _first_inside(bound, time))
    end = min(ends, key=lambda bound: _last_inside(bound, time))
    if _first_inside(start, time) > _last_inside(end, time):
        name = camel_case(time.name)
        raise InvalidQueryError(
            f"{mart.label}: the window of {name} starts at {start[1].isoformat()} and "
            f"ends at {end[1].isoformat()}, so nothing can lie in it; swap or widen the bounds",
            code="INVERTED_WINDOW",
            argument=f"filter.{name}",
        )


def _with_default_window(request: QueryRequest, time: Dimension) -> Predicate | None:
    months = request.mart.default_window_months
    if months is None or _has_lower_bound(request.where, time):
        return request.where
    _, upper = bounds(request)
    last = upper or request.as_of.date()
    start = Condition(time.name, Operator.GTE, (month_start(last, -months),))
    return And((request.where, start)) if request.where else start


def _has_lower_bound(where: Predicate | None, time: Dimension) -> bool:
    return any(
        each.name == time.name and each.operator in LOWER_BOUNDS for each in conditions(where)
    )
