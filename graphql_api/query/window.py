"""What a question means in time: whole periods, the default window, refusals.

The rules of SEMANTICS 2.3 for months hold for every mart whose rows are whole periods: any date
means the period it lies in, a window whose start is after its end is refused, and a question
without a start reaches back a declared number of months.
"""

from dataclasses import replace
from datetime import date, datetime

from graphql_api.catalogue.model import Dimension, Mart
from graphql_api.errors import InvalidQueryError
from graphql_api.query.periods import month_start, period_start
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


def bounds(request: QueryRequest) -> tuple[Value | None, Value | None]:
    """The tightest inclusive-or-not bounds that the filter puts on the time dimension."""
    lower: list[date] = []
    upper: list[date] = []
    for each in conjuncts(request.where):
        if each.name != request.mart.time_dimension:
            continue
        moments = [value for value in each.values if isinstance(value, date)]
        if each.operator in LOWER_BOUNDS:
            lower.append(min(moments))
        if each.operator in UPPER_BOUNDS or each.operator is Operator.IN:
            upper.append(max(moments))
    return max(lower, default=None), min(upper, default=None)


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
    if time.grain and isinstance(value, date) and not isinstance(value, datetime):
        return period_start(value, time.grain)
    return value


def _refuse_inverted(where: Predicate | None, mart: Mart, time: Dimension) -> None:
    starts: list[tuple[date, bool]] = []
    ends: list[tuple[date, bool]] = []
    for each in conjuncts(where):
        if each.name != time.name or len(each.values) != 1:
            continue
        moment = each.values[0]
        if not isinstance(moment, date):
            continue
        if each.operator in (Operator.GT, Operator.GTE, Operator.EQ):
            starts.append((moment, each.operator is Operator.GT))
        if each.operator in (Operator.LT, Operator.LTE, Operator.EQ):
            ends.append((moment, each.operator is Operator.LT))
    if not starts or not ends:
        return
    start, end = max(starts), min(ends, key=lambda each: (each[0], not each[1]))
    if start[0] > end[0] or (start[0] == end[0] and (start[1] or end[1])):
        raise InvalidQueryError(
            f"{mart.label}: the window of {time.name} starts at {start[0].isoformat()} and "
            f"ends at {end[0].isoformat()}, so nothing can lie in it; swap or widen the bounds",
            code="INVERTED_WINDOW",
            argument=time.name,
        )


def _with_default_window(request: QueryRequest, time: Dimension) -> Predicate | None:
    months = request.mart.default_window_months
    if months is None or _has_lower_bound(request.where, time):
        return request.where
    _, upper = bounds(request)
    last = upper if isinstance(upper, date) else request.as_of.date()
    start = Condition(time.name, Operator.GTE, (month_start(last, -months),))
    return And((request.where, start)) if request.where else start


def _has_lower_bound(where: Predicate | None, time: Dimension) -> bool:
    return any(
        each.name == time.name and each.operator in LOWER_BOUNDS for each in conditions(where)
    )
