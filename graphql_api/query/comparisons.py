"""Measures of earlier windows beside those of the question, and by how much they differ.

Periods are compared with the one that lies a shift before each; without periods, the window with
the window a shift before it. A group that has no rows there is compared with what its measures are
over nothing.
"""

from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa

from graphql_api.catalogue.model import Metric, ValueType
from graphql_api.query.earlier import shift_of, shifted
from graphql_api.query.expressions import metric_over, over_nothing
from graphql_api.query.fill import same
from graphql_api.query.groups import Groups
from graphql_api.query.render import as_json
from graphql_api.query.request import Comparison, QueryRequest
from graphql_api.query.source import Locate
from graphql_api.query.sql import Expression, JsonPart, Rows
from graphql_api.query.top import with_other_group

# More decimals than any reader of a percentage asks for; a quotient has as many as its inputs.
_HUNDRED = sa.literal_column("100.00000000000000000000", sa.Numeric())


class Earlier:
    """One earlier window: its groups, and which of them the question's are compared with."""

    def __init__(self, groups: Groups, asked: QueryRequest, to: Comparison, locate: Locate) -> None:
        """``asked`` is the question as sources are found for it, ``groups`` those it is about."""
        self.to = to
        self.shift = shift_of(asked, to)
        self.now = groups
        earlier = shifted(asked, self.shift)
        request = with_other_group(earlier)
        self.groups = Groups(request, locate(earlier), groups.top)
        self.request = request

    def rows(self, metrics: Sequence[str]) -> sa.CTE:
        """The earlier groups."""
        return self.groups.aggregated(self.groups.aggregates(metrics)).cte(self.to.value)

    def totals(self, metrics: Sequence[str], kept: sa.FromClause) -> sa.Subquery:
        """Measures over all earlier rows, or those of the groups that passed conditions."""
        rows = sa.select(*self.groups.aggregates(metrics)).select_from(self.groups.table)
        where = self.groups.where
        if self.now.request.having is not None:
            names = self.request.group_by or ()
            keys = dict(zip(names, self.groups.bare_keys(names), strict=True))
            is_kept = sa.exists().where(*self._matches(kept, keys.__getitem__))
            where = sa.and_(where, is_kept.select_from(kept))
        return rows.where(where).subquery(f"{self.to.value}_totals")

    def match(self, now: sa.FromClause, earlier: sa.CTE) -> sa.ColumnElement[bool]:
        """Which earlier group a group is compared with."""
        return sa.and_(sa.true(), *self._matches(now, earlier.c.__getitem__))

    def _matches(
        self, now: sa.FromClause, earlier: Callable[[str], Expression]
    ) -> Iterator[sa.ColumnElement[bool]]:
        mart, grain = self.now.mart, self.now.grain
        is_by_time = mart.time_dimension in (self.request.group_by or ())
        for name in self.request.group_by or ():
            dimension = mart.dimensions[name]
            if dimension.is_time:
                zone = self.request.timezone
                before = self.shift.back_sql(now.c[name], dimension, grain, zone)
                yield earlier(name) == before
            elif not (
                is_by_time and grain and dimension.part and dimension.part.is_fixed_in(grain)
            ):
                yield same(dimension, earlier(name), now.c[name])


def compared_rows(
    page: sa.CTE, earliers: Sequence[Earlier], metrics: Sequence[str]
) -> tuple[sa.FromClause, Expression]:
    """A page joined with the groups it is compared with, and the comparisons of a row."""
    source: sa.FromClause = page
    entries = []
    for each in earliers:
        rows = each.rows(metrics)
        source = sa.outerjoin(source, rows, each.match(page, rows))
        entries.append(_entry(each, page, rows, metrics))
    return source, sa.func.json_build_array(*entries)


def compared_totals(
    groups: Groups, kept: sa.CTE, earliers: Sequence[Earlier], metrics: Sequence[str]
) -> JsonPart:
    """The comparisons of the totals."""
    now = (
        sa.select(sa.literal(1).label("one"), *groups.aggregates(metrics))
        .select_from(groups.table)
        .where(groups.kept(kept))
        .subquery("totals_now")
    )
    source: sa.FromClause = now
    entries = []
    for each in earliers:
        before = each.totals(metrics, kept)
        source = sa.join(source, before, sa.true())
        entries.append(_entry(each, now, before, metrics))
    select: Rows = sa.select(sa.func.json_build_array(*entries)).select_from(source)
    return select.scalar_subquery()


def _entry(
    each: Earlier, now: sa.FromClause, before: sa.FromClause, metrics: Sequence[str]
) -> Expression:
    parts: list[Expression] = [sa.literal_column("'to'"), sa.literal(each.to.value)]
    for name in metrics:
        metric = each.now.mart.metrics[name]
        value = sa.func.coalesce(before.c[name], metric_over(metric, over_nothing))
        parts += [sa.literal(name), _difference(metric, now.c[name], value)]
    return sa.func.json_build_object(*parts)


def _difference(metric: Metric, now: Expression, before: Expression) -> Expression:
    delta = now - before
    percentage = _exact(metric, delta) * _HUNDRED / sa.func.nullif(_exact(metric, before), 0)
    return sa.func.json_build_object(
        sa.literal_column("'value'"),
        as_json(before, metric.type),
        sa.literal_column("'delta'"),
        as_json(delta, metric.type),
        sa.literal_column("'percentage'"),
        as_json(percentage, ValueType.DECIMAL),
    )


def _exact(metric: Metric, value: Expression) -> Expression:
    """A decimal number of all its digits: a cast from double precision would keep 15."""
    if metric.type is ValueType.FLOAT:
        value = sa.cast(value, sa.Text())
    return sa.cast(value, sa.Numeric())
