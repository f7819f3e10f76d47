"""Periods without rows: every period of the window for every combination of the other keys.

Measures are filled first and ratios taken over what was filled, so that a period without rows
shows what each metric is over nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa

from graphql_api.catalogue.model import Dimension, Grain, Mart, Measure, Metric, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.derived import part_sql
from graphql_api.query.expressions import (
    SQL_TYPES,
    UTC,
    local_start,
    metric_over,
    midnight_from_local,
    over_nothing,
    step_of,
    truncate,
)
from graphql_api.query.needs import leaves
from graphql_api.query.request import Fill, QueryRequest
from graphql_api.query.sql import Expression, Rows
from graphql_api.query.window import bounds

MAX_PERIODS = 10_000
MAX_FILLED_GROUPS = 1_000_000


class Filling:
    """Fills the gaps between groups that are in ``groups``, keyed as the question says.

    ``count`` counts the groups with those filled in; beyond ``MAX_FILLED_GROUPS`` there are no
    rows, and whoever runs the statement must say so.
    """

    def __init__(self, request: QueryRequest, mart: Mart, groups: sa.CTE) -> None:
        """Prepare; the question must be grouped by its time dimension, in periods."""
        self.request = request
        self.mart = mart
        self.groups = groups
        self.time, self.grain = _periods_of(request, mart)
        self.zone = request.timezone if self.time.type is ValueType.TIMESTAMP else None
        # One row too far from the others must not make Postgres write millennia of periods.
        self.periods = self._periods().limit(MAX_FILLED_GROUPS + 1).cte("periods")
        names = [name for name in request.group_by or () if name != self.time.name]
        self.fixed = [name for name in names if self._is_fixed(name)]
        self.others = [name for name in names if name not in self.fixed]
        self.other_keys = self._other_keys()
        self.count = _count(self.periods)
        if self.other_keys is not None:
            self.count = self.count * _count(self.other_keys)

    def _is_fixed(self, name: str) -> bool:
        """Whether the period says which value it is: a day has one weekday."""
        part = self.mart.dimensions[name].part
        return part is not None and part.is_fixed_in(self.grain)

    def _other_keys(self) -> sa.CTE | None:
        if not self.others:
            return None
        columns = (self.groups.c[name] for name in self.others)
        return sa.select(*columns).distinct().cte("other_keys")

    def rows(self, metrics: Sequence[str]) -> Rows:
        """One row per period and combination, under the names of keys and metrics."""
        keys = self._keys()
        columns = [keys[name].label(name) for name in self.request.group_by or ()]
        columns += [self._value(self.mart.metrics[name]).label(name) for name in metrics]
        filled = sa.select(*columns).select_from(self._joined())
        return filled.where(self.count <= MAX_FILLED_GROUPS)

    def _keys(self) -> dict[str, Expression]:
        period = self.periods.c.period
        keys: dict[str, Expression] = {self.time.name: period}
        for name in self.fixed:
            part = self.mart.dimensions[name].part
            assert part is not None
            keys[name] = part_sql(period, part, self.time.type, self.zone)
        if self.other_keys is not None:
            keys |= {name: self.other_keys.c[name] for name in self.others}
        return keys

    def _joined(self) -> sa.FromClause:
        match = self.groups.c[self.time.name] == self.periods.c.period
        if self.other_keys is None:
            return sa.outerjoin(self.periods, self.groups, match)
        pairs = [
            same(self.mart.dimensions[name], self.groups.c[name], self.other_keys.c[name])
            for name in self.others
        ]
        every = sa.join(self.periods, self.other_keys, sa.true())
        return sa.outerjoin(every, self.groups, sa.and_(match, *pairs))

    def _value(self, metric: Metric) -> Expression:
        if self.request.fill is Fill.NULL:
            return self.groups.c[metric.name]
        table = self.groups.name

        def filled(measure: Measure) -> str:
            return f'coalesce({table}."{measure.name}", {over_nothing(measure)})'

        return metric_over(metric, filled)

    def _periods(self) -> Rows:
        lower, upper = bounds(self.request)
        as_of: date = self.request.as_of
        if self.time.type is ValueType.DATE:
            as_of = self.request.as_of.date()
        if lower is not None:
            _refuse_too_many(lower, upper or as_of, self.grain)
        present = self.groups.c[self.time.name]
        earliest = sa.select(sa.func.min(present)).scalar_subquery()
        first = self._start(lower) if lower is not None else earliest
        last = self._start(upper or as_of)
        series = _series(first, last, self.time, self.grain, self.zone)
        if upper is not None:
            return series
        # Gaps are filled up to the clock: a row from the year 2098 is shown, not led up to.
        later = sa.select(present.label("period")).where(present > last).distinct()
        return sa.select(series.union_all(later).subquery("moments").c.period)

    def _start(self, moment: date) -> Expression:
        kind = SQL_TYPES[self.time.type]
        bound = sa.cast(sa.literal(moment, kind), kind)
        return truncate(bound, self.time, self.grain, self.zone)


def filled_columns(
    request: QueryRequest, mart: Mart, metrics: Sequence[str]
) -> list[Metric] | None:
    """What must be aggregated before gaps are filled; None: the metrics themselves."""
    if request.fill is not Fill.ZERO:
        return None
    found: dict[str, Metric] = {}
    for name in metrics:
        for measure in leaves(mart.metrics[name].formula):
            found[measure.name] = Metric(measure.name, measure.type, "", measure)
    return list(found.values())


def _periods_of(request: QueryRequest, mart: Mart) -> tuple[Dimension, Grain]:
    time = mart.time
    grain = request.time_grain or (time.grain if time else None)
    if time is None or time.name not in (request.group_by or ()) or grain is None:
        column = f" {time.name.upper()}" if time else ", and has none"
        missing = " with a timeGrain" if time and time.grain is None else ""
        raise InvalidQueryError(
            f"fill: {mart.label} must be grouped by its time dimension{column}{missing}",
            argument="fill",
        )
    return time, grain


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
    if zone is None:
        starts = sa.func.generate_series(first, last, step, UTC)
        return sa.select(starts.column_valued("moment").label("period"))
    if grain is Grain.HOUR:
        # A zone's clock may be changed by half an hour, and on from then its hours begin elsewhere.
        moments = sa.func.generate_series(first, last, _QUARTER).column_valued("moment")
        is_start = truncate(moments, time, grain, zone) == moments
        return sa.select(moments.label("period")).where(is_start)
    # Whole days and longer step in the zone's own calendar: a day may have 23 or 25 hours there,
    # and a zone that moved across the date line has skipped one.
    local = [local_start(each, grain, zone) for each in (first, last)]
    moments = sa.func.generate_series(*local, step).column_valued("moment")
    period = midnight_from_local(moments, zone)
    return sa.select(period.label("period")).where(local_start(period, grain, zone) == moments)


_QUARTER: Expression = sa.literal_column("interval '15 minutes'")

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
