"""A public trace of real requests, replayed and built: the API answers what the files add up to.

The files are read again here with `csv` and added up by themselves. They are not shipped with the
project, so the test says visibly when it was skipped.
"""

import csv
from decimal import Decimal

import pytest

from graphql_api.settings import PROJECT_ROOT
from tests.api.integration.callers import serving
from tests.support.dbt import dbt
from warehouse.api_keys import create_key
from warehouse.project import project_names
from warehouse.sample import replay_traces

TRACE = PROJECT_ROOT.parent / "shared" / "data" / "azure_llm_trace_2023"
QUESTION = """{
  monthlyUsage(filter: {month: {eq: "2023-11-16"}}, groupBy: [PROJECT_ID]) {
    nodes { projectId requests llmCallRequests inputTokens outputTokens totalTokens costUsd }
    totals { requests inputTokens outputTokens totalTokens costUsd unpricedRequests }
  }
  requests(groupBy: [REQUESTED_AT], timeGrain: HOUR) { totalCount nodes { requests } }
}"""

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(not TRACE.is_dir(), reason="the real trace is not on this machine"),
]


def sums_of(name: str) -> tuple[int, int, int]:
    with (TRACE / f"{name}.csv").open(newline="") as lines:
        rows = [(int(r["ContextTokens"]), int(r["GeneratedTokens"])) for r in csv.DictReader(lines)]
    return len(rows), sum(row[0] for row in rows), sum(row[1] for row in rows)


def test_answer_equals_the_sums_over_the_files(
    postgres_server, fresh_database, event_loop_runner, tmp_path
):
    database = fresh_database("real_trace")
    paths = [TRACE / "code.csv", TRACE / "conv.csv"]
    with postgres_server.connect(database) as connection:
        replay_traces(connection, "kaapi", paths, 1, schema="kaapi")
        prices = connection.execute(
            "select pricing -> 'response' ->> 'input_token_cost',"
            " pricing -> 'response' ->> 'output_token_cost' from kaapi.model_config"
        ).fetchone()
        libpq = postgres_server.env(database)
        dbt(["build"], libpq, tmp_path / "target")
        key = create_key(connection, project_names(), role="admin").key
    with serving(tmp_path / "target", libpq, event_loop_runner) as api:
        data = api.ask(QUESTION, key).data

    files = [sums_of("code"), sums_of("conv")]
    input_price, output_price = map(Decimal, prices)

    def cost(tokens: tuple[int, int, int]) -> Decimal:
        return (tokens[1] * input_price + tokens[2] * output_price) / 1_000_000

    found = data["monthlyUsage"]["nodes"]
    assert [
        (n["requests"], n["inputTokens"], n["outputTokens"], Decimal(n["costUsd"])) for n in found
    ] == [(*each, cost(each)) for each in files]
    whole = tuple(map(sum, zip(*files, strict=True)))
    assert whole[0] == 28_185
    assert data["monthlyUsage"]["totals"] == {
        "requests": whole[0],
        "inputTokens": whole[1],
        "outputTokens": whole[2],
        "totalTokens": whole[1] + whole[2],
        "costUsd": str(cost(whole).normalize()),
        "unpricedRequests": 0,
    }
    hours = data["requests"]
    assert hours["totalCount"] == len(hours["nodes"])
    assert sum(hour["requests"] for hour in hours["nodes"]) == whole[0]
