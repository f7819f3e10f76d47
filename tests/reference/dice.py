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

# Floating-point money: sums that drift in binary, all seventeen digits, tiny and large amounts.
AMOUNTS = [
    *(0.1, 0.2, 0.3, 0.7, 1.1, 2.675, 0.0, 3.0, 1234.56, 99999.99),
    *(1e-07, 1.5e-05, 0.000123, 1.2345678901234565e-07, 1e-25),
    *(0.30000000000000004, 1234.5678901234567, 0.1 + 0.7),
]
# What a floating-point column can hold that is no amount.
NO_AMOUNTS = [float("nan"), float("inf"), -float("inf"), 1e300]


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

    def amount(self) -> float | None:
        return self.maybe(self.mostly(AMOUNTS, NO_AMOUNTS, 0.98))

    def near(self, edges: Sequence[datetime], tick: timedelta) -> datetime:
        """Exactly on an edge, or the smallest step before or after it."""
        return self.pick(edges) + self.pick([-tick, timedelta(0), timedelta(0), tick])

    def within(self, start: datetime, end: datetime, tick: timedelta) -> datetime:
        """Anywhere between, at a whole number of ticks from the start."""
        return start + self.rng.randrange((end - start) // tick) * tick
