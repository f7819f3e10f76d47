"""What the figures of enclava are asked."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.reference.dice import AS_OF
from tests.reference.enclava import LONGEST_DAYS, LONGEST_HOURS
from tests.reference.random_enclava import DAYS, HOURS, KEYS, USERS
from tests.reference.raw_enclava import RawEnclava

Parameters = dict[str, Any]

# Names of quotients that need not end.
QUOTIENTS = frozenset({"cost_per_token", "cost_per_request", "tokens_per_request"})
_QUESTIONS = 25
_NOBODY = 999
# Before all rows, between them, at a window's very edge, and after them all.
_MOMENTS = [
    timedelta(0),
    timedelta(0),
    timedelta(0),
    timedelta(microseconds=-1),
    timedelta(minutes=-30),
    timedelta(hours=-1),
    timedelta(days=-1),
    timedelta(days=-17),
    timedelta(hours=3),
    timedelta(days=30),
    timedelta(days=-1000),
    timedelta(days=1000),
]


def cases(figure: str, rng: Random, raw: RawEnclava) -> list[tuple[datetime, Parameters]]:
    draw = {
        "enclava.usage_metrics": _usage_metrics,
        "enclava.system_health": _system_health,
        "enclava.cost_analysis": _cost_analysis,
    }[figure]
    return draw(rng)


def _usage_metrics(rng: Random) -> list[tuple[datetime, Parameters]]:
    lengths = [{"hours": hours} for hours in (*HOURS, 3, 48)]
    return [
        (AS_OF, {}),
        *((AS_OF, length) for length in lengths),
        *((AS_OF, {"user_id": user}) for user in (*USERS, _NOBODY)),
        *((_moment(rng), _some(rng, lengths, _user(rng), _key(rng))) for _ in range(_QUESTIONS)),
        *((AS_OF, {"hours": hours}) for hours in (0, -1, LONGEST_HOURS + 1)),
    ]


def _system_health(rng: Random) -> list[tuple[datetime, Parameters]]:
    hours = [
        AS_OF - timedelta(hours=rng.randrange(300), minutes=rng.randrange(60)) for _ in "12345"
    ]
    return [(AS_OF + moment, {}) for moment in dict.fromkeys(_MOMENTS)] + [(h, {}) for h in hours]


def _cost_analysis(rng: Random) -> list[tuple[datetime, Parameters]]:
    lengths = [{"days": days} for days in (*DAYS, 2, 90)]
    return [
        (AS_OF, {}),
        *((AS_OF, length) for length in lengths),
        *((_moment(rng), _some(rng, lengths, _user(rng))) for _ in range(_QUESTIONS)),
        *((AS_OF, {"days": days}) for days in (0, -30, LONGEST_DAYS + 1)),
    ]


def _moment(rng: Random) -> datetime:
    return AS_OF + rng.choice(_MOMENTS)


def _user(rng: Random) -> Parameters:
    return {"user_id": rng.choice([*USERS, _NOBODY])}


def _key(rng: Random) -> Parameters:
    return {"api_key_id": rng.choice([*KEYS, _NOBODY])}


def _some(rng: Random, lengths: list[Parameters], *others: Parameters) -> Parameters:
    chosen = [each for each in (rng.choice(lengths), *others) if rng.random() < 0.6]
    return {name: value for each in chosen for name, value in each.items()}
