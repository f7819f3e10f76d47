"""Builds the GraphQL types of marts and reports from the catalogue."""

from collections.abc import Mapping
from datetime import datetime
from inspect import Parameter
from typing import Any, NamedTuple, Optional

import strawberry
from strawberry.types.info import Info
from strawberry.utils.str_converters import to_camel_case

from graphql_api.catalogue.model import Catalogue, Mart
from graphql_api.errors import CatalogueError
from graphql_api.query.changes import usage_changes
from graphql_api.schema import inputs
from graphql_api.schema.columns import ColumnTypes, comparable
from graphql_api.schema.live import subscription_type
from graphql_api.schema.made_types import column_enum, pascal_case, signature
from graphql_api.schema.reports import REPORTS
from graphql_api.schema.reports.report import Report
from graphql_api.schema.reports.resolve import ReportField
from graphql_api.schema.resolve import MartField
from graphql_api.schema.results import numeric_metrics, result_type
from graphql_api.schema.tops import top_dimensions, top_input

# Whose days and hours are meant unless a caller names another zone.
UTC = "UTC"


class RootTypes(NamedTuple):
    """Where operations begin; there is no subscription where daily usage is not served.

    ``marts`` are the fields of ``query`` that ask one mart, by the names that callers use.
    """

    query: type
    subscription: type | None
    marts: Mapping[str, MartField]


def build_root_types(catalogue: Catalogue) -> RootTypes:
    """The ``Query`` and ``Subscription`` types, which share enums and filters."""
    builder = _Builder()
    query = _query_type(builder, catalogue)
    changes = usage_changes(catalogue)
    subscription = builder.subscription(changes) if changes else None
    return RootTypes(query, subscription, builder.marts)


def _query_type(builder: "_Builder", catalogue: Catalogue) -> type:
    """One field per mart, and one per report whose marts are served."""
    marts = {mart.public_name: mart for mart in catalogue.marts.values()}
    fields = {name: builder.root_field(mart) for name, mart in marts.items()}
    for report in REPORTS:
        if marts.keys() >= {*report.marts}:
            fields[report.name] = builder.report_field(report, marts[report.mart])
    return strawberry.type(type("Query", (), fields))


class _Builder:
    """Keeps the types that several fields share."""

    def __init__(self) -> None:
        self.types = ColumnTypes()
        self.marts: dict[str, MartField] = {}

    def root_field(self, mart: Mart) -> Any:
        _refuse_clashes(mart)
        name = pascal_case(mart.public_name)
        numbers = numeric_metrics(mart)
        measure = column_enum(f"{name}Measure", numbers) if numbers else None
        arguments = self._arguments(name, mart, measure)
        result = result_type(name, mart, measure, self.types)
        fields = {each: to_camel_case(each) for each in (*mart.dimensions, *mart.metrics)}
        field = self.marts[mart.label] = MartField(mart, fields)

        async def resolve(info: Info, **given: Any) -> Any:
            return await field.resolve(info.context, info._raw_info, given)

        resolve.__annotations__ = {"info": Info, **arguments, "return": result}
        resolve.__signature__ = signature(  # type: ignore[attr-defined]
            arguments, result, {"first": 100, "offset": 0, "timezone": UTC}
        )
        return strawberry.field(resolver=resolve, description=mart.description)

    def report_field(self, report: Report, mart: Mart) -> Any:
        field = ReportField(report, mart)
        own = report.arguments
        arguments = {name: each.annotation for name, each in own.items()}
        if not report.is_public:
            row_filter = self.types.filter(
                f"{pascal_case(mart.public_name)}Filter", comparable(mart)
            )
            arguments = {"filter": row_filter | None, **arguments}
            if mart.has_instants:
                arguments["timezone"] = Optional[str]
        arguments["as_of"] = Optional[datetime]

        async def resolve(info: Info, **given: Any) -> Any:
            return await field.resolve(info.context, given)

        defaults = {k: p.default for k, p in own.items() if p.default is not Parameter.empty}
        defaults["timezone"] = UTC
        resolve.__annotations__ = {"info": Info, **arguments, "return": report.result}
        resolve.__signature__ = signature(  # type: ignore[attr-defined]
            arguments, report.result, defaults, required={*own} - {*defaults}
        )
        return strawberry.field(resolver=resolve, description=report.description)

    def subscription(self, changes: Mart) -> type:
        dimensions = changes.dimensions
        row_filter = self.types.filter("UsageUpdatedFilter", dimensions.values())
        return subscription_type(
            changes, row_filter, self.types.output_type(dimensions["source_system"])
        )

    def _arguments(self, name: str, mart: Mart, measure: Any) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "filter": self.types.filter(f"{name}Filter", comparable(mart)) | None,
            "group_by": Optional[list[column_enum(f"{name}Dimension", comparable(mart))]],  # type: ignore[misc]
        }
        if mart.time:
            arguments["time_grain"] = Optional[inputs.TimeGrain]
            arguments["fill"] = Optional[inputs.FillMode]
        if mart.has_instants:
            arguments["timezone"] = Optional[str]
        if mart.metrics:
            arguments["having"] = self.types.filter(f"{name}Having", mart.metrics.values()) | None
        if measure and top_dimensions(mart):
            arguments["top"] = top_input(name, mart, measure) | None
        if measure and mart.time:
            arguments["compare_to"] = Optional[list[inputs.ComparedWindow]]  # type: ignore[valid-type]
        arguments["order_by"] = Optional[list[self.types.order(name, mart)]]  # type: ignore[misc]
        arguments |= {
            "first": int,
            "offset": int,
            "after": Optional[str],
            "as_of": Optional[datetime],
        }
        return arguments


def _refuse_clashes(mart: Mart) -> None:
    both = set(mart.dimensions) & set(mart.metrics)
    reserved = {"is_other", "comparisons"} & {*mart.dimensions, *mart.metrics}
    if reserved:
        raise CatalogueError(f"{mart.name}: {', '.join(sorted(reserved))} names no column here")
    if both:
        raise CatalogueError(f"{mart.name}: {', '.join(sorted(both))} is both dimension and metric")
