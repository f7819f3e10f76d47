"""API keys: made, listed and revoked where the API looks them up.

A key is ``uw_<key_id>_<secret>``. Only the SHA-256 digest of its whole text is stored, so that a
key can be verified but never read back; ``key_id`` is what people call it by.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, LiteralString

import psycopg
from psycopg import errors, sql

from warehouse.errors import WarehouseError
from warehouse.project import ProjectNames
from warehouse.tenants import Connection, Tenant, require_published, require_tenant

Role = Literal["admin", "member"]

KEY_ID_BYTES = 5
SECRET_BYTES = 32

INSERT = """
insert into {} (
    key_id, secret_hash, label, role, source_system, organization_id, project_id, expires_at
) values (%s, %s, %s, %s, %s, %s, %s, %s)
"""

SELECT = """
select
    key_id, label, role, source_system, organization_id, project_id,
    created_at, expires_at, revoked_at,
    case
        when revoked_at is not null then 'revoked'
        when expires_at <= statement_timestamp() then 'expired'
        else 'active'
    end
from {} order by created_at, key_id
"""


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key; ``key`` is its text, which nobody can show again."""

    key_id: str
    key: str = field(repr=False)
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is known of a key: everything but the key."""

    key_id: str
    label: str | None
    role: Role
    source_system: str | None
    organization_id: str | None
    project_id: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    status: Literal["active", "expired", "revoked"]


def create_key(
    connection: Connection,
    names: ProjectNames,
    *,
    role: Role,
    tenant: Tenant | None = None,
    project_id: str | None = None,
    label: str | None = None,
    expires: timedelta | datetime | None = None,
    force: bool = False,
) -> CreatedKey:
    """Make a key, in the caller's transaction.

    A member key needs a ``tenant``, one of the published build unless ``force``; its
    ``project_id`` narrows what it asks for by default. An admin key reads all tenants.
    """
    require_published(connection, names.access_schema, "api_keys")
    if role == "admin" and (tenant or project_id):
        raise WarehouseError(
            "KEY_SCOPE", "an admin key reads all tenants: leave tenant and project out"
        )
    if role == "member":
        if tenant is None:
            raise WarehouseError(
                "KEY_SCOPE", "a member key needs a tenant: give --source-system and --organization"
            )
        if not force:
            require_tenant(connection, names, tenant, project_id)
    expires_at = _expiry(connection, expires)
    key_id = secrets.token_hex(KEY_ID_BYTES)
    key = f"uw_{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"
    owner = (tenant.source_system, tenant.organization_id) if tenant else (None, None)
    values = [key_id, digest(key), label, role, *owner, project_id, expires_at]
    _execute(connection, names, INSERT, values)
    return CreatedKey(key_id, key, expires_at)


def digest(key: str) -> bytes:
    """What is stored of a key, and what the API looks it up by."""
    return hashlib.sha256(key.encode()).digest()


def list_keys(connection: Connection, names: ProjectNames) -> list[KeyRecord]:
    """Every key ever made, oldest first."""
    require_published(connection, names.access_schema, "api_keys")
    return [KeyRecord(*row) for row in _execute(connection, names, SELECT).fetchall()]


def revoke_key(connection: Connection, names: ProjectNames, key_id: str) -> bool:
    """Make a key useless from now on. False if it was revoked before."""
    require_published(connection, names.access_schema, "api_keys")
    known = _execute(
        connection, names, "select revoked_at from {} where key_id = %s for update", [key_id]
    ).fetchone()
    if known is None:
        raise WarehouseError(
            "UNKNOWN_KEY", f"there is no key {key_id!r}: `usage-warehouse keys list` shows all ids"
        )
    if known[0] is not None:
        return False
    _execute(
        connection,
        names,
        "update {} set revoked_at = statement_timestamp() where key_id = %s",
        [key_id],
    )
    return True


def _expiry(connection: Connection, expires: timedelta | datetime | None) -> datetime | None:
    """The instant of expiry by the database's clock, which is the one that judges it."""
    if expires is None:
        return None
    row = connection.execute("select statement_timestamp()").fetchone()
    assert row is not None
    now: datetime = row[0]
    try:
        expires_at = now + expires if isinstance(expires, timedelta) else expires
    except OverflowError:
        raise WarehouseError("KEY_EXPIRY", "the key would expire after the year 9999") from None
    if expires_at <= now:
        raise WarehouseError(
            "KEY_EXPIRY", f"the key would have expired already, at {expires_at.isoformat()}"
        )
    return expires_at


def _execute(
    connection: Connection,
    names: ProjectNames,
    query: LiteralString,
    values: list[Any] | None = None,
) -> psycopg.Cursor[tuple[Any, ...]]:
    """Run one of this module's queries on the table of keys."""
    table = sql.Identifier(names.access_schema, "api_keys")
    try:
        return connection.execute(sql.SQL(query).format(table), values)
    except errors.InsufficientPrivilege:
        raise WarehouseError(
            "KEYS_NOT_YOURS",
            f"{connection.info.user} may not manage API keys: connect as the login that runs "
            "`dbt build` (set PGUSER)",
        ) from None
