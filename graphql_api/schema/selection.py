"""Which fields an operation selects, so that nothing else is computed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)
from graphql.execution.values import get_argument_values, get_directive_values

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
    object_type = get_named_type(info.return_type)
    below = [
        each
        for node in info.field_nodes
        if node.selection_set
        for each in _walk(info, node.selection_set, object_type)
    ]
    return Selected(info.field_name, {}, tuple(below))


def _walk(
    info: GraphQLResolveInfo[Context], selections: SelectionSetNode, parent: object
) -> Iterator[Selected]:
    for node in selections.selections:
        if not _is_included(info, node):
            continue
        if isinstance(node, FragmentSpreadNode):
            fragment = info.fragments[node.name.value]
            yield from _walk(info, fragment.selection_set, parent)
        elif isinstance(node, InlineFragmentNode):
            yield from _walk(info, node.selection_set, parent)
        elif isinstance(node, FieldNode) and isinstance(parent, GraphQLObjectType):
            field = parent.fields.get(node.name.value)
            if field is None:  # __typename
                continue
            below = (
                tuple(_walk(info, node.selection_set, get_named_type(field.type)))
                if node.selection_set
                else ()
            )
            arguments = get_argument_values(field, node, info.variable_values)
            yield Selected(node.name.value, arguments, below)


def _is_included(info: GraphQLResolveInfo[Context], node: object) -> bool:
    skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)  # type: ignore[arg-type]
    if skip and skip["if"]:
        return False
    include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)  # type: ignore[arg-type]
    return not include or bool(include["if"])
