"""Compiles a question to one SQL statement that returns one row of JSON.

Pure: no I/O, no settings. Each part of the answer that was asked for is one column of that row, so
that several questions can be put into one statement, and a part that was not asked costs nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from graphql_api.catalogue.model import Catalogue, Mart
from graphql_api.errors import InvalidQueryError
from graphql_api.query.charts import chart_select
from graphql_api.query.comparisons import Earlier, compared_rows, compared_totals
from graphql_api.query.derived import refuse_impossible_parts
from graphql_api.query.expressions import metric_sql, table_of
from graphql_api.query.freshness import freshness_select
from graphql_api.query.groups import Groups
from graphql_api.query.layout import Layout, Member, as_laid_out
from graphql_api.query.legs import along_route
from graphql_api.query.needs import refuse_torn_periods
from graphql_api.query.paging import (
    after_cursor,
    cursor_keys,
    order_clauses,
    total_order,
)
from graphql_api.query.percentiles import COUNT, QUANTITY
from graphql_api.query.render import row_as_json, rows_as_json
from graphql_api.query.request import QueryRequest, conditions
from graphql_api.query.scope import tenant_condition
from graphql_api.query.sketches import estimated, whole_window
from graphql_api.query.source import Locate, asked_mart
from graphql_api.query.sql import Expression, JsonPart, Rows
from graphql_api.query.top import with_other_group
from graphql_api.query.window import in_whole_periods

# A statement binds at most 65,535 values, and each part of an answer binds the conditions anew.
MAX_CONDITIONS = 1_000


def compile_request(
    request: QueryRequest, locate: Locate = asked_mart, layout: Layout | None = None
) -> Rows:
    """Build the statement; ``locate`` says where the rows of a question are read.

    Columns, each only when asked for: ``nodes`` (array of objects keyed by dimension and metric
    names, or as ``layout`` says), ``page`` (``has_next`` and ``end_keys``), ``total_count``,
    ``totals``, ``chart``, ``freshness``; and ``filled_groups``, where gaps are filled.

    Raises:
        InvalidQueryError: the question contradicts itself; the message says how.
    """
    _refuse_too_many_conditions(request)
    refuse_impossible_parts(request)
    refuse_torn_periods(request)
    asked = in_whole_periods(request)
    request = with_other_group(asked)
    groups = Groups(request, locate(asked))
    rows = groups.select().cte("groups")
    earliers = [Earlier(groups, asked, each, locate) for each in dict.fromkeys(asked.compare_to)]
    columns: list[Expression] = []
    if request.with_nodes or request.with_page_info:
        columns += _page(request, rows, earliers, layout)
    if request.with_total_count:
        columns.append(_total_count(groups, rows).label("total_count"))
    if request.total_metrics is not None:
        columns.append(_totals(groups, rows, earliers, layout).label("totals"))
    if request.chart_metrics:
        columns.append(chart_select(groups, rows).label("chart"))
    if request.with_freshness:
        columns.append(freshness_select(groups).label("freshness"))
    if groups.filled_groups is not None:
        columns.append(groups.filled_groups.label("filled_groups"))
    return sa.select(*(columns or [sa.literal(1).label("nothing")]))


def resolved(request: QueryRequest) -> QueryRequest:
    """The question as it is answered: in whole periods, with a key for the group of all others.

    Raises:
        InvalidQueryError: it contradicts itself.
    """
    return with_other_group(in_whole_periods(request))


def _refuse_too_many_conditions(request: QueryRequest) -> None:
    for argument, predicate in (("filter", request.where), ("having", request.having)):
        count = sum(1 for _ in conditions(predicate))
        if count > MAX_CONDITIONS:
            raise InvalidQueryError(
                f"{argument}: {count:,} conditions, at most {MAX_CONDITIONS:,} are read; "
                "put many values of one column into one `in`",
                code="QUERY_TOO_LARGE",
                argument=argument,
            )


def _page(
    request: QueryRequest, rows: sa.CTE, earliers: Sequence[Earlier], layout: Layout | None
) -> list[Expression]:
    order = total_order(request)
    clauses = order_clauses(request, order, rows)
    page = (
        sa.select(rows)
        .where(after_cursor(request, order, rows))
        .order_by(*clauses)
        .offset(request.offset or None)
    )
    is_compared = bool(earliers and request.compared_metrics)
    if not (request.with_page_info or is_compared):
        return [_nodes(request, page.limit(request.first).subquery("page"), layout, [])]
    # Only who asks for them pays for positions: rows that are joined lose their order, and one row
    # more than asked for tells whether there is a next page.
    position = sa.func.row_number().over(order_by=clauses or None).label("position")
    numbered = page.add_columns(position).limit(request.first + 1).cte("page")
    columns: list[Expression] = []
    if request.with_nodes:
        columns.append(_nodes(request, numbered, layout, earliers))
    if request.with_page_info:
        columns.append(_page_info(request, numbered))
    return columns


def _nodes(
    request: QueryRequest,
    page: sa.CTE | sa.Subquery,
    layout: Layout | None,
    earliers: Sequence[Earlier],
) -> Expression:
    # A page with positions is a table of its own; one without is in its order already.
    members = layout.nodes if layout else [Member(n, n) for n in request.shown]
    values = as_laid_out(members, request, page.c.__getitem__)
    source: sa.FromClause = page
    if isinstance(page, sa.CTE) and earliers and request.compared_metrics:
        source, comparisons = compared_rows(page, earliers, request.compared_metrics)
        values.append(comparisons.label("comparisons"))
    shown = sa.select(*(values or [sa.null().label("_")])).select_from(source)
    if isinstance(page, sa.CTE):
        shown = shown.where(_is_on_page(request, page)).order_by(page.c.position)
    return rows_as_json(shown, "node").label("nodes")


def _page_info(request: QueryRequest, page: sa.CTE) -> Expression:
    is_on_page = _is_on_page(request, page)
    last = (
        sa.select(cursor_keys(total_order(request), page))
        .where(is_on_page)
        .order_by(page.c.position.desc())
        .limit(1)
    )
    has_next = sa.exists().where(sa.not_(is_on_page)).select()
    info = sa.select(
        has_next.scalar_subquery().label("has_next"),
        last.scalar_subquery().label("end_keys"),
    )
    return row_as_json(info, "page_info").label("page")


def _is_on_page(request: QueryRequest, page: sa.CTE) -> sa.ColumnElement[bool]:
    return page.c.position <= request.offset + request.first


def _total_count(groups: Groups, rows: sa.CTE) -> JsonPart:
    if groups.request.group_by is None:
        # Counting the mart's rows where they lie keeps the page from materialising all of them.
        count = sa.select(sa.func.count()).select_from(groups.table).where(groups.kept(rows))
    else:
        count = sa.select(sa.func.count()).select_from(rows)
    return count.scalar_subquery()


def _totals(
    groups: Groups, rows: sa.CTE, earliers: Sequence[Earlier], layout: Layout | None
) -> JsonPart:
    metrics, compared = groups.request.total_metrics or (), groups.request.compared_total_metrics

    def total(name: str) -> Expression:
        return metric_sql(groups.mart.metrics[name], per_row=False)

    members = layout.totals if layout else [Member(n, n) for n in metrics]
    labelled = as_laid_out(members, groups.request, total)
    if earliers and compared:
        comparisons = compared_totals(groups, rows, earliers, compared)
        labelled.append(comparisons.label("comparisons"))
    if not metrics:
        # Something must add the rows up: a comparison alone would stand there for each.
        labelled.append(sa.func.count().label("_"))
    totals = sa.select(*labelled)
    return row_as_json(totals.select_from(groups.table).where(groups.kept(rows)), "totals")


def compile_value_count(request: QueryRequest, catalogue: Catalogue) -> Rows | None:
    """How many values the percentiles of a question are of, at most; of the quantity with the most.

    Counted by the sketch that could estimate them, in whole periods; None where there is none.
    Rows without a time are in no sketch: they are not counted.
    """
    # Of all groups, the top or not: the sketch need not know what the top is measured by.
    request = replace(in_whole_periods(request), top=None)
    route = estimated(request, catalogue)
    if route is None:
        return None
    groups = Groups(request, along_route(request, whole_window(route)))
    count = sa.func.sum(sa.column(COUNT, sa.BigInteger())).label("value_count")
    counts = sa.select(count).select_from(groups.table).where(groups.where)
    of_each = counts.group_by(sa.column(QUANTITY)).subquery("of_each_quantity")
    return sa.select(sa.func.coalesce(sa.func.max(of_each.c.value_count), 0))


def compile_known_values(request: QueryRequest, column: str, reference: Mart, holder: Mart) -> Rows:
    """Values that a filter may name: the reference list, and what the caller's data holds.

    ``holder`` is the smallest mart that has the column.
    """
    known, held = table_of(reference), table_of(holder)
    in_scope = tenant_condition(request.scope, held)
    values = sa.union(
        sa.select(known.c[column].label("value")),
        sa.select(held.c[column].label("value")).where(in_scope).distinct(),
    ).subquery("known")
    return sa.select(values.c.value).order_by(values.c.value)
