"""What a table must hold to answer a question exactly."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from graphql_api.catalogue.model import Derived, Dimension, Formula, Grain, Measure, Ratio
from graphql_api.errors import InvalidQueryError
from graphql_api.query.periods import at_midnight, rounded_up, shift, start_of
from graphql_api.query.request import (
    And,
    Condition,
    Operator,
    Predicate,
    QueryRequest,
    conditions,
    conjuncts,
)
from graphql_api.query.zones import FIRST, Hours, hours_of

_BOUNDS = frozenset({Operator.EQ, Operator.GT, Operator.GTE, Operator.LT, Operator.LTE})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time from ``start`` until just before ``end``; None: without end."""

    start: datetime | None = None
    end: datetime | None = None

    def __str__(self) -> str:
        return f"[{self.start or ''}..{self.end or ''})"


@dataclass(frozen=True, slots=True)
class Needs:
    """``dimensions`` without the time, whose finest use is given by ``periods``.

    ``hours``: the periods are a zone's, to which nothing longer than these hours adds up; None:
    they are UTC's.
    ``with_untimed``: rows without a time count. ``where`` is the filter without its time bounds.
    """

    dimensions: frozenset[str]
    measures: tuple[Measure, ...]
    periods: frozenset[Grain]
    hours: Hours | None
    span: Span
    with_untimed: bool
    where: Predicate | None


def needs_of(request: QueryRequest) -> Needs | None:
    """What the question needs; None where only the asked mart's own rows can answer."""
    time = request.mart.time
    if time is None or request.group_by is None:
        return None
    span, periods = _span(request, time), _periods(request, time)
    if span is None or periods is None:
        return None
    zone = request.timezone if periods else None
    hours = None
    if zone:
        try:
            hours = hours_of(zone, periods, span.start, span.end or request.as_of)
        except OverflowError:  # at the ends of the calendar
            return None
        if hours is None:
            return None
    is_open = span.start is None and span.end is None
    return Needs(
        dimensions=_dimensions(request, time),
        measures=tuple(dict.fromkeys(measures_of(request))),
        periods=periods,
        hours=hours,
        span=span,
        with_untimed=is_open and time.is_nullable and time.name not in request.group_by,
        where=_without(request.where, time.name),
    )


def refuse_torn_periods(request: QueryRequest) -> None:
    """Refuse periods of a zone to which whole UTC hours do not add up, of a mart of such hours.

    Raises:
        InvalidQueryError: a period would end in the midst of an hour.
    """
    time, zone = request.mart.time, request.timezone
    if time is None or time.grain is not Grain.HOUR or zone is None:
        return
    periods = _periods(replace(request, with_freshness=False), time)
    if not periods:
        return
    span = _span(request, time) or Span()
    hours = hours_of(zone, periods, span.start, span.end or request.as_of)
    if hours is None or hours.torn or hours.since > max(span.start or FIRST, FIRST):
        raise InvalidQueryError(
            f"timezone: {request.mart.label} holds whole UTC hours, which do not add up to the "
            f"periods of {zone} in this window; ask a field of single instants, such as requests",
            argument="timezone",
        )


def metrics_of(request: QueryRequest) -> frozenset[str]:
    """Every metric that some part of the answer is made from."""
    names = {
        *request.metrics,
        *(request.total_metrics or ()),
        *request.compared_metrics,
        *request.compared_total_metrics,
        *([request.top.by] if request.top else []),
        *request.chart_metrics,
        *request.chart_total_metrics,
        *(term.name for term in request.order_by),
        *(each.name for each in conditions(request.having)),
    }
    return frozenset(names & request.mart.metrics.keys())


def measures_of(request: QueryRequest) -> Iterator[Measure]:
    """What those metrics are computed from."""
    for name in sorted(metrics_of(request)):
        yield from leaves(request.mart.metrics[name].formula)


def leaves(formula: Formula) -> Iterator[Measure]:
    """The measures of a formula."""
    match formula:
        case Measure():
            yield formula
        case Ratio(numerator, denominator):
            yield from leaves(numerator)
            yield from leaves(denominator)
        case Derived(_, inputs):
            for each in inputs.values():
                yield from leaves(each)


def _dimensions(request: QueryRequest, time: Dimension) -> frozenset[str]:
    names = {*(request.group_by or ()), *(each.name for each in conditions(request.where))}
    if request.mart.is_tenant_scoped:
        names |= {"source_system", "organization_id"}
    if request.scope.project_id is not None and "project_id" in request.mart.dimensions:
        names.add("project_id")
    stored = {name for name in names if request.mart.dimensions[name].part is None}
    return frozenset(stored - {time.name})


def _periods(request: QueryRequest, time: Dimension) -> frozenset[Grain] | None:
    """The periods that instants become in the answer; None: they are shown as they are."""
    grain = request.time_grain or time.grain
    periods = set()
    if time.name in (request.group_by or ()):
        if grain is None:
            return None
        periods.add(grain)
    parts = {*(request.group_by or ()), *(each.name for each in conditions(request.where))}
    for part in filter(None, (request.mart.dimensions[name].part for name in parts)):
        # What is told by every period of this length, but by none that is longer.
        longest = next((each for each in reversed(Grain) if part.is_fixed_in(each)), None)
        if longest is None:
            return None
        periods.add(longest)
    if request.with_freshness:
        # Whether the last period is over: of the answer, or the last day.
        periods.add(grain or Grain.DAY)
    return frozenset(periods)


def _span(request: QueryRequest, time: Dimension) -> Span | None:
    """The window; None where conditions on the time are anything else than its bounds."""
    named = [each for each in conditions(request.where) if each.name == time.name]
    plain = [each for each in conjuncts(request.where) if each.name == time.name]
    if len(plain) < len(named) or any(each.operator not in _BOUNDS for each in named):
        return None
    try:
        spans = [span for each in named for span in _bounded_by(each, time.grain)]
    except OverflowError:  # at the ends of the calendar
        return None
    start = max((span.start for span in spans if span.start), default=None)
    end = min((span.end for span in spans if span.end), default=None)
    return None if start and end and start >= end else Span(start, end)


def _bounded_by(condition: Condition, grain: Grain | None) -> Iterator[Span]:
    """Where the periods (or instants) start that one condition lets through."""
    for value in condition.values:
        assert isinstance(value, date)
        moment = value if isinstance(value, datetime) else at_midnight(value)
        match condition.operator:
            case Operator.EQ:
                yield Span(_at_or_after(moment, grain), _after(moment, grain))
            case Operator.GT:
                yield Span(start=_after(moment, grain))
            case Operator.GTE:
                yield Span(start=_at_or_after(moment, grain))
            case Operator.LT:
                yield Span(end=_at_or_after(moment, grain))
            case Operator.LTE:
                yield Span(end=_after(moment, grain))


def _at_or_after(moment: datetime, grain: Grain | None) -> datetime:
    """The first period that does not start before a moment."""
    return moment if grain is None else rounded_up(moment, grain)


def _after(moment: datetime, grain: Grain | None) -> datetime:
    """The first period that starts after a moment; without periods the next instant."""
    if grain is None:
        return moment + timedelta(microseconds=1)  # as fine as Postgres tells instants apart
    return shift(start_of(moment, grain), grain, 1)


def _without(predicate: Predicate | None, name: str) -> Predicate | None:
    """A filter without the conjuncts about one dimension."""
    if isinstance(predicate, And):
        terms = (_without(term, name) for term in predicate.terms)
        return And(tuple(term for term in terms if term is not None))
    is_about_it = isinstance(predicate, Condition) and predicate.name == name
    return None if is_about_it else predicate
