"""Privileges of a login, and columns of a source, without which no build begins."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.support.dbt import PROJECT_ROOT
from tests.support.kept_dbt import KeptDbt
from tests.support.postgres import PostgresServer
from tests.warehouse.incremental.builds import ONLY_MARTS, PARSED, SHRINKING, WITHOUT_UNIT_TESTS
from tests.warehouse.incremental.history import write_first_rows

pytestmark = pytest.mark.database

LOGIN = "documented_login"
ROLES = {"api_role": "documented_api", "bi_role": "documented_bi"}
# As the document names them, the longer names first.
NAMES = {
    "usage_warehouse_api": ROLES["api_role"],
    "usage_warehouse_bi": ROLES["bi_role"],
    "usage_warehouse": LOGIN,
    "database usage ": f'database "{PARSED}" ',
}


def documented_statements() -> list[str]:
    text = (PROJECT_ROOT / "docs" / "operations.md").read_text()
    section = text.partition("\n## Your own Postgres\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```sql\n(.*?)```", section, re.DOTALL)
    return [statement.strip() for statement in block.split(";") if statement.strip()]


@pytest.fixture
def login_env(postgres_server: PostgresServer) -> Iterator[dict[str, str]]:
    """A database with raw rows of somebody else, and the login as the document makes it."""
    with postgres_server.cluster.connect() as superuser:
        superuser.execute(f'create database "{PARSED}"')
        superuser.execute(f'revoke temporary on database "{PARSED}" from public')
    with postgres_server.connect(PARSED, "postgres") as superuser:
        write_first_rows(superuser, 1)
        for statement in documented_statements():
            for name, own in NAMES.items():
                statement = statement.replace(name, own)
            superuser.execute(statement)
        superuser.execute(f"alter role {LOGIN} password 'plain'")
    yield {
        **postgres_server.env(PARSED),
        "PGHOST": postgres_server.tcp_host,
        "PGUSER": LOGIN,
        "PGPASSWORD": "plain",
    }
    postgres_server.drop_database(PARSED)
    with postgres_server.cluster.connect() as superuser:
        for role in (LOGIN, *ROLES.values()):
            superuser.execute(f"drop role if exists {role}")


def test_a_login_with_the_documented_privileges_builds_and_serves(
    dbt: KeptDbt, postgres_server: PostgresServer, login_env: dict[str, str]
):
    own = {"USAGE_WAREHOUSE_ONLY_CHANGES": ""}
    variables = ["--vars", json.dumps(SHRINKING | ROLES)]
    result = dbt.run(["build", *WITHOUT_UNIT_TESTS, *variables], login_env | own)
    assert result.success, result.output
    with postgres_server.connect(PARSED, "postgres") as superuser:
        superuser.execute("update kaapi.llm_call set updated_at = now() at time zone 'UTC'")
    result = dbt.run(["build", *ONLY_MARTS, *variables], login_env | own)
    assert result.success, result.output
    with postgres_server.connect(PARSED, "postgres") as superuser:
        builds = superuser.execute("select mode from usage.publication order by published_at")
        assert builds.fetchall() == [("full",), ("incremental",)]
        assert superuser.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, pg_has_role(rolname, %s, 'set'), "
            "pg_has_role(rolname, %s, 'usage') from pg_roles where rolname = %s",
            [ROLES["api_role"], ROLES["api_role"], LOGIN],
        ).fetchall() == [(False, False, False, True, False)]


def test_an_older_kaapi_is_refused_by_name(dbt: KeptDbt, postgres_server: PostgresServer):
    with postgres_server.cluster.connect() as superuser:
        superuser.execute(f'create database "{PARSED}" owner usage_warehouse')
    try:
        with postgres_server.connect(PARSED) as connection:
            connection.execute(
                "create schema kaapi; create table kaapi.llm_call (created_at timestamp)"
            )
        result = dbt.run(["build", *WITHOUT_UNIT_TESTS], postgres_server.env(PARSED))
    finally:
        postgres_server.drop_database(PARSED)
    assert not result.success
    assert (
        "column kaapi.llm_call.inserted_at is missing, and created_at is there instead, as a Kaapi "
        "from before May 2026 wrote it: upgrade Kaapi" in result.output
    )
    assert "column kaapi.llm_call.updated_at is missing\n" in result.output
