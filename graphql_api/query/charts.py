"""Charts: the time dimension along the x axis, one series per combination of the other keys."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from graphql_api.errors import InvalidQueryError
from graphql_api.query.expressions import or_zero
from graphql_api.query.fill import same
from graphql_api.query.groups import Groups
from graphql_api.query.render import as_json, row_as_json
from graphql_api.query.sql import EMPTY_ARRAY, Expression, JsonPart
from graphql_api.query.top import IS_OTHER

SEPARATOR = " \u00b7 "
MAX_POINTS = 100_000


def chart_select(groups: Groups, rows: sa.CTE) -> JsonPart:
    """One JSON object: points, labels, and series with name, data and totals per metric.

    Series without a value in a period show 0 there. Totals are computed from the mart's rows, so
    they are right for ratios and distinct counts too. With more than ``MAX_POINTS`` points the
    series are left out, and ``points`` says how many there would be.
    """
    request, time = groups.request, groups.mart.time
    if request.group_by is None or time is None or time.name not in request.group_by:
        raise InvalidQueryError(
            f"chart: {groups.mart.label} must be grouped by its time dimension"
            + (f" {time.name.upper()}" if time else ", and has none"),
            argument="groupBy",
        )
    others = tuple(name for name in request.group_by if name != time.name)
    axis = sa.select(rows.c[time.name].label("at")).distinct().cte("axis")
    keys = [*(rows.c[name] for name in others), _name(groups, rows, others)]
    lines = sa.select(*keys).distinct().cte("line")
    totals = _totals(groups, rows, others)
    points = (
        sa.select(sa.func.count()).select_from(axis).scalar_subquery()
        * sa.select(sa.func.count()).select_from(lines).scalar_subquery()
    )
    label = as_json(axis.c["at"], time.type)
    labels = sa.select(sa.func.json_agg(sa.text("label")).label("labels")).select_from(
        sa.select(label.label("label")).order_by(axis.c["at"]).subquery("ordered_axis")
    )
    chart = sa.select(
        points.label("points"),
        sa.func.coalesce(labels.scalar_subquery(), EMPTY_ARRAY).label("labels"),
        sa.case(
            (points <= MAX_POINTS, _series(groups, rows, axis, lines, totals, others)),
            else_=EMPTY_ARRAY,
        ).label("series"),
    )
    return row_as_json(chart, "chart")


def _name(groups: Groups, rows: sa.FromClause, others: tuple[str, ...]) -> Expression:
    if not others:
        return sa.literal("total").label("series_name")
    kinds, top = groups.mart.dimensions, groups.request.top
    texts = []
    for name in others:
        text = sa.cast(as_json(rows.c[name], kinds[name].type), sa.Text())
        shown: Expression = sa.func.coalesce(text, "none")
        if IS_OTHER in others and top is not None and name == top.dimension:
            shown = sa.case((rows.c[IS_OTHER], "other"), else_=shown)
        if name != IS_OTHER:
            texts.append(shown)
    # concat_ws rather than ||: it needs no separator between the last two arguments' types.
    return sa.func.concat_ws(SEPARATOR, *texts).label("series_name")


def _totals(groups: Groups, rows: sa.CTE, others: tuple[str, ...]) -> sa.CTE:
    metrics = tuple(dict.fromkeys((*groups.request.chart_metrics, *_total_metrics(groups))))
    positions = [sa.text(str(position + 1)) for position in range(len(others))]
    columns = [*groups.keys(others), *groups.aggregates(metrics)]
    select = sa.select(*columns).select_from(groups.table).where(groups.kept(rows))
    return (select.group_by(*positions) if positions else select).cte("line_total")


def _total_metrics(groups: Groups) -> tuple[str, ...]:
    return groups.request.chart_total_metrics


def _series(
    groups: Groups,
    rows: sa.CTE,
    axis: sa.CTE,
    lines: sa.CTE,
    totals: sa.CTE,
    others: tuple[str, ...],
) -> JsonPart:
    mart, request = groups.mart, groups.request
    time_name = mart.time_dimension or ""

    def on(left: sa.FromClause, right: sa.FromClause) -> sa.ColumnElement[bool]:
        pairs = (same(mart.dimensions[name], left.c[name], right.c[name]) for name in others)
        return sa.and_(sa.true(), *pairs)

    def each(table: sa.FromClause, name: str) -> Expression:
        kind = mart.metrics[name].type
        return as_json(or_zero(table.c[name], kind), kind)

    cells = sa.join(lines, axis, sa.true()).outerjoin(
        rows, sa.and_(rows.c[time_name] == axis.c["at"], on(rows, lines))
    )
    keys = [*(lines.c[name] for name in others), lines.c.series_name]
    data = [
        sa.func.json_agg(aggregate_order_by(each(rows, name), axis.c["at"])).label(name)
        for name in request.chart_metrics
    ]
    grid = sa.select(*keys, *data).select_from(cells).group_by(*keys).subquery("grid")

    entry = sa.func.json_build_object(
        sa.literal("name"),
        grid.c.series_name,
        sa.literal("data"),
        _object({name: grid.c[name] for name in request.chart_metrics}),
        sa.literal("total"),
        _object({name: each(totals, name) for name in request.chart_metrics}),
        sa.literal("totals"),
        _object({name: each(totals, name) for name in _total_metrics(groups)}),
    )
    order = [grid.c.series_name, *(grid.c[name] for name in others)]
    ordered = aggregate_order_by(entry, *order)
    # A series may consist of filled periods only: it has no rows, so its totals are those of none.
    source = sa.outerjoin(grid, totals, on(grid, totals))
    select = sa.select(sa.func.coalesce(sa.func.json_agg(ordered), EMPTY_ARRAY)).select_from(source)
    return select.scalar_subquery()


def _object(members: Mapping[str, Expression]) -> Expression:
    pairs = ((sa.literal(name), value) for name, value in members.items())
    return sa.func.json_build_object(*(part for pair in pairs for part in pair))
