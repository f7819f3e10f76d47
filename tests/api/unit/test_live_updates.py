"""No subscriber misses a build because somebody read the list of builds a moment too early."""

import asyncio
from typing import Any, NoReturn

from graphql_api.catalogue.model import Catalogue
from graphql_api.live.feed import PublicationFeed
from graphql_api.live.updates import UsageUpdates
from graphql_api.query.request import Scope


class RungByHand(PublicationFeed):
    """Hears of nothing by itself."""

    async def _listen_for_ever(self) -> NoReturn:
        while True:
            await asyncio.sleep(3600)


class SlowReads(UsageUpdates):
    """Reads of the builds that have seen the table, but whose answer is still on its way."""

    builds: tuple[dict[str, Any], ...] = ()
    may_end: asyncio.Event
    begun = 0

    async def _rows(self, statement: object, scope: Scope | None = None) -> list[dict[str, Any]]:
        seen = list(self.builds)
        self.begun += 1
        await self.may_end.wait()
        return seen

    async def _read(self, *asked: object) -> dict[str, Any]:
        return {}


async def nobody() -> Scope:
    raise AssertionError("the reads of this test need no scope")


async def turns() -> None:
    """Let everybody who can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_read_from_before_a_build_is_shared_by_nobody_who_was_told_of_it(
    catalogue: Catalogue,
):
    feed = RungByHand(engine=None, schema="usage", most=10)  # type: ignore[arg-type]
    mart = catalogue.marts["fct_daily_usage"]
    updates = SlowReads(None, mart, feed, readers=4)  # type: ignore[arg-type]
    updates.may_end = asyncio.Event()
    streams = [updates.stream(nobody, None, "a") for _ in range(3)]
    updates.may_end.set()
    waiting = [asyncio.create_task(anext(stream)) for stream in streams[:2]]
    await turns()  # both wait for a ring
    updates.may_end.clear()
    waiting.append(asyncio.create_task(anext(streams[2])))
    await turns()
    assert updates.begun == 2, "the third reads, and has seen no build"
    updates.builds = ({"build_id": "b", "previous_build_id": "a"},)
    feed.ring()
    await turns()
    updates.may_end.set()
    async with asyncio.timeout(20):
        told = await asyncio.gather(*waiting)
    assert [each["build_id"] for each in told] == ["b", "b", "b"]
    assert updates.begun == 4, "the two that waited share a read; the third reads once more"
    for stream in streams:
        await stream.aclose()
    await feed.close()
