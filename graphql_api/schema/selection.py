"""Which fields an operation selects, so that nothing else is computed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableValues,
    get_argument_values,
    get_directive_values,
    get_named_type,
)

from graphql_api.schema.context import Context


@dataclass(frozen=True, slots=True)
class Selected:
    """A selected field: its name, coerced arguments, and what is selected below it."""

    name: str
    arguments: Mapping[str, object]
    fields: tuple["Selected", ...]

    def all(self, name: str) -> Iterator["Selected"]:
        """Selections of a field of this name, under whatever alias."""
        return (each for each in self.fields if each.name == name)

    def has(self, name: str) -> bool:
        """Whether a field is selected."""
        return any(True for _ in self.all(name))

    def below(self, name: str) -> set[str]:
        """Names selected below a field."""
        return {each.name for found in self.all(name) for each in found.fields}


def selected_fields(info: GraphQLResolveInfo[Context]) -> Selected:
    """The selection below the field that is being resolved, fragments and directives applied."""
    walk = _Walk(info)
    below = [
        each
        for node in info.field_nodes
        if node.selection_set
        for each in walk.below(node.selection_set, get_named_type(info.return_type))
    ]
    return Selected(info.field_name, {}, tuple(below))


class _Walk:
    def __init__(self, info: GraphQLResolveInfo[Context]) -> None:
        self.fragments = info.fragments
        # Strawberry gives resolvers the bare values, whatever the annotation says; the library's
        # functions want them wrapped.
        bare = cast("dict[str, object]", info.variable_values)
        self.variables = VariableValues({}, bare)

    def below(self, selections: SelectionSetNode, parent: object) -> Iterator[Selected]:
        for node in selections.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                yield from self.below(fragment.selection_set, parent)
            elif isinstance(node, InlineFragmentNode):
                yield from self.below(node.selection_set, parent)
            elif isinstance(node, FieldNode) and isinstance(parent, GraphQLObjectType):
                field = parent.fields.get(node.name.value)
                if field is not None:  # None: __typename
                    yield self._field(node, field)

    def _field(self, node: FieldNode, field: GraphQLField) -> Selected:
        kind = get_named_type(field.type)
        below = tuple(self.below(node.selection_set, kind)) if node.selection_set else ()
        arguments = get_argument_values(field, node, self.variables)
        return Selected(node.name.value, arguments, below)

    def _is_included(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not (skip and skip["if"]) and (include is None or bool(include["if"]))
