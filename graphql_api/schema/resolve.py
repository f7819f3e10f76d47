"""A mart field's resolver: arguments to a question, the executor's answer to GraphQL."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import GraphQLResolveInfo

from graphql_api.catalogue.model import Mart, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.executor import Answer, Json
from graphql_api.query.request import QueryRequest, Scope
from graphql_api.schema.arguments import Arguments
from graphql_api.schema.context import Context
from graphql_api.schema.selection import Selected, selected_fields


@dataclass(frozen=True, slots=True)
class MartField:
    """One mart as a root field; ``names`` maps GraphQL field names back to columns."""

    mart: Mart
    names: Mapping[str, str]

    async def resolve(
        self, context: Context, info: GraphQLResolveInfo[Context], arguments: Mapping[str, object]
    ) -> Json:
        """Answer one root field."""
        scope = await context.scope()
        selected = selected_fields(info)
        request = self.request(context, scope, selected, arguments)
        return _as_graphql(request, await context.executor.run(request))

    def request(
        self,
        context: Context,
        scope: Scope,
        selected: Selected,
        arguments: Mapping[str, object],
    ) -> QueryRequest:
        """The question that a call of this field asks.

        Raises:
            InvalidQueryError: the arguments contradict each other or the selection.
        """
        given = Arguments(self.mart, arguments, context.now)
        shown = {self.names[each] for each in selected.below("nodes")}
        mart = self.mart
        charts = list(selected.all("chart"))
        totals = selected.below("totals") if selected.has("totals") else None
        chart_totals = {
            self.names[each.name]
            for chart in charts
            for series in chart.all("series")
            for line in series.all("totals")
            for each in line.fields
        }
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
            first=given.first(context.settings.max_page_size, with_nodes=selected.has("nodes")),
            offset=given.offset,
            after=given.after,
            fill=given.fill,
            dimensions=tuple(name for name in mart.dimensions if name in shown),
            metrics=tuple(name for name in mart.metrics if name in shown),
            with_nodes=selected.has("nodes"),
            with_page_info=selected.has("pageInfo"),
            with_total_count=selected.has("totalCount"),
            total_metrics=None if totals is None else tuple(sorted(self.names[t] for t in totals)),
            chart_metrics=tuple(sorted({_measure(chart) for chart in charts})),
            chart_total_metrics=tuple(sorted(chart_totals)),
            with_freshness=selected.has("freshness"),
        )
        self._refuse_ungrouped(request)
        return request

    def _refuse_ungrouped(self, request: QueryRequest) -> None:
        if request.group_by is None:
            return
        missing = [name for name in request.dimensions if name not in request.group_by]
        if missing:
            fields = {column: field for field, column in self.names.items()}
            raise InvalidQueryError(
                f"{self.mart.label}: {', '.join(fields[name] for name in missing)} selected "
                "but not grouped by; add "
                f"{', '.join(name.upper() for name in missing)} to groupBy or drop the field",
                code="DIMENSION_NOT_GROUPED",
                argument="groupBy",
                allowed=[name.upper() for name in request.group_by],
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


def is_instant(mart: Mart) -> bool:
    """Whether the mart's time dimension is an instant, so that any zone's periods can be asked."""
    return mart.time is not None and mart.time.type is ValueType.TIMESTAMP
