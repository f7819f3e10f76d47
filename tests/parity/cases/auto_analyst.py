"""What the figures of Auto-Analyst are asked."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.parity.cases import auto_analyst_quality
from tests.reference.dice import AS_OF
from tests.reference.raw_auto_analyst import RawAutoAnalyst

QUOTIENTS = auto_analyst_quality.QUOTIENTS | {
    *("dailyCost", "dailyTokens", "nextMonth", "next3Months", "nextYear", "tokensNextMonth"),
}

# The instant that the random rows are dense around, its midnight, and times with few rows or none.
INSTANTS = [
    AS_OF,
    AS_OF.replace(hour=0, minute=0, second=0, microsecond=0),
    AS_OF + timedelta(microseconds=1),
    AS_OF - timedelta(days=30),
    AS_OF - timedelta(days=400),
    AS_OF + timedelta(days=45),
]


def cases(figure: str, rng: Random, raw: RawAutoAnalyst) -> list[tuple[datetime, dict[str, Any]]]:
    match figure.removeprefix("auto_analyst."):
        case "costs_projections":
            return [(as_of, {}) for as_of in INSTANTS]
        case _:
            return auto_analyst_quality.cases(figure, rng, raw) or []
