"""GraphQL operations as values that can be changed and written down."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Union

from graphql import (
    GraphQLArgument,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
)

from tests.api.integration.callers import Question


class Enum(str):
    """An enum value: a bare name in a document, a text in JSON."""


@dataclass(frozen=True)
class Field:
    name: str
    alias: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    selections: tuple["Selection", ...] = ()
    types: Mapping[str, GraphQLArgument] = field(default_factory=dict)

    def with_arguments(self, **given: Any) -> "Field":
        return replace(self, arguments={**self.arguments, **given})

    def selecting(self, *selections: "Selection") -> "Field":
        return replace(self, selections=selections)


@dataclass(frozen=True)
class Fragment:
    """Selections in a fragment: on a type or on none, by name or in place, under a directive."""

    selections: tuple["Selection", ...]
    on: str | None
    is_named: bool = False
    condition: tuple[str, bool] | None = None


Selection = Union[Field, Fragment]  # noqa: UP007 - refers to itself


@dataclass(frozen=True)
class Operation:
    """A query; every `lifted`-th value is a variable (0: none)."""

    selections: tuple[Selection, ...]
    lifted: int = 0
    seed: int = 0

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """How Hypothesis prints it."""
        printer.text(repr(self.question()))

    def roots(self) -> list[Field]:
        found: list[Field] = []
        self.with_roots(lambda each: found.append(each) or each)  # type: ignore[func-returns-value]
        return [each for each in found if each.name != "__typename"]

    def with_roots(self, change: Callable[[Field], Field]) -> "Operation":
        return replace(self, selections=tuple(_changed(s, change) for s in self.selections))

    def question(self) -> Question:
        return _Writer(self).question()


def without(selection: Selection, name: str) -> Selection:
    """The selection less every field of this name, however deep it stands."""
    kept = tuple(without(each, name) for each in selection.selections if not _is(each, name))
    if selection.selections and not kept:
        kept = (Field("__typename"),)
    return replace(selection, selections=kept)


def _is(selection: Selection, name: str) -> bool:
    return isinstance(selection, Field) and selection.name == name


def _changed(selection: Selection, change: Callable[[Field], Field]) -> Selection:
    if isinstance(selection, Field):
        return change(selection)
    return replace(selection, selections=tuple(_changed(s, change) for s in selection.selections))


class _Writer:
    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.variables: dict[str, Any] = {}
        self.declarations: list[str] = []
        self.fragments: list[str] = []
        self.positions = operation.seed
        self.written: dict[int, str] = {}

    def question(self) -> Question:
        body = self.selections(self.operation.selections)
        head = f"query({', '.join(self.declarations)}) " if self.declarations else ""
        return Question("\n".join([head + body, *self.fragments]), self.variables)

    def selections(self, selections: tuple[Selection, ...]) -> str:
        return "{ " + " ".join(map(self.selection, selections)) + " }"

    def selection(self, selection: Selection) -> str:
        if isinstance(selection, Field):
            return self.field(selection)
        below = self.selections(selection.selections)
        if selection.is_named:
            name = f"part{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {selection.on} {below}")
            return f"...{name}"
        return (
            f"...{f' on {selection.on}' if selection.on else ''}{self.directive(selection)} {below}"
        )

    def directive(self, fragment: Fragment) -> str:
        if fragment.condition is None:
            return ""
        name, value = fragment.condition
        return f" @{name}(if: {self.maybe_lifted(value, 'Boolean!', str(value).lower())})"

    def field(self, each: Field) -> str:
        alias = f"{each.alias}: " if each.alias else ""
        given = self.arguments(each) if each.arguments else ""
        below = f" {self.selections(each.selections)}" if each.selections else ""
        return f"{alias}{each.name}{given}{below}"

    def arguments(self, each: Field) -> str:
        # A field that stands twice is one field only if its arguments are written alike.
        key = id(each.arguments)
        if key not in self.written:
            arguments = (
                f"{name}: {self.value(value, each.types[name].type)}"
                for name, value in each.arguments.items()
            )
            self.written[key] = f"({', '.join(arguments)})"
        return self.written[key]

    def value(self, value: Any, kind: GraphQLInputType) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self.maybe_lifted(value, str(kind), self.literal(value, kind.of_type))
        return self.maybe_lifted(value, str(kind), self.literal(value, kind))

    def literal(self, value: Any, kind: GraphQLInputType) -> str:
        if isinstance(value, Enum):
            return str(value)
        if isinstance(value, dict) and isinstance(kind, GraphQLInputObjectType):
            members = (f"{k}: {self.value(v, kind.fields[k].type)}" for k, v in value.items())
            return "{" + ", ".join(members) + "}"
        if isinstance(value, list) and isinstance(kind, GraphQLList):
            return "[" + ", ".join(self.value(v, kind.of_type) for v in value) + "]"
        return json.dumps(value, ensure_ascii=False)

    def maybe_lifted(self, value: Any, kind: str, literal: str) -> str:
        self.positions += 1
        if not self.operation.lifted or self.positions % self.operation.lifted or "$" in literal:
            return literal
        name = f"v{len(self.variables)}"
        self.variables[name] = value
        self.declarations.append(f"${name}: {kind}")
        return f"${name}"
