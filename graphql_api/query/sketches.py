"""Where percentiles are estimated: from counts per bucket instead of from the values themselves.

A mart that is a sketch of the asked one holds how many values of a quantity lie in each bucket, per
period (see ``percentiles``). The window is covered as by a roll-up: whole periods from the sketch,
edges and rows without a time from the asked mart, whose values are put into the same buckets. The
other measures of the question keep their own route.
"""

from dataclasses import replace

from graphql_api.catalogue.model import Aggregation, Catalogue, Mart
from graphql_api.query.needs import Needs, Span, needs_of
from graphql_api.query.periods import rounded_up, start_of
from graphql_api.query.request import QueryRequest
from graphql_api.query.route import Buckets, Leg, Rollup, Route, fits, legs_along, usable


def estimated(request: QueryRequest, catalogue: Catalogue) -> Route | None:
    """The route that estimates the percentiles of a question; None where no sketch fits it."""
    needs = needs_of(request)
    if needs is None:
        return None
    percentiles = [each for each in needs.measures if each.aggregation is Aggregation.PERCENTILE]
    quantities = tuple(dict.fromkeys(each.expression for each in percentiles))
    sketch = _sketch(request.mart, needs, quantities, catalogue)
    if not quantities or sketch is None:
        return None
    others = tuple(each for each in needs.measures if each not in percentiles)
    needs = replace(needs, measures=others)
    try:
        buckets = legs_along(needs, [sketch])
        legs = legs_along(needs, usable(request.mart, needs, catalogue))
    except OverflowError:  # a window at the ends of the calendar
        return None
    if not any(leg.rollup for leg in buckets):
        return None
    return Route(needs, legs, Buckets(quantities, buckets))


def whole_window(route: Route) -> Route:
    """Of a route only the sketch, over every period that the window touches."""
    assert route.buckets is not None
    rollup = next(leg.rollup for leg in route.buckets.legs if leg.rollup)
    span = route.needs.span
    start = start_of(span.start, rollup.grain) if span.start is not None else None
    end = rounded_up(span.end, rollup.grain) if span.end is not None else None
    legs = (Leg(Span(start, end), rollup),)
    return replace(route, legs=(), buckets=replace(route.buckets, legs=legs))


def _sketch(
    asked: Mart, needs: Needs, quantities: tuple[str, ...], catalogue: Catalogue
) -> Rollup | None:
    """A sketch of the asked mart that knows these quantities by all dimensions of the question."""
    for mart in catalogue.marts.values():
        sketch, grain = mart.sketch, mart.time.grain if mart.time else None
        if sketch is None or sketch.of != asked.name or grain is None:
            continue
        known = mart.dimensions[sketch.quantity].values or ()
        if set(quantities) <= set(known) and fits(mart, grain, asked, needs):
            return Rollup(mart, grain)
    return None
