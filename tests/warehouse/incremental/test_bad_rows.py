"""Hundreds of kinds of bad rows in every raw table: a build publishes, and names each of them."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.warehouse.incremental import bad_rows

pytestmark = pytest.mark.database

NAMED = (
    "select row_key, issue, sum(raw_rows)::int from usage.fct_rejected_rows"
    " where source_system = %s and source_table = %s group by 1, 2"
)
ORDINARY = """
    select source_system, request_kind, request_id, requested_at,
        md5(row(request.*)::text)
    from usage.fct_requests as request where not (
        request_id like 'bad-%' or request_id ~ '^9[0-9]{5}$'
        or request_id like '00000000-0000-0000-0000-%'
    )
"""


def test_a_build_publishes_and_names_each_bad_row(built):
    warehouse = built(2)
    with warehouse.connect() as connection:
        before = set(connection.execute(ORDINARY).fetchall())
        written = bad_rows.write(connection)
    assert written > 2_000
    warehouse.next_build()
    wrong = []
    with warehouse.connect() as connection:
        now = datetime.now(UTC)
        for table in bad_rows.tables():
            wanted = bad_rows.expected_issues(connection, table, now)
            found = Counter(
                {
                    (key, issue): count
                    for key, issue, count in connection.execute(
                        NAMED, [table.system, table.name]
                    ).fetchall()
                }
            )
            wrong += [(table.name, "not named", *each) for each in (wanted - found).items()]
            wrong += [(table.name, "named", *each) for each in (found - wanted).items()]
        assert not wrong, (len(wrong), wrong[:40])
        after = set(connection.execute(ORDINARY).fetchall())
    assert before <= after
    assert warehouse.value("select bool_and(is_reconciled) from usage.fct_cost_reconciliation")
    warehouse.assert_equals_full_refresh()


def test_a_version_that_is_held_twice_doubles_no_evaluation_run(built):
    warehouse = built(2)
    runs = "select count(*) from usage.fct_evaluation_runs"
    before = warehouse.value(runs)
    warehouse.execute(
        "alter table kaapi.config_version drop constraint config_version_config_id_version_key;"
        " insert into kaapi.config_version select gen_random_uuid(), config_id, version,"
        " config_blob, commit_message, inserted_at, updated_at, deleted_at"
        " from kaapi.config_version"
    )
    warehouse.next_build("--full-refresh")
    assert warehouse.value(runs) == before
