"""What the figures of Auto-Analyst are asked."""

from datetime import datetime
from random import Random
from typing import Any

from tests.parity.cases import auto_analyst_quality, auto_analyst_usage
from tests.reference.raw_auto_analyst import RawAutoAnalyst

QUOTIENTS = auto_analyst_quality.QUOTIENTS | auto_analyst_usage.QUOTIENTS


def cases(figure: str, rng: Random, raw: RawAutoAnalyst) -> list[tuple[datetime, dict[str, Any]]]:
    found = auto_analyst_usage.cases(figure, rng)
    return auto_analyst_quality.cases(figure, rng, raw) or [] if found is None else found
