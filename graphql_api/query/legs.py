"""The SQL of a route: one plain select per leg, with its tenant and its bounds inside."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

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
from graphql_api.query.sql import Expression, Instant, Rows

Find = Callable[[QueryRequest, Catalogue], Route | None]

_log = logging.getLogger(__name__)

_INSTANTS = ARRAY(Instant())
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
    legs = _Legs(request, needs)
    selects = [legs.measures(leg, has_buckets=bool(route.buckets)) for leg in route.legs]
    if route.buckets:
        for leg in route.buckets.legs:
            selects += legs.buckets(leg, route.buckets.quantities)
    rows = selects[0] if len(selects) == 1 else sa.union_all(*selects)
    metrics = {name: from_parts(mart.metrics[name]) for name in sorted(metrics_of(request))}
    source = replace(mart, metrics=metrics)
    return Source(source, rows.subquery("legs"), sa.true(), needs.where)


class _Legs:
    """Makes the selects of one question."""

    def __init__(self, request: QueryRequest, needs: Needs) -> None:
        self.request, self.needs = request, needs
        self._tables: dict[str, sa.TableClause] = {}

    def measures(self, leg: Leg, *, has_buckets: bool) -> Rows:
        """The measures of a leg's rows; where percentiles are estimated, they are no buckets."""
        parts: list[Expression] = [
            _part(leg, measure).label(part_name(measure)) for measure in self.needs.measures
        ]
        if has_buckets:
            kinds = ["text", *("bigint" for _ in _BUCKET_COLUMNS[1:])]
            parts += _bucket_columns([f"cast(null as {kind})" for kind in kinds])
        select = sa.select(*self._keys(leg), *parts).where(self._is_in(leg))
        if leg.rollup and leg.rollup.counts:
            held = (sa.literal_column(name, sa.BigInteger()) > 0 for name in leg.rollup.counts)
            select = select.where(sa.or_(*held))
        return select

    def buckets(self, leg: Leg, quantities: tuple[str, ...]) -> Iterator[Rows]:
        """Rows that stand for buckets of values, and count as nothing else."""
        mart = self._mart(leg)
        nothing = [sa.null().label(part_name(measure)) for measure in self.needs.measures]
        keys, is_in_leg = [*self._keys(leg), *nothing], self._is_in(leg)
        if mart.sketch is not None:
            sketch = mart.sketch
            names = [sketch.quantity, sketch.bucket, sketch.count, sketch.least, sketch.greatest]
            is_asked = self._table(mart).c[sketch.quantity].in_(quantities)
            yield sa.select(*keys, *_bucket_columns(names)).where(is_in_leg, is_asked)
            return
        for name in quantities:
            texts = [f"cast('{name}' as text)", bucket_text(name), "cast(1 as bigint)", name, name]
            has_value = sa.literal_column(f"{name} is not null", sa.Boolean())
            yield sa.select(*keys, *_bucket_columns(texts)).where(is_in_leg, has_value)

    def _mart(self, leg: Leg) -> Mart:
        return leg.rollup.mart if leg.rollup else self.request.mart

    def _table(self, mart: Mart) -> sa.TableClause:
        """A mart may have a leg at either end: its table is described once."""
        if mart.name not in self._tables:
            self._tables[mart.name] = table_of(mart)
        return self._tables[mart.name]

    def _keys(self, leg: Leg) -> list[Expression]:
        """The dimensions, and the time of a row or the start of its period, as asked."""
        asked, mart = self.request.mart, self._mart(leg)
        table, time, asked_time = self._table(mart), mart.time, asked.time
        assert time is not None
        assert asked_time is not None
        names = [name for name in asked.dimensions if name in self.needs.dimensions]
        moment: Expression = table.c[time.name]
        if time.type is not asked_time.type:
            moment = sa.func.timezone("UTC", sa.cast(moment, sa.DateTime()), type_=Instant())
        return [*(table.c[name] for name in names), moment.label(asked_time.name)]

    def _is_in(self, leg: Leg) -> sa.ColumnElement[bool]:
        """Whose rows the caller may see, of the leg's stretch of time."""
        mart = self._mart(leg)
        table = self._table(mart)
        assert mart.time is not None
        time = table.c[mart.time.name]
        is_in_leg = sa.and_(scope_condition(self.request, table), within(leg.span, time, mart.time))
        return sa.and_(is_in_leg, _apart(leg, time)) if leg.torn else is_in_leg


def _apart(leg: Leg, time: Expression) -> sa.ColumnElement[bool]:
    """Of a roll-up no row of the torn hours; of the asked mart only those, each by the index."""
    hours = sa.literal(list(leg.torn), _INSTANTS)
    if leg.rollup:
        return time != sa.all_(hours)
    torn = sa.func.unnest(hours).table_valued("torn_hour").render_derived("torn")
    hour = torn.c.torn_hour
    return sa.and_(time >= hour, time < hour + sa.literal_column("interval '1 hour'"))


def _part(leg: Leg, measure: Measure) -> Expression:
    kind = SQL_TYPES[measure.type]
    if leg.rollup:
        return sa.literal_column(rolled_up_part(leg.rollup.mart, measure) or "null", kind)
    part: Expression = sa.literal_column(own_part(measure), kind)
    # Legs whose types agree are planned as one table; `1` alone would be an integer.
    is_whole = measure.type is ValueType.BIGINT and own_part(measure) != measure.expression
    return sa.cast(part, sa.BigInteger()) if is_whole else part


def _bucket_columns(texts: Sequence[str]) -> list[Expression]:
    pairs = zip(_BUCKET_COLUMNS, texts, strict=True)
    return [sa.literal_column(text).label(name) for name, text in pairs]


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
