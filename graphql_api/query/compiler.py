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
from graphql_api.query.legs import along_route
from graphql_api.query.needs import refuse_torn_periods
from graphql_api.query.paging import (
    after_cursor,
    cursor_keys,
    order_clauses,
    total_order,
    value_type,
)
from graphql_api.query.percentiles import COUNT, QUANTITY
from graphql_api.query.render import as_json, row_as_json, rows_as_json
from graphql_api.query.request import QueryRequest, conditions
from graphql_api.query.scope import tenant_condition
from graphql_api.query.sketches import estimated, whole_window
from graphql_api.query.source import Locate, asked_mart
from graphql_api.query.sql import Expression, JsonPart, Rows
from graphql_api.query.top import with_other_group
from graphql_api.query.window import in_whole_periods

# A statement binds at most 65,535 values, and each part of an answer binds the conditions anew.
MAX_CONDITIONS = 1_000


def compile_request(request: QueryRequest, locate: Locate = asked_mart) -> Rows:
    """Build the statement; ``locate`` says where the rows of a question are read.

    Columns, each only when asked for: ``nodes`` (array of objects keyed by dimension and metric
    names), ``page`` (``has_next`` and ``end_keys``), ``total_count``, ``totals``, ``chart``,
    ``freshness``; and ``filled_groups``, where gaps are filled.

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
        columns += _page(request, rows, earliers)
    if request.with_total_count:
        columns.append(_total_count(groups, rows).label("total_count"))
    if request.total_metrics is not None:
        columns.append(_totals(groups, rows, earliers).label("totals"))
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


def _page(request: QueryRequest, rows: sa.CTE, earliers: Sequence[Earlier]) -> list[Expression]:
    order = total_order(request)
    clauses = order_clauses(request, order, rows)
    # One row more than asked for tells whether there is a next page.
    page = (
        sa.select(rows, sa.func.row_number().over(order_by=clauses or None).label("position"))
        .where(after_cursor(request, order, rows))
        .order_by(*clauses)
        .offset(request.offset or None)
        .limit(request.first + 1)
        .cte("page")
    )
    is_on_page = page.c.position <= request.offset + request.first
    columns: list[Expression] = []
    if request.with_nodes:
        names = [*request.dimensions, *request.metrics]
        values = [as_json(page.c[n], value_type(request, n)).label(n) for n in names]
        source: sa.FromClause = page
        if earliers and request.compared_metrics:
            source, comparisons = compared_rows(page, earliers, request.compared_metrics)
            values.append(comparisons.label("comparisons"))
        shown = sa.select(*(values or [sa.null().label("_")])).select_from(source)
        shown = shown.where(is_on_page).order_by(page.c.position)
        columns.append(rows_as_json(shown, "node").label("nodes"))
    if request.with_page_info:
        last = (
            sa.select(cursor_keys(order, page))
            .where(is_on_page)
            .order_by(page.c.position.desc())
            .limit(1)
        )
        has_next = sa.exists().where(sa.not_(is_on_page)).select()
        info = sa.select(
            has_next.scalar_subquery().label("has_next"),
            last.scalar_subquery().label("end_keys"),
        )
        columns.append(row_as_json(info, "page_info").label("page"))
    return columns


def _total_count(groups: Groups, rows: sa.CTE) -> JsonPart:
    if groups.request.group_by is None:
        # Counting the mart's rows where they lie keeps the page from materialising all of them.
        count = sa.select(sa.func.count()).select_from(groups.table).where(groups.kept(rows))
    else:
        count = sa.select(sa.func.count()).select_from(rows)
    return count.scalar_subquery()


def _totals(groups: Groups, rows: sa.CTE, earliers: Sequence[Earlier]) -> JsonPart:
    metrics, compared = groups.request.total_metrics or (), groups.request.compared_total_metrics
    values = [
        as_json(metric_sql(groups.mart.metrics[n], per_row=False), groups.mart.metrics[n].type)
        for n in metrics
    ]
    labelled = [value.label(name) for value, name in zip(values, metrics, strict=True)]
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
