"""GraphQL types of a mart's answer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import strawberry

from graphql_api.catalogue.model import Dimension, Mart, Metric, ValueType
from graphql_api.query.top import IS_OTHER
from graphql_api.schema import inputs
from graphql_api.schema.columns import ColumnTypes
from graphql_api.schema.made_types import output_type
from graphql_api.schema.resolve import chart_of
from graphql_api.schema.scalars import BigInt, MeasureValue
from graphql_api.schema.tops import top_dimensions

_DIFFERENCES: Mapping[ValueType, tuple[str, Any]] = {
    ValueType.BIGINT: ("BigIntDifference", BigInt),
    ValueType.DECIMAL: ("DecimalDifference", Decimal),
    ValueType.FLOAT: ("FloatDifference", float),
}


def numeric_metrics(mart: Mart) -> list[Metric]:
    """Metrics that can be drawn, ranked and compared: all but instants."""
    return [each for each in mart.metrics.values() if each.type in _DIFFERENCES]


def result_type(name: str, mart: Mart, measure: Any, types: ColumnTypes) -> Any:
    """The type of a mart's answer; ``measure`` is the enum of its numeric metrics."""
    compared = _compared(name, mart, types) if measure and mart.time else {}
    other = _other() if measure and top_dimensions(mart) else {}
    columns: list[Dimension | Metric] = [*mart.dimensions.values(), *mart.metrics.values()]
    row: Any = types.output(f"{name}Row", mart.description, columns, {**other, **compared})
    fields: dict[str, Any] = {
        "nodes": (list[row], "The rows of this page."),
        "total_count": (BigInt, "Number of rows on all pages."),
        "page_info": (inputs.PageInfo, "Where this page lies."),
        "freshness": (inputs.Freshness, "How old this answer is."),
    }
    members: dict[str, Any] = {}
    if mart.time:
        window = inputs.DateTimeWindow if mart.has_instants else inputs.DateWindow
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
            compared,
        )
        fields["totals"] = (measures, "Measures over all groups, not only this page's.")
        if mart.time and measure:
            members["chart"] = _chart(name, measure, measures)
    annotations = {key: kind for key, (kind, _) in fields.items()}
    members |= {key: strawberry.field(description=text) for key, (_, text) in fields.items()}
    made = type(f"{name}Result", (), {"__annotations__": annotations, **members})
    return strawberry.type(made, description=f"An answer about {mart.public_name}.")


def _compared(name: str, mart: Mart, types: ColumnTypes) -> dict[str, Any]:
    """The field with the comparisons of a row."""
    fields: dict[str, Any] = {"to": (inputs.ComparedWindow, "What it is compared with.")}
    for each in numeric_metrics(mart):
        fields[each.name] = (types.difference(*_DIFFERENCES[each.type]), each.description)
    text = "Measures of an earlier window, and by how much they differ."
    comparison = output_type(f"{name}Comparison", text, fields)

    def comparisons(root: strawberry.Parent[Any]) -> Any:
        return root.get("comparisons") or []

    comparisons.__annotations__["return"] = list[comparison]  # type: ignore[valid-type]
    about = "One entry per window of `compareTo`."
    return {"comparisons": strawberry.field(resolver=comparisons, description=about)}


def _other() -> dict[str, Any]:
    def is_other(root: strawberry.Parent[Any]) -> bool:
        return bool(root.get(IS_OTHER))

    about = "Whether this is the group of all values that are not in the `top`."
    return {IS_OTHER: strawberry.field(resolver=is_other, description=about)}


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
