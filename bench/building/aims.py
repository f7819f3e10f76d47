"""Whether the aims for builds are met, by the seconds that were measured."""

from collections.abc import Sequence

from bench.building.steps import Measured

TIMES_BY_HAND = 3.0
TIMES_START_UP = 1.5
SHARE_OF_FULL = 0.03
FRESH_SECONDS = 15.0
# How much more a changed request may cost at the largest size than at the smallest.
LINEAR_WITHIN = 1.5


def judged(found: Sequence[Measured]) -> list[list[str]]:
    """A row per aim: what it says, what was measured at each size, and the verdict."""
    rules = {
        f"full build: at most {TIMES_BY_HAND:g} times the statements by hand": [
            (each.builds["full"].seconds / each.by_hand["full"].tables.seconds, TIMES_BY_HAND)
            for each in found
        ],
        f"nothing new: at most {TIMES_START_UP:g} times dbt's own start-up": [
            (each.builds["nothing new"].seconds / each.start_up.seconds, TIMES_START_UP)
            for each in found
        ],
        f"1 % more: at most {SHARE_OF_FULL:.0%} of a full build and a start-up (times that)": [
            (each.builds["new day"].seconds / _allowed(each), 1.0) for each in found
        ],
        f"watching: a new raw row is published within {FRESH_SECONDS:g} s": [
            (each.freshness.middle, FRESH_SECONDS) for each in found if each.freshness
        ],
    }
    rows = [
        [text, *(f"{value:.2f}" for value, _ in values), _verdict(values)]
        for text, values in rules.items()
    ]
    return [*rows, _linearity(found)]


def _allowed(found: Measured) -> float:
    return SHARE_OF_FULL * found.builds["full"].seconds + found.start_up.seconds


def _linearity(found: Sequence[Measured]) -> list[str]:
    """Microseconds per changed request beyond dbt's start-up, which does not grow."""
    each_costs = [
        max(each.builds["new day"].seconds - each.start_up.seconds, 0)
        / (each.size.requests / 100)
        * 1e6
        for each in found
    ]
    text = "cost linear in the change: microseconds for each request of the new day"
    figures = [f"{cost:,.0f}" for cost in each_costs]
    if len(found) < 2:
        return [text, *figures, "needs two sizes"]
    is_met = each_costs[-1] <= LINEAR_WITHIN * each_costs[0]
    return [text, *figures, "met" if is_met else "not met"]


def _verdict(values: Sequence[tuple[float, float]]) -> str:
    missed = sum(value > limit for value, limit in values)
    if not missed:
        return "met"
    return "not met" if missed == len(values) else f"not met at {missed} of {len(values)} sizes"
