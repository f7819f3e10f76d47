"""API keys are shown once, kept as digests, and end when they should."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg import errors

from tests.warehouse.conftest import PublishedDatabase
from warehouse.api_keys import create_key
from warehouse.bi_roles import bi_group
from warehouse.errors import WarehouseError
from warehouse.keys import keys_group
from warehouse.project import project_names
from warehouse.tenants import Tenant

NAMES = project_names()
MEMBER = ["--role", "member", "--source-system", "kaapi", "--organization", "1"]

Command = Callable[..., Result]


@pytest.fixture
def run(published: PublishedDatabase, use_database: Callable[[Mapping[str, str]], None]) -> Command:
    """`run("create", "--role", "admin")` runs `usage-warehouse keys create --role admin`."""
    use_database(published.env)
    return lambda *args: CliRunner().invoke(keys_group, args)


def made(result: Result) -> str:
    """The key that a successful `keys create` printed, alone, on standard output."""
    assert result.exit_code == 0, result.output
    return result.stdout.removesuffix("\n")


def key_id(key: str) -> str:
    return key.split("_")[1]


def authenticate(published: PublishedDatabase, key: str) -> tuple[Any, ...] | None:
    """What the API learns of a key, in its role."""
    with published.connect() as connection:
        connection.execute("set role usage_warehouse_api")
        return connection.execute(
            "select * from usage_access.authenticate_api_key(%s)",
            [hashlib.sha256(key.encode()).digest()],
        ).fetchone()


def let_expire(published: PublishedDatabase, key: str) -> None:
    """Move a key's whole life into the past."""
    with published.connect() as connection:
        connection.execute(
            "update usage_access.api_keys set created_at = created_at - interval '1 year', "
            "expires_at = statement_timestamp() where key_id = %s",
            [key_id(key)],
        )


def fault(result: Result) -> str:
    assert result.exit_code != 0, result.output
    assert result.stdout == ""
    lines = [line for line in result.stderr.splitlines() if line.startswith(("error", "Error"))]
    assert len(lines) == 1, result.stderr
    return lines[0]


# --- making keys ---------------------------------------------------------------------------------


def test_a_key_is_random_and_printed_alone(run):
    first, second = made(run("create", "--role", "admin")), made(run("create", "--role", "admin"))
    for key in (first, second):
        assert re.fullmatch(r"uw_[0-9a-f]{10}_[A-Za-z0-9_-]{43}", key)
    assert key_id(first) != key_id(second)
    assert first.split("_", 2)[2] != second.split("_", 2)[2]


def test_only_the_digest_of_a_key_is_stored(published, run):
    key = made(run("create", "--role", "admin", "--label", "nightly report"))
    stored = published.rows("select key_id, secret_hash, label from usage_access.api_keys")
    assert stored == [(key_id(key), hashlib.sha256(key.encode()).digest(), "nightly report")]
    secret = key.split("_", 2)[2]
    assert secret not in published.value(
        "select string_agg(k::text, '') from usage_access.api_keys k"
    )


def test_the_api_learns_whose_key_it_is(published, run):
    admin = made(run("create", "--role", "admin"))
    assert authenticate(published, admin) == (key_id(admin), "admin", None, None, None, "active")
    member = made(run("create", *MEMBER, "--project", "p1"))
    expected = (key_id(member), "member", "kaapi", "1", "p1", "active")
    assert authenticate(published, member) == expected


def test_a_key_that_is_off_by_anything_is_unknown(published, run):
    key = made(run("create", "--role", "admin"))
    other = made(run("create", "--role", "admin"))
    mixed = f"uw_{key_id(key)}_{other.split('_', 2)[2]}"
    for wrong in (mixed, key[:-1], key + " ", key.upper(), "", key_id(key)):
        assert authenticate(published, wrong) is None


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--role", "member"], "a member key needs a tenant"),
        (["--role", "member", "--source-system", "kaapi"], "a tenant is a pair"),
        (["--role", "member", "--organization", "1"], "a tenant is a pair"),
        (["--role", "admin", *MEMBER[2:]], "an admin key reads all tenants"),
        (["--role", "admin", "--project", "p1"], "an admin key reads all tenants"),
        (["--role", "owner"], "Invalid value for '--role'"),
        ([], "Missing option '--role'"),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(published, run, args, message):
    assert message in fault(run("create", *args))
    assert published.value("select count(*) from usage_access.api_keys") == 0


def test_a_tenant_or_project_that_is_not_published_is_refused_with_the_known_ones(published, run):
    unknown = ["--role", "member", "--source-system", "kaapi", "--organization", "9"]
    reason = fault(run("create", *unknown))
    assert "kaapi has no organization 9 in the published build (it has 1, 2)" in reason
    assert "`usage-warehouse keys tenants` lists all" in reason
    assert "it has none" in fault(run("create", *unknown[:3], "enclava", *unknown[4:]))
    # Project p2 exists, in another organization.
    assert "has no project p2 in the published build (it has p1)" in fault(
        run("create", *MEMBER, "--project", "p2")
    )
    assert published.value("select count(*) from usage_access.api_keys") == 0

    key = made(run("create", *unknown, "--project", "p9", "--force"))
    assert authenticate(published, key) == (key_id(key), "member", "kaapi", "9", "p9", "active")


def test_tenants_can_be_listed(run):
    result = run("tenants")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "SOURCE SYSTEM  ORGANIZATION  NAME            ACTIVE",
        "kaapi          1             Organization 1  yes",
        "kaapi          2             Organization 2  yes",
        "litellm        1             Organization 1  yes",
    ]


# --- the end of keys -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lifetime"),
    [
        ("90m", timedelta(minutes=90)),
        ("12h", timedelta(hours=12)),
        ("30d", timedelta(days=30)),
        ("4w", timedelta(weeks=4)),
    ],
)
def test_a_key_lives_as_long_as_asked(published, run, text, lifetime):
    made(run("create", "--role", "admin", "--expires-in", text))
    # Both instants are the database's, taken by statements of one transaction.
    lived = published.value("select expires_at - created_at from usage_access.api_keys")
    assert abs(lived - lifetime) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2099-01-31", datetime(2099, 1, 31, tzinfo=UTC)),
        ("2099-01-31T12:00:00", datetime(2099, 1, 31, 12, tzinfo=UTC)),
        ("2099-01-31T12:00:00+05:30", datetime(2099, 1, 31, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_key_ends_at_the_instant_asked(published, run, text, instant):
    made(run("create", "--role", "admin", "--expires-at", text))
    assert published.value("select expires_at from usage_access.api_keys") == instant


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--expires-in", "30"], "'30' is no duration: write 90m, 12h, 30d or 4w"),
        (["--expires-in", "0d"], "'0d' is no duration"),
        (["--expires-in", "-1d"], "'-1d' is no duration"),
        (["--expires-in", "999999999w"], "is too long"),
        (["--expires-in", "99999999h"], "after the year 9999"),
        (["--expires-at", "tomorrow"], "'tomorrow' is no ISO 8601 time"),
        (["--expires-at", "2020-01-01"], "would have expired already"),
        (["--expires-in", "1d", "--expires-at", "2099-01-01"], "not both"),
    ],
)
def test_an_impossible_lifetime_is_refused(published, run, args, message):
    assert message in fault(run("create", "--role", "admin", *args))
    assert published.value("select count(*) from usage_access.api_keys") == 0


def test_an_expired_key_says_so(published, run):
    key = made(run("create", *MEMBER, "--expires-in", "30d"))
    assert authenticate(published, key)[-1] == "active"
    let_expire(published, key)
    assert authenticate(published, key)[-1] == "expired"


def test_a_revoked_key_says_so_even_when_it_has_expired_too(published, run):
    key = made(run("create", *MEMBER, "--expires-in", "30d"))
    assert run("revoke", key_id(key)).stdout == f"key {key_id(key)} is revoked\n"
    assert authenticate(published, key)[-1] == "revoked"
    let_expire(published, key)
    assert authenticate(published, key)[-1] == "revoked"


def test_revoking_again_keeps_the_first_time(published, run):
    key = made(run("create", "--role", "admin"))
    other = made(run("create", "--role", "admin"))
    run("revoke", key_id(key))
    first = published.rows("select key_id, revoked_at from usage_access.api_keys order by 1")
    assert run("revoke", key_id(key)).stdout == f"key {key_id(key)} was revoked before\n"
    assert (
        published.rows("select key_id, revoked_at from usage_access.api_keys order by 1") == first
    )
    assert authenticate(published, other)[-1] == "active"


def test_an_unknown_key_cannot_be_revoked(run):
    assert "there is no key 'nothing'" in fault(run("revoke", "nothing"))


# --- lists ---------------------------------------------------------------------------------------


def test_lists_show_status_and_scope_and_no_secret(published, run):
    keys = {
        "active": made(run("create", "--role", "admin", "--label", "all")),
        "expired": made(run("create", *MEMBER, "--expires-in", "1h")),
        "revoked": made(run("create", *MEMBER, "--project", "p1")),
    }
    let_expire(published, keys["expired"])
    run("revoke", key_id(keys["revoked"]))

    table = run("list").stdout
    as_json = run("list", "--json").stdout
    listed = {row["status"]: row for row in json.loads(as_json)}
    assert {status: row["key_id"] for status, row in listed.items()} == {
        status: key_id(key) for status, key in keys.items()
    }
    assert listed["active"]["label"] == "all"
    assert (listed["revoked"]["organization_id"], listed["revoked"]["project_id"]) == ("1", "p1")
    for key in keys.values():
        for text in (table, as_json):
            assert key_id(key) in text
            assert key.split("_", 2)[2] not in text
            assert hashlib.sha256(key.encode()).hexdigest() not in text
    assert table.splitlines()[0].split() == (
        ["KEY", "ID", "STATUS", "ROLE", "TENANT", "PROJECT", "CREATED", "EXPIRES", "LABEL"]
    )
    assert re.search(rf"{key_id(keys['revoked'])} +revoked +member +kaapi/1 +p1 ", table)


# --- the database's own guard --------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        "role = 'member'",
        "role = 'member', source_system = 'kaapi'",
        "source_system = 'kaapi', organization_id = '1'",
        "project_id = 'p1'",
        "role = 'superuser'",
        "secret_hash = 'short'",
        "expires_at = created_at",
        "revoked_at = created_at - interval '1 second'",
    ],
)
def test_the_table_itself_refuses_a_key_that_makes_no_sense(published, run, columns):
    made(run("create", "--role", "admin"))
    with published.connect() as connection, pytest.raises(errors.CheckViolation):
        connection.execute(f"update usage_access.api_keys set {columns}")


def test_the_look_up_is_the_owners_and_does_not_trust_the_callers_names(published):
    with published.connect() as connection:
        settings = connection.execute(
            "select prosecdef, proconfig, provolatile, has_function_privilege("
            "'usage_warehouse_bi', oid, 'execute'), has_function_privilege("
            "'usage_warehouse_api', oid, 'execute') from pg_proc "
            "where oid = 'usage_access.authenticate_api_key(bytea)'::regprocedure"
        ).fetchone()
    assert settings == (True, ["search_path=pg_catalog, pg_temp"], "s", False, True)


# --- other states of the database ----------------------------------------------------------------


def test_without_a_build_the_remedy_is_named(postgres_server, fresh_database, use_database):
    use_database(postgres_server.env(fresh_database()))
    for group, args in [
        (keys_group, ["create", "--role", "admin"]),
        (keys_group, ["list"]),
        (keys_group, ["revoke", "x"]),
        (keys_group, ["tenants"]),
        (bi_group, ["list"]),
        (bi_group, ["grant", "x", *MEMBER[2:]]),
    ]:
        assert "run `dbt build` first" in fault(CliRunner().invoke(group, args))


def test_another_login_may_not_manage_keys(published):
    with published.connect("postgres") as superuser:
        superuser.execute("create role keyless; grant usage on schema usage_access to keyless")
        try:
            superuser.execute("set session authorization keyless")
            with pytest.raises(WarehouseError, match="connect as the login that runs `dbt build`"):
                create_key(superuser, NAMES, role="admin")
        finally:
            superuser.execute("reset session authorization")
            superuser.execute("drop owned by keyless; drop role keyless")


def test_a_key_is_made_in_the_callers_transaction(published):
    with published.connect() as connection:
        connection.autocommit = False
        created = create_key(connection, NAMES, role="member", tenant=Tenant("kaapi", "1"))
        connection.rollback()
    assert authenticate(published, created.key) is None
    assert created.key not in repr(created)


# --- BI logins -----------------------------------------------------------------------------------


@pytest.fixture
def bi(published: PublishedDatabase, use_database: Callable[[Mapping[str, str]], None]) -> Command:
    """`bi("list")` runs `usage-warehouse bi list`."""
    use_database(published.env)
    return lambda *args: CliRunner().invoke(bi_group, args)


@pytest.fixture
def role(published: PublishedDatabase):
    """`role("name", "login")` makes a role; dropped after the test, as roles outlive databases."""
    names: list[str] = []

    def make(name: str, options: str = "") -> str:
        with published.connect("postgres") as superuser:
            if options:
                superuser.execute(f"create role {name} {options}")
        names.append(name)
        return name

    yield make
    with published.connect("postgres") as superuser:
        for name in names:
            superuser.execute(f"drop role if exists {name}")


def test_a_bi_login_made_here_reads_its_tenant(published, bi, role):
    name = role("analyst_one")
    result = bi("grant", name, *MEMBER[2:], "--create")
    assert result.exit_code == 0, result.output
    server = published.server
    with psycopg.connect(
        host=server.tcp_host,
        port=server.port,
        dbname=published.name,
        user=name,
        password=result.stdout.strip(),
    ) as connection:
        rows = connection.execute("select distinct organization_id from usage.fct_requests")
        assert rows.fetchall() == [("1",)]
    assert json.loads(bi("list", "--json").stdout) == [
        {
            "role_name": name,
            "source_system": "kaapi",
            "organization_id": "1",
            "status": "active",
        }
    ]


def test_granting_twice_is_granting_once_and_revoking_ends_it(published, bi, role):
    name = role("analyst_two", "login")
    for _ in range(2):
        assert bi("grant", name, *MEMBER[2:]).exit_code == 0
    assert len(bi("list").stdout.splitlines()) == 2
    member = f"select pg_has_role('{name}', 'usage_warehouse_bi', 'usage')"
    assert published.value(member) is True
    assert bi("revoke", name, *MEMBER[2:]).exit_code == 0
    assert len(bi("list").stdout.splitlines()) == 1
    assert published.value(member) is False
    assert "was not granted kaapi/1" in fault(bi("revoke", name, *MEMBER[2:]))


def test_a_grant_outlives_its_login_in_the_list_only(published, bi, role):
    name = role("analyst_three", "login")
    bi("grant", name, *MEMBER[2:])
    with published.connect("postgres") as superuser:
        superuser.execute(f"drop role {name}")
    assert "login is missing" in bi("list").stdout
    assert bi("revoke", name, *MEMBER[2:]).exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "there is no role bi_candidate: --create makes it"),
        ("nologin", "bi_candidate cannot log in"),
        ("login superuser", "it reads all tenants anyway"),
        ("login bypassrls", "it reads all tenants anyway"),
        ("login in role usage_warehouse", "it reads all tenants anyway"),
        ("login in role usage_warehouse_api", "may act as usage_warehouse_api"),
    ],
)
def test_a_role_that_row_security_would_not_hold_is_refused(published, bi, role, options, message):
    name = role("bi_candidate", options)
    assert message in fault(bi("grant", name, *MEMBER[2:]))
    assert published.value("select count(*) from usage_access.role_tenants") == 0


def test_a_tenant_of_a_bi_login_must_be_published(bi, role):
    name = role("analyst_four", "login")
    tenant = ["--source-system", "kaapi", "--organization", "9"]
    assert "kaapi has no organization 9" in fault(bi("grant", name, *tenant))
    assert bi("grant", name, *tenant, "--force").exit_code == 0


def test_an_existing_role_is_not_given_a_new_password(bi, role):
    name = role("analyst_five", "login")
    assert "exists already: leave --create out" in fault(bi("grant", name, *MEMBER[2:], "--create"))
