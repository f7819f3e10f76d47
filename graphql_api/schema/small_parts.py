"""The small parts of an answer: where its page lies, its window, how fresh it is."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)
from strawberry.utils.str_converters import to_snake_case

from graphql_api.query.raw import NotAnsweredHereError, RawAnswer
from graphql_api.schema.collecting import Collector
from graphql_api.schema.scalars import as_text

_SOURCES: Mapping[str, Callable[[RawAnswer], object]] = {
    "pageInfo": RawAnswer.page_info,
    "freshness": RawAnswer.freshness,
    "window": RawAnswer.window,
}


@dataclass(frozen=True, slots=True)
class _Field:
    key: str
    name: str
    is_nullable: bool
    shape: "_Shape | None"
    text: str | None = None


@dataclass(frozen=True, slots=True)
class _Shape:
    is_list: bool
    fields: tuple[_Field, ...]


@dataclass(frozen=True, slots=True)
class SmallPart:
    """One of them, and which of its fields are selected."""

    source: Callable[[RawAnswer], object]
    shape: _Shape

    def value(self, answer: RawAnswer) -> bytes:
        """Its value as JSON.

        Raises:
            NotAnsweredHereError: there is none where there must be one.
        """
        found = _completed(self.source(answer), self.shape)
        return json.dumps(found, separators=(",", ":")).encode()


def small_part(
    collector: Collector, parent: GraphQLObjectType, nodes: Sequence[FieldNode]
) -> SmallPart:
    """What is selected of a small part.

    Raises:
        NotAnsweredHereError: the field is none.
    """
    name = nodes[0].name.value
    if name not in _SOURCES:
        raise NotAnsweredHereError
    shape = _shape(collector, parent.fields[name].type, nodes)
    assert shape is not None
    return SmallPart(_SOURCES[name], shape)


def _shape(
    collector: Collector, kind: GraphQLOutputType, nodes: Sequence[FieldNode]
) -> _Shape | None:
    inner = get_named_type(kind)
    if not isinstance(inner, GraphQLObjectType):
        return None
    bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    fields = []
    for key, found in collector.below(inner, nodes).items():
        name = found[0].name.value
        if name == "__typename":
            fields.append(_Field(key, name, is_nullable=False, shape=None, text=inner.name))
            continue
        below = inner.fields[name].type
        is_nullable = not isinstance(below, GraphQLNonNull)
        shape = _shape(collector, below, found)
        fields.append(_Field(key, to_snake_case(name), is_nullable, shape))
    return _Shape(isinstance(bare, GraphQLList), tuple(fields))


def _completed(value: object, shape: _Shape | None) -> object:
    if shape is None:
        return value if isinstance(value, (bool, int, str, type(None))) else as_text(value)
    if shape.is_list:
        assert isinstance(value, Sequence)
        return [_object(each, shape.fields) for each in value]
    return _object(value, shape.fields)


def _object(value: object, fields: Sequence[_Field]) -> dict[str, object]:
    assert isinstance(value, Mapping)
    made: dict[str, object] = {}
    for each in fields:
        if each.text is not None:
            made[each.key] = each.text
            continue
        found = value[each.name]
        if found is None and not each.is_nullable:
            raise NotAnsweredHereError
        made[each.key] = None if found is None else _completed(found, each.shape)
    return made
