"""Cost per outcome over the sample rows, against SQL on the marts."""

from decimal import Decimal
from typing import Any

import pytest

from graphql_api.catalogue.load import load_catalogue
from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database

FIGURES = """
  fragment Figures on CostsPerOutcome {
    requests
    costUsd
    perSuccessfulRequest { ...Cost }
    perSession { ...Cost }
    perGoodRating { ...Cost }
    perSuccessfulExecution { ...Cost }
  }
  fragment Cost on CostPerOutcome { costUsd outcomes costUsdPerOutcome sourceSystems }
"""
SUCCEEDED, SESSION, RATING, RUN = (
    "perSuccessfulRequest",
    "perSession",
    "perGoodRating",
    "perSuccessfulExecution",
)


def ask(sample: SampleWarehouse, arguments: str) -> dict[str, Any]:
    document = f"""{{ outcomeCosts{arguments} {{
      groupCount totals {{ ...Figures }}
      groups {{ sourceSystem provider model costs {{ ...Figures }} }}
    }} }} {FIGURES}"""
    answer = sample.ask(document)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["outcomeCosts"]
    return found


def rows(sample: SampleWarehouse, query: str) -> list[tuple[Any, ...]]:
    schema = load_catalogue(sample.target).serving_schema
    with sample.server.connect(sample.database) as connection:
        connection.execute(f"set search_path to {schema}")
        return connection.execute(query).fetchall()


def test_totals_are_those_of_the_marts(sample: SampleWarehouse):
    found = ask(sample, "")["totals"]
    ((requests, cost, sessions),) = rows(
        sample,
        "select count(*), sum(cost_usd),"
        " count(distinct (source_system, organization_id, session_id))"
        " filter (where session_id is not null) from fct_requests",
    )
    assert (found["requests"], Decimal(found["costUsd"])) == (requests, cost)
    assert found[SESSION]["outcomes"] == sessions
    ((ratings,),) = rows(sample, "select count(*) from fct_feedback where rating >= 4")
    ((runs,),) = rows(sample, "select count(*) from fct_code_executions where is_successful")
    assert (found[RATING]["outcomes"], found[RUN]["outcomes"]) == (ratings, runs)
    ((cost_of_analyst,),) = rows(
        sample, "select sum(cost_usd) from fct_requests where source_system = 'auto_analyst'"
    )
    for each in (found[RATING], found[RUN]):
        assert each["sourceSystems"] == ["auto_analyst"]
        assert Decimal(each["costUsd"]) == cost_of_analyst
        assert abs(Decimal(each["costUsdPerOutcome"]) * each["outcomes"] - cost_of_analyst) < 1e-20


def test_groups_are_those_of_the_marts_within_the_window(sample: SampleWarehouse):
    ((start, end),) = rows(
        sample,
        "select percentile_disc(0.3) within group (order by rated_at),"
        " percentile_disc(0.8) within group (order by rated_at) from fct_feedback",
    )
    window = f'{{ requestedAt: {{ gte: "{start.isoformat()}", lt: "{end.isoformat()}" }} }}'
    answer = ask(
        sample, f"(filter: {window}, groupBy: [PROVIDER, MODEL], first: 1000, goodRating: 3)"
    )
    found = {(g["provider"], g["model"]): g["costs"] for g in answer["groups"]}

    def of_marts(of: str, mart: str, time: str) -> dict[tuple[str, str], Any]:
        query = (
            f"select provider, model, {of} from {mart}"
            f" where {time} >= '{start}' and {time} < '{end}' group by 1, 2"
        )
        return {(provider, model): value for provider, model, value in rows(sample, query)}

    costs = of_marts("sum(cost_usd)", "fct_requests", "requested_at")
    known = "sum(cost_usd) filter (where source_system = 'auto_analyst')"
    known_costs = of_marts(known, "fct_requests", "requested_at")
    succeeded = of_marts("count(*) filter (where is_successful)", "fct_requests", "requested_at")
    ratings = of_marts("count(*) filter (where rating >= 3)", "fct_feedback", "rated_at")
    runs = of_marts("count(*) filter (where is_successful)", "fct_code_executions", "executed_at")
    rated = of_marts("count(rating)", "fct_feedback", "rated_at")
    with_ratings = {key for key, number in rated.items() if number}
    assert found.keys() == costs.keys() | with_ratings | runs.keys()
    assert answer["groupCount"] == len(found) > 5
    assert sum(ratings.values()) > 0 < sum(runs.values())
    for key, each in found.items():
        assert Decimal(each["costUsd"]) == costs.get(key, 0)
        assert each[SUCCEEDED]["outcomes"] == succeeded.get(key, 0)
        assert each[RATING]["outcomes"] == ratings.get(key, 0)
        assert each[RUN]["outcomes"] == runs.get(key, 0)
        assert Decimal(each[RUN]["costUsd"]) == (known_costs.get(key) or 0)
        for outcome in (SUCCEEDED, SESSION, RATING, RUN):
            assert (each[outcome]["costUsdPerOutcome"] is None) == (each[outcome]["outcomes"] == 0)


def test_groups_add_up_to_the_totals(sample: SampleWarehouse):
    answer = ask(sample, "(groupBy: [SOURCE_SYSTEM, MODEL], first: 1000)")
    parts = [group["costs"] for group in answer["groups"]]
    totals = answer["totals"]
    assert sum(Decimal(each["costUsd"]) for each in parts) == Decimal(totals["costUsd"])
    assert sum(each["requests"] for each in parts) == totals["requests"]
    for outcome in (SUCCEEDED, RATING, RUN):
        of_parts = sum(Decimal(each[outcome]["costUsd"]) for each in parts)
        assert of_parts == Decimal(totals[outcome]["costUsd"])
        assert sum(each[outcome]["outcomes"] for each in parts) == totals[outcome]["outcomes"]
    # A session with two models is in two groups.
    assert sum(each[SESSION]["outcomes"] for each in parts) >= totals[SESSION]["outcomes"]


def test_only_so_many_groups_are_listed_the_most_expensive_first(sample: SampleWarehouse):
    every = ask(sample, "(groupBy: [MODEL], first: 1000)")
    few = ask(sample, "(groupBy: [MODEL], first: 2)")
    assert few["groups"] == every["groups"][:2]
    assert few["totals"] == every["totals"]
    assert few["groupCount"] == len(every["groups"])
    costs = [Decimal(group["costs"]["costUsd"]) for group in every["groups"]]
    assert costs == sorted(costs, reverse=True)
