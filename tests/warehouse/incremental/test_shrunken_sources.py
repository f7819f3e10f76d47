"""A raw table that was emptied or has lost many rows takes no history away unless that is meant."""

import re

import pytest

from tests.warehouse.incremental.builds import Warehouse
from tests.warehouse.incremental.published import content

pytestmark = pytest.mark.database

SEED = 1
REMEDY = "build once with --vars 'accept_shrunken_sources: true'"


def refusal(warehouse: Warehouse, *args: str) -> str:
    """The line with which a build was refused; readers see what they saw before."""
    with warehouse.connect() as connection:
        before = content(connection)
    result = warehouse.try_build(*args)
    assert not result.success
    with warehouse.connect() as connection:
        assert content(connection) == before
    (line,) = [line for line in result.output.splitlines() if "Refused: " in line][:1]
    assert REMEDY in line
    return line.partition("Refused: ")[2]


@pytest.mark.parametrize("args", [[], ["--full-refresh"], ["--vars", "reconcile: true"]])
@pytest.mark.parametrize(
    "table", ['litellm."LiteLLM_SpendLogs"', "kaapi.llm_chain", "enclava.budgets"]
)
def test_an_emptied_source_is_refused(built, table, args):
    warehouse = built(SEED)
    warehouse.execute(f"truncate {table}")
    name = table.replace('"', "")
    assert re.match(
        rf"{name} is empty, and the published build counted [1-9][0-9]* rows of it\.",
        refusal(warehouse, *args),
    )


@pytest.mark.parametrize("args", [["--full-refresh"], ["--vars", "reconcile: true"]])
@pytest.mark.parametrize(
    ("table", "key"),
    [("kaapi.llm_call", "id"), ("enclava.usage_tracking", "id"), ("kaapi.evaluation_run", "id")],
)
def test_a_source_that_lost_many_rows_is_refused(built, table, key, args):
    warehouse = built(SEED)
    with warehouse.connect() as connection:
        ((count,),) = connection.execute(f"select count(*) from {table}").fetchall()
    lost = count // 4 + 1
    warehouse.execute(
        f"delete from {table} where {key} in"
        f" (select {key} from {table} order by {key} limit {lost})"
    )
    assert re.match(
        rf"{table} has \d+ rows of days after \d{{4}}-\d\d-\d\d, and the published build counted"
        r" \d+ \(max_source_shrinkage is 0\.1\)\.",
        refusal(warehouse, *args),
    )


def test_a_source_whose_newest_rows_are_gone_is_refused(built):
    warehouse = built(SEED)
    warehouse.execute(
        "delete from auto_analyst.model_usage where timestamp >"
        " (select max(timestamp) - interval '3 days' from auto_analyst.model_usage)"
    )
    assert refusal(warehouse).startswith("auto_analyst.model_usage has no row newer than 2024-")


def test_a_var_lets_a_shrunken_source_through(built):
    """Its published rows are archived, in doubt: nobody said that they left by age."""
    warehouse = built(SEED)
    timed = " from usage.fct_requests where source_system = 'enclava' and requested_at is not null"
    before = warehouse.value("select count(*)" + timed)
    warehouse.execute("truncate enclava.usage_tracking")
    warehouse.next_build(accept_shrunken_sources=True, reconcile=True)
    assert warehouse.value("select count(*)" + timed + " and is_archived") == before
    assert warehouse.value("select bool_and(is_in_doubt) from usage_history.archived_fct_requests")
