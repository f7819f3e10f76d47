"""Verifies API keys.

A key is a high-entropy random text that is stored only as its SHA-256. The API's role may execute
the look-up function and cannot read the table behind it.
"""

import hashlib

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from graphql_api.errors import UnauthenticatedError
from graphql_api.query.faults import DATABASE_ERRORS, translate
from graphql_api.query.request import Role, Scope

HOW_TO = "send `Authorization: Bearer <key>`; `usage-warehouse keys create` makes one"


def digest_of(authorization: str | None) -> bytes:
    """What is stored of the key in an ``Authorization`` header.

    Raises:
        UnauthenticatedError: there is no key.
    """
    scheme, _, key = (authorization or "").strip().partition(" ")
    if not authorization:
        raise UnauthenticatedError(f"no API key was sent: {HOW_TO}")
    if scheme.lower() != "bearer" or not key.strip():
        raise UnauthenticatedError(f"the Authorization header is not a bearer key: {HOW_TO}")
    return hashlib.sha256(key.strip().encode()).digest()


async def authenticate(engine: AsyncEngine, access_schema: str, authorization: str | None) -> Scope:
    """The scope of the key in an ``Authorization`` header.

    Raises:
        UnauthenticatedError: there is no key, or it is unknown, expired or revoked.
        UnavailableError: the keys cannot be read.
    """
    digest = sa.literal(digest_of(authorization), sa.LargeBinary())
    look_up = getattr(sa.func, access_schema).authenticate_api_key(digest)
    found = look_up.table_valued(
        "key_id", "role", "source_system", "organization_id", "project_id", "status"
    )
    try:
        async with engine.connect() as connection:
            row = (await connection.execute(sa.select(found))).mappings().first()
    except DATABASE_ERRORS as error:
        raise translate(error) from error
    if row is None:
        raise UnauthenticatedError(f"this API key is unknown: {HOW_TO}")
    if row["status"] != "active":
        raise UnauthenticatedError(f"this API key is {row['status']}: {HOW_TO}")
    return Scope(Role(row["role"]), row["source_system"], row["organization_id"], row["project_id"])
