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
ROUNDS = 2
LONG_ROUNDS = 6


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    is_long = metafunc.config.getoption("--long", default=False)
    metafunc.parametrize("seed", LONG_SEEDS if is_long else SEEDS)


def test_any_history_ends_where_a_full_refresh_does(seed, long_run, built):
    warehouse = built(seed)
    history = History(warehouse.connect, seed)
    for _ in range(LONG_ROUNDS if long_run else ROUNDS):
        history.go_on()
        assert "what raw rows changed" in warehouse.next_build()
        if long_run:
            warehouse.assert_equals_full_refresh()
    warehouse.assert_next_build_changes_nothing()
    warehouse.assert_equals_full_refresh()
    history.go_on(unseen=True)
    assert "what differs" in warehouse.next_build(reconcile=True)
    warehouse.assert_equals_full_refresh()
