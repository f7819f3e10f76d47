"""What an error of the database means to the caller."""

from psycopg import errors as postgres
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from graphql_api.errors import ApiError, InvalidQueryError, QueryTimeoutError, UnavailableError

# What a statement, or taking a connection for it, may raise.
DATABASE_ERRORS = (DBAPIError, PoolTimeoutError, OSError)


def translate(error: Exception) -> ApiError | Exception:
    """The error a caller should see for a database error; the error itself where it is a defect."""
    original = getattr(error, "orig", None) or error
    match original:
        case postgres.QueryCanceled():
            return QueryTimeoutError(
                "the query ran longer than this server allows; narrow the filter or group more "
                "coarsely"
            )
        case postgres.UndefinedTable() | postgres.InvalidSchemaName():
            return UnavailableError("no build is published here; run `dbt build`")
        case postgres.InvalidParameterValue():
            # Of all that a question hands to the database, only zones are read by it.
            return InvalidQueryError(
                "timezone: the database does not know this zone; take an IANA zone such as "
                "Europe/Berlin",
                argument="timezone",
            )
        case postgres.NumericValueOutOfRange() | postgres.DatetimeFieldOverflow():
            return InvalidQueryError("a number or date in the query is out of range")
        case postgres.ProgramLimitExceeded() | postgres.StatementTooComplex():
            return InvalidQueryError(
                "the query is more complex than the database allows; give fewer conditions",
                code="QUERY_TOO_LARGE",
            )
        case PoolTimeoutError():
            return UnavailableError("the server is busy; try again")
    if "permission denied to set role" in str(original):
        return UnavailableError(
            "this server may not read the marts; its operator finds the reason at /readyz"
        )
    if isinstance(error, (OperationalError, OSError)):
        return UnavailableError("the database cannot be reached; try again")
    return error
