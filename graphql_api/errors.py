"""Every error this server raises on purpose.

    ApiError
    ├── CatalogueError        start-up, for operators: the dbt artefacts are missing or unusable
    ├── InvalidQueryError     the caller's fault: shown with its code and what would be accepted
    ├── UnauthenticatedError  no key, or one that is unknown, expired or revoked
    ├── TooManySubscriptionsError  the server, or the connection, has as many as it allows
    ├── QueryTimeoutError     a statement ran longer than the operator allows
    └── UnavailableError      the database cannot be reached, or nothing is published yet

A document or variables that do not fit the schema are refused by the GraphQL library, with the code
INVALID_DOCUMENT. Anything else is a defect: it is logged with an id, and the caller sees only that
id.
"""

from collections.abc import Sequence

INVALID_DOCUMENT = "INVALID_DOCUMENT"


class ApiError(Exception):
    """An error with a stable code that may be shown to the caller."""

    code = "INTERNAL"

    def __init__(self, message: str, *, code: str | None = None, **details: object) -> None:
        """Message says what, why and the remedy; details go to ``extensions``."""
        super().__init__(message)
        self.code = code or type(self).code
        self.details = details

    @property
    def extensions(self) -> dict[str, object]:
        """What GraphQL clients find under ``errors[].extensions``."""
        return {"code": self.code, **self.details}


class CatalogueError(ApiError):
    """The server cannot start from these dbt artefacts."""

    code = "CATALOGUE"


class InvalidQueryError(ApiError):
    """An argument is invalid; ``allowed`` in the details lists what would be accepted."""

    code = "INVALID_ARGUMENT"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        argument: str | None = None,
        allowed: Sequence[str] | None = None,
    ) -> None:
        """Name the argument at fault, and list the accepted values where they are known."""
        details: dict[str, object] = {}
        if argument is not None:
            details["argument"] = argument
        if allowed is not None:
            details["allowed"] = list(allowed)
        super().__init__(message, code=code, **details)


class UnauthenticatedError(ApiError):
    """The caller did not prove who it is."""

    code = "UNAUTHENTICATED"


class TooManySubscriptionsError(ApiError):
    """As many subscriptions as the operator allows are there already."""

    code = "TOO_MANY_SUBSCRIPTIONS"


class QueryTimeoutError(ApiError):
    """The statement was cancelled after ``statement_timeout_ms``."""

    code = "QUERY_TIMEOUT"


class UnavailableError(ApiError):
    """The answer cannot be read right now; nothing is reported as zero instead."""

    code = "UNAVAILABLE"
