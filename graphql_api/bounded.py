"""A cache that never holds more than so many bytes: what was not asked for longest goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# What an entry takes besides its key and value: slots of the dictionary, headers of objects.
OVERHEAD_BYTES = 500


class BoundedCache(Generic[K, V]):
    """Values by key. Whoever puts one in says how large it is with its key."""

    def __init__(self, most_bytes: int) -> None:
        """With no bytes, nothing is ever kept."""
        self._most = most_bytes
        self._held = 0
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, if it is still there."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value, unless it alone would take a quarter of the room."""
        self.drop(key)
        size += OVERHEAD_BYTES
        if size > self._most // 4:
            return
        self._entries[key] = value, size
        self._held += size
        while self._held > self._most:
            _, (_, freed) = self._entries.popitem(last=False)
            self._held -= freed

    def drop(self, key: K) -> None:
        """Forget one."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._held -= entry[1]

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self._held = 0

    @property
    def held_bytes(self) -> int:
        """How many bytes are held."""
        return self._held
