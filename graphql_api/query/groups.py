"""The groups a question is about: aggregated, gaps filled, conditions on measures applied."""

from collections.abc import Sequence

import sqlalchemy as sa

from graphql_api.catalogue.model import Grain
from graphql_api.query.derived import part_sql
from graphql_api.query.expressions import dimension_sql, metric_sql
from graphql_api.query.fill import Filling, filled_columns, same
from graphql_api.query.filters import to_sql
from graphql_api.query.paging import sort_key, total_order
from graphql_api.query.request import QueryRequest, conditions
from graphql_api.query.source import Source
from graphql_api.query.sql import Expression, Rows
from graphql_api.query.top import IS_OTHER, TopValues, mart_with_other


class Groups:
    """Builds the selects of one question that read its source.

    ``filled_groups``, set by ``select`` where gaps are filled, counts the groups with those filled
    in; beyond ``MAX_FILLED_GROUPS`` there are no rows, and whoever runs the statement must say so.
    """

    def __init__(self, request: QueryRequest, source: Source, top: TopValues | None = None) -> None:
        """Prepare the parts that several selects share.

        ``request`` has a key for the group of all others, where there is one. ``top`` are the
        values in the top if another question has found them.
        """
        self.request = request
        self.mart = mart_with_other(source.mart, request.top)
        self.table = source.table
        self.filled_groups: Expression | None = None
        self.where = source.scope
        if source.where is not None:
            self.where = sa.and_(self.where, to_sql(source.where, self.column))
        time = self.mart.time
        keys = [self.mart.dimensions[name] for name in request.group_by or ()]
        if time is not None and time.is_nullable and any(k.is_time or k.part for k in keys):
            # A row without a time belongs to no period and no hour of the day, as in a roll-up.
            self.where = sa.and_(self.where, self.table.c[time.name].is_not(None))
        self.top = top or self._top_values(source)
        if self.top is not None and not self.top.top.has_other:
            self.where = sa.and_(self.where, self.top.hold(self.column(self.top.top.dimension)))

    def _top_values(self, source: Source) -> TopValues | None:
        top = self.request.top
        if top is None:
            return None
        value = self.column(top.dimension)
        measure = metric_sql(self.mart.metrics[top.by], per_row=False)
        best = (
            sa.select(value.label("value"))
            .select_from(self.table)
            .where(self.where)
            .group_by(value)
            .order_by(measure.desc().nulls_last(), sort_key(self.request, top.dimension, value))
            .limit(top.count)
        )
        is_nullable = source.mart.dimensions[top.dimension].is_nullable
        return TopValues(top, best.cte("top_values"), is_nullable)

    def column(self, name: str) -> Expression:
        """A dimension of a row: a column of the source, or a part of its time."""
        dimension, time = self.mart.dimensions[name], self.mart.time
        if dimension.part is None or time is None:
            return self.table.c[name]
        return part_sql(self.table.c[time.name], dimension.part, time.type, self.request.timezone)

    @property
    def grain(self) -> Grain | None:
        """The period of the time dimension in the answer."""
        time = self.mart.time
        return self.request.time_grain or (time.grain if time else None)

    def select(self) -> Rows:
        """One row per group (or the mart's own rows), with every dimension and metric needed."""
        if self.request.fill is not None:
            rows = self._filled()
        elif self.request.group_by is None:
            rows = self._own_rows()
        else:
            rows = self.aggregated(self.aggregates(self._needed_metrics()))
        if self.request.having is None:
            return rows
        named = rows.subquery("unconditional")
        return sa.select(named).where(to_sql(self.request.having, named.c.__getitem__))

    def aggregates(self, metrics: Sequence[str]) -> list[Expression]:
        """Metrics over all rows of whatever they are selected from."""
        return [metric_sql(self.mart.metrics[name], per_row=False).label(name) for name in metrics]

    def keys(self, names: Sequence[str]) -> list[Expression]:
        """Group keys as expressions over the source, under their names."""
        bare = zip(names, self.bare_keys(names), strict=True)
        return [key.label(name) for name, key in bare]

    def bare_keys(self, names: Sequence[str]) -> list[Expression]:
        """Group keys as expressions over the source."""
        return [self._key(name) for name in names]

    def _key(self, name: str) -> Expression:
        if self.top is not None and self.top.top.has_other:
            ranked = self.top.top.dimension
            if name in (IS_OTHER, ranked):
                return self.top.key(name, self.column(ranked))
        dimension = self.mart.dimensions[name]
        if dimension.is_time:
            request = self.request
            return dimension_sql(self.table, dimension, request.time_grain, request.timezone)
        return self.column(name)

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
            for name, key in zip(names, self.bare_keys(names), strict=True)
        ]
        return sa.and_(self.where, sa.exists().where(*matches).select_from(groups))

    def _needed_metrics(self) -> tuple[str, ...]:
        request = self.request
        names = {
            *request.metrics,
            *request.compared_metrics,
            *request.chart_metrics,
            *(term.name for term in request.order_by),
            *(each.name for each in conditions(request.having)),
        }
        return tuple(name for name in self.mart.metrics if name in names)

    def _own_rows(self) -> Rows:
        names = {*self.request.dimensions, *(t.name for t in total_order(self.request))}
        dimensions = [self.column(n).label(n) for n in self.mart.dimensions if n in names]
        metrics = [
            metric_sql(self.mart.metrics[name], per_row=True).label(name)
            for name in self._needed_metrics()
        ]
        return sa.select(*dimensions, *metrics).select_from(self.table).where(self.where)

    def aggregated(self, measures: Sequence[Expression]) -> Rows:
        """One row per group of rows, with its keys and measures."""
        group_by = self.request.group_by or ()
        # By position: a label such as `requested_at` would mean the mart's column again.
        positions = [sa.text(str(position + 1)) for position in range(len(group_by))]
        columns = [*self.keys(group_by), *measures]
        if not columns:
            return sa.select(sa.literal(1).label("one"))
        rows = sa.select(*columns).select_from(self.table).where(self.where)
        return rows.group_by(*positions) if positions else rows

    def _filled(self) -> Rows:
        names = self._needed_metrics()
        first = filled_columns(self.request, self.mart, names)
        measures = (
            self.aggregates(names)
            if first is None
            else [metric_sql(each, per_row=False).label(each.name) for each in first]
        )
        filling = Filling(self.request, self.mart, self.aggregated(measures).cte("aggregated"))
        self.filled_groups = filling.count
        return filling.rows(names)
