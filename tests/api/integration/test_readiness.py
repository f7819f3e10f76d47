"""`/readyz` names what keeps the server from answering, and what only went wrong since."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.api.integration.apis import TenantsWarehouse
from tests.api.integration.callers import Api, serving

pytestmark = pytest.mark.database

QUERY = "{ providers { totalCount } }"


@pytest.fixture
def superuser(tenants_warehouse: TenantsWarehouse) -> Iterator[psycopg.Connection[Any]]:
    with tenants_warehouse.server.connect(tenants_warehouse.database, "postgres") as connection:
        yield connection


@pytest.fixture
def other_login(
    tenants_warehouse: TenantsWarehouse, superuser: psycopg.Connection[Any]
) -> Iterator[dict[str, str]]:
    """libpq's variables of a login that may not become the role of the API."""
    superuser.execute("create role other_login login password 'other'")
    yield {
        **tenants_warehouse.server.env(tenants_warehouse.database),
        "PGHOST": tenants_warehouse.server.tcp_host,
        "PGUSER": "other_login",
    }
    superuser.execute("drop role other_login")


def test_a_login_that_may_not_become_the_apis_role_is_named_with_the_statement(
    tenants_warehouse: TenantsWarehouse,
    event_loop_runner: asyncio.Runner,
    superuser: psycopg.Connection[Any],
    other_login: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("PGPASSWORD", "other")
    statement = 'grant "usage_warehouse_api" to "other_login" with inherit false, set true'
    caplog.set_level(logging.WARNING)
    with serving(tenants_warehouse.target, other_login, event_loop_runner) as api:
        event_loop_runner.run(asyncio.sleep(1))
        assert statement in caplog.text  # said at start-up, before anybody asked
        ready = api.get("/readyz")
        assert (ready.status, ready.body["status"]) == (503, "unavailable")
        assert "the login other_login may not become the role" in ready.body["reason"]
        assert ready.body["reason"].endswith(statement)
        reply = api.ask(QUERY, "uw_any_key")
        assert reply.codes == ["UNAVAILABLE"]
        assert "/readyz" in reply.errors[0]["message"]
        assert "other_login" not in reply.text
        api.get("/readyz")
        assert caplog.text.count(statement) == 1  # probes come every few seconds
        superuser.execute(statement)
        assert api.get("/readyz").status == 200


def test_marts_that_do_not_fit_the_server_are_named(
    tenants_warehouse: TenantsWarehouse,
    event_loop_runner: asyncio.Runner,
    superuser: psycopg.Connection[Any],
):
    libpq = tenants_warehouse.server.env(tenants_warehouse.database)
    superuser.execute("alter table usage.dim_providers rename column provider to supplier")
    try:
        with serving(tenants_warehouse.target, libpq, event_loop_runner) as api:
            ready = api.get("/readyz")
    finally:
        superuser.execute("alter table usage.dim_providers rename column supplier to provider")
    assert (ready.status, ready.body["status"]) == (503, "unavailable")
    assert "dim_providers.provider missing" in ready.body["reason"]


def test_failed_builds_are_reported_without_their_reason_and_do_not_end_readiness(
    api: Api, superuser: psycopg.Connection[Any]
):
    assert api.get("/readyz").body["status"] == "ready"
    superuser.execute(
        "insert into usage.publication_failures (made_by, reason) "
        "values ('dbt build', 'invalid number: secret'), ('dbt build', 'secret')"
    )
    try:
        ready = api.get("/readyz")
    finally:
        superuser.execute("delete from usage.publication_failures")
    assert (ready.status, ready.body["status"], ready.body["failedBuilds"]) == (200, "degraded", 2)
    assert "`usage-warehouse status` says why" in ready.body["reason"]
    assert "secret" not in ready.text
    assert api.get("/readyz").body["status"] == "ready"
