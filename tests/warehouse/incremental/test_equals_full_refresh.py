"""Laws 2 and 3: whatever happened to raw rows, a build of changes ends where a full refresh does.

Every mart is compared with a full refresh of a copy of the database, to the last digit, and with
itself after one more build. A build takes seconds, so that rounds are few and each changes much;
`pytest --long` plays many histories.
"""

import pytest

from tests.warehouse.incremental.history import History

pytestmark = pytest.mark.database

SEEDS = [1]
LONG_SEEDS = range(1, 16)
ROUNDS = 1
LONG_ROUNDS = 6


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    is_long = metafunc.config.getoption("--long", default=False)
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", LONG_SEEDS if is_long else SEEDS)


def test_any_history_ends_where_a_full_refresh_does(seed, long_run, built):
    warehouse = built(seed)
    history = History(warehouse.connect, seed)
    for _ in range(LONG_ROUNDS if long_run else ROUNDS):
        history.go_on()
        warehouse.build_as_command_line()
        if long_run:
            warehouse.assert_equals_full_refresh()
    warehouse.assert_next_build_changes_nothing()
    warehouse.assert_equals_full_refresh()
    history.go_on(unseen=True)
    assert "what differs" in warehouse.next_build(reconcile=True)
    warehouse.assert_equals_full_refresh()


# Tables that lead to few marts, and not to requests, but for the last.
CHANGES = [
    "update kaapi.organization set name = name || ' II';"
    "update auto_analyst.message_feedback set rating = 1 where rating = 2;"
    'update litellm."LiteLLM_DailyTagSpend" set spend = spend * 2, updated_at = now()',
    "update kaapi.evaluation_run set cost = null, updated_at = updated_at + interval '1 minute'",
    "update kaapi.llm_call set deleted_at = updated_at, updated_at = now() at time zone 'utc'"
    " where id in (select id from kaapi.llm_call order by id limit 2)",
    # Within the look-back of a source that the builds before left unread.
    "update enclava.usage_tracking set cost_cents = 7"
    " where created_at = (select max(created_at) from enclava.usage_tracking"
    " where created_at < now() at time zone 'utc')",
]


def test_what_hangs_on_no_change_is_left_alone(built):
    warehouse = built(SEEDS[0])
    # What a build of all left behind must not be read by one of changes.
    assert warehouse.build_as_command_line("--full-refresh").changed_systems is None
    changed = []
    for change in CHANGES:
        warehouse.execute(change)
        extent = warehouse.build_as_command_line()
        changed.append(extent.changed_systems)
    warehouse.assert_equals_full_refresh()
    assert changed == [("auto_analyst", "kaapi", "litellm"), ("kaapi",), ("kaapi",), ("enclava",)]
