"""Which credit tier is the most efficient, and which the best value (SEMANTICS 5.5, D26)."""

from decimal import Decimal

import pytest

from graphql_api.schema.reports.tiers import Tier, best_value, most_efficient, with_sums


def tier(number: int, *, tokens: int = 0, cost: str = "0", credits_: int = 0) -> Tier:
    return Tier(f"tier{number}", "Tier", number, credits_, tokens, Decimal(cost), credits_)


def test_without_usage_no_tier_is_the_best():
    tiers = [tier(1), tier(2)]
    assert (most_efficient(tiers), best_value(tiers)) == (None, None)


def test_the_most_efficient_tier_gives_most_tokens_for_a_credit():
    tiers = [tier(1, tokens=10, credits_=5), tier(2, tokens=30, credits_=10), tier(3, tokens=9)]
    assert most_efficient(tiers) == "tier2"


def test_a_tier_without_tokens_is_not_efficient():
    assert most_efficient([tier(1, credits_=5), tier(2, tokens=-3, credits_=1)]) is None


def test_the_best_value_costs_least_for_a_credit_but_something():
    tiers = [
        tier(1, cost="0", credits_=5),
        tier(2, cost="2", credits_=5),
        tier(3, cost="3", credits_=9),
        tier(4, cost="-1", credits_=9),
    ]
    assert best_value(tiers) == "tier3"


@pytest.mark.parametrize("digits", [1, 22])
def test_of_equals_the_lower_tier_is_the_best(digits: int):
    """Equal to the last digit: thirds differ from their decimals."""
    tiny = Decimal(1).scaleb(-digits)
    tiers = [
        tier(1, tokens=1, cost=str(1 + tiny), credits_=3),
        tier(2, tokens=2, cost="2", credits_=6),
        tier(3, tokens=3, cost="3", credits_=9),
    ]
    assert (most_efficient(tiers), best_value(tiers)) == ("tier1", "tier2")


def test_every_tier_is_there_and_unused_ones_are_zero():
    listed = [
        {"credit_tier": name, "credit_tier_name": name.title(), "credits_per_request": 3}
        for name in ("tier1", "tier2")
    ]
    used = [
        {"credit_tier": "tier2", "requests": 2, "total_tokens": 5, "cost_usd": "0.1", "credits": 6},
        {"credit_tier": None, "requests": 9, "total_tokens": 9, "cost_usd": "9", "credits": 0},
    ]
    assert with_sums(listed, used) == [
        Tier("tier1", "Tier1", 3, 0, 0, Decimal(0), 0),
        Tier("tier2", "Tier2", 3, 2, 5, Decimal("0.1"), 6),
    ]
