"""What the figures of code executions and feedback are asked (definitions 5.6, 5.7)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.reference.dice import AS_OF, MICROSECOND
from tests.reference.raw_auto_analyst import RawAutoAnalyst

Cases = list[tuple[datetime, dict[str, Any]]]

# Names whose values need not end; numbers inside JSON reach its readers as floats.
QUOTIENTS = frozenset({"success_rate", "avg_rating", "temperature", "failed_agents"})

PERIODS = ["7d", "30d", "90d"]
NO_PERIODS = ["", "30", "30D", " 30d", "1d", "365d", "4w", "24h", "30d ", "030d", "all", "month"]
_DAY = timedelta(days=1)
_MIDNIGHT = AS_OF.replace(hour=0, minute=0, second=0, microsecond=0)
# The instant that the random rows are dense around, midnights, and times with few rows or none.
INSTANTS = [
    AS_OF,
    AS_OF + MICROSECOND,
    AS_OF - MICROSECOND,
    _MIDNIGHT,
    _MIDNIGHT - MICROSECOND,
    AS_OF - 7 * _DAY,
    AS_OF - 30 * _DAY,
    AS_OF + 3 * _DAY,
    AS_OF - 400 * _DAY,
    AS_OF - 5000 * _DAY,
    AS_OF + 45 * _DAY,
]
LIMITS = [1, 2, 7, 50, 1000]


def cases(figure: str, rng: Random, raw: RawAutoAnalyst) -> Cases | None:
    """The questions to one of these figures; None for a figure of another kind."""
    match figure.removeprefix("auto_analyst."):
        case "code_executions_summary" | "error_analysis" | "feedback_summary":
            return _windows()
        case "code_executions_users":
            return _windows() + _mixed(rng, {"limit": LIMITS}) + _refused({"limit": [0, -1]})
        case "code_executions_detailed":
            models = sorted({row.model_name for row in raw.code_executions if row.model_name})
            users = sorted({row.user_id for row in raw.code_executions if row.user_id})
            choices: dict[str, list[Any]] = {
                "success_filter": [True, False],
                "user_id": [*users[:4], 10**9],
                "model_name": [*models[:4], "", "unknown", "no such model"],
                "limit": LIMITS,
            }
            return _windows() + _alone(choices) + _mixed(rng, choices) + _refused({"limit": [0]})
        case "feedback_detailed":
            models = sorted({row.model_name for row in raw.message_feedback if row.model_name})
            choices = {
                "min_rating": [0, 1, 3, 5, 6],
                "max_rating": [0, 1, 3, 5, 6],
                "model_name": [*models[:4], "", "unknown", "no such model"],
                "limit": LIMITS,
                "offset": [0, 1, 3, 50, 10_000],
            }
            refused = _refused({"limit": [0, -5], "offset": [-1]})
            return _windows() + _alone(choices) + _mixed(rng, choices) + refused
        case _:
            return None


def _windows() -> Cases:
    """Every period at every instant, the default, and what is no period."""
    found: Cases = [(as_of, {"period": period}) for as_of in INSTANTS for period in PERIODS]
    return found + [(AS_OF, {})] + [(AS_OF, {"period": period}) for period in NO_PERIODS]


def _alone(choices: dict[str, list[Any]]) -> Cases:
    return [(AS_OF, {name: value}) for name, values in choices.items() for value in values]


def _mixed(rng: Random, choices: dict[str, list[Any]]) -> Cases:
    """Some of the parameters together, at any instant."""
    return [(rng.choice(INSTANTS), dict(_some(rng, choices))) for _ in range(40)]


def _some(rng: Random, choices: dict[str, list[Any]]) -> Iterator[tuple[str, Any]]:
    for name, values in ({"period": PERIODS} | choices).items():
        if rng.random() < 0.6:
            yield name, rng.choice(values)


def _refused(choices: dict[str, list[Any]]) -> Cases:
    """Values that are refused, whatever else is right."""
    return _alone(choices) + [
        (AS_OF, {"period": "7d", name: values[0]}) for name, values in choices.items()
    ]
