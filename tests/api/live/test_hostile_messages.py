"""Whatever a client sends, it gets words back, and the server goes on."""

import json
from typing import Any

import pytest

from tests.api.live.client import connected, introduced
from tests.api.live.publishing import Publisher
from tests.api.live.served import Server

pytestmark = pytest.mark.database

SUBSCRIBE = {"id": "1", "type": "subscribe"}
TYPENAME = "{ __typename }"


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[" * 100_000,
        "null",
        "[]",
        "7",
        '"subscribe"',
        "{}",
        '{"type": 7}',
        '{"type": "nope"}',
        '{"type": "\\ud800"}',
        '{"type": "complete"}',
        '{"type": "complete", "id": {}}',
        {"type": "subscribe", "payload": {"query": TYPENAME}},
        {**SUBSCRIBE, "id": 1, "payload": {"query": TYPENAME}},
        {**SUBSCRIBE, "id": ["1"], "payload": {"query": TYPENAME}},
        SUBSCRIBE,
        {**SUBSCRIBE, "payload": None},
        {**SUBSCRIBE, "payload": []},
        {**SUBSCRIBE, "payload": {}},
        {**SUBSCRIBE, "payload": {"query": None}},
        {**SUBSCRIBE, "payload": {"query": {"a": 1}}},
        {**SUBSCRIBE, "payload": {"query": TYPENAME, "variables": []}},
        {**SUBSCRIBE, "payload": {"query": TYPENAME, "operationName": 7}},
        b"binary",
    ],
    ids=lambda message: str(message)[:60],
)
async def test_that_is_none_of_the_protocol_ends_the_connection(
    server: Server, admin: str, message: Any
):
    async with introduced(server.url, admin) as client:
        text = json.dumps(message) if isinstance(message, dict) else message
        await client.connection.send(text)
        code, reason = await client.closed()
    assert code == 4400
    assert reason


@pytest.mark.parametrize("payload", [[], "x", 7])
async def test_that_introduces_nobody(server: Server, payload: Any):
    async with connected(server.url) as client:
        await client.send(type="connection_init", payload=payload)
        assert (await client.closed())[0] == 4400


async def test_that_is_too_long(server: Server, admin: str):
    async with introduced(server.url, admin, compression=None) as client:
        await client.subscribe(TYPENAME + " " * 1_100_000)
        assert (await client.closed())[0] == 1009


async def test_that_comes_twice(server: Server, admin: str):
    async with introduced(server.url, admin) as client:
        await client.introduce(admin)
        assert (await client.closed())[0] == 4429
    async with introduced(server.url, admin) as client:
        await client.subscribe(identity="x" * 5_000)
        await client.subscribe(identity="x" * 5_000)
        code, reason = await client.closed()
    assert code == 4409
    assert reason.startswith("Subscriber for xxx")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "INVALID_DOCUMENT"),
        ("{" + "a" * 5_000, "INVALID_DOCUMENT"),
        ("", "INVALID_DOCUMENT"),
        ("subscription { nope }", "INVALID_DOCUMENT"),
        (
            "subscription { usageUpdated { buildId } again: usageUpdated { buildId } }",
            "INVALID_DOCUMENT",
        ),
        ("mutation { x }", "INVALID_DOCUMENT"),
        ("fragment F on UsageUpdate { buildId }", "INVALID_DOCUMENT"),
        (
            "subscription { usageUpdated {" + " ".join(f"a{n}: buildId" for n in range(31)) + "} }",
            "QUERY_TOO_LARGE",
        ),
        ("subscription { usageUpdated { %s } }" % ("buildId " * 2_001), "QUERY_TOO_LARGE"),
        ("subscription { usageUpdated { %s } }" % ("buildId " * 5_001), "INVALID_DOCUMENT"),
    ],
    ids=lambda text: text[:30],
)
async def test_a_document_that_cannot_be_answered_is_refused_alone(
    server: Server, published: Publisher, admin: str, document: str, code: str
):
    before = published.newest
    async with introduced(server.url, admin) as client:
        await client.subscribe(document)
        assert (await client.refusal())["code"] == code
        # The connection goes on, and the operation's name is free again.
        await client.subscribe(since=before)
        build_id = published.announce()
        assert (await client.update())["buildId"] == build_id


async def test_a_query_is_answered_and_completed(server: Server, admin: str):
    async with introduced(server.url, admin) as client:
        await client.subscribe(TYPENAME)
        answer = {"id": "1", "type": "next", "payload": {"data": {"__typename": "Query"}}}
        assert await client.receive() == answer
        assert await client.receive() == {"id": "1", "type": "complete"}


async def test_a_ping_is_answered(server: Server):
    async with connected(server.url) as client:
        await client.send(type="ping")
        assert await client.receive() == {"type": "pong"}
        await client.send(type="pong")


async def test_a_subscription_over_http_is_refused(server: Server, admin: str):
    import httpx

    for accept in ("*/*", 'multipart/mixed;subscriptionSpec="1.0"', "text/event-stream"):
        answer = httpx.post(
            server.url.replace("ws:", "http:"),
            json={"query": "subscription { usageUpdated { buildId } }"},
            headers={"authorization": f"Bearer {admin}", "accept": accept},
        )
        assert answer.status_code in (200, 400), answer.text
        assert answer.json()["errors"] if answer.status_code == 200 else answer.text


async def test_a_defect_is_masked(server: Server, published: Publisher, admin: str):
    before = published.newest
    published.announce({})
    rename = "alter table usage.publication_activity rename column {} to {}"
    with published.connect() as connection:
        connection.execute(rename.format("sessions", "hidden"))
        try:
            async with introduced(server.url, admin) as client:
                await client.subscribe(since=before)
                message = await client.receive()
        finally:
            connection.execute(rename.format("hidden", "sessions"))
    (error,) = message["payload"]["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "internal error" in error["message"]
    assert "publication_activity" not in str(message)
