"""Which fields stand in an answer, and in which order: fragments spread, directives applied.

The rules are those of the GraphQL specification (CollectFields), for schemas without interfaces and
unions: a fragment that validation lets through applies to the very type it is spread in.
"""

from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableValues,
    get_directive_values,
)

from graphql_api.query.raw import NotAnsweredHereError

_KNOWN_DIRECTIVES = frozenset({"skip", "include"})

# Fields by the key that they have in the answer; of several with one key the selections are merged.
Collected = Mapping[str, Sequence[FieldNode]]


class Collector:
    """Walks selections of one document, with its variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        """Remember what selections refer to."""
        self.schema = schema
        self._fragments = fragments
        self._variables = variables

    def below(self, parent: GraphQLObjectType, nodes: Sequence[FieldNode]) -> Collected:
        """What is selected below fields that are one in the answer.

        Raises:
            NotAnsweredHereError: there is a directive that this does not know.
        """
        sets = [each.selection_set for each in nodes if each.selection_set]
        return self.all(parent, sets)

    def all(self, parent: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Collected:
        """What is selected by selections of one object.

        Raises:
            NotAnsweredHereError: there is a directive that this does not know.
        """
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for each in sets:
            for node in self._fields(parent, each, spread):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
        return found

    def _fields(
        self, parent: GraphQLObjectType, selections: SelectionSetNode, spread: set[str]
    ) -> Iterator[FieldNode]:
        for node in selections.selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            below = self._fragment(node, spread)
            if below is None:
                continue
            if below.type_condition and below.type_condition.name.value != parent.name:
                raise NotAnsweredHereError
            yield from self._fields(parent, below.selection_set, spread)

    def _fragment(
        self, node: SelectionNode, spread: set[str]
    ) -> FragmentDefinitionNode | InlineFragmentNode | None:
        """What is spread; None: it was already."""
        if isinstance(node, InlineFragmentNode):
            return node
        assert isinstance(node, FragmentSpreadNode)
        name = node.name.value
        if name in spread:
            return None
        spread.add(name)
        return self._fragments[name]

    def _is_included(self, node: SelectionNode) -> bool:
        if not node.directives:
            return True
        if {each.name.value for each in node.directives} - _KNOWN_DIRECTIVES:
            raise NotAnsweredHereError
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and (include is None or bool(include["if"]))
