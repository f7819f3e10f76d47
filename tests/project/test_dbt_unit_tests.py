"""dbt's unit tests of the models, which need the tables of a build and read none of their rows."""

import pytest

from tests.support.dbt import ALL_SYSTEMS, dbt

pytestmark = pytest.mark.database


def test_every_model_makes_of_given_rows_what_is_expected(sample):
    libpq = sample.server.env(sample.database)
    # What the build wrote stays: other tests read it.
    tests = ["test", "--resource-type", "unit_test", "--no-write-json"]
    said = dbt(tests, libpq, sample.target, source_systems=ALL_SYSTEMS)
    assert "unit tests in" in said
