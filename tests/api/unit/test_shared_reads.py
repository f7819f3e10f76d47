"""Subscribers who ask the same share one read, and nothing else."""

import asyncio

import pytest

from graphql_api.live.shared import SharedReads


class Source:
    """Counts its reads; each takes until it is let go."""

    def __init__(self) -> None:
        self.reads = 0
        self.may_end = asyncio.Event()
        self.fault: Exception | None = None

    async def read(self) -> int:
        self.reads += 1
        number = self.reads
        await self.may_end.wait()
        if self.fault:
            raise self.fault
        return number


async def test_who_asks_the_same_at_the_same_time_shares_a_read():
    source, shared = Source(), SharedReads[int](kept=0)
    asking = [asyncio.create_task(shared.get("a", source.read)) for _ in range(3)]
    other = asyncio.create_task(shared.get("b", source.read))
    await asyncio.sleep(0)
    source.may_end.set()
    assert await asyncio.gather(*asking) == [1, 1, 1]
    assert await other == 2
    assert await shared.get("a", source.read) == 3, "with nothing kept, who comes later reads anew"


async def test_results_are_kept_as_long_as_there_is_room():
    source, shared = Source(), SharedReads[int](kept=2)
    source.may_end.set()
    assert [await shared.get(key, source.read) for key in "aab"] == [1, 1, 2]
    assert await shared.get("c", source.read) == 3
    assert [await shared.get(key, source.read) for key in "bca"] == [2, 3, 4]


async def test_a_failure_is_everybodys_and_is_not_kept():
    source, shared = Source(), SharedReads[int](kept=2)
    source.fault = ValueError("no")
    source.may_end.set()
    both = await asyncio.gather(
        *(shared.get("a", source.read) for _ in range(2)), return_exceptions=True
    )
    assert [str(each) for each in both] == ["no", "no"]
    assert source.reads == 1
    source.fault = None
    assert await shared.get("a", source.read) == 2


async def test_who_stops_waiting_stops_nobody_else():
    source, shared = Source(), SharedReads[int](kept=2)
    leaving = asyncio.create_task(shared.get("a", source.read))
    staying = asyncio.create_task(shared.get("a", source.read))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    source.may_end.set()
    assert await staying == 1
