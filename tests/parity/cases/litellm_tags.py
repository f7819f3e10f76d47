"""What the figures of litellm_tags are asked."""

from datetime import datetime
from random import Random
from typing import Any

QUOTIENTS: frozenset[str] = frozenset()


def cases(figure: str, rng: Random, raw: Any) -> list[tuple[datetime, dict[str, Any]]]:
    return []
