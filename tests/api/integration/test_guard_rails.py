"""Requests that are no questions, callers that are nobody, and a database that does not answer."""

import asyncio
import re
from collections.abc import Iterator, MutableMapping
from datetime import timedelta
from typing import Any

import pytest
from graphql import get_introspection_query

from tests.api.integration.apis import TenantsWarehouse
from tests.api.integration.callers import Api, Question, run, serving
from warehouse.api_keys import create_key, digest, revoke_key
from warehouse.project import project_names
from warehouse.tenants import Tenant

pytestmark = pytest.mark.database

QUERY = "{ requests { totalCount } }"


@pytest.fixture
def key(tenants_warehouse: TenantsWarehouse) -> str:
    return tenants_warehouse.keys["1"]


def _totals(selection: str) -> str:
    return f"{{ requests {{ totals {{ {selection} }} }} }}"


class TestHttp:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "not JSON"),
            (b"{", "not JSON"),
            (b'{"query": "\xff"}', "bytes are not UTF-8"),
            (b"[" * 100_000, "nested too deeply"),
            (b'{"query": "{x}", "variables": {"n": %s}}' % (b"9" * 5_000), "too many digits"),
            (b'{"query": "{x}", "operationName": "\\ud800"}', "half a surrogate pair"),
            (b'{"query": "{x}", "variables": {"\\udfff": 1}}', "half a surrogate pair"),
            (b"null", "must be a JSON object"),
            (b"5", "must be a JSON object"),
            (b'"text"', "must be a JSON object"),
            (b"[]", "Batching is not enabled"),
            (b"{}", "No GraphQL query"),
            (b'{"query": ["{x}"]}', "`query` must be a string"),
            (b'{"query": "{x}", "variables": [1]}', "`variables` must be an object"),
            (b'{"query": "{x}", "extensions": "x"}', "`extensions` must be an object"),
            (b'{"query": "query a {x}", "operationName": "b"}', "Unknown operation"),
            (b'{"query": "query a {x}", "operationName": {}}', "Unknown operation"),
        ],
        ids=lambda value: repr(value)[:40],
    )
    def test_what_is_no_request_gets_status_400(
        self, api: Api, key: str, content: bytes, words: str
    ) -> None:
        reply = api.post(content, key)
        assert reply.status == 400, reply.text
        assert words in reply.text

    def test_a_body_without_end_is_not_read(self, api: Api, key: str) -> None:
        reply = api.post(b'{"query": "' + b" " * 5_000_000 + b'"}', key)
        assert (reply.status, "4,000,000 bytes" in reply.text) == (413, True)

    @pytest.mark.parametrize("kind", ["", "text/plain", ";;;", "multipart/form-data; boundary=x"])
    def test_other_content_types_get_status_400(self, api: Api, key: str, kind: str) -> None:
        assert api.post(b"{}", key, **{"content-type": kind}).status == 400

    @pytest.mark.parametrize("protocols", [[], ["graphql-ws"]])
    def test_a_web_socket_is_closed_in_order(self, api: Api, protocols: list[str]) -> None:
        """That speaks another protocol than `graphql-transport-ws`."""
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "websocket",
            "path": "/graphql",
            "headers": [],
            "query_string": b"",
            "subprotocols": protocols,
        }
        run(api.loop, api.app(scope, receive, send))
        assert sent[-1]["type"] == "websocket.close"
        assert sent[-1]["code"] == 4406


class TestDocument:
    def refusal(self, api: Api, key: str, document: str) -> tuple[str, str]:
        reply = api.ask(document, key)
        assert reply.status == 200
        (error,) = reply.errors
        return error["extensions"]["code"], error["message"]

    @pytest.mark.parametrize(
        "document",
        [
            "{",
            "{ nope }",
            "{ requests }",
            "{ requests { nope } }",
            "{ requests(nope: 1) { totalCount } }",
            "{ requests(first: null) { totalCount } }",
            "{ requests(groupBy: [NOPE]) { totalCount } }",
            "{ requests(timeGrain: FORTNIGHT) { totalCount } }",
            "{ requests(filter: {modality: {eq: T_F_S}}) { totalCount } }",
            '{ requests(filter: {requestedAt: {eq: "2026-02-30T00:00:00Z"}}) { totalCount } }',
            '{ requests(filter: {requestedAt: {eq: "2026-02-01"}}) { totalCount } }',
            '{ requests(asOf: "0001-01-01T00:00:00+14:00") { totalCount } }',
            '{ monthlyUsage(filter: {month: {eq: "0000-01-01"}}) { totalCount } }',
            '{ monthlyUsage(filter: {month: {eq: "10000-01-01"}}) { totalCount } }',
            "{ monthlyUsage(having: {requests: {gt: 9223372036854775808}}) { totalCount } }",
            "{ monthlyUsage(having: {requests: {gt: 1.5}}) { totalCount } }",
            '{ monthlyUsage(having: {costUsd: {gt: "NaN"}}) { totalCount } }',
            '{ monthlyUsage(having: {costUsd: {gt: "1e64"}}) { totalCount } }',
            '{ monthlyUsage(having: {costUsd: {gt: "0.%s"}}) { totalCount } }' % ("1" * 20_000),
            "{ monthlyUsage(groupBy: [MONTH]) { chart { labels } } }",
            "{ ...Missing }",
            "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
            "{ __schema { types { fields { type { fields { type { fields { type"
            " { fields { name } } } } } } } } } }",
            "mutation { x }",
            "subscription { x }",
        ],
    )
    def test_that_does_not_fit_the_schema(self, api: Api, key: str, document: str) -> None:
        code, _ = self.refusal(api, key, document)
        assert code == "INVALID_DOCUMENT"

    @pytest.mark.parametrize(
        ("document", "words"),
        [
            (
                _totals(" ".join(f"a{n}: requests" for n in range(31))),
                "31 aliases, at most 30",
            ),
            (
                _totals("requests " * 1_999),
                "2,001 fields, at most 2,000",
            ),
            (
                _totals("requests { totals { " * 7 + "requests" + " } }" * 7),
                "17 levels of fields, at most 15",
            ),
            ("{ requests(first: %s) { totalCount } }" % ("1" * 1_001), "more than 1,000 digits"),
            (
                "{ ...F0 } fragment F90 on Query { requests { totalCount } } "
                + " ".join(
                    f"fragment F{n} on Query {{ {f'...F{n + 1} ' * 2} }}" for n in range(90)
                ),
                "more than a billion fields, at most 2,000",
            ),
        ],
        ids=["aliases", "fields", "levels", "digits", "fragments of fragments"],
    )
    def test_that_is_too_large(self, api: Api, key: str, document: str, words: str) -> None:
        code, message = self.refusal(api, key, document)
        assert (code, words in message) == ("QUERY_TOO_LARGE", True), message

    def test_of_too_many_tokens(self, api: Api, key: str) -> None:
        code, message = self.refusal(api, key, "{ %s }" % ("requests { totalCount } " * 2_000))
        assert (code, "more than 5000 tokens" in message) == ("INVALID_DOCUMENT", True)

    def test_nested_without_end(self, api: Api, key: str) -> None:
        for document in ("{a" * 3_000, "{ requests(filter: " + "[" * 3_000):
            code, message = self.refusal(api, key, document)
            assert (code, "too deeply" in message) == ("INVALID_DOCUMENT", True)

    def test_that_asks_for_the_schema_is_answered(self, api: Api, key: str) -> None:
        assert not api.ask(get_introspection_query(), key).errors


class TestKeys:
    def refusal(self, api: Api, **headers: str | bytes) -> str:
        reply = api.ask(QUERY, None, **headers)
        assert (reply.status, reply.codes, reply.data) == (200, ["UNAUTHENTICATED"], None)
        message: str = reply.errors[0]["message"]
        assert "send `Authorization: Bearer <key>`" in message
        return message

    def test_none_was_sent(self, api: Api) -> None:
        assert "no API key was sent" in self.refusal(api)

    @pytest.mark.parametrize(
        "header", [" ", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "uw_0_0", "Token Bearer x"]
    )
    def test_is_no_bearer(self, api: Api, header: str) -> None:
        assert re.search("no API key|not a bearer key", self.refusal(api, authorization=header))

    @pytest.mark.parametrize("known", ["uw_0_0", "x" * 5_000, "' or true --", "%00", "\xe9"])
    def test_is_unknown(self, api: Api, known: str) -> None:
        assert "this API key is unknown" in self.refusal(
            api, authorization=f"Bearer {known}".encode()
        )

    def test_is_not_quite_the_key(self, api: Api, key: str) -> None:
        for other in (key[:-1], key + "x", key.swapcase(), key.split("_")[1]):
            assert "unknown" in self.refusal(api, authorization=f"Bearer {other}")

    def test_scheme_in_any_case_and_spaces_are_fine(self, api: Api, key: str) -> None:
        for header in (f"bearer {key}", f"BEARER   {key}  "):
            assert not api.ask(QUERY, None, authorization=header).errors

    def made(self, warehouse: TenantsWarehouse, connection: Any) -> Any:
        tenant = Tenant("kaapi", "1")
        return create_key(connection, project_names(), role="member", tenant=tenant)

    def test_is_revoked(self, api: Api, tenants_warehouse: TenantsWarehouse) -> None:
        warehouse = tenants_warehouse
        with warehouse.server.connect(warehouse.database) as connection:
            made = self.made(warehouse, connection)
            assert not api.ask(QUERY, made.key).errors
            revoke_key(connection, project_names(), made.key_id)
        assert "is revoked" in self.refusal(api, authorization=f"Bearer {made.key}")

    def test_is_expired(self, api: Api, tenants_warehouse: TenantsWarehouse) -> None:
        warehouse, names = tenants_warehouse, project_names()
        with warehouse.server.connect(warehouse.database) as connection:
            made = create_key(connection, names, role="admin", expires=timedelta(days=1))
            assert not api.ask(QUERY, made.key).errors
            connection.execute(
                f"update {names.access_schema}.api_keys set"
                " created_at = created_at - interval '2 days',"
                " expires_at = expires_at - interval '2 days' where secret_hash = %s",
                [digest(made.key)],
            )
        assert "is expired" in self.refusal(api, authorization=f"Bearer {made.key}")

    def test_stays_out_of_answers_and_errors(self, api: Api, key: str) -> None:
        for document in (QUERY, "{ requests(first: -1) { totalCount } }", "{ nope }"):
            assert key not in api.ask(document, key).text


class TestDatabase:
    @pytest.fixture
    def impatient(
        self, tenants_warehouse: TenantsWarehouse, event_loop_runner: asyncio.Runner
    ) -> Iterator[Api]:
        warehouse = tenants_warehouse
        libpq = warehouse.server.env(warehouse.database)
        with serving(warehouse.target, libpq, event_loop_runner, statement_timeout_ms=300) as made:
            yield made

    def test_that_takes_too_long(
        self, impatient: Api, tenants_warehouse: TenantsWarehouse, key: str
    ) -> None:
        warehouse = tenants_warehouse
        with (
            warehouse.server.connect(warehouse.database) as connection,
            connection.transaction(force_rollback=True),
        ):
            connection.execute("lock table usage.fct_requests in access exclusive mode")
            reply = impatient.ask(QUERY, key)
        assert (reply.status, reply.codes, reply.data) == (200, ["QUERY_TIMEOUT"], None)
        assert "narrow the filter or group more coarsely" in reply.errors[0]["message"]
        assert not impatient.ask(QUERY, key).errors

    def test_whose_connections_were_lost_is_asked_anew(
        self, api: Api, tenants_warehouse: TenantsWarehouse, key: str
    ) -> None:
        warehouse = tenants_warehouse
        assert not api.ask(QUERY, key).errors
        with warehouse.server.connect(warehouse.database, "postgres") as superuser:
            superuser.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name like 'usage_warehouse_api%'"
                " and datname = current_database()"
            )
        assert not api.ask(QUERY, key).errors

    @pytest.mark.parametrize("nowhere", [{"PGPORT": "1"}, {"PGDATABASE": "no_such_database"}])
    def test_that_is_not_there(
        self,
        tenants_warehouse: TenantsWarehouse,
        event_loop_runner: asyncio.Runner,
        nowhere: dict[str, str],
    ) -> None:
        warehouse = tenants_warehouse
        libpq = {**warehouse.server.env(warehouse.database), **nowhere}
        with serving(warehouse.target, libpq, event_loop_runner) as api:
            reply = api.ask(QUERY, "uw_any_key")
            assert (reply.codes, reply.data) == (["UNAVAILABLE"], None)
            assert "the database cannot be reached; try again" in reply.errors[0]["message"]
            assert (api.get("/healthz").status, api.get("/readyz").status) == (200, 503)

    def test_without_a_published_build(
        self,
        tenants_warehouse: TenantsWarehouse,
        event_loop_runner: asyncio.Runner,
        fresh_database: Any,
        key: str,
    ) -> None:
        libpq = tenants_warehouse.server.env(fresh_database())
        with serving(tenants_warehouse.target, libpq, event_loop_runner) as api:
            reply = api.ask(QUERY, key)
            assert (reply.codes, reply.data) == (["UNAVAILABLE"], None)
            assert "no build is published here; run `dbt build`" in reply.errors[0]["message"]
            ready = api.get("/readyz")
            assert (ready.status, "run `dbt build`" in ready.text) == (503, True)

    def test_with_a_build_is_ready(self, api: Api) -> None:
        assert (api.get("/healthz").status, api.get("/readyz").status) == (200, 200)

    def test_reports_no_figure_where_it_cannot_read(self, impatient: Api) -> None:
        """Never zeros instead of an error."""
        reply = impatient.ask(Question(QUERY), "uw_no_key")
        assert reply.data is None
