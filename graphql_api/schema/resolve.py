"""A mart field's resolver: arguments to a question, the executor's answer to GraphQL."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from graphql import GraphQLResolveInfo

from graphql_api.catalogue.model import Mart
from graphql_api.errors import InvalidQueryError
from graphql_api.query.executor import Answer, Json
from graphql_api.query.request import QueryRequest, Scope
from graphql_api.query.top import IS_OTHER
from graphql_api.schema.arguments import Arguments
from graphql_api.schema.context import Context
from graphql_api.schema.selection import Selected, selected_fields


@dataclass(frozen=True, slots=True)
class MartField:
    """One mart as a root field; ``fields`` maps columns to GraphQL field names."""

    mart: Mart
    fields: Mapping[str, str]

    async def resolve(
        self, context: Context, info: GraphQLResolveInfo[Context], arguments: Mapping[str, object]
    ) -> Json:
        """Answer one root field."""
        scope = await context.scope()
        selected = selected_fields(info)
        now, most = context.now, context.settings.max_page_size
        request = self.request(now, most, scope, selected, arguments)
        return _as_graphql(request, await context.executor.run(request))

    def request(
        self,
        now: datetime,
        most_rows: int,
        scope: Scope,
        selected: Selected,
        arguments: Mapping[str, object],
    ) -> QueryRequest:
        """The question that a call of this field asks, at most of so many rows a page.

        Raises:
            InvalidQueryError: the arguments contradict each other or the selection.
        """
        given = Arguments(self.mart, arguments, now)
        shown = selected.below("nodes")
        mart = self.mart
        charts = list(selected.all("chart"))
        series = [each for chart in charts for each in chart.all("series")]
        chart_totals = {name for each in series for name in each.below("totals")}
        _refuse_compared_series(chart_totals)
        totals, top = selected.below("totals"), given.top
        is_other = (IS_OTHER,) if top and top.has_other and "isOther" in shown else ()
        request = QueryRequest(
            mart=mart,
            scope=scope,
            as_of=given.as_of,
            group_by=given.group_by,
            time_grain=given.time_grain,
            timezone=given.timezone,
            where=given.conditions("filter"),
            having=given.conditions("having"),
            order_by=given.order_by,
            first=given.first(most_rows, with_nodes=selected.has("nodes")),
            offset=given.offset,
            after=given.after,
            fill=given.fill,
            top=top,
            compare_to=given.compare_to,
            dimensions=self._named(mart.dimensions, shown) + is_other,
            metrics=self._named(mart.metrics, shown),
            with_nodes=selected.has("nodes"),
            with_page_info=selected.has("pageInfo"),
            with_total_count=selected.has("totalCount"),
            total_metrics=self._named(mart.metrics, totals) if selected.has("totals") else None,
            compared_metrics=self._compared(selected.all("nodes")),
            compared_total_metrics=self._compared(selected.all("totals")),
            chart_metrics=tuple(sorted({_measure(chart) for chart in charts})),
            chart_total_metrics=self._named(mart.metrics, chart_totals),
            with_freshness=selected.has("freshness"),
        )
        self._refuse_ungrouped(request)
        return request

    def _named(self, columns: Iterable[str], fields: Container[str]) -> tuple[str, ...]:
        """The columns whose fields are selected, in the mart's order."""
        return tuple(name for name in columns if self.fields[name] in fields)

    def _compared(self, rows: Iterable[Selected]) -> tuple[str, ...]:
        """Metrics selected in the comparisons of rows."""
        fields = {name for each in rows for name in each.below("comparisons")}
        return self._named(self.mart.metrics, fields)

    def _refuse_ungrouped(self, request: QueryRequest) -> None:
        if request.group_by is None:
            return
        missing = [name for name in request.dimensions if name not in (*request.group_by, IS_OTHER)]
        if missing:
            raise InvalidQueryError(
                f"{self.mart.label}: {', '.join(self.fields[name] for name in missing)} selected "
                "but not grouped by; add "
                f"{', '.join(name.upper() for name in missing)} to groupBy or drop the field",
                code="DIMENSION_NOT_GROUPED",
                argument="groupBy",
                allowed=[name.upper() for name in request.group_by],
            )


def _refuse_compared_series(fields: Container[str]) -> None:
    if "comparisons" in fields:
        raise InvalidQueryError(
            "chart: series are not compared; take the comparisons of nodes or of totals",
            argument="compareTo",
        )


def _measure(chart: Selected) -> str:
    return str(getattr(chart.arguments["measure"], "value", chart.arguments["measure"]))


def _as_graphql(request: QueryRequest, answer: Answer) -> Json:
    """The answer keyed by the Python names of the result type's fields."""
    return {
        "nodes": answer.nodes,
        "total_count": answer.total_count,
        "totals": answer.totals,
        "chart": answer.chart,
        "freshness": answer.freshness,
        "percentiles": answer.percentiles,
        "window": dict(zip(("start", "end"), answer.window, strict=True)),
        "page_info": {
            "has_next_page": answer.has_next_page,
            "has_previous_page": request.after is not None or request.offset > 0,
            "end_cursor": answer.end_cursor,
        },
    }


def chart_of(answer: Mapping[str, object], measure: str) -> Json:
    """One measure's chart out of the answer's common one."""
    chart = answer["chart"]
    assert isinstance(chart, dict)
    series = [
        {
            "name": each["name"],
            "data": each["data"][measure],
            "total": each["total"][measure],
            "totals": each["totals"],
        }
        for each in chart["series"]
    ]
    return {"labels": chart["labels"], "series": series}
