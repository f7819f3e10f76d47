"""One read for all who ask the same: a build wakes every subscriber at the same moment."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedReads(Generic[T]):
    """Reads under way by key, and the newest of those that succeeded.

    The key must name all that decides the result, the caller's scope included.
    """

    def __init__(self, kept: int) -> None:
        """Keep so many results; with none, only those who ask at the same time share."""
        self._kept = kept
        self._reads: dict[Hashable, asyncio.Task[T]] = {}

    async def get(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """The result for a key; a failure is everybody's who waits for it, and is not kept."""
        task = self._reads.get(key)
        if task is None:
            task = asyncio.create_task(self._read(key, read))
            self._reads[key] = task
        # Who stops waiting does not stop the read: others may be waiting for it.
        return await asyncio.shield(task)

    async def _read(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        has_failed = True
        try:
            result = await read()
            has_failed = False
            return result
        finally:
            if has_failed or not self._kept:
                del self._reads[key]
            else:
                self._forget_oldest()

    def _forget_oldest(self) -> None:
        done = [key for key, task in self._reads.items() if task.done()]
        # The read that has just succeeded is not done yet, and is one of those that are kept.
        for key in done[: max(0, len(done) - self._kept + 1)]:
            del self._reads[key]
