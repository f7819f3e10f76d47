"""The executable schema: types from the catalogue, guard rails, masked defects."""

import logging
import secrets
from collections.abc import Mapping

import strawberry
from graphql import GraphQLError
from strawberry.extensions import (
    MaskErrors,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graphql_api.catalogue.model import Catalogue
from graphql_api.errors import ApiError
from graphql_api.schema.build import build_query_type
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
        extensions=[
            lambda: QueryDepthLimiter(max_depth=settings.max_query_depth),
            lambda: MaxAliasesLimiter(max_alias_count=settings.max_query_aliases),
            lambda: MaxTokensLimiter(max_token_count=settings.max_query_tokens),
            lambda: MaskDefects(),
        ],
    )


class _Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing: a caller's mistake is no event for operators; defects are logged below."""


class MaskDefects(MaskErrors):
    """Shows errors made for the caller; logs anything else and shows only its log id."""

    def __init__(self) -> None:
        """Mask what is neither GraphQL's own complaint about the document nor an ApiError."""
        super().__init__(should_mask_error=_is_defect)

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """Replace a defect by its log id."""
        log_id = secrets.token_hex(6)
        log.error("defect %s at %s", log_id, error.path, exc_info=error.original_error)
        masked = super().anonymise_error(error)
        masked.message = f"internal error {log_id}; the operator finds it in the log by this id"
        masked.extensions = {"code": "INTERNAL", "id": log_id}
        return masked


def _is_defect(error: GraphQLError) -> bool:
    original = error.original_error
    return original is not None and not isinstance(original, (ApiError, GraphQLError))


def _member(source: object, name: str) -> object:
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name)
