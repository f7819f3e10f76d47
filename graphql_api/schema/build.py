"""Builds the GraphQL types of marts and reports from the catalogue."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from inspect import Parameter
from typing import Any, Optional

import strawberry
from strawberry import UNSET
from strawberry.types.info import Info
from strawberry.utils.str_converters import to_camel_case

from graphql_api.catalogue.model import Catalogue, Dimension, Mart, Metric, ValueType
from graphql_api.errors import CatalogueError
from graphql_api.schema import inputs
from graphql_api.schema.made_types import (
    closed_set_types,
    column_enum,
    output_type,
    pascal_case,
    signature,
)
from graphql_api.schema.reports import REPORTS
from graphql_api.schema.reports.report import Report
from graphql_api.schema.reports.resolve import ReportField
from graphql_api.schema.resolve import MartField, chart_of, is_instant
from graphql_api.schema.scalars import BigInt, MeasureValue

_OUTPUTS: Mapping[ValueType, Any] = {
    ValueType.STRING: str,
    ValueType.BIGINT: BigInt,
    ValueType.DECIMAL: Decimal,
    ValueType.FLOAT: float,
    ValueType.BOOLEAN: bool,
    ValueType.DATE: date,
    ValueType.TIMESTAMP: datetime,
}
_FILTERS: Mapping[ValueType, Any] = {
    ValueType.STRING: inputs.StringFilter,
    ValueType.BIGINT: inputs.BigIntFilter,
    ValueType.DECIMAL: inputs.DecimalFilter,
    ValueType.FLOAT: inputs.DecimalFilter,
    ValueType.BOOLEAN: inputs.BooleanFilter,
    ValueType.DATE: inputs.DateFilter,
    ValueType.TIMESTAMP: inputs.DateTimeFilter,
}


def build_query_type(catalogue: Catalogue) -> type:
    """The ``Query`` type: one field per mart, and one per report whose marts are served."""
    builder = _Builder()
    marts = {mart.public_name: mart for mart in catalogue.marts.values()}
    fields = {name: builder.root_field(mart) for name, mart in marts.items()}
    for report in REPORTS:
        if marts.keys() >= {*report.marts}:
            fields[report.name] = builder.report_field(report, marts[report.mart])
    return strawberry.type(type("Query", (), fields))


class _Builder:
    """Keeps the types that several fields share."""

    def __init__(self) -> None:
        self.filters: dict[str, Any] = {}
        self.closed_sets: dict[str, tuple[tuple[str, ...], Any, Any]] = {}

    def root_field(self, mart: Mart) -> Any:
        _refuse_clashes(mart)
        name = pascal_case(mart.public_name)
        row = self._output(
            f"{name}Row", mart.description, [*mart.dimensions.values(), *mart.metrics.values()]
        )
        arguments = self._arguments(name, mart)
        result = self._result(name, mart, row)
        names = {to_camel_case(each): each for each in (*mart.dimensions, *mart.metrics)}
        field = MartField(mart, names)

        async def resolve(info: Info, **given: Any) -> Any:
            return await field.resolve(info.context, info._raw_info, given)

        resolve.__annotations__ = {"info": Info, **arguments, "return": result}
        resolve.__signature__ = signature(  # type: ignore[attr-defined]
            arguments, result, {"first": 100}
        )
        return strawberry.field(resolver=resolve, description=mart.description)

    def report_field(self, report: Report, mart: Mart) -> Any:
        field = ReportField(report, mart)
        own = report.arguments
        arguments = {name: each.annotation for name, each in own.items()}
        if not report.is_public:
            row_filter = self._filter(
                f"{pascal_case(mart.public_name)}Filter", mart.dimensions.values()
            )
            arguments = {"filter": row_filter | None, **arguments}
        arguments["as_of"] = Optional[datetime]

        async def resolve(info: Info, **given: Any) -> Any:
            return await field.resolve(info.context, given)

        defaults = {k: p.default for k, p in own.items() if p.default is not Parameter.empty}
        resolve.__annotations__ = {"info": Info, **arguments, "return": report.result}
        resolve.__signature__ = signature(  # type: ignore[attr-defined]
            arguments, report.result, defaults, required={*own} - {*defaults}
        )
        return strawberry.field(resolver=resolve, description=report.description)

    def _arguments(self, name: str, mart: Mart) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "filter": self._filter(f"{name}Filter", mart.dimensions.values()) | None,
            "group_by": Optional[list[column_enum(f"{name}Dimension", mart.dimensions.values())]],  # type: ignore[misc]
        }
        if mart.time:
            arguments["time_grain"] = Optional[inputs.TimeGrain]
            arguments["fill"] = Optional[inputs.FillMode]
        if is_instant(mart):
            arguments["timezone"] = Optional[str]
        if mart.metrics:
            arguments["having"] = self._filter(f"{name}Having", mart.metrics.values()) | None
        arguments["order_by"] = Optional[list[self._order(name, mart)]]  # type: ignore[misc]
        arguments |= {"first": int, "after": Optional[str], "as_of": Optional[datetime]}
        return arguments

    def _result(self, name: str, mart: Mart, row: Any) -> Any:
        fields: dict[str, Any] = {
            "nodes": (list[row], "The rows of this page."),
            "total_count": (BigInt, "Number of rows on all pages."),
            "page_info": (inputs.PageInfo, "Where this page lies."),
            "freshness": (inputs.Freshness, "How old this answer is."),
        }
        members: dict[str, Any] = {}
        if mart.metrics:
            measures = self._output(
                f"{name}Totals",
                "Measures over all rows that were asked for.",
                mart.metrics.values(),
            )
            fields["totals"] = (measures, "Measures over all groups, not only this page's.")
            if mart.time:
                members["chart"] = self._chart(name, mart, measures)
        annotations = {key: kind for key, (kind, _) in fields.items()}
        members |= {key: strawberry.field(description=text) for key, (_, text) in fields.items()}
        made = type(f"{name}Result", (), {"__annotations__": annotations, **members})
        return strawberry.type(made, description=f"An answer about {mart.public_name}.")

    def _chart(self, name: str, mart: Mart, measures: Any) -> Any:
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
        measure = column_enum(f"{name}Measure", mart.metrics.values())

        def resolve(root: strawberry.Parent[Any], measure: Any) -> Any:
            return chart_of(root, measure.value)

        resolve.__annotations__ |= {"measure": measure, "return": chart}
        return strawberry.field(
            resolver=resolve, description="All groups as a chart of one measure, whatever the page."
        )

    def _output(self, name: str, text: str, columns: Iterable[Dimension | Metric]) -> Any:
        annotations = {each.name: Optional[self._output_type(each)] for each in columns}
        fields = {
            each.name: strawberry.field(
                description=each.description, deprecation_reason=each.deprecated
            )
            for each in columns
        }
        made = type(name, (), {"__annotations__": annotations, **fields})
        return strawberry.type(made, description=text)

    def _output_type(self, column: Dimension | Metric) -> Any:
        closed = self._closed_set(column)
        return closed[0] if closed else _OUTPUTS[column.type]

    def _filter(self, name: str, columns: Iterable[Dimension | Metric]) -> Any:
        if name not in self.filters:
            self.filters[name] = self._new_filter(name, columns)
        return self.filters[name]

    def _new_filter(self, name: str, columns: Iterable[Dimension | Metric]) -> Any:
        annotations: dict[str, Any] = {}
        members: dict[str, Any] = {}
        for each in columns:
            closed = self._closed_set(each)
            annotations[each.name] = Optional[closed[1] if closed else _FILTERS[each.type]]
            members[each.name] = strawberry.field(default=UNSET, description=each.description)
        made = type(name, (), {})
        annotations |= {
            "and_": Optional[list[made]],  # type: ignore[valid-type]
            "or_": Optional[list[made]],  # type: ignore[valid-type]
            "not_": Optional[made],
        }
        texts = {"and": "All of these hold.", "or": "Any of these holds.", "not": "Does not hold."}
        for key, text in texts.items():
            members[f"{key}_"] = strawberry.field(default=UNSET, name=key, description=text)
        for key, value in members.items():
            setattr(made, key, value)
        made.__annotations__ = annotations
        return strawberry.input(
            made, description="Conditions on columns; all that are given must hold."
        )

    def _order(self, name: str, mart: Mart) -> Any:
        columns = column_enum(
            f"{name}OrderField", [*mart.dimensions.values(), *mart.metrics.values()]
        )
        made = type(
            f"{name}Order",
            (),
            {
                "__annotations__": {"field": columns, "direction": inputs.SortDirection},
                "field": strawberry.field(description="What to sort by."),
                "direction": strawberry.field(
                    default=inputs.SortDirection.ASC, description="Ascending by default."
                ),
            },
        )
        return strawberry.input(made, description="A sort key; ties are broken by the group keys.")

    def _closed_set(self, column: Dimension | Metric) -> tuple[Any, Any] | None:
        """The enum and filter of a column with a closed set of values, shared by column name."""
        if not isinstance(column, Dimension) or column.values is None:
            return None
        known = self.closed_sets.get(column.name)
        if known is None:
            known = (column.values, *closed_set_types(column))
            self.closed_sets[column.name] = known
        elif known[0] != column.values:
            raise CatalogueError(f"{column.name} accepts different values in different marts")
        return known[1], known[2]


def _refuse_clashes(mart: Mart) -> None:
    both = set(mart.dimensions) & set(mart.metrics)
    if both:
        raise CatalogueError(f"{mart.name}: {', '.join(sorted(both))} is both dimension and metric")
