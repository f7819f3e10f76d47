"""What an outcome costs: which cost is divided by which outcomes, and what is refused.

Its numbers over real rows are held against SQL in `tests/api/integration/test_outcome_costs.py`.
"""

from decimal import Decimal

import pytest

from graphql_api.query.request import And, Condition, Not, Operator, conditions
from graphql_api.schema.reports.outcome_tallies import Kind, Tallies
from tests.api.unit.asking import Api
from tests.api.unit.test_health_and_usage import Totals

COST = "costUsd outcomes costUsdPerOutcome"


def usage(system: str, cost: str, *, succeeded: int = 0, failed: int = 0) -> dict[str, object]:
    return {
        "source_system": system,
        "requests": succeeded + failed + 1,
        "cost_usd": cost,
        "successful_requests": succeeded,
        "failed_requests": failed,
    }


def runs(system: str, *, good: int, of: int) -> dict[str, object]:
    return {"source_system": system, "good": good, "of": of}


def test_cost_of_all_requests_is_divided_by_those_that_succeeded():
    tallies = Tallies(())
    tallies.add_usage([usage("kaapi", "0.3", succeeded=2, failed=5)])
    found = tallies.costs_per_outcome(tallies.groups[()])
    assert found.requests == 8
    assert found.per_successful_request.cost_usd_per_outcome == Decimal("0.15")


def test_without_outcomes_there_is_a_cost_but_no_quotient():
    tallies = Tallies(())
    tallies.add_usage([usage("kaapi", "0.3", failed=5)])
    found = tallies.costs_per_outcome(tallies.groups[()]).per_successful_request
    assert (found.cost_usd, found.outcomes) == (Decimal("0.3"), 0)
    assert found.cost_usd_per_outcome is None


def test_the_cost_of_systems_that_keep_no_account_of_an_outcome_is_left_out():
    tallies = Tallies(())
    tallies.add_usage([usage("auto_analyst", "3", succeeded=1), usage("litellm", "100")])
    tallies.add(Kind.SUCCESSFUL_EXECUTION, [runs("auto_analyst", good=2, of=2)], "good", "of")
    found = tallies.costs_per_outcome(tallies.groups[()])
    assert found.cost_usd == 103
    assert found.per_successful_execution.cost_usd == 3
    assert found.per_successful_execution.source_systems == ["auto_analyst"]
    assert found.per_good_rating.source_systems == []
    assert found.per_good_rating.cost_usd == 0


def test_who_had_only_bad_outcomes_keeps_account_of_them():
    tallies = Tallies(())
    tallies.add_usage([usage("auto_analyst", "3")])
    tallies.add(Kind.SUCCESSFUL_EXECUTION, [runs("auto_analyst", good=0, of=4)], "good", "of")
    found = tallies.costs_per_outcome(tallies.groups[()]).per_successful_execution
    assert (found.cost_usd, found.outcomes, found.cost_usd_per_outcome) == (3, 0, None)


def test_a_group_without_outcomes_of_its_own_is_compared_like_the_others():
    """So that the costs of the groups add up to that of the totals."""
    tallies = Tallies(("model",))
    tallies.add_usage(
        [{**usage("auto_analyst", "3"), "model": "a"}, {**usage("auto_analyst", "4"), "model": "b"}]
    )
    tallies.add(
        Kind.SUCCESSFUL_EXECUTION,
        [{**runs("auto_analyst", good=1, of=1), "model": "b"}],
        "good",
        "of",
    )
    first, second = tallies.listed()
    assert (first.model, first.costs.per_successful_execution.cost_usd_per_outcome) == ("b", 4)
    assert (second.model, second.costs.per_successful_execution.cost_usd) == ("a", 3)
    assert second.costs.per_successful_execution.cost_usd_per_outcome is None


@pytest.mark.parametrize(("least", "good"), [(1, 15), (4, 9), (5, 5)])
def test_a_rating_is_good_from_so_many_stars(least: int, good: int):
    tallies = Tallies(())
    rows: list[dict[str, object]] = [
        {"source_system": "auto_analyst", "rating": stars, "feedbacks": stars}
        for stars in range(1, 6)
    ]
    tallies.add_ratings([*rows, {**rows[0], "rating": None, "feedbacks": 99}], least)
    found = tallies.costs_per_outcome(tallies.groups[()]).per_good_rating
    assert found.outcomes == good


def test_feedback_without_stars_is_no_rating():
    tallies = Tallies(())
    tallies.add_ratings([{"source_system": "auto_analyst", "rating": None, "feedbacks": 9}], 4)
    assert tallies.costs_per_outcome(tallies.groups[()]).per_good_rating.source_systems == []


def test_equal_costs_are_sorted_by_their_keys():
    tallies = Tallies(("provider", "model"))
    names = [("b", "a"), ("a", "b"), ("a", "a"), ("z", "z")]
    tallies.add_usage(
        {
            **usage("kaapi", "9" if each == ("z", "z") else "1"),
            "provider": each[0],
            "model": each[1],
        }
        for each in names
    )
    assert [(g.provider, g.model) for g in tallies.listed()] == [
        ("z", "z"),
        ("a", "a"),
        ("a", "b"),
        ("b", "a"),
    ]


def test_a_window_of_requests_is_the_same_window_of_outcomes(api: Api):
    executor = Totals()
    document = (
        '{ outcomeCosts(filter: { requestedAt: { gte: "2026-01-01T00:00:00Z" },'
        ' not: { model: { eq: "m" }, requestedAt: { lt: "2026-02-01T00:00:00Z" } } })'
        " { goodRating } }"
    )
    result = api.execute_with(executor, document)
    assert not result.errors
    named = {
        each.mart.public_name: {c.name for c in conditions(each.where)}
        for each in executor.requests
    }
    assert named == {
        "requests": {"requested_at", "model"},
        "feedback": {"rated_at", "model"},
        "code_executions": {"executed_at", "model"},
    }
    (ratings,) = [each for each in executor.requests if each.mart.public_name == "feedback"]
    assert isinstance(ratings.where, And)
    (inner,) = ratings.where.terms
    assert isinstance(inner, And)
    assert any(isinstance(term, Not) for term in inner.terms)
    assert any(
        isinstance(term, Condition) and term.operator is Operator.GTE for term in inner.terms
    )


@pytest.mark.parametrize("column", ["isSuccessful: { eq: true }", 'userId: { eq: "1" }'])
def test_what_outcomes_do_not_have_or_mean_otherwise_is_refused(api: Api, column: str):
    name = column.partition(":")[0]
    message, extensions = api.refusal(f"{{ outcomeCosts(filter: {{ {column} }}) {{ asOf }} }}")
    assert message.startswith(f"filter.{name}: ratings and runs of code are not told apart by it")
    assert extensions["argument"] == f"filter.{name}"
    assert "requestedAt" in extensions["allowed"]
    assert name not in extensions["allowed"]


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("goodRating: 0", "goodRating: 0 is not between 1 and 5"),
        ("goodRating: 6", "goodRating: 6 is not between 1 and 5"),
        ("first: 0", "first: 0 is not between 1 and 1000"),
        ("first: 1001", "first: 1001 is not between 1 and 1000"),
    ],
)
def test_numbers_without_a_meaning_are_refused(api: Api, argument: str, message: str):
    assert api.refusal(f"{{ outcomeCosts({argument}) {{ asOf }} }}")[0] == message
