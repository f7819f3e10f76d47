"""The login role that owns everything of ours in Postgres, and the databases it owns."""

from typing import Any

import psycopg
from psycopg import sql

LOGIN_ROLE = "usage_warehouse"
SUPERUSER = "postgres"


def ensure_login_role(superuser: psycopg.Connection[Any]) -> None:
    """Make the login role unless it is there.

    It is no superuser, so that row-level security binds it as it will on a server of yours. It may
    create roles (the API's and those of BI users) and databases. It has no password: over the
    socket the server knows the caller by operating-system user, and over TCP it cannot log in.
    """
    with superuser.transaction():
        found = superuser.execute("select 1 from pg_roles where rolname = %s", [LOGIN_ROLE])
        if found.fetchone() is None:
            statement = sql.SQL("create role {} login nosuperuser createrole createdb")
            superuser.execute(statement.format(sql.Identifier(LOGIN_ROLE)))


def create_database(superuser: psycopg.Connection[Any], name: str) -> bool:
    """Make the database ``name`` of the login role; ``False`` when it was there already.

    ``superuser`` must be in autocommit mode: Postgres makes databases outside transactions only.
    """
    found = superuser.execute("select 1 from pg_database where datname = %s", [name])
    if found.fetchone() is not None:
        return False
    statement = sql.SQL("create database {} owner {} template template0")
    superuser.execute(statement.format(sql.Identifier(name), sql.Identifier(LOGIN_ROLE)))
    return True
