"""The argument `top` of a mart's field."""

from typing import Any

import strawberry

from graphql_api.catalogue.model import Dimension, Mart, ValueType
from graphql_api.schema.made_types import column_enum


def top_dimensions(mart: Mart) -> list[Dimension]:
    """Dimensions of which the top values can be told from all others: texts."""
    return [each for each in mart.dimensions.values() if each.type is ValueType.STRING]


def top_input(name: str, mart: Mart, measure: Any) -> Any:
    """The input that says which values are shown by themselves."""
    dimension = column_enum(f"{name}TopDimension", top_dimensions(mart))
    fields = {
        "dimension": strawberry.field(description="Whose values; it must be in `groupBy`."),
        "count": strawberry.field(description="How many values are shown by themselves."),
        "by": strawberry.field(
            description="The measure whose highest values count, over the whole window; ties by "
            "value."
        ),
        "other": strawberry.field(
            default=True,
            description="Whether all other values make one group, with `isOther` and without a "
            "value; else their rows are left out.",
        ),
    }
    annotations = {"dimension": dimension, "count": int, "by": measure, "other": bool}
    made = type(f"{name}Top", (), {"__annotations__": annotations, **fields})
    return strawberry.input(made, description="The values of one dimension with the most.")
