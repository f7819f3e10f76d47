"""Many subscribers, slow ones, ones that vanish, a database that restarts, a server that ends."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.api.live.client import DEADLINE, Client, connected, introduced
from tests.api.live.publishing import LISTENERS, Publisher, publisher, until
from tests.api.live.served import Server, serving
from tests.support.postgres import throwaway_server
from tests.support.small_project import SmallProject

pytestmark = pytest.mark.database

MANY = 200


# Four megabytes for a build of 1,000 models: more than the network keeps between two programs.
LARGE = """
subscription ($since: String) {
  usageUpdated(sinceBuildId: $since) {
    buildId
    missed
    a: models(first: 1000) { model }
    b: models(first: 1000) { model }
    c: models(first: 1000) { model }
    d: models(first: 1000) { model }
  }
}
"""
SMALL = "subscription ($since: String) { usageUpdated(sinceBuildId: $since) { buildId missed } }"


@asynccontextmanager
async def not_reading(server: Server, key: str) -> AsyncIterator[Client]:
    """A connection that takes next to nothing from the network unless a message is received."""
    narrow = socket.create_connection(("127.0.0.1", server.port))
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    options = {
        "max_queue": 1,
        "compression": None,
        "ping_interval": None,
        "close_timeout": 1,
        "max_size": None,
    }
    async with introduced(server.url, key, sock=narrow, **options) as client:
        yield client


@asynccontextmanager
async def subscribers(
    server: Server, key: str, number: int, since: str
) -> AsyncIterator[list[Client]]:
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(number):
            client = await stack.enter_async_context(introduced(server.url, key))
            await client.subscribe(SMALL, since=since)
            clients.append(client)
        yield clients


async def test_many_subscribers_all_hear_of_every_build(
    server: Server, published: Publisher, admin: str
):
    async with subscribers(server, admin, MANY, published.newest) as clients:
        for _ in range(2):
            build_id = published.announce({})
            updates = await asyncio.gather(*(client.update() for client in clients))
            assert {update["buildId"] for update in updates} == {build_id}
            assert not any(update["missed"] for update in updates)
        assert published.value(LISTENERS) == 1, "one connection listens for all of them"
    await asyncio.to_thread(published.wait_for_listeners, 0)


async def test_queries_are_answered_while_many_subscribers_are_told(
    server: Server, published: Publisher, admin: str
):
    async with (
        subscribers(server, admin, MANY, published.newest) as clients,
        introduced(server.url, admin) as asking,
    ):
        published.announce({})
        document = '{ projects(filter: {projectId: {eq: "x"}}) { totalCount } }'
        await asking.subscribe(document)
        assert (await asking.receive())["type"] in ("next", "error")
        await asyncio.gather(*(client.update() for client in clients))


class TestLimits:
    async def test_of_one_connection(self, server: Server, published: Publisher, admin: str):
        before = published.newest
        async with introduced(server.url, admin) as client:
            for number in range(20):
                await client.subscribe(identity=str(number), since=before)
            await client.subscribe(identity="one more", since=before)
            refusal = await client.refusal()
            assert refusal["code"] == "TOO_MANY_SUBSCRIPTIONS"
            assert "this connection has 20 operations at work" in refusal["message"]
            await client.send(id="0", type="complete")
            await client.subscribe(identity="in its place", since=before)
            published.announce()
            heard = {(await client.receive())["id"] for _ in range(20)}
        assert heard == {*map(str, range(1, 20)), "in its place"}

    async def test_of_the_server(self, server: Server, published: Publisher, admin: str):
        before = published.newest
        refused: set[tuple[int, str]] = set()
        all_are_refused = asyncio.Event()

        async def hear(number: int, client: Client) -> None:
            while True:
                message = await client.receive()
                # Who comes at the same moment as the last that is let in is refused a step later.
                if message["type"] != "complete":
                    errors = message["payload"]
                    (error,) = errors if message["type"] == "error" else errors["errors"]
                    assert error["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
                    assert "this server has 205 subscriptions" in error["message"]
                    refused.add((number, message["id"]))
                if len(refused) == 15:
                    all_are_refused.set()

        async with AsyncExitStack() as stack:
            hearing = []
            # Which of the 220 come too late is up to the server.
            for number in range(11):
                client = await stack.enter_async_context(introduced(server.url, admin))
                hearing.append(asyncio.create_task(hear(number, client)))
                for identity in range(20):
                    await client.subscribe(identity=str(identity), since=before)
            async with asyncio.timeout(DEADLINE):
                await all_are_refused.wait()
            for task in hearing:
                task.cancel()
            ends = await asyncio.gather(*hearing, return_exceptions=True)
            assert {type(end) for end in ends} == {asyncio.CancelledError}
        await asyncio.to_thread(published.wait_for_listeners, 0)
        async with introduced(server.url, admin) as client:
            await client.subscribe(since=before)
            published.announce()
            assert await client.update()


async def test_a_slow_client_holds_nobody_up_and_is_told_that_it_missed_builds(
    server: Server, published: Publisher, admin: str
):
    before = published.newest
    async with (
        not_reading(server, admin) as slow,
        introduced(server.url, admin) as quick,
    ):
        await slow.subscribe(LARGE, since=before)
        await quick.subscribe(SMALL, since=before)
        builds = []
        # Some five of them fit between the two programs, and sixteen may be behind.
        for _ in range(32):
            builds.append(published.announce(models=1_000))
            assert (await quick.update())["buildId"] == builds[-1]
        # Only now does the slow one go on reading.
        seen, missed = [], []
        while builds[-1] not in seen:
            update = await slow.update()
            seen.append(update["buildId"])
            missed.append(update["missed"])
    assert seen == [build for build in builds if build in seen], "in the order of publication"
    assert len(seen) < len(builds)
    gaps = [
        builds.index(this) != builds.index(before) + 1 for before, this in itertools.pairwise(seen)
    ]
    assert missed == [False, *gaps]
    assert any(gaps)


async def test_nothing_is_left_of_clients_that_vanish(
    server: Server, published: Publisher, admin: str
):
    async with AsyncExitStack() as stack:
        for _ in range(10):
            client = await stack.enter_async_context(introduced(server.url, admin))
            await client.subscribe(since=published.newest)
            client.connection.transport.abort()
        # Nobody said goodbye; the server stops listening when the last one is gone.
        await asyncio.to_thread(published.wait_for_listeners, 0)


async def test_completed_subscriptions_hear_nothing_more(
    server: Server, published: Publisher, admin: str
):
    async with introduced(server.url, admin) as client:
        await client.subscribe(since=published.newest)
        published.announce()
        await client.update()
        await client.send(id="1", type="complete")
        await asyncio.to_thread(published.wait_for_listeners, 0)
        published.announce()
        await client.send(type="ping")
        assert await client.receive() == {"type": "pong"}


async def test_a_build_that_is_published_while_the_listener_is_cut_off_is_announced(
    server: Server, published: Publisher, admin: str
):
    async with introduced(server.url, admin) as client:
        await client.subscribe(since=published.newest)
        await until(lambda: published.value(LISTENERS) == 1, "the listener")
        with published.connect("postgres") as superuser, superuser.transaction():
            superuser.execute(
                "select pg_terminate_backend(pid, 10000) from pg_stat_activity "
                "where application_name = 'usage_warehouse_api_live'"
            )
            build_id = published.announce(connection=superuser)
        assert (await client.update())["buildId"] == build_id
        assert published.announce() == (await client.update())["buildId"]


@pytest.fixture(scope="module")
def own(usage_project: SmallProject) -> Iterator[Publisher]:
    """A Postgres of these tests alone, to be stopped at will."""
    with throwaway_server() as postgres, publisher(postgres, usage_project) as made:
        yield made


@pytest.fixture
def own_server(own: Publisher, parsed_target: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(own.server.env(own.database), parsed_target, tmp_path / "log") as made:
        yield made


class TestWithAServerOfItsOwn:
    async def test_subscriptions_outlive_a_restart_of_the_database(
        self, own: Publisher, own_server: Server
    ):
        key = own.key().key
        async with introduced(own_server.url, key) as client:
            await client.subscribe(since=own.newest)
            first = own.announce()
            assert (await client.update())["buildId"] == first
            await asyncio.to_thread(own.server.cluster.stop)
            await asyncio.to_thread(own.server.cluster.start)
            second = own.announce({})
            update = await client.update()
        assert (update["buildId"], update["missed"]) == (second, False)
        assert update["requestsDelta"] == 1

    async def test_who_connects_while_the_database_is_down_is_asked_to_try_again(
        self, own: Publisher, own_server: Server
    ):
        key = own.key().key
        await asyncio.to_thread(own.server.cluster.stop)
        try:
            async with connected(own_server.url) as client:
                await client.introduce(key)
                code, reason = await client.closed()
        finally:
            await asyncio.to_thread(own.server.cluster.start)
        assert (code, "cannot be reached" in reason) == (1013, True)

    async def test_the_server_ends_in_order_with_subscribers_connected(
        self, own: Publisher, own_server: Server
    ):
        key = own.key().key
        async with subscribers(own_server, key, 5, own.newest) as clients:
            own.announce()
            await asyncio.gather(*(client.update() for client in clients))
            ended = asyncio.create_task(asyncio.to_thread(own_server.stop))
            closed = await asyncio.gather(*(client.closed() for client in clients))
            assert await ended == 0
        # "Service restart": clients of the protocol connect again by themselves.
        assert {code for code, _ in closed} == {1012}
        assert "Traceback" not in own_server.said()
        assert own.value(LISTENERS) == 0

    async def test_the_server_ends_although_a_client_reads_nothing(
        self, own: Publisher, own_server: Server
    ):
        async with not_reading(own_server, own.key().key) as slow:
            await slow.subscribe(LARGE, since=own.newest)
            for _ in range(3):
                own.announce(models=1_000)
            assert await asyncio.to_thread(own_server.stop) == 0, own_server.said()

    async def test_the_server_ends_although_a_client_has_not_finished_closing(
        self, own: Publisher, own_server: Server
    ):
        async with not_reading(own_server, own.key().key) as slow:
            await slow.subscribe(LARGE, since=own.newest)
            for _ in range(3):
                own.announce(models=1_000)
            await until(lambda: own.value(LISTENERS) == 1, "the subscription")
            protocol = slow.connection.protocol
            protocol.send_close(1000)
            slow.connection.transport.write(b"".join(protocol.data_to_send()))
            await asyncio.to_thread(own.wait_for_listeners, 0)
            assert await asyncio.to_thread(own_server.stop) == 0, own_server.said()
