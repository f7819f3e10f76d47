"""The executable schema: types from the catalogue, guard rails, masked defects."""

import logging
import secrets
from collections.abc import Iterator, Mapping

import strawberry
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionContext

from graphql_api.catalogue.model import Catalogue
from graphql_api.errors import INVALID_DOCUMENT, ApiError, UnavailableError
from graphql_api.schema.build import build_root_types
from graphql_api.schema.context import Context
from graphql_api.schema.limits import DocumentLimits
from graphql_api.schema.resolve import MartField
from graphql_api.schema.scalars import SCALARS
from graphql_api.settings import Settings

log = logging.getLogger(__name__)


def build_schema(catalogue: Catalogue, settings: Settings) -> "MartSchema":
    """Build the schema of everything the catalogue holds."""
    roots = build_root_types(catalogue)
    schema = MartSchema(
        query=roots.query,
        subscription=roots.subscription,
        config=StrawberryConfig(
            default_resolver=_member,
            scalar_map=SCALARS,
        ),
        extensions=[OwnContext, lambda: DocumentLimits(settings)],
    )
    schema.marts = roots.marts
    return schema


class OwnContext(SchemaExtension):
    """Gives every operation a context of its own: those of one WebSocket come hours apart."""

    def on_operation(self) -> Iterator[None]:
        """Begin with a new clock, and a caller that is still to be identified."""
        context = self.execution_context.context
        # An HTTP request has one of its own already; only a WebSocket has parameters.
        if isinstance(context, Context) and context.connection_params is not None:
            self.execution_context.context = context.of_new_operation()
        yield


class MartSchema(strawberry.Schema):
    """The schema, and which of its root fields ask one mart."""

    marts: Mapping[str, MartField]

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Mask defects, and give every error a code. All errors pass here before they are sent."""
        for error in errors:
            if _is_defect(error):
                _mask(error)
            elif isinstance(error.original_error, UnavailableError):
                cause = error.original_error.__cause__
                log.warning("unavailable: %s", cause or error.original_error)
            if not error.extensions or "code" not in error.extensions:
                error.extensions = {**(error.extensions or {}), "code": INVALID_DOCUMENT}


# What is wrong with an operation before it is executed; over HTTP these have status 400.
_NO_OPERATION = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)


def _is_defect(error: GraphQLError) -> bool:
    original = error.original_error
    known = (ApiError, GraphQLError, *_NO_OPERATION)
    return original is not None and not isinstance(original, known)


def _mask(error: GraphQLError) -> None:
    """Log a defect, and leave of it only the id by which an operator finds it there."""
    log_id = secrets.token_hex(6)
    log.error("defect %s at %s", log_id, error.path, exc_info=error.original_error)
    error.message = f"internal error {log_id}; the operator finds it in the log by this id"
    error.extensions = {"code": "INTERNAL", "id": log_id}


def _member(source: object, name: str) -> object:
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name)
