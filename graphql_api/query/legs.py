"""The SQL of a route: one plain select per leg, with its tenant and its bounds inside."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from graphql_api.catalogue.model import Catalogue, Dimension, Mart, Measure, ValueType
from graphql_api.query.expressions import SQL_TYPES, table_of
from graphql_api.query.needs import Needs, Span, metrics_of
from graphql_api.query.parts import from_parts, own_part, part_name, rolled_up_part
from graphql_api.query.percentiles import (
    BUCKET,
    COUNT,
    GREATEST,
    LEAST,
    QUANTITY,
    bucket_text,
)
from graphql_api.query.request import QueryRequest
from graphql_api.query.route import Leg, Route, choose
from graphql_api.query.scope import scope_condition
from graphql_api.query.sketches import estimated
from graphql_api.query.source import Locate, Source, asked_mart
from graphql_api.query.sql import Expression, Rows

Find = Callable[[QueryRequest, Catalogue], Route | None]

_log = logging.getLogger(__name__)

_BUCKET_COLUMNS = (QUANTITY, BUCKET, COUNT, LEAST, GREATEST)


def exactly(catalogue: Catalogue) -> Locate:
    """Answers each question along its best exact route."""
    return _locate(choose, catalogue)


def estimating(catalogue: Catalogue) -> Locate:
    """The same, with percentiles from a sketch where one fits the question."""
    return _locate(lambda *asked: estimated(*asked) or choose(*asked), catalogue)


def _locate(find: Find, catalogue: Catalogue) -> Locate:
    def locate(request: QueryRequest) -> Source:
        route = find(request, catalogue)
        _log.debug("%s is answered by %s", request.mart.label, route or "the mart itself")
        return along_route(request, route) if route else asked_mart(request)

    return locate


def along_route(request: QueryRequest, route: Route) -> Source:
    """The legs as one table: dimensions by the asked mart's names, and parts of the measures."""
    mart, needs = request.mart, route.needs
    selects = [
        _measures(request, needs, leg, has_buckets=bool(route.buckets)) for leg in route.legs
    ]
    if route.buckets:
        for leg in route.buckets.legs:
            selects += _buckets(request, needs, leg, route.buckets.quantities)
    rows = selects[0] if len(selects) == 1 else sa.union_all(*selects)
    metrics = {name: from_parts(mart.metrics[name]) for name in sorted(metrics_of(request))}
    source = replace(mart, metrics=metrics)
    return Source(source, rows.subquery("legs"), sa.true(), needs.where)


def _measures(request: QueryRequest, needs: Needs, leg: Leg, *, has_buckets: bool) -> Rows:
    """The measures of a leg's rows; where percentiles are estimated, they stand for no bucket."""
    mart = leg.rollup.mart if leg.rollup else request.mart
    table = table_of(mart)
    parts: list[Expression] = [
        _part(leg, measure).label(part_name(measure)) for measure in needs.measures
    ]
    if has_buckets:
        kinds = ["text", *("bigint" for _ in _BUCKET_COLUMNS[1:])]
        parts += _bucket_columns([f"cast(null as {kind})" for kind in kinds])
    select = sa.select(*_keys(request, needs, mart, table), *parts)
    select = select.where(_in_leg(request, leg, mart, table))
    if leg.rollup and leg.rollup.counts:
        held = (sa.literal_column(name, sa.BigInteger()) > 0 for name in leg.rollup.counts)
        select = select.where(sa.or_(*held))
    return select


def _part(leg: Leg, measure: Measure) -> Expression:
    kind = SQL_TYPES[measure.type]
    if leg.rollup:
        return sa.literal_column(rolled_up_part(leg.rollup.mart, measure) or "null", kind)
    part: Expression = sa.literal_column(own_part(measure), kind)
    # Legs whose types agree are planned as one table; `1` alone would be an integer.
    is_whole = measure.type is ValueType.BIGINT and own_part(measure) != measure.expression
    return sa.cast(part, sa.BigInteger()) if is_whole else part


def _buckets(
    request: QueryRequest, needs: Needs, leg: Leg, quantities: tuple[str, ...]
) -> Iterator[Rows]:
    """Rows that stand for buckets of values, and count as nothing else."""
    mart = leg.rollup.mart if leg.rollup else request.mart
    table = table_of(mart)
    nothing = [sa.null().label(part_name(measure)) for measure in needs.measures]
    keys = [*_keys(request, needs, mart, table), *nothing]
    is_in_leg = _in_leg(request, leg, mart, table)
    if mart.sketch is not None:
        sketch = mart.sketch
        names = [sketch.quantity, sketch.bucket, sketch.count, sketch.least, sketch.greatest]
        is_asked = table.c[sketch.quantity].in_(quantities)
        yield sa.select(*keys, *_bucket_columns(names)).where(is_in_leg, is_asked)
        return
    for name in quantities:
        texts = [f"cast('{name}' as text)", bucket_text(name), "cast(1 as bigint)", name, name]
        has_value = sa.literal_column(f"{name} is not null", sa.Boolean())
        yield sa.select(*keys, *_bucket_columns(texts)).where(is_in_leg, has_value)


def _bucket_columns(texts: Sequence[str]) -> list[Expression]:
    pairs = zip(_BUCKET_COLUMNS, texts, strict=True)
    return [sa.literal_column(text).label(name) for name, text in pairs]


def _keys(
    request: QueryRequest, needs: Needs, mart: Mart, table: sa.TableClause
) -> list[Expression]:
    """The dimensions, and the time of a row or the start of its period, as the asked mart does."""
    asked = request.mart
    time, asked_time = mart.time, asked.time
    assert time is not None
    assert asked_time is not None
    keys: list[Expression] = [
        table.c[name] for name in asked.dimensions if name in needs.dimensions
    ]
    moment: Expression = table.c[time.name]
    if time.type is not asked_time.type:
        moment = sa.cast(moment, SQL_TYPES[asked_time.type])
    return [*keys, moment.label(asked_time.name)]


def _in_leg(
    request: QueryRequest, leg: Leg, mart: Mart, table: sa.TableClause
) -> sa.ColumnElement[bool]:
    """Whose rows the caller may see, of the leg's stretch of time."""
    assert mart.time is not None
    is_within = within(leg.span, table.c[mart.time.name], mart.time)
    return sa.and_(scope_condition(request, table), is_within)


def within(span: Span | None, column: Expression, time: Dimension) -> sa.ColumnElement[bool]:
    """Whether a row lies in the span; None: whether it has no time."""
    if span is None:
        return column.is_(None)

    def bound(moment: datetime) -> object:
        return moment.date() if time.type is ValueType.DATE else moment

    conditions = [
        *([column >= bound(span.start)] if span.start is not None else []),
        *([column < bound(span.end)] if span.end is not None else []),
    ]
    if not conditions and time.is_nullable:
        return column.is_not(None)
    return sa.and_(sa.true(), *conditions)
