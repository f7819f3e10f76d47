"""Logins without superuser rights, as docs/operations.md has an administrator make them.

They may read raw tables, make schemas of their own and act as the reader roles, and nothing else.
"""

from collections.abc import Iterable

from psycopg import sql

from tests.support.postgres import PostgresServer

RAW_SCHEMAS = ("kaapi", "litellm", "auto_analyst", "enclava")
PASSWORD = "plain"
READERS = ("usage_warehouse_api", "usage_warehouse_bi")
GRANTS = (
    "grant connect, create, temporary on database {database} to {role}",
    "grant usage_warehouse_api to {role} with inherit false, set true",
    "grant usage_warehouse_bi to {role} with inherit false, set false",
    f"grant usage on schema {', '.join(RAW_SCHEMAS)} to {{role}}",
    f"grant select on all tables in schema {', '.join(RAW_SCHEMAS)} to {{role}}",
)


def make_plain_logins(server: PostgresServer, database: str, names: Iterable[str]) -> None:
    """Make the roles, whatever they were before, and give them what the documents say they need."""
    with server.connect(database, "postgres") as superuser:
        for reader in READERS:
            found = superuser.execute("select from pg_roles where rolname = %s", [reader])
            if found.fetchone() is None:
                superuser.execute(sql.SQL("create role {} nologin").format(sql.Identifier(reader)))
        for name in names:
            role = sql.Identifier(name)
            superuser.execute(
                sql.SQL("create role {} login password {}").format(role, sql.Literal(PASSWORD))
            )
            for statement in GRANTS:
                superuser.execute(
                    sql.SQL(statement).format(database=sql.Identifier(database), role=role)
                )


def drop_plain_logins(server: PostgresServer, database: str, names: Iterable[str]) -> None:
    """Drop the database, and then the roles that owned things in it."""
    server.drop_database(database)
    with server.cluster.connect() as superuser:
        for name in names:
            superuser.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def login_environment(server: PostgresServer, database: str, name: str) -> dict[str, str]:
    """Libpq's variables of such a login."""
    return {
        **server.env(database),
        "PGHOST": server.tcp_host,
        "PGUSER": name,
        "PGPASSWORD": PASSWORD,
    }
