"""A row from the future hides no source that has stopped; in time it is a row like any other."""

from time import monotonic, sleep

import pytest

from tests.warehouse.incremental.builds import PARSED, Warehouse

pytestmark = pytest.mark.database

SEED = 1
SECONDS = 6  # a build and more

NEW_ROW = """
insert into auto_analyst.model_usage
select copy.* from (
    select usage from auto_analyst.model_usage as usage order by usage_id limit 1
) as first
cross join lateral jsonb_populate_record(
    first.usage, jsonb_build_object('usage_id', {id}, 'timestamp', {time})
) as copy
"""
FRESHNESS = """
select newest_row_at < build_started_at at time zone 'UTC', rows_after_clock, newest_row_at::text
from usage.publication_sources inner join usage.publication using (build_id)
where source_system = 'auto_analyst' order by published_at desc limit 1
"""


def published_freshness(warehouse: Warehouse) -> tuple[bool, int, str]:
    with warehouse.connect() as connection:
        found: tuple[bool, int, str] = connection.execute(FRESHNESS).fetchone()
    return found


def test_rows_after_the_clock_are_counted_apart_until_they_come_to_pass(built):
    warehouse = built(SEED)
    _, before, newest = published_freshness(warehouse)
    warehouse.execute(NEW_ROW.format(id=900_001, time="timestamp '2062-01-01'"))

    own_name = warehouse.database
    warehouse.rename(PARSED)
    said = warehouse.dbt.run(
        ["source", "freshness", "--select", "source:auto_analyst.model_usage"],
        warehouse.server.env(PARSED),
    ).output
    warehouse.rename(own_name)
    assert f"auto_analyst.model_usage has {before + 1} rows after the clock" in said
    assert "WARN freshness of auto_analyst.model_usage" in said

    passes_at = monotonic() + SECONDS
    soon = f"now() at time zone 'UTC' + interval '{SECONDS} seconds'"
    warehouse.execute(NEW_ROW.format(id=900_002, time=soon))
    warehouse.next_build()
    assert published_freshness(warehouse) == (True, before + 2, newest)

    sleep(max(0, passes_at - monotonic()))
    warehouse.next_build()
    is_past, after, came_to_pass = published_freshness(warehouse)
    assert (is_past, after) == (True, before + 1)
    assert came_to_pass > newest
