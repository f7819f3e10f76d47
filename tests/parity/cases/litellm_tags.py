"""What the figures of litellm_tags are asked."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.reference.dice import AS_OF
from tests.reference.random_litellm import FILTER_TEXTS, TAGS
from tests.reference.raw_litellm import RawLiteLlm

QUOTIENTS: frozenset[str] = frozenset()
# Filters asked at any instant, besides each at the dense one.
DRAWN = 12

# The instant that the random rows are dense around, its midnights, and days with few rows or none.
_MIDNIGHT = AS_OF.replace(hour=0, minute=0, second=0, microsecond=0)
INSTANTS = [
    AS_OF,
    _MIDNIGHT,
    _MIDNIGHT - timedelta(microseconds=1),
    AS_OF - timedelta(days=1),
    AS_OF + timedelta(days=1),
    AS_OF - timedelta(days=30),
    AS_OF - timedelta(days=210),
    AS_OF + timedelta(days=31),
    AS_OF - timedelta(days=3000),
]
_WINDOWS = [(0, 0), (-6, 1), (-29, 1), (-2000, 400), (300, 300)]
_NO_DATES = ["2026-02-30", "2026-3-15", "20260315", "2026-03-15T00:00:00", "today", "", None]
_NO_PAGES = [(0, 50), (-1, 50), (1, 0), (1, 1001), (1, -5)]
_PAGES = [(1, 1), (2, 3), (3, 2), (1, 1000), (1000, 1000), (2**31 - 1, 1000)]

Parameters = dict[str, Any]


def cases(figure: str, rng: Random, raw: RawLiteLlm) -> list[tuple[datetime, Parameters]]:
    match figure.removeprefix("litellm_tags."):
        case "distinct":
            return [(as_of, {}) for as_of in INSTANTS]
        case "summary":
            return [(AS_OF, each) for each in (*_summaries(rng), *_refused_summaries())]
        case "per_user":
            return _asked(rng) + [(AS_OF, each) for each in _pages(rng)]
        case _:
            return _asked(rng)


def _filters(rng: Random) -> list[Parameters]:
    """Each text alone, lists that go before a text, and lists and texts that say nothing."""
    drawn = [{"tag_filters": rng.sample(TAGS, rng.randint(1, 4))} for _ in range(3)]
    return [
        *({"tag_filter": text} for text in FILTER_TEXTS),
        *drawn,
        {"tag_filter": ""},
        {"tag_filter": "k", "tag_filters": []},
        {"tag_filter": "claude", "tag_filters": ["plain", "no such tag"]},
        {"tag_filters": [""]},
        {"tag_filters": ["%", "user-agent:"]},
        {"tag_filter": "no such tag"},
    ]


def _asked(rng: Random) -> list[tuple[datetime, Parameters]]:
    """Every instant without a filter, every filter at the dense one, and some of both."""
    filters = _filters(rng)
    mixed = [(rng.choice(INSTANTS), rng.choice(filters)) for _ in range(DRAWN)]
    return [
        *((as_of, {}) for as_of in INSTANTS),
        *((AS_OF, each) for each in filters),
        *mixed,
    ]


def _pages(rng: Random) -> list[Parameters]:
    filters = [{}, *_filters(rng)]
    return [
        {"page": page, "page_size": size, **(rng.choice(filters) if page > 0 and size > 0 else {})}
        for page, size in (*_PAGES, *_NO_PAGES)
    ]


def _day(days: int) -> str:
    return (AS_OF.date() + timedelta(days=days)).isoformat()


def _summaries(rng: Random) -> list[Parameters]:
    windows = [{"start_date": _day(first), "end_date": _day(last)} for first, last in _WINDOWS]
    filtered = [{**rng.choice(windows), **each} for each in _filters(rng)]
    ever = {"start_date": "0001-01-01", "end_date": "9999-12-31"}
    return [*windows, ever, *filtered]


def _refused_summaries() -> list[Parameters]:
    real = _day(0)
    return [
        {"start_date": _day(1), "end_date": _day(0)},
        {"start_date": "9999-12-31", "end_date": "0001-01-01"},
        *({"start_date": text, "end_date": real} for text in _NO_DATES),
        *({"start_date": real, "end_date": text} for text in _NO_DATES),
        {"start_date": real},
        {"end_date": real},
        {},
    ]
