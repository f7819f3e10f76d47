"""Only a caller with a valid key is let in, and only for as long as the key is valid."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from websockets.exceptions import InvalidStatus

from tests.api.live.client import connected, introduced
from tests.api.live.publishing import Publisher
from tests.api.live.served import Server
from warehouse.api_keys import CreatedKey, revoke_key
from warehouse.project import project_names

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({}, "no API key was sent"),
        ({"authorization": ""}, "no API key was sent"),
        ({"authorization": "uw_0_0"}, "not a bearer key"),
        ({"authorization": "Bearer uw_0_0"}, "this API key is unknown"),
        ({"authorization": 7}, "no API key was sent"),
        ({"authorization": {"Bearer": "x"}}, "no API key was sent"),
        ({"headers": {"authorization": "Bearer uw_0_0"}}, "no API key was sent"),
    ],
)
async def test_without_a_valid_key_the_connection_is_closed(
    server: Server, payload: dict[str, Any], words: str
):
    async with connected(server.url) as client:
        await client.introduce(None, **payload)
        code, reason = await client.closed()
    assert code == 4403
    assert words in reason


async def test_parameters_of_the_connection_may_be_left_out(server: Server, admin: str):
    async with connected(
        server.url, additional_headers={"authorization": f"Bearer {admin}"}
    ) as client:
        await client.send(type="connection_init", payload=None)
        assert await client.receive() == {"type": "connection_ack"}


@pytest.mark.parametrize("name", ["Authorization", "authorization", "AUTHORIZATION"])
async def test_a_key_is_known_by_any_case_of_its_name(server: Server, admin: str, name: str):
    async with connected(server.url) as client:
        await client.introduce(None, **{name: f"Bearer {admin}"})
        assert await client.receive() == {"type": "connection_ack"}


async def test_parameters_come_before_the_header(server: Server, admin: str):
    async with connected(
        server.url, additional_headers={"authorization": f"Bearer {admin}"}
    ) as client:
        await client.introduce("uw_0_0")
        assert (await client.closed())[0] == 4403


async def test_nothing_is_answered_before_a_caller_is_known(server: Server):
    async with connected(server.url) as client:
        await client.subscribe()
        assert await client.closed() == (4401, "Unauthorized")


async def test_a_page_of_another_origin_is_refused(server: Server):
    with pytest.raises(InvalidStatus) as refused:
        async with connected(server.url, origin="https://elsewhere.example"):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("protocol", ["graphql-ws", "soap"])
async def test_other_protocols_are_refused(server: Server, protocol: str):
    async with connected(server.url, subprotocols=[protocol]) as client:
        assert (await client.closed())[0] == 4406


def revoke(connection: psycopg.Connection[Any], made: CreatedKey) -> None:
    revoke_key(connection, project_names(), made.key_id)


def expire(connection: psycopg.Connection[Any], made: CreatedKey) -> None:
    connection.execute(
        "update usage_access.api_keys set created_at = created_at - interval '2 days', "
        "expires_at = now() - interval '1 second' where key_id = %s",
        [made.key_id],
    )


@pytest.mark.parametrize(("end", "word"), [(revoke, "revoked"), (expire, "expired")])
async def test_a_key_that_ends_ends_its_subscriptions_with_the_next_build(
    server: Server,
    published: Publisher,
    end: Callable[[psycopg.Connection[Any], CreatedKey], None],
    word: str,
):
    made = published.key("1")
    async with introduced(server.url, made.key) as client:
        await client.subscribe(since=published.newest)
        first = published.announce()
        assert (await client.update())["buildId"] == first
        with published.connect() as connection:
            end(connection, made)
        published.announce()
        message = await client.receive()
        (error,) = message["payload"]["errors"]
        assert (error["extensions"]["code"], message["payload"]["data"]) == (
            "UNAUTHENTICATED",
            None,
        )
        code, reason = await client.closed()
    assert code == 4403
    assert f"this API key is {word}" in reason


async def test_a_key_that_ends_asks_nothing_more(server: Server, published: Publisher):
    made = published.key("1")
    async with introduced(server.url, made.key) as client:
        with published.connect() as connection:
            revoke(connection, made)
        await client.subscribe()
        assert (await client.refusal())["code"] == "UNAUTHENTICATED"
        assert (await client.closed())[0] == 4403


async def test_the_key_stays_out_of_log_and_answers(server: Server, published: Publisher):
    key = published.key("1").key
    async with introduced(server.url, key) as client:
        await client.subscribe("subscription { nope }")
        assert key not in str(await client.refusal())
    assert key not in server.said()
