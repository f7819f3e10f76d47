"""Documents read once: parsed, measured, validated, and laid out where they ask nothing but marts.

What depends on a caller, a clock or a variable is left open. A document that this cannot lay out
(introspection, reports, charts, comparisons …) is none of its business: it is answered by the
GraphQL library, and that too is decided once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableValues,
    get_operation_ast,
    get_variable_values,
    parse,
    specified_rules,
)
from strawberry.schema.schema import validate_document

from graphql_api.bounded import BoundedCache
from graphql_api.query.raw import NotAnsweredHereError
from graphql_api.schema.collecting import Collector
from graphql_api.schema.laid_out import LaidOut
from graphql_api.schema.limits import complaints
from graphql_api.schema.schema import MartSchema
from graphql_api.settings import Settings

KEPT_BYTES = 16_000_000
# How many of its fields' combinations are laid out for one document with conditional fields.
MAX_VARIANTS = 16
# What a parsed and laid out document takes, for each byte of its text.
_BYTES_PER_CHARACTER = 50


@dataclass(frozen=True, slots=True)
class Bound:
    """An operation with its variables: root fields with their arguments."""

    laid_out: LaidOut
    arguments: tuple[Mapping[str, object], ...]


class Document:
    """One operation of one valid document."""

    def __init__(
        self, schema: MartSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        """The operation is a query of the document."""
        self._schema, self._operation = schema, operation
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._switches = tuple(sorted(set(_switches(document))))
        self._variants: dict[tuple[object, ...], LaidOut | None] = {}

    def bound(self, variables: Mapping[str, object]) -> Bound:
        """The operation with these variables.

        Raises:
            NotAnsweredHereError: they do not fit, or with them it asks for more than marts.
        """
        values = get_variable_values(
            self._schema._schema, self._operation.variable_definitions or (), dict(variables)
        )
        if not isinstance(values, VariableValues):
            raise NotAnsweredHereError
        laid_out = self._laid_out(values)
        return Bound(laid_out, tuple(each.arguments(values) for each in laid_out.roots))

    def _laid_out(self, values: VariableValues) -> LaidOut:
        key = tuple(values.coerced.get(name) for name in self._switches)
        if key not in self._variants:
            if len(self._variants) >= MAX_VARIANTS:
                raise NotAnsweredHereError
            self._variants[key] = self._made(values)
        found = self._variants[key]
        if found is None:
            raise NotAnsweredHereError
        return found

    def _made(self, values: VariableValues) -> LaidOut | None:
        collector = Collector(self._schema._schema, self._fragments, values)
        try:
            return LaidOut.of(self._schema, collector, self._operation)
        except NotAnsweredHereError:
            return None


class Documents:
    """Reads documents, and remembers them by their text and the operation that is meant."""

    def __init__(self, schema: MartSchema, settings: Settings) -> None:
        """What is refused is refused by the schema; this only finds out whether it would be."""
        self._schema, self._settings = schema, settings
        self._kept: BoundedCache[tuple[str, str | None], Document | bool] = BoundedCache(KEPT_BYTES)

    def named(self, text: str, operation: str | None) -> Document:
        """The operation of this name; None: the only one.

        Raises:
            NotAnsweredHereError: the GraphQL library has to answer it.
        """
        found = self._kept.get((text, operation))
        if found is None:
            found = self._read(text, operation) or False
            self._kept.put((text, operation), found, len(text) * _BYTES_PER_CHARACTER)
        if isinstance(found, bool):
            raise NotAnsweredHereError
        return found

    def _read(self, text: str, name: str | None) -> Document | None:
        try:
            document = parse(text, max_tokens=self._settings.max_query_tokens)
        except (GraphQLError, RecursionError):
            return None
        if complaints(document, self._settings):
            return None
        if validate_document(self._schema._schema, document, tuple(specified_rules)):
            return None
        operation = get_operation_ast(document, name)
        if operation is None or operation.operation is not OperationType.QUERY:
            return None
        return Document(self._schema, document, operation)


def _switches(document: DocumentNode) -> Iterator[str]:
    """Variables that decide whether something is selected."""
    token = document.loc.start_token if document.loc else None
    # Directives know no other variables than those in their own parentheses.
    is_open = False
    while token is not None:
        if token.kind.value == "@":
            is_open = True
        elif token.kind.value == ")":
            is_open = False
        elif is_open and token.kind.value == "$" and token.next is not None:
            yield token.next.value or ""
        token = token.next
