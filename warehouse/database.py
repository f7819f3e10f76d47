"""The one way in which the command line connects to Postgres, embedded or your own.

Every fault becomes one line that names host, port, database and user, and never the password.
"""

import os
from contextlib import suppress
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from pydantic import ValidationError

from graphql_api.settings import DatabaseSettings
from warehouse.embedded.account import server_account
from warehouse.embedded.checkout import checkout_cluster
from warehouse.errors import WarehouseError
from warehouse.project import project_names

LIBPQ_VARIABLES = ("PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD")
CONNECT_SECONDS = 10

OWNER = """
select current_user, pg_get_userbyid(nspowner) from pg_namespace
where nspname = %s and not pg_has_role(nspowner, 'usage')
"""

LOGIN_FAULTS = (
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "pg_hba.conf rejects",
    "role",  # role "x" does not exist / is not permitted to log in
)


def database_settings() -> DatabaseSettings:
    """Where Postgres is, from libpq's variables; a variable set to nothing counts as not set."""
    for name in LIBPQ_VARIABLES:
        if os.environ.get(name) == "":
            del os.environ[name]
    try:
        settings = DatabaseSettings()
    except ValidationError as error:
        raise _bad_variable(error) from None
    if settings.port is not None and not 0 < settings.port < 65536:
        raise WarehouseError("BAD_SETTING", f"PGPORT={settings.port} is no port: use 1 to 65535")
    return settings


def connect(
    database: DatabaseSettings | None = None, *, autocommit: bool = False
) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect as libpq's variables say, or to the embedded server; one clear line if that fails."""
    target = database or database_settings()
    parameters = target.conninfo()
    if target.is_embedded:
        parameters["requirepeer"] = _embedded_owner(target)
    if "PGCONNECT_TIMEOUT" not in os.environ:
        parameters["connect_timeout"] = CONNECT_SECONDS
    try:
        return psycopg.connect(make_conninfo("", **parameters), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise connection_fault(target, error) from None


def connection_fault(target: DatabaseSettings, error: psycopg.OperationalError) -> WarehouseError:
    """The one line for a connection that could not be made."""
    reason = _reason(str(error))
    place = describe(target)
    if target.is_embedded and "FATAL:" not in str(error):
        return _embedded_not_running(target)
    if 'database "' in reason and "does not exist" in reason:
        return WarehouseError(
            "DATABASE_MISSING",
            f"there is no such database at {place}: create it, or name another with PGDATABASE",
        )
    if any(fault in reason for fault in LOGIN_FAULTS):
        return WarehouseError(
            "DATABASE_LOGIN",
            f"Postgres refused the login at {place} ({reason}): check PGUSER, PGPASSWORD (or "
            "~/.pgpass) and PGDATABASE",
        )
    return WarehouseError(
        "DATABASE_UNREACHABLE",
        f"Postgres does not answer at {place} ({reason}): check PGHOST and PGPORT, and that the "
        "server runs and accepts connections from here",
    )


def database_fault(target: DatabaseSettings, error: psycopg.Error) -> WarehouseError:
    """The one line for whatever the database refused: a connection, or something within one."""
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return _privilege_fault(target, error)
    if isinstance(error, psycopg.OperationalError):
        return connection_fault(target, error)
    return WarehouseError(
        "DATABASE_REFUSED", f"Postgres refused a statement at {describe(target)}: {error}"
    )


def _privilege_fault(target: DatabaseSettings, error: psycopg.Error) -> WarehouseError:
    """Names who may, as far as the database tells: the owner of the schema of what is published."""
    names = project_names()
    login, owner = target.user, ""
    with suppress(psycopg.Error, WarehouseError), connect(target, autocommit=True) as connection:
        row = connection.execute(OWNER, [names.serving_schema]).fetchone()
        login, owner = row if row else (login, "")
    remedy = (
        f"connect as the login that builds, {owner} (set PGUSER), or let an administrator run: "
        f'grant "{owner}" to "{login}"'
        if owner
        else "connect as the login that builds (set PGUSER), or let an administrator run the "
        'grants of docs/operations.md, "Your own Postgres"'
    )
    said = error.diag.message_primary or str(error)
    return WarehouseError(
        "DATABASE_PRIVILEGE", f"the login {login} may not do this ({said}): {remedy}"
    )


def describe(target: DatabaseSettings) -> str:
    """Host, port, database and user in words fit for a message."""
    parts = target.conninfo()
    return (
        f"host {parts['host']}, port {parts['port']}, database {parts['dbname']}, "
        f"user {parts['user']}"
    )


def _embedded_owner(target: DatabaseSettings) -> str:
    """Whom the embedded server of this checkout runs as.

    On its port there may as well be the server of another checkout, or an impostor's; both are as
    good as no server.
    """
    cluster = checkout_cluster(target)
    if cluster.postmaster() is None:
        raise _embedded_not_running(target)
    return server_account(cluster.data_dir).name


def _embedded_not_running(target: DatabaseSettings) -> WarehouseError:
    return WarehouseError(
        "EMBEDDED_NOT_RUNNING",
        f"the embedded Postgres of this checkout does not run at {describe(target)}: start it with "
        "`make up` or `make build`, or set PGHOST to use your own server",
    )


def _reason(text: str) -> str:
    """What libpq or the server said, without the address that stands before it."""
    said = text.partition("FATAL:")[2] or text.rpartition("failed:")[2]
    return " ".join((said or text).split()).partition(" Is the server running")[0]


def _bad_variable(error: ValidationError) -> WarehouseError:
    fault = error.errors()[0]
    return WarehouseError(
        "BAD_SETTING", f"{fault['loc'][0]}={fault['input']} is not valid: {fault['msg']}"
    )
