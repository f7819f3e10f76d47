"""What kaapi's figures are asked."""

from datetime import datetime
from random import Random
from typing import Any

from tests.reference.raw_kaapi import RawKaapi

GROUP_BYS = ("modality_provider", "modality", "provider", "total")
ORGANIZATIONS = 3


def cases(figure: str, rng: Random, raw: RawKaapi) -> list[tuple[datetime, dict[str, Any]]]:
    return []
