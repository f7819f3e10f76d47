"""The SQL of a route: one plain select per leg, with its tenant and its bounds inside."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from graphql_api.catalogue.model import Catalogue, Dimension, ValueType
from graphql_api.query.expressions import SQL_TYPES, table_of
from graphql_api.query.needs import Needs, Span, metrics_of
from graphql_api.query.parts import from_parts, own_part, part_name, rolled_up_part
from graphql_api.query.request import QueryRequest
from graphql_api.query.route import Leg, Route, choose
from graphql_api.query.scope import scope_condition
from graphql_api.query.source import Locate, Source, asked_mart
from graphql_api.query.sql import Expression, Rows


def routed(catalogue: Catalogue) -> Locate:
    """Answers each question along its best route."""
    return partial(_located, catalogue)


def _located(catalogue: Catalogue, request: QueryRequest) -> Source:
    route = choose(request, catalogue)
    return along_route(request, route) if route else asked_mart(request)


def along_route(request: QueryRequest, route: Route) -> Source:
    """The legs as one table: dimensions by the asked mart's names, and parts of the measures."""
    mart = request.mart
    selects = [_select(request, route.needs, leg) for leg in route.legs]
    rows = selects[0] if len(selects) == 1 else sa.union_all(*selects)
    metrics = {name: from_parts(mart.metrics[name]) for name in sorted(metrics_of(request))}
    source = replace(mart, metrics=metrics)
    return Source(source, rows.subquery("legs"), sa.true(), route.needs.where)


def _select(request: QueryRequest, needs: Needs, leg: Leg) -> Rows:
    asked = request.mart
    mart = leg.rollup.mart if leg.rollup else asked
    table, time, asked_time = table_of(mart), mart.time, asked.time
    assert time is not None
    assert asked_time is not None
    names = [name for name in asked.dimensions if name in needs.dimensions]
    columns: list[Expression] = [table.c[name] for name in names]
    columns.append(_time(table.c[time.name], time, asked_time))
    for measure in needs.measures:
        part = rolled_up_part(mart, measure) if leg.rollup else own_part(measure)
        column = sa.literal_column(part or "null", SQL_TYPES[measure.type])
        columns.append(column.label(part_name(measure)))
    select = sa.select(*columns).where(scope_condition(request, table))
    select = select.where(within(leg.span, table.c[time.name], time))
    if leg.rollup and leg.rollup.counts:
        held = (sa.literal_column(name, sa.BigInteger()) > 0 for name in leg.rollup.counts)
        select = select.where(sa.or_(*held))
    return select


def _time(column: Expression, time: Dimension, asked: Dimension) -> Expression:
    """The time of a row, or the start of its period, as the asked mart shows it."""
    if time.type is asked.type:
        return column.label(asked.name)
    return sa.cast(column, SQL_TYPES[asked.type]).label(asked.name)


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
