"""The embedded Postgres as the tests get it is the one users get: roles, rights, encoding."""

import psycopg
import pytest

from tests.support.postgres import PostgresServer


def test_login_role_owns_its_database_without_being_superuser(postgres_server, fresh_database):
    name = fresh_database()
    with postgres_server.connect(name) as connection:
        row = connection.execute(
            "select current_user, rolsuper, rolcreaterole, rolcreatedb, pg_get_userbyid(datdba) "
            "from pg_roles, pg_database where rolname = current_user and datname = %s",
            [name],
        ).fetchone()
    assert row == ("usage_warehouse", False, True, True, "usage_warehouse")


def test_text_sorts_by_code_point_and_time_is_utc(postgres_server, fresh_database):
    with postgres_server.connect(fresh_database()) as connection:
        row = connection.execute(
            "select 'Z' < 'a', 'é' > 'z', upper('é'), current_setting('TimeZone'), "
            "pg_encoding_to_char(encoding), datlocprovider, current_setting('data_checksums') "
            "from pg_database where datname = current_database()"
        ).fetchone()
    assert row == (True, True, "É", "UTC", "UTF8", "b", "on")


@pytest.mark.parametrize("user", ["usage_warehouse", "postgres"])
def test_nobody_gets_in_over_tcp_without_a_password(
    postgres_server: PostgresServer, fresh_database, user
):
    with pytest.raises(psycopg.OperationalError, match=r"password|rejects"):
        psycopg.connect(
            host=postgres_server.tcp_host,
            port=postgres_server.port,
            user=user,
            dbname=fresh_database(),
        )
