"""Chooses where a question is answered: from the coarsest roll-ups that answer it exactly.

A roll-up of the asked mart's rows may answer when nothing is lost by having added them up:

- it has every dimension that the question groups or filters by;
- it stores every measure asked for in a form that adds up (sums, counts, extremes), or has the
  column whose distinct values are counted; averages are ratios of sums and need nothing more;
- its periods add up to those the time dimension is cut into. In a zone other than UTC only hours
  do; where the zone's clock does not differ from UTC by whole hours, those in which a period ends
  come from the asked mart, found by its index;
- the filter bounds the time from below, above, or not at all. Any other condition on the time is
  answered by the asked mart itself.

The window is then covered piece by piece: whole periods of the coarsest roll-up in the middle, and
the two edges in the same way by the finer ones, to the instant by the asked mart. So 14 months up
to now are months, at either end days, hours, and the requests of a part of an hour. Rows without a
time are in no roll-up; where the question has no window they come from the asked mart too.

Each piece is one leg of a UNION ALL (see ``legs``). The answer never depends on the route: the
tests ask random questions along every possible one. Pure and cheap: a few set operations.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from graphql_api.catalogue.model import Catalogue, Grain, Mart
from graphql_api.query.needs import Needs, Span, needs_of
from graphql_api.query.parts import rolled_up_part
from graphql_api.query.periods import rounded_up, start_of
from graphql_api.query.request import QueryRequest


@dataclass(frozen=True, slots=True)
class Rollup:
    """A roll-up that may answer, and how long its periods are.

    ``counts``: columns of which one is positive where a row of the asked mart is in the bucket; a
    roll-up of several marts has buckets that hold none. Empty: every bucket holds one.
    """

    mart: Mart
    grain: Grain
    counts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """Rows of a roll-up (None: of the asked mart) within ``span`` (None: without a time).

    ``torn``: of a roll-up without these hours, of the asked mart only these.
    """

    span: Span | None
    rollup: Rollup | None = None
    torn: tuple[datetime, ...] = ()

    def __str__(self) -> str:
        name = self.rollup.mart.name if self.rollup else "asked mart"
        if self.span is None:
            return f"{name} without time"
        hours = f" {'but' if self.rollup else 'in'} {len(self.torn)} hours" if self.torn else ""
        return f"{name} {self.span}{hours}"


@dataclass(frozen=True, slots=True)
class Buckets:
    """Where the buckets of some quantities come from (see ``sketches``)."""

    quantities: tuple[str, ...]
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """The legs that together hold every row of the question once.

    ``buckets``: percentiles are estimated from them.
    """

    needs: Needs
    legs: tuple[Leg, ...]
    buckets: Buckets | None = None

    def __str__(self) -> str:
        """For the log: which roll-up answers which part of the window."""
        legs = (*self.legs, *(self.buckets.legs if self.buckets else ()))
        return " + ".join(map(str, legs))


def choose(request: QueryRequest, catalogue: Catalogue) -> Route | None:
    """The best route; None: the mart itself, as it was asked."""
    needs = needs_of(request)
    return along(needs, usable(request.mart, needs, catalogue)) if needs else None


def usable(asked: Mart, needs: Needs, catalogue: Catalogue) -> list[Rollup]:
    """Roll-ups that answer exactly: coarsest first, and one per grain, that with fewest rows."""
    found: dict[Grain, Rollup] = {}
    for mart in catalogue.rollups_of(asked):
        if mart.name == asked.name:
            break  # what follows is not smaller
        grain = mart.time.grain if mart.time else None
        counts = _counts(mart, asked, catalogue)
        if not grain or counts is None or not fits(mart, grain, asked, needs):
            continue
        if all(rolled_up_part(mart, each) is not None for each in needs.measures):
            found.setdefault(grain, Rollup(mart, grain, counts))
    return list(found.values())


def along(needs: Needs, rollups: Sequence[Rollup]) -> Route | None:
    """The route that takes these roll-ups wherever they have whole periods of the window."""
    try:
        legs = legs_along(needs, rollups)
    except OverflowError:  # a window at the ends of the calendar
        return None
    return Route(needs, legs) if any(leg.rollup for leg in legs) else None


def legs_along(needs: Needs, rollups: Sequence[Rollup]) -> tuple[Leg, ...]:
    """The legs that cover the window with these roll-ups, coarsest first, and the asked mart.

    Raises:
        OverflowError: the window ends where the calendar does.
    """
    legs = tuple(_in_zone(needs, rollups))
    return (*legs, Leg(None)) if needs.with_untimed else legs


def fits(mart: Mart, grain: Grain, asked: Mart, needs: Needs) -> bool:
    """Whether a mart of whole periods has the question's dimensions, and its periods add up."""
    asked_grain = asked.time.grain if asked.time else None
    return (
        (asked_grain is None or asked_grain.can_be_cut_into(grain))
        and needs.dimensions <= mart.dimensions.keys()
        and all(grain.can_be_cut_into(period) for period in needs.periods)
        and (grain is Grain.HOUR or needs.hours is None)
    )


def _counts(mart: Mart, asked: Mart, catalogue: Catalogue) -> tuple[str, ...] | None:
    """Columns that count the asked mart's rows in a bucket; None where it cannot be told."""
    if mart.bases == asked.bases:
        return ()
    counts = []
    for name in sorted(asked.bases):
        base = catalogue.marts.get(name)
        counted = mart.measures.get(base.row_count or "") if base else None
        if counted is None:
            return None
        counts.append(counted.expression)
    return tuple(counts)


def _in_zone(needs: Needs, rollups: Sequence[Rollup]) -> Iterator[Leg]:
    """The window, with the asked mart wherever hours do not add up in the zone."""
    span, hours = needs.span, needs.hours
    if hours is None:
        yield from _covered(span, rollups)
        return
    before, span_since = _cut(span, hours.since)
    inside, after = _cut(span_since, hours.until) if span_since else (None, None)
    if before:
        yield Leg(before)
    for leg in _covered(inside, rollups) if inside else ():
        torn = _within(leg.span, hours.torn) if leg.rollup and leg.span else ()
        yield replace(leg, torn=torn)
        if torn:
            yield Leg(leg.span, torn=torn)
    if after:
        yield Leg(after)


def _cut(span: Span, at: datetime | None) -> tuple[Span | None, Span | None]:
    """What of a span lies before a moment, and what from there on."""
    if at is None or (span.end is not None and span.end <= at):
        return span, None
    if span.start is not None and span.start >= at:
        return None, span
    return Span(span.start, at), Span(at, span.end)


def _within(span: Span, hours: Sequence[datetime]) -> tuple[datetime, ...]:
    """The hours that start in a span."""
    first = bisect_left(hours, span.start) if span.start else 0
    last = bisect_left(hours, span.end) if span.end else len(hours)
    return tuple(hours[first:last])


def _covered(span: Span, rollups: Sequence[Rollup]) -> Iterator[Leg]:
    if not rollups:
        yield Leg(span)
        return
    coarsest, *finer = rollups
    start = rounded_up(span.start, coarsest.grain) if span.start is not None else None
    end = start_of(span.end, coarsest.grain) if span.end is not None else None
    if start is not None and end is not None and start >= end:
        yield from _covered(span, finer)
        return
    if start != span.start:
        yield from _covered(Span(span.start, start), finer)
    yield Leg(Span(start, end), coarsest)
    if end != span.end:
        yield from _covered(Span(end, span.end), finer)
