"""The executable schema: types from the catalogue, guard rails, masked defects."""

import logging
import secrets
from collections.abc import Mapping

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graphql_api.catalogue.model import Catalogue
from graphql_api.errors import INVALID_DOCUMENT, ApiError, UnavailableError
from graphql_api.schema.build import build_query_type
from graphql_api.schema.limits import DocumentLimits
from graphql_api.schema.scalars import SCALARS
from graphql_api.settings import Settings

log = logging.getLogger(__name__)


def build_schema(catalogue: Catalogue, settings: Settings) -> strawberry.Schema:
    """Build the schema of everything the catalogue holds."""
    return _Schema(
        query=build_query_type(catalogue),
        config=StrawberryConfig(
            default_resolver=_member,
            scalar_map=SCALARS,
        ),
        extensions=[lambda: DocumentLimits(settings)],
    )


class _Schema(strawberry.Schema):
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


def _is_defect(error: GraphQLError) -> bool:
    original = error.original_error
    return original is not None and not isinstance(original, (ApiError, GraphQLError))


def _mask(error: GraphQLError) -> None:
    """Log a defect, and leave of it only the id by which an operator finds it there."""
    log_id = secrets.token_hex(6)
    log.error("defect %s at %s", log_id, error.path, exc_info=error.original_error)
    error.message = f"internal error {log_id}; the operator finds it in the log by this id"
    error.extensions = {"code": "INTERNAL", "id": log_id}


def _member(source: object, name: str) -> object:
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name)
