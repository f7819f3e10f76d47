"""GraphQL types of columns: what rows show, what filters compare, what may be named."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Optional

import strawberry
from strawberry import UNSET

from graphql_api.catalogue.model import Dimension, Mart, Metric, ValueType
from graphql_api.errors import CatalogueError
from graphql_api.schema import inputs
from graphql_api.schema.made_types import closed_set_types, column_enum, output_type
from graphql_api.schema.scalars import BigInt, JsonText

_OUTPUTS: Mapping[ValueType, Any] = {
    ValueType.STRING: str,
    ValueType.BIGINT: BigInt,
    ValueType.DECIMAL: Decimal,
    ValueType.FLOAT: float,
    ValueType.BOOLEAN: bool,
    ValueType.DATE: date,
    ValueType.TIMESTAMP: datetime,
    ValueType.JSON: JsonText,
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


def comparable(mart: Mart) -> list[Dimension]:
    """The dimensions that can be filtered, grouped and sorted by."""
    return [each for each in mart.dimensions.values() if each.is_comparable]


class ColumnTypes:
    """Makes the types of columns, and keeps those that several fields share."""

    def __init__(self) -> None:
        """Begin with none."""
        self._differences: dict[str, Any] = {}
        self._filters: dict[str, Any] = {}
        self._closed_sets: dict[str, tuple[tuple[str, ...], Any, Any]] = {}

    def output(
        self,
        name: str,
        text: str,
        columns: Iterable[Dimension | Metric],
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> Any:
        """An output type with one field per column, and ``more`` that have resolvers."""
        annotations = {each.name: Optional[self.output_type(each)] for each in columns}
        fields = {
            each.name: strawberry.field(
                description=each.description, deprecation_reason=each.deprecated
            )
            for each in columns
        }
        made = type(name, (), {"__annotations__": annotations, **fields, **more})
        return strawberry.type(made, description=text)

    def difference(self, name: str, kind: Any) -> Any:
        """A measure of an earlier window, and what has changed since."""
        if name not in self._differences:
            fields = {
                "value": (Optional[kind], "The measure of the earlier window."),
                "delta": (Optional[kind], "The measure now less the earlier one."),
                "percentage": (
                    Optional[Decimal],
                    "The difference in percent of the earlier measure; null where that is 0.",
                ),
            }
            self._differences[name] = output_type(name, "How a measure has changed.", fields)
        return self._differences[name]

    def output_type(self, column: Dimension | Metric) -> Any:
        """The type of a column's values."""
        closed = self._closed_set(column)
        return closed[0] if closed else _OUTPUTS[column.type]

    def filter(self, name: str, columns: Iterable[Dimension | Metric]) -> Any:
        """The input of conditions on columns."""
        if name not in self._filters:
            self._filters[name] = self._new_filter(name, columns)
        return self._filters[name]

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

    def order(self, name: str, mart: Mart) -> Any:
        """The input of a sort key."""
        columns = column_enum(f"{name}OrderField", [*comparable(mart), *mart.metrics.values()])
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
        known = self._closed_sets.get(column.name)
        if known is None:
            known = (column.values, *closed_set_types(column))
            self._closed_sets[column.name] = known
        elif known[0] != column.values:
            raise CatalogueError(f"{column.name} accepts different values in different marts")
        return known[1], known[2]
