"""Which tests one process of pytest-xdist runs: those that share a warehouse, else those of a file.

A warehouse takes up to a minute to build, and each process builds its own.
"""

from xdist.scheduler import LoadScopeScheduling

# By the beginning of the path. Leaving a file out costs time, nothing else.
SHARING = {
    "the sample rows": (
        "tests/api/integration/test_cost_quality.py",
        "tests/api/integration/test_hot_path_cookbook.py",
        "tests/api/integration/test_metricflow.py",
        "tests/api/integration/test_model_prices.py",
        "tests/api/integration/test_outcome_costs.py",
        "tests/api/integration/test_public_ticker.py",
        "tests/api/integration/test_what_if.py",
        "tests/parity/test_cookbook.py",
        "tests/project/test_column_tests.py",
        "tests/project/test_dbt_unit_tests.py",
        "tests/project/test_readme.py",
    ),
    "tenants": (
        "tests/api/integration/test_filter_limits.py",
        "tests/api/integration/test_guard_rails.py",
        "tests/api/integration/test_hostile_requests.py",
        "tests/api/integration/test_hot_path.py",
        "tests/api/integration/test_isolation.py",
        "tests/api/integration/test_large_pages.py",
        "tests/api/integration/test_month_windows.py",
        "tests/api/integration/test_readiness.py",
        "tests/api/integration/test_refusals.py",
        "tests/api/integration/test_tenant_scope.py",
    ),
    "changed raw rows": (
        "tests/warehouse/incremental/test_preflight_of_sources.py",
        "tests/warehouse/incremental/test_equals_full_refresh.py",
        "tests/warehouse/incremental/test_late_rows.py",
        "tests/warehouse/incremental/test_rows_after_the_clock.py",
        "tests/warehouse/incremental/test_shrunken_sources.py",
    ),
    "routes": ("tests/api/integration/routes/",),
    "zones": ("tests/api/integration/zones/",),
}

# Few tests that take long go first: what begins last should not keep one process waiting.
LONG = (
    "tests/warehouse/incremental/",
    "tests/warehouse/test_cli_up.py",
    "tests/warehouse/test_recipes.py",
    "tests/warehouse/test_reprice.py",
    "tests/warehouse/test_watch.py",
    "tests/api/integration/test_random_kaapi.py",
    "tests/api/integration/routes/",
    "tests/parity/",
)


def takes_long(nodeid: str) -> bool:
    """Whether a test belongs to those that go first."""
    return nodeid.startswith(LONG)


class ByWarehouse(LoadScopeScheduling):
    """Hands out tests that share a warehouse together."""

    def _split_scope(self, nodeid: str) -> str:
        for name, places in SHARING.items():
            if nodeid.startswith(places):
                return name
        return nodeid.partition("::")[0]
