"""What the generators of random rows draw with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")

MICROSECOND = timedelta(microseconds=1)
MILLISECOND = timedelta(milliseconds=1)
# Inside a minute, so that no window edge is a round time by accident.
AS_OF = datetime.fromisoformat("2026-03-15T13:47:11.042000+00:00")

# Text that sorts differently by letter than by code point, and text that breaks careless quoting.
ODD_TEXTS = [
    "a",
    "B",
    "b",
    "Z",
    "é",
    "e\u0301",
    "🙂",
    "%",
    "_",
    "a\\b",
    "o'x",
    '"',
    " a",
    "a ",
    "ä%_",
]

# Floating-point money: sums that drift in binary, tiny and large amounts, and none.
AMOUNTS = [0.1, 0.2, 0.3, 0.7, 1.1, 2.675, 1e-07, 1.5e-05, 0.000123, 0.0, 3.0, 1234.56, 99999.99]


@dataclass
class Dice:
    rng: Random

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, values: Sequence[T]) -> T:
        return self.rng.choice(values)

    def mostly(self, usual: Sequence[T], odd: Sequence[T], share: float = 0.75) -> T:
        return self.pick(usual) if self.chance(share) else self.pick(odd)

    def maybe(self, value: T, share: float = 0.9) -> T | None:
        """The value, or now and then nothing."""
        return value if self.chance(share) else None

    def near(self, edges: Sequence[datetime], tick: timedelta) -> datetime:
        """Exactly on an edge, or the smallest step before or after it."""
        return self.pick(edges) + self.pick([-tick, timedelta(0), timedelta(0), tick])

    def within(self, start: datetime, end: datetime, tick: timedelta) -> datetime:
        """Anywhere between, at a whole number of ticks from the start."""
        return start + self.rng.randrange((end - start) // tick) * tick
