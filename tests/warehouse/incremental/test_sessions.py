"""Settings of a session change no amount of money: floats are read in full, or not at all."""

import pytest

from tests.warehouse.incremental.published import content

pytestmark = pytest.mark.database

SEED = 1
# Whatever a session says when it begins: dbt's says 1.
ALWAYS = """
    create function public.cut_floats() returns event_trigger language plpgsql as $$
    begin perform set_config('extra_float_digits', '0', false); end $$;
    create event trigger cut_floats on login execute function public.cut_floats()
"""


def test_a_database_that_cuts_floats_changes_no_money(built):
    warehouse = built(SEED)
    with warehouse.connect() as connection:
        before = content(connection)
    warehouse.execute(f'alter database "{warehouse.database}" set extra_float_digits = 0')
    assert warehouse.value("select current_setting('extra_float_digits')") == "0"
    warehouse.next_build("--full-refresh")
    with warehouse.connect() as connection:
        after = content(connection)
    assert after["fct_requests"] == before["fct_requests"]
    assert after["fct_daily_tag_usage"] == before["fct_daily_tag_usage"]


def test_a_session_that_cuts_floats_all_the_same_is_refused(built):
    warehouse = built(SEED)
    with warehouse.server.connect(warehouse.database, "postgres") as superuser:
        superuser.execute(ALWAYS)
    result = warehouse.try_build()
    assert not result.success
    assert "[FLOAT_DIGITS] sessions of the login write floats with extra_float_digits 0" in (
        result.output
    )
    assert "set extra_float_digits = 1" in result.output
