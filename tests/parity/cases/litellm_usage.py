"""What the figures of litellm_usage are asked."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.reference.dice import AS_OF, MICROSECOND, MILLISECOND
from tests.reference.raw_litellm import RawLiteLlm

# Quotients are rounded by the definitions, and made from sums: they are compared exactly.
QUOTIENTS: frozenset[str] = frozenset()

_MIDNIGHT = AS_OF.replace(hour=0, minute=0, second=0, microsecond=0)
# The instant that the random rows are dense around and its neighbours, midnights, the edges of
# hours and of a leap day, and times with few rows or none.
_INSTANTS = [
    AS_OF,
    AS_OF + MICROSECOND,
    AS_OF - MILLISECOND,
    _MIDNIGHT,
    _MIDNIGHT - MICROSECOND,
    AS_OF - timedelta(hours=1),
    AS_OF + timedelta(hours=24),
    AS_OF - timedelta(days=7),
    AS_OF + timedelta(days=14),
    AS_OF - timedelta(days=400),
    AS_OF + timedelta(days=365),
    datetime.fromisoformat("2024-02-29T12:00:00+00:00"),
    datetime.fromisoformat("2026-03-16T01:00:00+05:30"),
]
_DRAWN = 5


def cases(figure: str, rng: Random, raw: RawLiteLlm) -> list[tuple[datetime, dict[str, Any]]]:
    """Fixed instants, and some that rows have or nearly have."""
    times = [row.startTime for row in raw.spend_logs if row.startTime is not None]
    offsets = [timedelta(), *(timedelta(days=days) for days in (1, 7, 14)), timedelta(hours=1)]
    drawn = [
        rng.choice(times).replace(tzinfo=AS_OF.tzinfo) + rng.choice(offsets) for _ in range(_DRAWN)
    ]
    return [(as_of, {}) for as_of in (*_INSTANTS, *drawn)]
