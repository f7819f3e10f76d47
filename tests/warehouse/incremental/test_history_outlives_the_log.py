"""Rows that left their source by age stay as published; a single deletion still counts."""

from datetime import date
from typing import Any

import pytest

from tests.warehouse.incremental.builds import NAMES, Warehouse
from tests.warehouse.incremental.history import History
from tests.warehouse.incremental.published import content
from warehouse import history

pytestmark = pytest.mark.database

SEED = 1

# Raw tables of events, their time, and the mart that has its rows.
EVENTS = [
    ("kaapi.llm_call", "inserted_at", "fct_requests"),
    ("kaapi.llm_chain", "inserted_at", "fct_requests"),
    ("kaapi.evaluation_run", "inserted_at", "fct_evaluation_runs"),
    ('litellm."LiteLLM_SpendLogs"', '"startTime"', "fct_requests"),
    ('litellm."LiteLLM_DailyTagSpend"', "date", "fct_daily_tag_usage"),
    ("auto_analyst.model_usage", "timestamp", "fct_requests"),
    ("auto_analyst.code_executions", "created_at", "fct_code_executions"),
    ("auto_analyst.message_feedback", "created_at", "fct_feedback"),
    ("enclava.usage_tracking", "created_at", "fct_requests"),
]
BUILDS: list[dict[str, Any]] = [{}, {"full": True}]
# What says something of the rows that raw tables hold, and of no others.
ABOUT_RAW_ROWS = {"fct_cost_reconciliation", "fct_rejected_rows"}
# What tells archived rows from others, or how raw tables were read.
TOLD_APART = {
    *("fct_requests", "fct_evaluation_runs", "fct_code_executions", "fct_code_execution_errors"),
    *("fct_feedback", "fct_daily_tag_usage", *ABOUT_RAW_ROWS),
    *("publication_raw_totals", "publication_raw_day_digests", "publication_watermarks"),
}


def purge(warehouse: Warehouse, table: str, column: str) -> int:
    """Delete the older half of what happened at a time, by day; how many rows went."""
    since = "'2000-01-01'"
    with warehouse.connect() as connection:
        row = connection.execute(
            f"select percentile_disc(0.5) within group (order by {column}::text)"
            f" from {table} where {column}::text between {since} and '2030'"
        ).fetchone()
        assert row is not None
        day = str(row[0])[:10]
        gone = connection.execute(
            f"delete from {table} where {column}::text between {since} and '{day}'"
        )
    return gone.rowcount


def build(warehouse: Warehouse, full: bool = False, **variables: object) -> str:
    return warehouse.next_build(*(["--full-refresh"] if full else []), **variables)


def figures(warehouse: Warehouse) -> dict[str, Any]:
    with warehouse.connect() as connection:
        found = {k: v for k, v in content(connection).items() if k not in TOLD_APART}
        (counts,) = found["mart_row_counts"]
        del counts["fct_rejected_rows"]
        for mart in sorted(TOLD_APART - ABOUT_RAW_ROWS):
            if mart.startswith("fct_"):
                digest = "hashtextextended((to_jsonb(mart) - 'is_archived')::text, 0)"
                found[mart] = connection.execute(
                    f"select count(*), sum({digest}::numeric) from usage.{mart} as mart"
                ).fetchone()
    return found


@pytest.mark.parametrize("build_as", BUILDS, ids=["ordinary", "full"])
def test_a_purge_by_age_takes_nothing_away(built, build_as):
    warehouse = built(SEED)
    before = figures(warehouse)
    purged = {table: purge(warehouse, table, column) for table, column, _ in EVENTS}
    assert all(purged.values())
    build(warehouse, **build_as)
    assert figures(warehouse) == before
    # An ordinary build looks back for some days only: what it did not look at, it did not miss.
    build(warehouse, reconcile=True)
    assert figures(warehouse) == before
    with warehouse.connect() as connection:
        for mart in {mart for _, _, mart in EVENTS}:
            row = connection.execute(
                f"select count(*) filter (where is_archived), count(*) from usage.{mart}"
            ).fetchone()
            assert row is not None
            assert 0 < row[0] < row[1], (mart, row)
        assert warehouse.value("select bool_and(is_reconciled) from usage.fct_cost_reconciliation")
        assert warehouse.value(
            "select sum(archived_requests) from usage.fct_cost_reconciliation"
        ) == warehouse.value("select count(*) from usage.fct_requests where is_archived")
    boundary = "select count(distinct source_system) from usage.publication_sources"
    assert warehouse.value(f"{boundary} where archived_before > '2000-01-01'") == 4
    if "full" in build_as:
        # Law 3, and a project that changed.
        build(warehouse)
        build(warehouse, full=True, price_book_fallback=True)
        build(warehouse, full=True)
        assert figures(warehouse) == before


DAYS_OF_USAGE = """
    insert into enclava.usage_tracking (id, user_id, endpoint, created_at)
    select 90000 + n, 1, '/v1/chat', timestamp '2001-02-01 12:00' + n / 3 * interval '1 day'
    from generate_series(0, 29) as n
"""


def test_a_single_deletion_after_the_boundary_still_counts(built):
    warehouse = built(SEED)
    requests = (
        "select array_agg(cast(request_id as integer) - 90000 order by requested_at, request_id)"
        " from usage.fct_requests where source_system = 'enclava' and requested_at < '2001-03-01'"
    )
    warehouse.execute(DAYS_OF_USAGE)
    build(warehouse, reconcile=True)
    assert warehouse.value(requests) == list(range(30))
    # Four days by age, the fourth only in part; and one row of a later day.
    warehouse.execute("delete from enclava.usage_tracking where id between 90000 and 90010")
    warehouse.execute("delete from enclava.usage_tracking where id = 90020")
    build(warehouse, reconcile=True)
    assert warehouse.value(requests) == [n for n in range(30) if n != 20]
    assert warehouse.value(requests.replace("where", "where is_archived and")) == list(range(11))
    assert (
        str(
            warehouse.value(
                "select archived_before from usage_history.archive_boundaries"
                " where source_name = 'enclava.usage_tracking'"
            )
        )
        == "2001-02-05"
    )
    # A late row from before the boundary is added.
    warehouse.execute(
        "insert into enclava.usage_tracking (id, user_id, endpoint, created_at)"
        " values (90000 - 1, 1, '/v1/chat', '2001-02-01')"
    )
    build(warehouse, reconcile=True)
    assert warehouse.value(requests) == [-1, *(n for n in range(30) if n != 20)]


def test_rows_that_come_back_are_those_of_their_source_again(built):
    warehouse = built(SEED)
    warehouse.execute("create table kept as select * from enclava.usage_tracking")
    purge(warehouse, "enclava.usage_tracking", "created_at")
    build(warehouse, reconcile=True)
    warehouse.execute(
        "insert into enclava.usage_tracking select kept.* from kept"
        " where not exists (select from enclava.usage_tracking as raw where raw.id = kept.id)"
    )
    build(warehouse, reconcile=True)
    assert warehouse.value("select count(*) from usage.fct_requests where is_archived") == 0
    assert warehouse.value("select count(*) from usage_history.archived_fct_requests") == 0


def test_a_system_that_is_switched_off_keeps_its_history(built):
    warehouse = built(SEED)
    purge(warehouse, "enclava.usage_tracking", "created_at")
    build(warehouse, reconcile=True)
    archived = warehouse.value("select count(*) from usage.fct_requests where is_archived")
    assert archived
    warehouse.execute("drop schema usage cascade")
    build(warehouse)
    assert warehouse.value("select count(*) from usage.fct_requests where is_archived") == archived


@pytest.mark.parametrize("retention", ["1 day", None])
def test_what_is_in_doubt_is_known_where_retention_is(built, retention):
    warehouse = built(SEED)
    purge(warehouse, "enclava.usage_tracking", "created_at")
    named = {"source_retention": {"enclava.usage_tracking": retention}} if retention else {}
    build(warehouse, reconcile=True, **named)
    assert warehouse.value(
        "select is_in_doubt from usage_history.archive_boundaries"
        " where source_name = 'enclava.usage_tracking'"
    ) is (retention is None)


def test_what_is_erased_does_not_come_back(built):
    warehouse = built(SEED)
    warehouse.execute(DAYS_OF_USAGE)
    build(warehouse, reconcile=True)
    warehouse.execute("delete from enclava.usage_tracking where id between 90000 and 90011")
    build(warehouse, reconcile=True)
    named = ("enclava.usage_tracking", [date(2001, 2, 1)], None)
    with warehouse.connect() as connection:
        (found,) = [each for each in history.archives(connection, NAMES) if each.source == named[0]]
        assert (found.rows, found.is_in_doubt) == (12, True)
        assert (found.oldest_day, found.newest_day) == (date(2001, 2, 1), date(2001, 2, 4))
        assert history.what_erasing_takes(connection, NAMES, *named) == [("fct_requests", 12)]
        other = ("enclava.usage_tracking", [date(2001, 3, 1)], None)
        assert history.what_erasing_takes(connection, NAMES, *other) == [("fct_requests", 0)]
        history.erase(connection, NAMES, *named)
    for full in (False, True):
        build(warehouse, full=full, reconcile=True)
        assert (
            warehouse.value(
                "select count(*) from usage.fct_requests"
                " where source_system = 'enclava' and requested_at < '2001-03-01'"
            )
            == 30 - 12
        )


def test_histories_with_purges_end_where_a_full_refresh_does(built, long_run):
    warehouse = built(SEED)
    changes = History(warehouse.connect, SEED)
    for table, column, _ in EVENTS if long_run else EVENTS[:5:2]:
        changes.go_on()
        purge(warehouse, table, column)
        warehouse.next_build(reconcile=True)
    warehouse.assert_next_build_changes_nothing()
    warehouse.assert_equals_full_refresh()


COMPUTED = """
    select source_system, request_kind, request_id, requested_at, price_source,
        computed_cost_usd, list_cost_usd, savings_usd, cost_precision
    from usage.fct_requests
"""


def computed(warehouse: Warehouse, where: str) -> set[tuple[Any, ...]]:
    with warehouse.connect() as connection:
        return set(connection.execute(f"{COMPUTED} where {where}").fetchall())


def test_an_override_reprices_what_is_archived_and_the_price_book_does_not(built):
    warehouse = built(SEED)
    with warehouse.connect() as connection:
        named = connection.execute(
            "select price_provider, price_model from usage.fct_requests"
            " where price_source = 'price_book' and price_processing = 'standard'"
            " and computed_cost_usd > 0 and requested_at > '2000-01-01'"
            " group by 1, 2 order by count(*) desc limit 1"
        ).fetchone()
    assert named is not None
    override = (
        "insert into usage_build.price_overrides (provider, model, processing,"
        " from_input_tokens, from_second_of_day, to_second_of_day,"
        " input_usd_per_mtok, output_usd_per_mtok, reason)"
        f" values ('{named[0]}', '{named[1]}', 'standard', 0, 0, 86400, 1000, 2000, 'test')"
    )
    overridden = warehouse.copy(f"{warehouse.database}_overridden")
    overridden.execute(override)
    build(overridden, full=True)

    for table, column, _ in EVENTS:
        purge(warehouse, table, column)
    build(warehouse, full=True)
    archived = computed(warehouse, "is_archived")
    warehouse.execute("update usage_build.price_book set input_usd_per_mtok = 77")
    warehouse.execute(override)
    build(warehouse, full=True)
    repriced = computed(warehouse, "is_archived")
    by_override = {row for row in repriced if row[4] == "price_override"}
    assert len(by_override) > 1
    assert by_override <= computed(overridden, "price_source = 'price_override'")
    assert repriced - by_override <= archived

    warehouse.execute("delete from usage_build.price_overrides where reason = 'test'")
    build(warehouse, full=True)
    assert computed(warehouse, "is_archived") == archived
    warehouse.server.drop_database(overridden.database)
