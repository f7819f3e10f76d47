"""Making GraphQL types at run time."""

import re
from collections.abc import Container, Iterable, Mapping
from enum import Enum
from inspect import Parameter, Signature
from typing import Any, Optional

import strawberry
from strawberry import UNSET
from strawberry.types.info import Info

from graphql_api.catalogue.model import Dimension, Metric
from graphql_api.errors import CatalogueError


def closed_set_types(column: Dimension) -> tuple[Any, Any]:
    """The enum of a column with a closed set of values, and the filter on it."""
    name = pascal_case(column.name)
    members = {_enum_name(value): value for value in column.values or ()}
    if len(members) < len(column.values or ()):
        raise CatalogueError(
            f"{column.name}: of its accepted values {', '.join(map(repr, column.values or ()))} "
            f"two have one name as GraphQL enum values ({', '.join(members)})"
        )
    values = strawberry.enum(_members(name, members), description=column.description)
    several = list[values]  # type: ignore[valid-type]
    operators = {
        "eq": (values, "Equals."),
        "ne": (values, "Differs; null differs from every value."),
        "in_": (several, "Is one of these."),
        "not_in": (several, "Is none of these; null is none of them."),
        "is_null": (bool, "Has no value (true) or has one (false)."),
    }
    members_of_filter = {
        key: strawberry.field(default=UNSET, description=text, name="in" if key == "in_" else None)
        for key, (_, text) in operators.items()
    }
    annotations = {key: Optional[kind] for key, (kind, _) in operators.items()}
    made = type(f"{name}Filter", (), {"__annotations__": annotations, **members_of_filter})
    return values, strawberry.input(made, description=f"Conditions on {column.name}.")


def _enum_name(value: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]+", "_", value).upper()
    return name if re.match(r"[A-Z_]", name) else f"_{name}"


def output_type(
    name: str,
    text: str,
    fields: Mapping[str, tuple[Any, str]],
    resolved: Mapping[str, Any] | None = None,
) -> Any:
    """An output type of these fields: name to type and description; some have resolvers."""
    members = {key: strawberry.field(description=about) for key, (_, about) in fields.items()}
    members |= resolved or {}
    annotations = {key: kind for key, (kind, _) in fields.items()}
    made = type(name, (), {"__annotations__": annotations, **members})
    return strawberry.type(made, description=text)


def column_enum(name: str, columns: Iterable[Dimension | Metric]) -> Any:
    """An enum whose values stand for columns."""
    members = {
        each.name.upper(): strawberry.enum_value(
            each.name, description=each.description, deprecation_reason=each.deprecated
        )
        for each in columns
    }
    return strawberry.enum(_members(name, members))


def signature(
    arguments: Mapping[str, Any],
    result: Any,
    defaults: Mapping[str, Any],
    required: Container[str] = (),
) -> Signature:
    """What Strawberry reads a resolver's arguments from; without default: null or left out."""
    parameters = [Parameter("info", Parameter.KEYWORD_ONLY, annotation=Info)]
    for name, kind in arguments.items():
        default = Parameter.empty if name in required else defaults.get(name, UNSET)
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind))
    return Signature(parameters, return_annotation=result)


def _members(name: str, members: Mapping[str, Any]) -> Any:
    return Enum(name, members)


def pascal_case(name: str) -> str:
    """A name as GraphQL types are spelt: ``monthly_usage`` is ``MonthlyUsage``."""
    return "".join(part.capitalize() for part in name.split("_"))
