"""The groups a question is about: aggregated, gaps filled, conditions on measures applied."""

from datetime import date, datetime

import sqlalchemy as sa

from graphql_api.catalogue.model import Dimension, Grain, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.expressions import (
    SQL_TYPES,
    dimension_sql,
    from_local,
    local_start,
    metric_sql,
    or_zero,
    step_of,
    truncate,
)
from graphql_api.query.filters import to_sql
from graphql_api.query.paging import total_order
from graphql_api.query.request import Fill, QueryRequest, conditions
from graphql_api.query.source import Source
from graphql_api.query.sql import Expression, Rows
from graphql_api.query.window import bounds

MAX_PERIODS = 10_000
MAX_FILLED_GROUPS = 1_000_000


class Groups:
    """Builds the selects of one question that read its source.

    ``filled_groups``, set by ``select`` where gaps are filled, counts the groups with those filled
    in; beyond ``MAX_FILLED_GROUPS`` there are no rows, and whoever runs the statement must say so.
    """

    def __init__(self, request: QueryRequest, source: Source) -> None:
        """Prepare the parts that several selects share."""
        self.request = request
        self.mart = source.mart
        self.table = source.table
        self.filled_groups: Expression | None = None
        self.where = source.scope
        if source.where is not None:
            self.where = sa.and_(self.where, to_sql(source.where, self.table.c.__getitem__))
        time = self.mart.time
        if time is not None and time.is_nullable and time.name in (request.group_by or ()):
            # A row without a time belongs to no period, as in a roll-up.
            self.where = sa.and_(self.where, self.table.c[time.name].is_not(None))

    @property
    def grain(self) -> Grain | None:
        """The period of the time dimension in the answer."""
        time = self.mart.time
        return self.request.time_grain or (time.grain if time else None)

    def select(self) -> Rows:
        """One row per group (or the mart's own rows), with every dimension and metric needed."""
        if self.request.fill is not None:
            rows = self._filled(self._aggregated().cte("aggregated"))
        elif self.request.group_by is None:
            rows = self._own_rows()
        else:
            rows = self._aggregated()
        if self.request.having is None:
            return rows
        named = rows.subquery("unconditional")
        return sa.select(named).where(to_sql(self.request.having, named.c.__getitem__))

    def aggregates(self, metrics: tuple[str, ...]) -> list[Expression]:
        """Metrics over all rows of whatever they are selected from."""
        return [metric_sql(self.mart.metrics[name], per_row=False).label(name) for name in metrics]

    def keys(self, names: tuple[str, ...]) -> list[Expression]:
        """Group keys as expressions over the source."""
        return [
            dimension_sql(
                self.table,
                self.mart.dimensions[name],
                self.request.time_grain,
                self.request.timezone,
            ).label(name)
            for name in names
        ]

    def kept(self, groups: sa.FromClause) -> sa.ColumnElement[bool]:
        """Rows that belong to a group that passed ``having``; all, where there is none."""
        if self.request.having is None:
            return self.where
        if self.request.group_by is None:
            per_row = {
                name: metric_sql(metric, per_row=True) for name, metric in self.mart.metrics.items()
            }
            return sa.and_(self.where, to_sql(self.request.having, per_row.__getitem__))
        names = self.request.group_by
        matches = [
            same(self.mart.dimensions[name], groups.c[name], key)
            for name, key in zip(names, self._bare_keys(names), strict=True)
        ]
        return sa.and_(self.where, sa.exists().where(*matches).select_from(groups))

    def _bare_keys(self, names: tuple[str, ...]) -> list[Expression]:
        return [each.element for each in self.keys(names) if isinstance(each, sa.Label)]

    def _needed_metrics(self) -> tuple[str, ...]:
        request = self.request
        names = {
            *request.metrics,
            *request.chart_metrics,
            *(term.name for term in request.order_by),
            *(each.name for each in conditions(request.having)),
        }
        return tuple(name for name in self.mart.metrics if name in names)

    def _own_rows(self) -> Rows:
        names = {*self.request.dimensions, *(t.name for t in total_order(self.request))}
        dimensions = [self.table.c[name] for name in self.mart.dimensions if name in names]
        metrics = [
            metric_sql(self.mart.metrics[name], per_row=True).label(name)
            for name in self._needed_metrics()
        ]
        return sa.select(*dimensions, *metrics).select_from(self.table).where(self.where)

    def _aggregated(self) -> Rows:
        group_by = self.request.group_by or ()
        # By position: a label such as `requested_at` would mean the mart's column again.
        positions = [sa.text(str(position + 1)) for position in range(len(group_by))]
        columns = [*self.keys(group_by), *self.aggregates(self._needed_metrics())]
        if not columns:
            columns = [sa.literal(1).label("one")]
        rows = sa.select(*columns).select_from(self.table).where(self.where)
        if not group_by and not self._needed_metrics():
            return sa.select(*columns)
        return rows.group_by(*positions) if positions else rows

    def _filled(self, groups: sa.CTE) -> Rows:
        """Every period of the window for every combination of the other keys."""
        time = self.mart.time
        group_by = self.request.group_by or ()
        if time is None or time.name not in group_by or self.grain is None:
            column = f" {time.name.upper()}" if time else ", and has none"
            grain = " with a timeGrain" if time and time.grain is None else ""
            raise InvalidQueryError(
                f"fill: {self.mart.label} must be grouped by its time dimension{column}{grain}",
                argument="fill",
            )
        others = [name for name in group_by if name != time.name]
        # One row too far from the others must not make Postgres write millennia of periods.
        spine = self._periods(time, self.grain, groups).limit(MAX_FILLED_GROUPS + 1)
        periods = spine.cte("periods")
        self.filled_groups = _count(periods)
        columns: list[Expression] = [periods.c.period.label(time.name)]
        source: sa.FromClause = periods
        match = groups.c[time.name] == periods.c.period
        if others:
            combinations = sa.select(*(groups.c[name] for name in others)).distinct()
            other_keys = combinations.cte("other_keys")
            self.filled_groups = self.filled_groups * _count(other_keys)
            source = sa.join(periods, other_keys, sa.true())
            columns += [other_keys.c[name] for name in others]
            pairs = [
                same(self.mart.dimensions[name], groups.c[name], other_keys.c[name])
                for name in others
            ]
            match = sa.and_(match, *pairs)
        source = source.outerjoin(groups, match)
        for name in self._needed_metrics():
            value: Expression = groups.c[name]
            if self.request.fill is Fill.ZERO:
                value = or_zero(value, self.mart.metrics[name].type)
            columns.append(value.label(name))
        ordered = {column.name: column for column in columns}
        names = [*group_by, *self._needed_metrics()]
        filled = sa.select(*(ordered[name] for name in names)).select_from(source)
        return filled.where(self.filled_groups <= MAX_FILLED_GROUPS)

    def _periods(self, time: Dimension, grain: Grain, groups: sa.CTE) -> Rows:
        lower, upper = bounds(self.request)
        zone = self.request.timezone if time.type is ValueType.TIMESTAMP else None
        as_of: date = self.request.as_of
        if time.type is ValueType.DATE:
            as_of = self.request.as_of.date()
        if lower is not None:
            _refuse_too_many(lower, upper or as_of, grain)

        def start(moment: object) -> Expression:
            bound = sa.cast(sa.literal(moment, SQL_TYPES[time.type]), SQL_TYPES[time.type])
            return truncate(bound, time, grain, zone)

        earliest = sa.select(sa.func.min(groups.c[time.name])).scalar_subquery()
        latest = sa.select(sa.func.max(groups.c[time.name])).scalar_subquery()
        first = start(lower) if lower is not None else earliest
        last = start(upper) if upper is not None else sa.func.greatest(latest, start(as_of))
        return _series(first, last, time, grain, zone)


def _count(rows: sa.CTE) -> Expression:
    return sa.select(sa.func.count()).select_from(rows).scalar_subquery()


def same(dimension: Dimension, left: Expression, right: Expression) -> sa.ColumnElement[bool]:
    """Equality of group keys, null equal to null; plain where null cannot be (it can be hashed)."""
    return left.is_not_distinct_from(right) if dimension.is_nullable else left == right


def _series(
    first: Expression,
    last: Expression,
    time: Dimension,
    grain: Grain,
    zone: str | None,
) -> Rows:
    step = step_of(grain)
    if time.type is ValueType.DATE:
        moments = sa.func.generate_series(first, last, step).column_valued("moment")
        return sa.select(sa.cast(moments, sa.Date()).label("period"))
    if zone is None or grain is Grain.HOUR:
        return sa.select(
            sa.func.generate_series(first, last, step).column_valued("moment").label("period")
        )
    # Whole days and longer step in the zone's own calendar: a day may have 23 or 25 hours there.
    local = [local_start(each, grain, zone) for each in (first, last)]
    moments = sa.func.generate_series(*local, step).column_valued("moment")
    return sa.select(from_local(moments, zone).label("period"))


_SHORTEST_DAYS = {
    Grain.HOUR: 1 / 24,
    Grain.DAY: 1,
    Grain.WEEK: 7,
    Grain.MONTH: 28,
    Grain.QUARTER: 90,
    Grain.YEAR: 365,
}


def _refuse_too_many(first: date, last: date, grain: Grain) -> None:
    if isinstance(first, datetime) != isinstance(last, datetime):
        return
    periods = (last - first).days / _SHORTEST_DAYS[grain]
    if periods > MAX_PERIODS:
        raise InvalidQueryError(
            f"fill: about {periods:,.0f} periods between {first.isoformat()} and "
            f"{last.isoformat()}, at most {MAX_PERIODS:,} are filled; narrow the window or take a "
            "coarser timeGrain",
            code="TOO_MANY_PERIODS",
            argument="fill",
        )
