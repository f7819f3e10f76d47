"""A build that cannot succeed is refused before it begins, with every fault and its remedy."""

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.dbt import DbtResult
from tests.support.leftovers import cleared_afterwards
from tests.support.postgres import PostgresServer, free_port
from tests.support.small_project import SmallProject, load_raw_rows
from warehouse.embedded.account import run_as, server_account

pytestmark = pytest.mark.database

OLD_POSTGRES = Path("/usr/lib/postgresql/15/bin")

# Of a server that has all it takes.
SERVER = {
    "version_number": 160000,
    "version": "16.0",
    "encoding": "UTF8",
    "float_digits": 1,
    "may_create": True,
    "may_make_temporary": True,
    "may_create_roles": False,
    "foreign_owners": None,
}
ROLE = {
    "is_there": True,
    "ignores_row_security": False,
    "may_grant": False,
    "may_become": True,
    "others_become": False,
}


def faults(result: DbtResult) -> dict[str, str]:
    """The lines of a refusal by their codes; nothing else was done."""
    assert not result.success
    assert "Nothing was built." in result.output, result.output
    found = re.findall(r"^ *- \[([A-Z_]+)\] (.+)$", result.output, re.MULTILINE)
    assert found, result.output
    return dict(found)


@dataclass(frozen=True)
class Place:
    """A database and a login that may do nothing in it, over TCP."""

    server: PostgresServer
    database: str
    login: str
    superuser: psycopg.Connection[Any]

    @property
    def env(self) -> dict[str, str]:
        return {
            **self.server.env(self.database),
            "PGHOST": self.server.tcp_host,
            "PGUSER": self.login,
            "PGPASSWORD": "plain",
        }

    def schemas(self) -> set[str]:
        """The schemas that are there, but for those of the server."""
        query = "select nspname from pg_namespace where nspname !~ '^(pg_|information_schema)'"
        return {name for (name,) in self.superuser.execute(query).fetchall()}


@pytest.fixture
def place(postgres_server: PostgresServer, fresh_database) -> Iterator[Place]:
    name = fresh_database("preflight")
    login = f"{name}_login"
    with postgres_server.connect(name, "postgres") as superuser:
        superuser.execute(f"create role {login} login password 'plain'")
        superuser.execute(f'revoke temporary on database "{name}" from public')
        load_raw_rows(superuser)
        superuser.execute(f"grant usage on schema raw to {login}")
        superuser.execute(f"grant select on all tables in schema raw to {login}")
        yield Place(postgres_server, name, login, superuser)
        postgres_server.drop_database(name)
        superuser_of_all = postgres_server.cluster.connect()
        with superuser_of_all:
            for role in (login, "preflight_api", "preflight_bi"):
                superuser_of_all.execute(f"drop role if exists {role}")


def test_every_fault_is_named_at_once_and_its_statement_mends_it(
    place: Place, small_project: SmallProject
):
    roles = ["--vars", "{api_role: preflight_api, bi_role: preflight_bi}"]
    refused = small_project.build(place.env, *roles)
    assert faults(refused).keys() == {"PRIVILEGE_CREATE", "PRIVILEGE_TEMPORARY", "READER_ROLE"}
    assert place.schemas() == {"public", "raw"}
    statements = re.findall(r"let an administrator run: (.+)$", refused.output, re.MULTILINE)
    assert len(statements) == 4
    for statement in statements:
        place.superuser.execute(statement)
    result = small_project.build(place.env, *roles)
    assert result.success, result.output
    assert "usage" in place.schemas()


def test_a_schema_of_another_login_and_a_role_that_nobody_may_become_are_refused(
    place: Place, small_project: SmallProject
):
    place.superuser.execute("create role preflight_api; create role preflight_bi")
    place.superuser.execute(
        f'grant create, temporary on database "{place.database}" to {place.login}'
    )
    place.superuser.execute("create schema usage_build authorization usage_warehouse")
    roles = ["--vars", "{api_role: preflight_api, bi_role: preflight_bi}"]
    found = faults(small_project.build(place.env, *roles))
    assert found.keys() == {"NOT_A_MEMBER", "API_ROLE"}
    assert f'grant "usage_warehouse" to "{place.login}"' in found["NOT_A_MEMBER"]
    assert (
        f'grant "preflight_api" to "{place.login}" with inherit false, set true'
        in found["API_ROLE"]
    )


def test_a_database_without_an_encoding_is_refused(
    postgres_server: PostgresServer, small_project: SmallProject
):
    with postgres_server.cluster.connect() as superuser:
        superuser.execute(
            "create database without_encoding owner usage_warehouse template template0 "
            "encoding 'SQL_ASCII' locale_provider libc locale 'C'"
        )
    try:
        found = faults(small_project.build(postgres_server.env("without_encoding")))
    finally:
        postgres_server.drop_database("without_encoding")
    assert found.keys() == {"DATABASE_ENCODING"}
    assert "SQL_ASCII, not UTF8" in found["DATABASE_ENCODING"]
    assert "template template0 encoding 'UTF8'" in found["DATABASE_ENCODING"]


def test_versions_and_roles_are_judged_by_what_the_server_says(
    postgres_server, fresh_database, small_project: SmallProject
):
    roles = {"api": {"name": "a", **ROLE}, "bi": {"name": "b", **ROLE, "may_become": False}}
    fine = {**SERVER, "roles": roles}

    def but(**changed: object) -> dict[str, object]:
        return {**fine, "roles": {**roles, "api": {"name": "a", **ROLE, **changed}}}

    cases = {
        "fine": fine,
        "15.7": {**fine, "version_number": 150007, "version": "15.7"},
        "16 before its release": {**fine, "version_number": 159999},
        "cut floats": {**fine, "float_digits": 0},
        "18": {**fine, "version_number": 180001},
        "latin": {**fine, "encoding": "LATIN1"},
        "another login serves": but(may_become=False, others_become=True),
        "may grant it to itself": but(may_become=False, may_grant=True),
        "nobody serves": but(may_become=False),
        "too strong": but(ignores_row_security=True),
        "missing, may be made": {**but(is_there=False), "may_create_roles": True},
        "missing": but(is_there=False),
    }
    inline = (
        "{% for name, server in fromjson(cases).items() %}"
        "{% set found = postgres_faults(server) + privilege_faults(server)"
        " + reader_role_faults(server) %}"
        "{{ name ~ ' = ' ~ found | join(' & ') }}\n{% endfor %}"
    )
    inline = f"{{% set cases %}}{json.dumps(cases)}{{% endset %}}{inline}"
    env = postgres_server.env(fresh_database())
    said = small_project.dbt(env, "--quiet", "compile", "--inline", inline)
    assert said.success, said.output
    lines = dict(re.findall(r"^(.+?) = (.*)$", said.output, re.MULTILINE))
    codes = {name: re.findall(r"\[([A-Z_]+)\]", lines[name]) for name in cases}
    assert codes == {
        "fine": [],
        "15.7": ["POSTGRES_VERSION"],
        "16 before its release": ["POSTGRES_VERSION"],
        "cut floats": ["FLOAT_DIGITS"],
        "18": [],
        "latin": ["DATABASE_ENCODING"],
        "another login serves": [],
        "may grant it to itself": [],
        "nobody serves": ["API_ROLE"],
        "too strong": ["READER_ROLE"],
        "missing, may be made": [],
        "missing": ["READER_ROLE"],
    }
    assert "Postgres 15.7 is older than 16" in lines["15.7"]


@pytest.mark.skipif(
    not OLD_POSTGRES.exists(), reason="runs where Debian's postgresql-15 is installed only"
)
def test_postgres_15_itself_is_refused(small_project: SmallProject):
    """The one query of preflight runs on an older server and says what it is."""
    folder = Path(tempfile.mkdtemp(prefix="uw-test-"))
    folder.chmod(0o777)
    data, port = folder / "data", free_port()
    account = server_account(data)
    programs = OLD_POSTGRES
    with cleared_afterwards(folder):
        made = run_as(
            account,
            [programs / "initdb", f"--pgdata={data}", "--username=old", "--auth=trust", "-EUTF8"],
        )
        assert made.status == 0, made.output
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        ctl = [programs / "pg_ctl", "-w", f"--pgdata={data}", "-l", folder / "log"]
        started = run_as(account, [*ctl, "-o", options, "start"])
        assert started.status == 0, started.output
        try:
            env = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "old"}
            result = small_project.build({**env, "PGDATABASE": "postgres"})
        finally:
            run_as(account, [*ctl, "-m", "immediate", "stop"])
    assert "POSTGRES_VERSION" in faults(result)
