"""The commands ``usage-warehouse bi``: which Postgres login may read which tenant's marts.

A BI login is a member of the BI role, and sees the rows of the tenants recorded for it. Row-level
security does the rest, so a login that row-level security does not hold is refused.
"""

import json
import secrets
from typing import Any, LiteralString

import click
from psycopg import errors, sql

from warehouse.database import connect
from warehouse.errors import WarehouseError
from warehouse.keys import echo_table
from warehouse.project import ProjectNames, project_names
from warehouse.tenants import Connection, Tenant, require_published, require_tenant

PASSWORD_BYTES = 24

ROLE = """
select
    rolcanlogin,
    rolsuper or rolbypassrls or pg_has_role(oid, current_user, 'member'),
    pg_has_role(oid, %(api_role)s, 'member'),
    pg_has_role(oid, %(bi_role)s, 'usage')
from pg_roles where rolname = %(role)s
"""

LIST = """
select
    role_tenants.role_name,
    role_tenants.source_system,
    role_tenants.organization_id,
    case
        when pg_roles.oid is null then 'login is missing'
        when not pg_has_role(pg_roles.oid, %s, 'usage') then 'not a member of the BI role'
        else 'active'
    end
from {} as role_tenants
left join pg_roles on role_tenants.role_name = pg_roles.rolname
order by 1, 2, 3
"""

source_system_option = click.option("--source-system", required=True, metavar="SYSTEM")
organization_option = click.option("--organization", required=True, metavar="ID")


@click.group("bi")
def bi_group() -> None:
    """Let BI users read the marts in Postgres."""


@bi_group.command()
@click.argument("role")
@source_system_option
@organization_option
@click.option("--create", is_flag=True, help="Make the login; its password is printed once.")
@click.option("--force", is_flag=True, help="Accept a tenant that is not in the published build.")
def grant(role: str, source_system: str, organization: str, create: bool, force: bool) -> None:
    """Let the Postgres login ROLE read one tenant's rows of every mart."""
    names = project_names()
    tenant = Tenant(source_system, organization)
    with connect() as connection:
        require_published(connection, names.access_schema, "role_tenants")
        if not force:
            require_tenant(connection, names, tenant, None)
        password = _create_login(connection, role) if create else None
        _make_member(connection, names, role)
        _execute(
            connection,
            names,
            "insert into {} (role_name, source_system, organization_id) values (%s, %s, %s) "
            "on conflict do nothing",
            [role, source_system, organization],
        )
    if password:
        click.echo(password)
        click.echo("this is the login's password: it cannot be shown again", err=True)
    click.echo(f"{role} reads {source_system}/{organization} in {names.serving_schema}", err=True)


@bi_group.command()
@click.argument("role")
@source_system_option
@organization_option
def revoke(role: str, source_system: str, organization: str) -> None:
    """Take one tenant's rows away from the Postgres login ROLE."""
    names = project_names()
    with connect() as connection:
        require_published(connection, names.access_schema, "role_tenants")
        gone = _execute(
            connection,
            names,
            "delete from {} where role_name = %s and source_system = %s and organization_id = %s "
            "returning 1",
            [role, source_system, organization],
        )
        if not gone:
            raise WarehouseError(
                "UNKNOWN_GRANT",
                f"{role} was not granted {source_system}/{organization}: `usage-warehouse bi list` "
                "shows all grants",
            )
        left = _execute(connection, names, "select 1 from {} where role_name = %s", [role])
        if not left and _role(connection, names, role) is not None:
            # Without a tenant the login sees no row anyway; this only tidies up.
            connection.execute(
                sql.SQL("revoke {} from {}").format(
                    sql.Identifier(names.bi_role), sql.Identifier(role)
                )
            )
    click.echo(f"{role} no longer reads {source_system}/{organization}")


@bi_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """List which login may read which tenant."""
    names = project_names()
    with connect() as connection:
        require_published(connection, names.access_schema, "role_tenants")
        rows = _execute(connection, names, LIST, [names.bi_role])
    if as_json:
        keys = ("role_name", "source_system", "organization_id", "status")
        click.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
    else:
        echo_table(["LOGIN", "SOURCE SYSTEM", "ORGANIZATION", "STATUS"], rows)


def _create_login(connection: Connection, role: str) -> str:
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    # Encrypted here, so that the password stands in no log and no activity view of the server.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode())
    statement = sql.SQL("create role {} login password {}").format(
        sql.Identifier(role), sql.Literal(verifier.decode())
    )
    try:
        connection.execute(statement)
    except errors.DuplicateObject:
        raise WarehouseError(
            "BI_LOGIN", f"the role {role} exists already: leave --create out"
        ) from None
    except errors.InsufficientPrivilege:
        raise WarehouseError(
            "BI_LOGIN",
            f"{connection.info.user} may not create roles: let an administrator create the login "
            f"{role}, then leave --create out",
        ) from None
    return password


def _make_member(connection: Connection, names: ProjectNames, role: str) -> None:
    """Make ``role`` a member of the BI role, if row-level security can hold it."""
    found = _role(connection, names, role)
    if found is None:
        raise WarehouseError(
            "BI_LOGIN", f"there is no role {role}: --create makes it, with a password of its own"
        )
    can_log_in, ignores_row_security, is_api, is_member = found
    if ignores_row_security:
        raise WarehouseError(
            "BI_LOGIN",
            f"{role} is a superuser, bypasses row-level security or may act as "
            f"{connection.info.user}: it reads all tenants anyway; use a login of its own for BI",
        )
    if is_api:
        raise WarehouseError(
            "BI_LOGIN",
            f"{role} may act as {names.api_role}, which chooses its tenant itself: use a login of "
            "its own for BI",
        )
    if not can_log_in:
        raise WarehouseError(
            "BI_LOGIN", f"{role} cannot log in: tenants are granted to logins, not to groups"
        )
    if not is_member:
        _grant_membership(connection, names, role)


def _grant_membership(connection: Connection, names: ProjectNames, role: str) -> None:
    statement = sql.SQL("grant {} to {} with inherit true, set false").format(
        sql.Identifier(names.bi_role), sql.Identifier(role)
    )
    try:
        connection.execute(statement)
    except errors.InsufficientPrivilege:
        raise WarehouseError(
            "BI_LOGIN",
            f"{connection.info.user} does not administer the role {names.bi_role}: let an "
            f"administrator run `{statement.as_string(connection)}`, then repeat this",
        ) from None


def _role(connection: Connection, names: ProjectNames, role: str) -> tuple[Any, ...] | None:
    values = {"role": role, "api_role": names.api_role, "bi_role": names.bi_role}
    return connection.execute(ROLE, values).fetchone()


def _execute(
    connection: Connection, names: ProjectNames, query: LiteralString, values: list[str]
) -> list[tuple[Any, ...]]:
    """Run a query on the table of grants; the rows it returns, if it returns any."""
    table = sql.Identifier(names.access_schema, "role_tenants")
    try:
        cursor = connection.execute(sql.SQL(query).format(table), values)
    except errors.InsufficientPrivilege:
        raise WarehouseError(
            "BI_NOT_YOURS",
            f"{connection.info.user} may not manage BI logins: connect as the login that runs "
            "`dbt build` (set PGUSER)",
        ) from None
    return cursor.fetchall() if cursor.description else []
