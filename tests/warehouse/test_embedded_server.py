"""The embedded Postgres as tests get it is the one users get: roles, rights, encoding, logins."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from graphql_api.settings import PROJECT_ROOT
from tests.support.postgres import PostgresServer
from warehouse.embedded.account import CLEAN_ENVIRONMENT, server_account
from warehouse.embedded.cluster import programs_dir
from warehouse.embedded.postmaster import is_live_postgres

pytestmark = pytest.mark.database


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
def test_nobody_gets_in_over_tcp_without_a_password(postgres_server, fresh_database, user):
    with pytest.raises(psycopg.OperationalError, match=r"no password supplied|pg_hba.conf rejects"):
        _connect_tcp(postgres_server, fresh_database(), user, "")


def test_a_role_with_a_password_logs_in_over_tcp_with_that_password_only(
    postgres_server, fresh_database
):
    name = fresh_database()
    with postgres_server.connect(name) as connection:
        connection.execute("create role tcp_reader login password 'right'")
    try:
        with _connect_tcp(postgres_server, name, "tcp_reader", "right") as connection:
            assert connection.execute("select current_user").fetchone() == ("tcp_reader",)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            _connect_tcp(postgres_server, name, "tcp_reader", "wrong")
    finally:
        with postgres_server.connect(name) as connection:
            connection.execute("drop role tcp_reader")


def test_the_superuser_never_comes_over_the_network_even_with_a_password(
    postgres_server, fresh_database
):
    with postgres_server.connect("postgres", user="postgres") as superuser:
        superuser.execute("alter role postgres password 'known'")
        try:
            with pytest.raises(psycopg.OperationalError, match="rejects connection"):
                _connect_tcp(postgres_server, fresh_database(), "postgres", "known")
        finally:
            superuser.execute("alter role postgres password null")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_another_system_user_cannot_act_as_our_roles(postgres_server: PostgresServer):
    stranger = server_account(postgres_server.cluster.data_dir)
    assert stranger.uid != 0
    ended = subprocess.run(
        [
            programs_dir() / "psql",
            *("--host", postgres_server.cluster.listening.socket_dir),
            *("--port", str(postgres_server.port)),
            *("--username", "usage_warehouse", "--dbname", "postgres"),
            *("--no-password", "--command", "select 1"),
        ],
        user=stranger.uid,
        env=CLEAN_ENVIRONMENT,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    assert ended.returncode != 0
    assert "Peer authentication failed" in ended.stderr


def _connect_tcp(
    server: PostgresServer, dbname: str, user: str, password: str
) -> psycopg.Connection:
    return psycopg.connect(
        host=server.tcp_host, port=server.port, user=user, dbname=dbname, password=password
    )


def test_the_server_of_a_killed_test_run_ends_and_leaves_no_folder():
    script = (
        "import os\n"
        "from tests.support.postgres import throwaway_server\n"
        "with throwaway_server() as server:\n"
        "    print(server.cluster.postmaster().pid, server.cluster.data_dir, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    pid, data_dir = int(said[0]), Path(said[1])
    deadline = time.monotonic() + 30
    while is_live_postgres(pid) or data_dir.exists():
        assert time.monotonic() < deadline, "the server or its folder is still there"
        time.sleep(0.05)
