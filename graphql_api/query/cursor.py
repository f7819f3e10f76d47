"""Opaque page cursors: the sort keys of the last row, tied to the question they came from."""

import base64
import binascii
import hashlib
import json

from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import OrderTerm, QueryRequest, is_storable


def fingerprint(request: QueryRequest, order: tuple[OrderTerm, ...]) -> str:
    """Names the parts of a question that give a cursor its meaning."""
    parts = (
        request.mart.name,
        request.group_by,
        request.time_grain,
        request.timezone,
        request.top,
        order,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def encode(keys: list[object], question: str) -> str:
    """Make the cursor for a row with these sort keys."""
    text = json.dumps([question, keys], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, question: str, length: int) -> list[str | None]:
    """Read the sort keys back.

    Raises:
        InvalidQueryError: INVALID_CURSOR, when it is damaged or belongs to another question.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found, keys = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise _invalid("cannot be read") from None
    if found != question:
        raise _invalid("belongs to another groupBy, orderBy, timeGrain or timezone")
    if (
        not isinstance(keys, list)
        or len(keys) != length
        or not all(k is None or (isinstance(k, str) and is_storable(k)) for k in keys)
    ):
        raise _invalid("cannot be read")
    return keys


def _invalid(reason: str) -> InvalidQueryError:
    return InvalidQueryError(
        f"after: this cursor {reason}; pass pageInfo.endCursor of the page before, unchanged",
        code="INVALID_CURSOR",
        argument="after",
    )
