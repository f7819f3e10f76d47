"""Limits of what one document may ask for, however it is written.

Fragments are measured once each: a few lines of fragments that spread each other can stand for
more fields than there are atoms, and must be refused without being walked through.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TokenKind,
)
from strawberry.extensions import SchemaExtension

from graphql_api.settings import Settings

MAX_DIGITS = 1_000


@dataclass(frozen=True, slots=True)
class Size:
    """Of a selection, with fragments spread: levels of fields, fields, and aliases."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0


class DocumentLimits(SchemaExtension):
    """Refuses a document that is too large before anything else looks at it."""

    def __init__(self, settings: Settings) -> None:
        """Take the limits from the operator's settings."""
        self._settings = settings

    def on_operation(self) -> Iterator[None]:
        """Stop the parser at the token limit."""
        self.execution_context.parse_options["max_tokens"] = self._settings.max_query_tokens
        yield

    def on_validate(self) -> Iterator[None]:
        """Report what is too large in place of all other validation."""
        document = self.execution_context.graphql_document
        errors = complaints(document, self._settings) if document else []
        if errors:
            self.execution_context.pre_execution_errors = errors
        yield


def complaints(document: DocumentNode, settings: Settings) -> list[GraphQLError]:
    """What is too large about a document."""
    if has_long_number(document):
        return [_too_large(f"the document has a number of more than {MAX_DIGITS:,} digits")]
    size = measure(document)
    limits = {
        "levels of fields": (size.depth, settings.max_query_depth),
        "aliases": (size.aliases, settings.max_query_aliases),
        "fields": (size.fields, settings.max_query_fields),
    }
    return [
        _too_large(
            f"the document has {_number(found)} {what}, at most {most:,} are answered; "
            "select less, or ask in several requests"
        )
        for what, (found, most) in limits.items()
        if found > most
    ]


def has_long_number(document: DocumentNode) -> bool:
    """Whether a number is written with more digits than Python's integers are read with."""
    token = document.loc.start_token if document.loc else None
    while token is not None:
        is_number = token.kind in (TokenKind.INT, TokenKind.FLOAT)
        if is_number and len(token.value or "") > MAX_DIGITS:
            return True
        token = token.next
    return False


def _too_large(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "QUERY_TOO_LARGE"})


def _number(found: int) -> str:
    return f"{found:,}" if found < 10**9 else "more than a billion"


def measure(document: DocumentNode) -> Size:
    """The size of the largest operation, in each respect."""
    meter = _Meter(document)
    sizes = [
        meter.of(definition.selection_set)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    return Size(
        max((size.depth for size in sizes), default=0),
        max((size.fields for size in sizes), default=0),
        max((size.aliases for size in sizes), default=0),
    )


class _Meter:
    def __init__(self, document: DocumentNode) -> None:
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.measured: dict[str, Size] = {}

    def of(self, selections: SelectionSetNode) -> Size:
        sizes = [self._of_one(each) for each in selections.selections]
        return Size(
            max((size.depth for size in sizes), default=0),
            sum(size.fields for size in sizes),
            sum(size.aliases for size in sizes),
        )

    def _of_one(self, node: SelectionNode) -> Size:
        match node:
            case FragmentSpreadNode():
                return self._of_fragment(node.name.value)
            case InlineFragmentNode():
                return self.of(node.selection_set)
            case FieldNode():
                below = self.of(node.selection_set) if node.selection_set else Size()
                # What describes the schema itself is limited by GraphQL's own validation.
                is_about_schema = node.name.value in ("__schema", "__type")
                return Size(
                    0 if is_about_schema else below.depth + 1,
                    below.fields + 1,
                    below.aliases + (node.alias is not None),
                )
            case _:
                raise TypeError(f"unknown selection {node.kind}")

    def _of_fragment(self, name: str) -> Size:
        if name not in self.measured:
            # Counts as nothing while it is being measured: validation refuses one within itself.
            self.measured[name] = Size()
            fragment = self.fragments.get(name)
            if fragment is not None:
                self.measured[name] = self.of(fragment.selection_set)
        return self.measured[name]
