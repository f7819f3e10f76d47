"""An operation that asks nothing but marts, laid out: what Postgres writes, and what stands around.

``nodes`` and ``totals`` are written by Postgres under the client's own names, ``totalCount`` is a
number as it is; the few other values are completed here. An answer is then nothing but bytes put
one after the other.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    VariableValues,
    get_argument_values,
    get_named_type,
)
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from graphql_api.catalogue.model import Aggregation, Mart, ValueType
from graphql_api.query.layout import Layout, Member
from graphql_api.query.needs import leaves
from graphql_api.query.raw import NotAnsweredHereError, RawAnswer
from graphql_api.query.top import IS_OTHER
from graphql_api.schema.collecting import Collected, Collector
from graphql_api.schema.resolve import MartField
from graphql_api.schema.schema import MartSchema
from graphql_api.schema.selection import Selected
from graphql_api.schema.small_parts import SmallPart, small_part

# A longer name would be cut by Postgres, and more columns than this it does not select.
MAX_NAME_BYTES, MAX_MEMBERS = 63, 500

TYPENAME = "__typename"

_WRITTEN_BY_POSTGRES = {"nodes": "nodes", "totalCount": "total_count", "totals": "totals"}
_PERCENTILES = b'"EXACT"'  # others are answered elsewhere


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a root field's object: what stands before its value, and where that is."""

    prefix: bytes
    column: str | None = None
    text: bytes = b""
    small: SmallPart | None = None

    def value(self, answer: RawAnswer) -> bytes:
        """Its value as JSON."""
        if self.column is not None:
            return answer.part(self.column)
        return self.small.value(answer) if self.small else self.text


@dataclass(frozen=True, slots=True)
class Root:
    """A root field that asks one mart."""

    schema: MartSchema
    field: MartField
    key: str
    nodes: Sequence[FieldNode]
    definition: GraphQLField
    prefix: bytes
    parts: tuple[Part, ...]
    layout: Layout
    selected: Selected

    def arguments(self, variables: VariableValues) -> Mapping[str, object]:
        """Its arguments as resolvers get them.

        Raises:
            GraphQLError: one does not fit.
        """
        given = get_argument_values(self.definition, self.nodes[0], variables)
        field = cast("StrawberryField", self.definition.extensions["strawberry-definition"])
        registry = self.schema.schema_converter.scalar_registry
        return convert_arguments(given, field.arguments, registry, self.schema.config)

    def written(self, answer: RawAnswer) -> Iterator[bytes]:
        """The field's name and value."""
        yield self.prefix
        for each in self.parts:
            yield each.prefix
            yield each.value(answer)
        yield b"}"


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What stands in the answer: root fields, and texts that are the same in each."""

    members: tuple[Root | bytes, ...]

    @property
    def roots(self) -> list[Root]:
        """The fields that ask marts."""
        return [each for each in self.members if isinstance(each, Root)]

    @classmethod
    def of(
        cls, schema: MartSchema, collector: Collector, operation: OperationDefinitionNode
    ) -> "LaidOut":
        """Lay out a valid operation.

        Raises:
            NotAnsweredHereError: it asks for something else than marts.
        """
        query = schema._schema.query_type
        if query is None or operation.directives:
            raise NotAnsweredHereError
        maker = _Maker(schema, collector)
        found = collector.all(query, [operation.selection_set])
        members = tuple(maker.root(query, key, nodes) for key, nodes in found.items())
        laid_out = cls(members)
        if not laid_out.roots:
            raise NotAnsweredHereError
        return laid_out

    def written(self, answers: Sequence[RawAnswer]) -> list[bytes]:
        """The whole answer, in pieces."""
        pieces, following = [b'{"data":{'], iter(answers)
        for number, each in enumerate(self.members):
            if number:
                pieces.append(b",")
            if isinstance(each, Root):
                pieces += each.written(next(following))
            else:
                pieces.append(each)
        pieces.append(b"}}")
        return pieces


class _Maker:
    def __init__(self, schema: MartSchema, collector: Collector) -> None:
        self.schema, self.collector = schema, collector

    def root(self, query: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]) -> Root | bytes:
        node = nodes[0]
        if node.name.value == TYPENAME:
            return _prefix(key) + json.dumps(query.name).encode()
        field = self.schema.marts.get(node.name.value)
        if field is None:
            raise NotAnsweredHereError
        definition = query.fields[node.name.value]
        kind = _object(definition.type)
        below = self.collector.below(kind, nodes)
        layout = Layout(
            nodes=self._members(field, kind, "nodes", below),
            totals=self._members(field, kind, "totals", below),
        )
        parts = tuple(self._parts(kind, below))
        selected = Selected(node.name.value, {}, tuple(self._selected(kind, below)))
        prefix = _prefix(key) + b"{"
        return Root(self.schema, field, key, nodes, definition, prefix, parts, layout, selected)

    def _parts(self, kind: GraphQLObjectType, below: Collected) -> Iterator[Part]:
        for number, (key, nodes) in enumerate(below.items()):
            prefix = (b"," if number else b"") + _prefix(key)
            name = nodes[0].name.value
            if name in _WRITTEN_BY_POSTGRES:
                yield Part(prefix, column=_WRITTEN_BY_POSTGRES[name])
            elif name == TYPENAME:
                yield Part(prefix, text=json.dumps(kind.name).encode())
            elif name == "percentiles":
                yield Part(prefix, text=_PERCENTILES)
            else:
                yield Part(prefix, small=small_part(self.collector, kind, nodes))

    def _members(
        self, field: MartField, kind: GraphQLObjectType, name: str, below: Collected
    ) -> tuple[Member, ...]:
        """What the objects of ``nodes`` or ``totals`` have, which must be selected only once."""
        found = [nodes for nodes in below.values() if nodes[0].name.value == name]
        if not found:
            return ()
        if len(found) > 1:
            raise NotAnsweredHereError
        row = _object(kind.fields[name].type)
        made = [
            self._member(field.mart, field, row, key, nodes[0].name.value)
            for key, nodes in self.collector.below(row, found[0]).items()
        ]
        is_empty = name == "totals" and all(each.column is None for each in made)
        if is_empty or len(made) > MAX_MEMBERS:
            raise NotAnsweredHereError
        return tuple(made)

    def _member(
        self, mart: Mart, field: MartField, row: GraphQLObjectType, key: str, name: str
    ) -> Member:
        if len(key.encode()) > MAX_NAME_BYTES:
            raise NotAnsweredHereError
        if name == TYPENAME:
            return Member(key, text=row.name)
        if name == "isOther":
            return Member(key, IS_OTHER)
        column = next((each for each, shown in field.fields.items() if shown == name), None)
        if column is None or not _is_plain(mart, column):
            raise NotAnsweredHereError
        return Member(key, column, names=_names(row.fields[name].type))

    def _selected(self, kind: GraphQLObjectType, below: Collected) -> Iterator[Selected]:
        """As resolvers see it; nothing below a root field that is laid out has arguments."""
        for nodes in below.values():
            name = nodes[0].name.value
            if name == TYPENAME:
                continue
            inner = get_named_type(kind.fields[name].type)
            fields: tuple[Selected, ...] = ()
            if isinstance(inner, GraphQLObjectType):
                fields = tuple(self._selected(inner, self.collector.below(inner, nodes)))
            yield Selected(name, {}, fields)


def _prefix(key: str) -> bytes:
    return json.dumps(key).encode() + b":"


def _object(kind: GraphQLOutputType) -> GraphQLObjectType:
    named = get_named_type(kind)
    assert isinstance(named, GraphQLObjectType)
    return named


def _names(kind: GraphQLOutputType) -> tuple[tuple[str, str], ...]:
    named = get_named_type(kind)
    if not isinstance(named, GraphQLEnumType):
        return ()
    return tuple((str(each.value), name) for name, each in named.values.items())


def _is_plain(mart: Mart, column: str) -> bool:
    """Whether values are written by Postgres alone: no JSON within texts, nothing estimated."""
    dimension = mart.dimensions.get(column)
    if dimension is not None:
        return dimension.type is not ValueType.JSON
    measures = leaves(mart.metrics[column].formula)
    return all(each.aggregation is not Aggregation.PERCENTILE for each in measures)
