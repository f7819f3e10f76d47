"""Marts depend on no session's zone, and hold instants whatever zone a source writes in."""

import pytest

from tests.support.dbt import run_dbt
from tests.warehouse.incremental.history import History

pytestmark = pytest.mark.database

SEED = 1
SYSTEMS = ("kaapi", "litellm", "auto_analyst", "enclava")
BY_DEFAULT = "alter database \"{}\" set timezone to 'Asia/Kolkata'"
# Whatever a session says when it begins: dbt's says UTC.
ALWAYS = """
    create function public.show_kolkata() returns event_trigger language plpgsql as $$
    begin perform set_config('timezone', 'Asia/Kolkata', false); end $$;
    create event trigger show_kolkata on login execute function public.show_kolkata()
"""
# As the source would have written them in Karachi. Those that no calendar shows stay as they are.
FIVE_HOURS_LATER = """
    do $$
    declare
        raw record;
    begin
        for raw in
            select table_schema, table_name, column_name from information_schema.columns
            where table_schema in ('kaapi', 'litellm', 'auto_analyst', 'enclava')
                and data_type = 'timestamp without time zone'
        loop
            execute format(
                'update %I.%I set %3$I = %3$I + interval ''5 hours'''
                ' where %3$I between ''0001-01-01'' and ''9999-12-30''',
                raw.table_schema, raw.table_name, raw.column_name
            );
        end loop;
    end $$
"""
LATER_CHANGES = """
    update litellm."LiteLLM_SpendLogs" set spend = spend + 1
    where "startTime" between timezone('{zone}', now()) - interval '2 days'
        and timezone('{zone}', now());
    update kaapi.llm_call set usage = '{{"input_tokens": 7, "output_tokens": 7}}',
        updated_at = timezone('{zone}', now())
    where id in (select id from kaapi.llm_call order by id limit 9)
"""
# As versions before instants left them, UTC by convention.
WITHOUT_ZONE = """
    drop view usage_build.int_kaapi__listed_prices cascade;
    alter table usage_history.hist_kaapi__model_configs
        alter valid_from_at type timestamp using timezone('UTC', valid_from_at),
        alter observed_at type timestamp using timezone('UTC', observed_at);
    create view usage_build.int_kaapi__listed_prices
        as select valid_from_at from usage_history.hist_kaapi__model_configs;
    create view usage_build.int_kaapi__model_prices
        as select * from usage_build.int_kaapi__listed_prices;
    alter table usage.publication_sources
        alter newest_row_at type timestamp using timezone('UTC', newest_row_at)
"""
# They hold what raw rows say, times included.
# Watermarks and digests of raw rows say what their source wrote.
BY_THE_CLOCK_OF_THE_SOURCE = (
    "publication_watermarks",
    "publication_raw_day_digests",
    "fct_rejected_rows",
)


def test_sessions_of_dbt_are_in_utc_whatever_the_database_says(built, tmp_path):
    warehouse = built(SEED)
    warehouse.execute(BY_DEFAULT.format(warehouse.database))
    assert warehouse.value("select current_setting('timezone')") == "Asia/Kolkata"
    query = "select current_setting('timezone') as zone, current_schemas(false) as schemas"
    said = run_dbt(
        ["show", "--inline", query], warehouse.server.env(warehouse.database), tmp_path / "target"
    )
    assert "| UTC " in said.output, said.output
    assert "public" in said.output


def test_a_session_of_another_zone_makes_the_same_marts(built):
    utc = built(SEED)
    History(utc.connect, SEED).go_on()
    kolkata = utc.copy(f"{utc.database}_kolkata")
    with kolkata.server.connect(kolkata.database, "postgres") as superuser:
        superuser.execute(ALWAYS)
    assert kolkata.value("select current_setting('timezone')") == "Asia/Kolkata"
    for arguments in ((), ("--full-refresh",)):
        utc.next_build(*arguments)
        kolkata.next_build(*arguments)
        # When a change of prices or a bad row was first seen, each of the two says of itself.
        kolkata.assert_shows_the_same_as(utc, but_for=["dim_model_prices", "fct_rejected_rows"])
    kolkata.server.drop_database(kolkata.database)


def test_marts_hold_the_instants_of_what_a_source_wrote_in_its_own_zone(built):
    utc = built(SEED)
    karachi = utc.copy(f"{utc.database}_karachi")
    karachi.execute(FIVE_HOURS_LATER)
    zones = {f"{system}_time_zone": "Asia/Karachi" for system in SYSTEMS}
    # The var alone is a reason to read all rows again.
    assert "vars changed" in karachi.next_build(**zones)
    utc.next_build("--full-refresh")
    karachi.assert_shows_the_same_as(utc, but_for=BY_THE_CLOCK_OF_THE_SOURCE)
    karachi.execute(LATER_CHANGES.format(zone="Asia/Karachi"))
    assert "what raw rows changed" in karachi.next_build(**zones)
    karachi.assert_equals_full_refresh(**zones)
    karachi.server.drop_database(karachi.database)


def test_what_older_versions_kept_without_zone_becomes_instants(built):
    warehouse = built(SEED)
    before = warehouse.copy(f"{warehouse.database}_before")
    warehouse.execute(WITHOUT_ZONE)
    # Of a server whose own zone is another one.
    warehouse.execute(BY_DEFAULT.format(warehouse.database))
    warehouse.next_build("--full-refresh")
    warehouse.assert_shows_the_same_as(before)
    assert warehouse.value(
        "select array_agg(distinct data_type::text) from information_schema.columns"
        " where table_schema in ('usage', 'usage_history') and data_type like 'timestamp%'"
        " and table_name <> 'publication_watermarks'"
    ) == ["timestamp with time zone"]
    before.server.drop_database(before.database)
