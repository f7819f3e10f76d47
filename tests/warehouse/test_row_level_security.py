"""No reader sees another tenant's rows, whatever it sends (law 6): the database's half of the rule.

None of the queries here has a condition on the tenant: what is left out, row-level security leaves
out.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from tests.support.small_project import REQUESTS_PER_TENANT, TENANTS
from tests.warehouse.conftest import PublishedDatabase

SCOPED = ["fct_requests", "dim_organizations", "dim_projects", "publication_sources"]
# Of tenants as well, and empty here: what builds changed (test_publication_changes.py reads them).
CHANGES = ["publication_activity", "publication_changes"]
# Of tenants as well, and nobody's to read: only builds do.
OF_BUILDS = ["publication_raw_totals"]
SHARED = ["dim_providers"]

Connection = psycopg.Connection[Any]
Login = Callable[..., Connection]


@contextmanager
def api(published: PublishedDatabase, **settings: str) -> Iterator[Connection]:
    """A transaction as the API makes one: its role, then for whom it reads."""
    with published.connect() as connection, connection.transaction():
        connection.execute("set local role usage_warehouse_api")
        for name, value in settings.items():
            connection.execute(
                "select set_config(%s, %s, true)", [f"usage_warehouse.{name}", value]
            )
        yield connection


@pytest.fixture
def bi_login(published: PublishedDatabase) -> Iterator[Login]:
    """`bi_login(*tenants)` makes a BI login that may read those tenants, and logs in as it."""
    opened: list[Connection] = []

    def log_in(*tenants: tuple[str, str]) -> Connection:
        role = f"bi_{uuid.uuid4().hex[:8]}"
        with published.connect() as owner:
            owner.execute(f"create role {role} login password 'bi' in role usage_warehouse_bi")
            for tenant in tenants:
                owner.execute(
                    "insert into usage_access.role_tenants values (%s, %s, %s)", [role, *tenant]
                )
        server = published.server
        opened.append(
            psycopg.connect(
                host=server.tcp_host,
                port=server.port,
                dbname=published.name,
                user=role,
                password="bi",
                autocommit=True,
            )
        )
        return opened[-1]

    yield log_in
    for connection in opened:
        connection.close()


def tenants_in(connection: Connection, table: str) -> list[tuple[str, str]]:
    return connection.execute(
        sql.SQL(
            "select distinct source_system, organization_id from usage.{} order by 1, 2"
        ).format(sql.Identifier(table))
    ).fetchall()


def count(connection: Connection, table: str) -> int:
    query = sql.SQL("select count(*) from usage.{}").format(sql.Identifier(table))
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def assert_refused(connection: Connection, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)


# --- every published table -----------------------------------------------------------------------


def test_every_published_table_is_under_row_level_security(published):
    unprotected = published.rows(
        "select relname from pg_class where relnamespace = 'usage'::regnamespace "
        "and relkind = 'r' and not relrowsecurity order by 1"
    )
    # Who published when is everybody's to know; its row counts are nobody's (see below).
    assert unprotected == [
        ("publication",),
        ("publication_comparisons",),
        ("publication_extracted_rows",),
        ("publication_failures",),
        ("publication_raw_day_digests",),
        ("publication_watermarks",),
    ]


OF_READING = ["publication_extracted_rows", "publication_raw_day_digests", "publication_watermarks"]


@pytest.mark.parametrize("table", [*OF_READING, *OF_BUILDS])
def test_what_builds_keep_for_themselves_is_nobodys_to_know(published, table):
    grants = published.rows(
        "select grantee, privilege_type from information_schema.role_table_grants "
        f"where table_schema = 'usage' and table_name = '{table}' "
        "and grantee <> 'usage_warehouse'"
    )
    assert grants == []


def test_readers_see_that_a_build_failed_but_not_why(published):
    grants = published.rows(
        "select distinct column_name, privilege_type from information_schema.column_privileges "
        "where table_schema = 'usage' and table_name = 'publication_failures' "
        "and grantee <> 'usage_warehouse'"
    )
    assert grants == [("failed_at", "SELECT")]


def test_tables_with_a_tenant_are_exactly_those_that_are_scoped(published):
    with_tenant = published.rows(
        "select table_name from information_schema.columns "
        "where table_schema = 'usage' and table_name <> 'readable_tenants' "
        "group by 1 having bool_or(column_name = 'source_system') "
        "and bool_or(column_name = 'organization_id') order by 1"
    )
    assert with_tenant == [(name,) for name in sorted(SCOPED + CHANGES + OF_BUILDS)]
    policies = published.rows(
        "select tablename, array_agg(policyname::text order by policyname) from pg_policies "
        "where schemaname = 'usage' group by 1 order by 1"
    )
    scoped = ["api_reads_its_scope", "bi_reads_its_tenants"]
    expected = dict.fromkeys(SCOPED + CHANGES + OF_BUILDS, scoped)
    expected |= {name: ["all_readers_read"] for name in SHARED}
    assert dict(policies) == expected


# --- the API's role ------------------------------------------------------------------------------


@pytest.mark.parametrize("tenant", TENANTS, ids="/".join)
def test_a_member_reads_its_tenant_and_no_other(published, tenant):
    system, organization = tenant
    settings = {"scope": "member", "source_system": system, "organization_id": organization}
    with api(published, **settings) as connection:
        assert {table: tenants_in(connection, table) for table in SCOPED} == {
            table: [tenant] for table in SCOPED
        }
        assert count(connection, "fct_requests") == REQUESTS_PER_TENANT


def test_an_admin_reads_all_tenants(published):
    with api(published, scope="admin") as connection:
        assert {table: tenants_in(connection, table) for table in SCOPED} == {
            table: TENANTS for table in SCOPED
        }


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"scope": ""},
        {"scope": "ADMIN"},
        {"scope": "public"},
        {"scope": "member"},
        {"scope": "member", "source_system": "kaapi"},
        {"scope": "member", "organization_id": "1"},
        {"scope": "member", "source_system": "", "organization_id": ""},
        {"scope": "member", "source_system": "kaapi", "organization_id": "%"},
        {"source_system": "kaapi", "organization_id": "1"},
    ],
    ids=str,
)
def test_anything_short_of_a_whole_scope_reads_nothing(published, settings):
    with api(published, **settings) as connection:
        assert [count(connection, table) for table in SCOPED] == [0] * len(SCOPED)
        assert [count(connection, table) for table in SHARED] == [1] * len(SHARED)


def test_a_scope_ends_with_its_transaction(published):
    with published.connect() as connection:
        connection.execute("set role usage_warehouse_api")
        with connection.transaction():
            connection.execute("select set_config('usage_warehouse.scope', 'admin', true)")
            assert count(connection, "fct_requests") == len(TENANTS) * REQUESTS_PER_TENANT
        assert count(connection, "fct_requests") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "select from usage_access.api_keys",
        "select from usage_access.role_tenants",
        "select from usage.readable_tenants",
        "select mart_row_counts from usage.publication",
        "select from usage_build.fct_requests",
        "select from raw.requests",
        "insert into usage.dim_providers values ('x')",
        "update usage.fct_requests set cost_usd = 0",
        "delete from usage.fct_requests",
        "truncate usage.fct_requests",
        "create table usage.mine (a integer)",
        "create view usage.mine as select 1 as a",
        "alter table usage.fct_requests disable row level security",
        "drop policy api_reads_its_scope on usage.fct_requests",
    ],
)
def test_the_api_reads_marts_and_nothing_else(published, statement):
    with published.connect() as connection:
        connection.execute("set role usage_warehouse_api")
        connection.execute("set usage_warehouse.scope = 'admin'")
        assert_refused(connection, statement)


def test_scope_and_tenants_are_looked_up_once_per_query(published, bi_login):
    with api(published, scope="admin") as connection:
        plan = connection.execute("explain select from usage.fct_requests").fetchall()
        text = "\n".join(row[0] for row in plan)
    assert "InitPlan" in text
    assert "Filter: " in text
    assert "current_setting" not in text.partition("Filter: ")[2].splitlines()[0]
    plan = bi_login(TENANTS[0]).execute("explain select from usage.fct_requests").fetchall()
    assert "hashed SubPlan" in "\n".join(row[0] for row in plan)


# --- BI logins -----------------------------------------------------------------------------------


def test_a_bi_login_reads_the_tenants_granted_to_it(bi_login):
    granted = [TENANTS[0], TENANTS[2]]
    connection = bi_login(*granted)
    assert {table: tenants_in(connection, table) for table in SCOPED} == {
        table: granted for table in SCOPED
    }
    assert count(connection, "fct_requests") == len(granted) * REQUESTS_PER_TENANT
    assert count(connection, "dim_providers") == 1
    assert connection.execute("table usage.readable_tenants").fetchall() == granted


def test_a_bi_login_without_grant_reads_nothing(bi_login):
    bi_login(*TENANTS)  # another login's grants are not its own
    connection = bi_login()
    assert [count(connection, table) for table in SCOPED] == [0] * len(SCOPED)
    assert count(connection, "readable_tenants") == 0


def test_a_grant_taken_back_works_at_once(published, bi_login):
    connection = bi_login(TENANTS[0])
    assert count(connection, "fct_requests") == REQUESTS_PER_TENANT
    published.execute("delete from usage_access.role_tenants")
    assert count(connection, "fct_requests") == 0


def test_a_bi_login_cannot_widen_its_scope(bi_login):
    connection = bi_login(TENANTS[0])
    connection.execute("set usage_warehouse.scope = 'admin'")
    connection.execute("set row_security = on")
    assert tenants_in(connection, "fct_requests") == [TENANTS[0]]
    connection.execute("set usage_warehouse.scope = 'member'")
    connection.execute("set usage_warehouse.source_system = 'kaapi'")
    connection.execute("set usage_warehouse.organization_id = '2'")
    assert tenants_in(connection, "fct_requests") == [TENANTS[0]]
    connection.execute("set row_security = off")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        connection.execute("table usage.fct_requests")
    assert_refused(connection, "set role usage_warehouse_api")
    assert_refused(connection, "set role usage_warehouse")
    assert_refused(connection, "set session authorization usage_warehouse")


@pytest.mark.parametrize("table", ["fct_requests", "readable_tenants"])
def test_a_function_of_a_bi_login_never_meets_foreign_rows(published, bi_login, table):
    bi_login(*TENANTS)  # rows of another login, which must not show in readable_tenants
    connection = bi_login(TENANTS[0])
    connection.execute(
        # So cheap that the planner would rather call it first; what it is called with, it tells.
        "create function pg_temp.tell(text) returns boolean language plpgsql cost 0.0000001 as "
        "$$ begin raise notice '%', $1; return true; end $$"
    )
    # An index on the tenant would spare it foreign rows by chance; every login can do without.
    for path in ("indexscan", "indexonlyscan", "bitmapscan"):
        connection.execute(f"set enable_{path} = off")
    met: list[str] = []
    connection.add_notice_handler(lambda notice: met.append(notice.message_primary or ""))
    query = sql.SQL("select from usage.{} where pg_temp.tell(source_system || organization_id)")
    connection.execute(query.format(sql.Identifier(table)))
    assert set(met) == {"".join(TENANTS[0])}


def test_a_view_of_a_bi_login_shows_its_reader_no_more_than_the_reader_may_see(published, bi_login):
    published.execute("create schema shared; grant usage, create on schema shared to public")
    bi_login(*TENANTS).execute(
        "create view shared.requests as table usage.fct_requests;"
        "grant select on shared.requests to public"
    )
    row = bi_login(TENANTS[0]).execute("select count(*) from shared.requests").fetchone()
    assert row == (REQUESTS_PER_TENANT,)


@pytest.mark.parametrize(
    "statement",
    [
        "select from usage_access.api_keys",
        "select from usage_access.role_tenants",
        "select usage_access.authenticate_api_key('')",
        "select mart_row_counts from usage.publication",
        "select from usage_build.fct_requests",
        "select from raw.requests",
        "insert into usage.readable_tenants values ('kaapi', '2')",
        "insert into usage.fct_requests (request_id) values ('x')",
        "update usage.fct_requests set cost_usd = 0",
        "delete from usage.fct_requests",
        "truncate usage.fct_requests",
        "create table usage.mine (a integer)",
        "alter table usage.fct_requests disable row level security",
        "create policy mine on usage.fct_requests using (true)",
    ],
)
def test_a_bi_login_reads_marts_and_nothing_else(bi_login, statement):
    assert_refused(bi_login(TENANTS[0]), statement)


def test_statistics_of_marts_are_hidden_from_bi_logins(bi_login):
    seen = bi_login(TENANTS[0]).execute(
        "select count(*) from pg_stats where schemaname = 'usage' and tablename = any(%s)", [SCOPED]
    )
    assert seen.fetchone() == (0,)
