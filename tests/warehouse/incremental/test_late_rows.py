"""Rows that arrive with times before the lookback window are found and published unasked."""

import json

import pytest

from tests.warehouse.incremental.builds import SHRINKING, Warehouse
from tests.warehouse.incremental.test_rows_after_the_clock import NEW_ROW
from warehouse import build_record
from warehouse.extent import LATE_ROWS, extent_of_build
from warehouse.project import project_names

pytestmark = pytest.mark.database

SEED = 1
COUNTING = "Counting the rows of "
LATE = "timestamp '2019-03-01 12:00'"
ORDINARY = "(select max(timestamp) from auto_analyst.model_usage where timestamp < now())"


def is_published(warehouse: Warehouse, usage_id: int) -> bool:
    return bool(
        warehouse.value(
            "select count(*) from usage.fct_requests "
            f"where source_system = 'auto_analyst' and request_id = '{usage_id}'"
        )
    )


def add(warehouse: Warehouse, usage_id: int, time: str) -> None:
    warehouse.execute(NEW_ROW.format(id=usage_id, time=time))
    warehouse._await_counters()


def test_a_late_row_is_published_unasked_and_ordinary_rows_cost_no_count(built):
    warehouse = built(SEED)
    warehouse.next_build()  # counters of a copied database begin anew: all is counted, once
    add(warehouse, 900_001, ORDINARY)
    said = warehouse.next_build()
    assert COUNTING not in said
    assert is_published(warehouse, 900_001)

    add(warehouse, 900_002, LATE)
    said = warehouse.next_build()
    assert f"{COUNTING}auto_analyst.model_usage before " in said
    assert "what differs between all raw rows and what readers see, as rows came with times" in said
    assert is_published(warehouse, 900_002)


def test_a_build_of_changes_alone_says_that_it_is_not_enough(built):
    warehouse = built(SEED)
    warehouse.build_as_command_line("--full-refresh")
    add(warehouse, 900_002, LATE)
    names = project_names()
    with warehouse.connect() as connection:
        published = build_record.published_build(connection, names)
        extent = extent_of_build(
            connection, names, published, build_record.inputs(connection, names)
        )
    assert extent.changed_systems == ("auto_analyst",)
    variables = ["--vars", json.dumps(SHRINKING)]
    result = warehouse.try_build(*extent.options, *variables, extent=extent)
    assert not result.success
    assert f"{LATE_ROWS} Rows came with times before the lookback window" in result.output
    assert "1 of auto_analyst.model_usage" in result.output
