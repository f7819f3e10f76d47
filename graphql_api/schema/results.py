"""GraphQL types of a mart's answer."""

from typing import Any

import strawberry

from graphql_api.catalogue.model import Mart, ValueType
from graphql_api.schema import inputs
from graphql_api.schema.columns import ColumnTypes
from graphql_api.schema.made_types import output_type
from graphql_api.schema.resolve import chart_of
from graphql_api.schema.scalars import BigInt, MeasureValue


def result_type(name: str, mart: Mart, row: Any, measure: Any, types: ColumnTypes) -> Any:
    """The type of a mart's answer; ``measure`` is the enum of what can be drawn."""
    fields: dict[str, Any] = {
        "nodes": (list[row], "The rows of this page."),
        "total_count": (BigInt, "Number of rows on all pages."),
        "page_info": (inputs.PageInfo, "Where this page lies."),
        "freshness": (inputs.Freshness, "How old this answer is."),
    }
    members: dict[str, Any] = {}
    if mart.time:
        is_instant = mart.time.type is ValueType.TIMESTAMP
        window = inputs.DateTimeWindow if is_instant else inputs.DateWindow
        fields["window"] = (window, "The time that this answer is about.")
    if mart.has_percentiles:
        text = (
            "How the percentiles of this answer were computed: from every value, or, of very many "
            "values, from counts of values of nearly the same size, which is off by less than 1 %."
        )
        fields["percentiles"] = (inputs.PercentileMethodType, text)
    if mart.metrics:
        measures = types.output(
            f"{name}Totals",
            "Measures over all rows that were asked for.",
            mart.metrics.values(),
        )
        fields["totals"] = (measures, "Measures over all groups, not only this page's.")
        if mart.time and measure:
            members["chart"] = _chart(name, measure, measures)
    annotations = {key: kind for key, (kind, _) in fields.items()}
    members |= {key: strawberry.field(description=text) for key, (_, text) in fields.items()}
    made = type(f"{name}Result", (), {"__annotations__": annotations, **members})
    return strawberry.type(made, description=f"An answer about {mart.public_name}.")


def _chart(name: str, measure: Any, measures: Any) -> Any:
    series = output_type(
        f"{name}Series",
        "One combination of the group keys other than time.",
        {
            "name": (str, "The keys joined by ` · `; `total` where time is the only key."),
            "data": (list[MeasureValue], "One value per label; 0 where the series has none."),
            "total": (MeasureValue, "The measure over the whole series."),
            "totals": (measures, "Every measure over the whole series."),
        },
    )
    chart = output_type(
        f"{name}Chart",
        "Time along the x axis, one series per combination of the other group keys.",
        {
            "labels": (list[str], "Starts of the periods, ascending."),
            "series": (
                list[series],  # type: ignore[valid-type]
                "Series, ascending by name.",
            ),
        },
    )

    def resolve(root: strawberry.Parent[Any], measure: Any) -> Any:
        return chart_of(root, measure.value)

    resolve.__annotations__ |= {"measure": measure, "return": chart}
    return strawberry.field(
        resolver=resolve, description="All groups as a chart of one measure, whatever the page."
    )
