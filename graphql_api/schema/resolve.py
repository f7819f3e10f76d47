"""A mart field's resolver: arguments to a question, the executor's answer to GraphQL."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from graphql import GraphQLResolveInfo
from strawberry import UNSET

from graphql_api.catalogue.model import Grain, Mart, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.executor import Answer, Json
from graphql_api.query.request import OrderTerm, QueryRequest, Scope
from graphql_api.schema.conditions import predicate
from graphql_api.schema.context import Context
from graphql_api.schema.inputs import SortDirection
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
        arguments = {name: value for name, value in arguments.items() if value is not UNSET}
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
        as_of = arguments.get("as_of") or context.now
        assert isinstance(as_of, datetime)
        group_by = self._group_by(arguments)
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
            as_of=as_of,
            group_by=group_by,
            time_grain=self._grain(arguments, group_by),
            timezone=self._timezone(arguments),
            where=predicate(arguments.get("filter"), mart, as_of, "filter"),
            having=predicate(arguments.get("having"), mart, as_of, "having"),
            order_by=self._order_by(arguments, group_by),
            first=self._first(arguments, context.settings.max_page_size),
            after=_optional_text(arguments.get("after")),
            fill=arguments.get("fill"),  # type: ignore[arg-type]
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

    def _group_by(self, arguments: Mapping[str, object]) -> tuple[str, ...] | None:
        given = arguments.get("group_by")
        if given is None:
            return None
        names = [str(each.value) for each in given]  # type: ignore[attr-defined]
        return tuple(dict.fromkeys(names))

    def _grain(
        self, arguments: Mapping[str, object], group_by: tuple[str, ...] | None
    ) -> Grain | None:
        grain = arguments.get("time_grain")
        if not isinstance(grain, Grain):
            return None
        time = self.mart.time
        if time is None or group_by is None or time.name not in group_by:
            raise InvalidQueryError(
                f"timeGrain: {self.mart.label} must be grouped by its time dimension "
                f"({time.name.upper() if time else 'it has none'}) to be cut into periods",
                argument="timeGrain",
            )
        if time.grain and not time.grain.can_be_cut_into(grain):
            possible = [each.name for each in Grain if time.grain.can_be_cut_into(each)]
            raise InvalidQueryError(
                f"timeGrain: {self.mart.label} holds whole {time.grain.value}s, which cannot "
                f"be cut into {grain.name}; choose from {', '.join(possible)}",
                argument="timeGrain",
                allowed=possible,
            )
        return grain

    def _timezone(self, arguments: Mapping[str, object]) -> str | None:
        zone = _optional_text(arguments.get("timezone"))
        if zone is None or zone == "UTC":
            return None
        try:
            return zoneinfo.ZoneInfo(zone).key
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            raise InvalidQueryError(
                f"timezone: {zone!r} is no IANA zone such as Europe/Berlin or Asia/Kathmandu",
                argument="timezone",
            ) from None

    def _order_by(
        self, arguments: Mapping[str, object], group_by: tuple[str, ...] | None
    ) -> tuple[OrderTerm, ...]:
        terms = []
        for each in arguments.get("order_by") or ():  # type: ignore[attr-defined]
            name = str(each.field.value)
            if name in self.mart.dimensions and group_by is not None and name not in group_by:
                raise InvalidQueryError(
                    f"orderBy: {name.upper()} is not in groupBy: groups have no one value of it; "
                    f"choose from {', '.join(k.upper() for k in group_by) or 'the measures'}",
                    argument="orderBy",
                )
            terms.append(OrderTerm(name, each.direction is SortDirection.DESC))
        return tuple(terms)

    def _first(self, arguments: Mapping[str, object], most: int) -> int:
        first = arguments.get("first")
        if not isinstance(first, int) or not 0 <= first <= most:
            raise InvalidQueryError(
                f"first: {first} is not between 0 and {most}; ask for less and page with after",
                argument="first",
            )
        return first

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


def _optional_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


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
        "page_info": {
            "has_next_page": answer.has_next_page,
            "has_previous_page": request.after is not None,
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
