"""Every published build says what it changed in the usage that readers saw before."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.postgres import PostgresServer
from tests.support.small_project import SmallProject
from tests.support.usage_project import RAW_USAGE, add_usage, write_usage_project
from tests.warehouse.conftest import PublishedDatabase

# Two tenants; of the first, two projects on one day, and a request that belongs to no day.
FIRST_ROWS: list[tuple[str, str | None, dict[str, Any]]] = [
    ("a", "2026-01-01 10:00", {"user_id": "u1", "session_id": "s1"}),
    ("b", "2026-01-02 10:00", {"user_id": "u1", "session_id": "s1"}),
    ("c", "2026-01-02 11:00", {"user_id": "u2", "session_id": "s2", "project_id": "q"}),
    ("d", "2026-01-02 12:00", {"user_id": None, "session_id": "s3", "project_id": "q"}),
    ("e", "2026-01-02 12:00", {"organization_id": "2", "user_id": "u1"}),
    ("f", None, {"user_id": "u9"}),
]

CHANGES = """
select organization_id, project_id, day::text, model,
    requests_delta, total_tokens_delta, trim_scale(cost_usd_delta), earlier_days::text
from usage.publication_changes
where build_id = (select build_id from usage.publication order by published_at desc limit 1)
order by organization_id, day, project_id, model
"""
ACTIVITY = """
select organization_id, project_id, day::text, active_users, sessions, user_sessions
from usage.publication_activity
where build_id = (select build_id from usage.publication order by published_at desc limit 1)
order by organization_id, day, project_id nulls first
"""
BUILDS = """
select comparison.build_id, comparison.previous_build_id
from usage.publication_comparisons as comparison
inner join usage.publication using (build_id)
order by published_at
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> SmallProject:
    return write_usage_project(tmp_path_factory.mktemp("dbt") / "usage")


@pytest.fixture(scope="module")
def template(postgres_server: PostgresServer, project: SmallProject) -> str:
    name = postgres_server.create_database("changes")
    with postgres_server.connect(name) as connection:
        connection.execute(RAW_USAGE)
        for request_id, at, values in FIRST_ROWS:
            add_usage(connection, request_id, at, **values)  # type: ignore[arg-type]
    result = project.build(postgres_server.env(name))
    assert result.success, result.output
    return name


@pytest.fixture
def published(postgres_server: PostgresServer, template: str) -> Iterator[PublishedDatabase]:
    """A copy of the database as the first build left it."""
    name = f"{template}_copy"
    with postgres_server.cluster.connect() as superuser:
        superuser.execute(f'create database "{name}" owner usage_warehouse template "{template}"')
    yield PublishedDatabase(postgres_server, name)
    postgres_server.drop_database(name)


Build = Callable[..., None]


@pytest.fixture
def build(published: PublishedDatabase, project: SmallProject) -> Build:
    def run(*args: str) -> None:
        result = project.build(published.env, *args)
        assert result.success, result.output

    return run


def test_the_first_build_is_recorded_in_total(published):
    ((_, previous),) = published.rows(BUILDS)
    assert previous is None
    assert published.rows(CHANGES) == [
        ("1", "p", None, "m", 2, 20, Decimal(1), "{[2026-01-01,2026-01-03)}"),
        ("1", "q", None, "m", 2, 20, Decimal(1), "{[2026-01-02,2026-01-03)}"),
        ("2", "p", None, "m", 1, 10, Decimal("0.5"), "{[2026-01-02,2026-01-03)}"),
    ]
    assert published.rows(ACTIVITY) == []


def test_a_build_that_changes_nothing_says_so(published, build):
    build()
    (first, _), (_, previous) = published.rows(BUILDS)
    assert previous == first
    assert published.rows(CHANGES) == published.rows(ACTIVITY) == []


def test_a_new_request_changes_its_day_and_model(published, build):
    with published.connect() as connection:
        add_usage(
            connection,
            "new",
            "2026-01-02 23:00",
            user_id="u3",
            session_id="s4",
            model="n",
            cost_usd=Decimal("0.0000000000000000000001"),
        )
    build()
    cost = Decimal("1E-22")
    assert published.rows(CHANGES) == [("1", "p", "2026-01-02", "n", 1, 10, cost, None)]
    # Distinct users and sessions of the whole tenant, then of each project: all of the day's.
    assert published.rows(ACTIVITY) == [
        ("1", None, "2026-01-02", 3, 4, 3),
        ("1", "p", "2026-01-02", 2, 2, 2),
        ("1", "q", "2026-01-02", 1, 2, 1),
    ]


def test_what_vanished_counts_negative_and_what_moved_counts_twice(published, build):
    published.execute(
        "update raw.usage set requested_at = '2026-01-03' where request_id = 'a';"
        "delete from raw.usage where request_id = 'e' or requested_at is null"
    )
    build()
    half = Decimal("0.5")
    assert published.rows(CHANGES) == [
        ("1", "p", "2026-01-01", "m", -1, -10, -half, None),
        ("1", "p", "2026-01-03", "m", 1, 10, half, None),
        ("2", "p", "2026-01-02", "m", -1, -10, -half, None),
    ], "a request without a time belongs to no day"
    assert {row[2] for row in published.rows(ACTIVITY)} == {"2026-01-03"}, "others are empty now"


def test_corrections_that_leave_the_sums_are_changes_of_nothing_but_the_day(published, build):
    """Another user, another outcome, and two users who exchange what they used."""
    published.execute(
        "update raw.usage set user_id = 'other' where request_id = 'a';"
        "update raw.usage set is_failed = true where request_id = 'e';"
        "update raw.usage set total_tokens = case request_id when 'c' then 3 else 17 end "
        "where request_id in ('c', 'd')"
    )
    build()
    assert published.rows(CHANGES) == [
        ("1", "p", "2026-01-01", "m", 0, 0, Decimal(0), None),
        ("1", "q", "2026-01-02", "m", 0, 0, Decimal(0), None),
        ("2", "p", "2026-01-02", "m", 0, 0, Decimal(0), None),
    ]
    assert ("1", None, "2026-01-01", 1, 1, 1) in published.rows(ACTIVITY)


def test_only_the_newest_changed_days_of_each_tenant_are_listed(published, build):
    published.execute(
        "insert into raw.usage (request_id, organization_id, requested_at) "
        "select 'n' || n || '-' || organization, organization, timestamp '2026-02-01' + n * "
        "interval '1 day' from generate_series(0, 4) as n, unnest(array['1', '2']) as organization "
        "where organization = '1' or n < 2"
    )
    build("--vars", "publish_listed_days: 2")
    half, rest = Decimal("0.5"), Decimal("1.5")
    assert published.rows(CHANGES) == [
        ("1", "p", "2026-02-04", "m", 1, 10, half, None),
        ("1", "p", "2026-02-05", "m", 1, 10, half, None),
        ("1", "p", None, "m", 3, 30, rest, "{[2026-02-01,2026-02-04)}"),
        ("2", "p", "2026-02-01", "m", 1, 10, half, None),
        ("2", "p", "2026-02-02", "m", 1, 10, half, None),
    ]
    assert {row[2] for row in published.rows(ACTIVITY) if row[0] == "1"} == {
        "2026-02-04",
        "2026-02-05",
    }


def test_changes_of_the_newest_builds_are_kept(published, build):
    for user in ("x", "y", "z"):
        published.execute(f"update raw.usage set user_id = '{user}' where request_id = 'a'")
        build("--vars", "publish_kept_changes: 2")
    builds = [row[0] for row in published.rows(BUILDS)]
    assert published.value("select count(*) from usage.publication") == 4
    assert len(builds) == 2
    for table in ("publication_changes", "publication_activity"):
        kept = published.rows(f"select distinct build_id from usage.{table}")
        assert sorted(kept) == sorted((build_id,) for build_id in builds)


def test_a_mart_that_others_hold_on_to_is_compared_before_its_rows_are_replaced(published, build):
    published.execute("create view public.watch as select * from usage.fct_daily_usage")
    with published.connect() as connection:
        add_usage(connection, "new", "2026-01-05")
    build()
    assert [row[2:5] for row in published.rows(CHANGES)] == [("2026-01-05", "m", 1)]


def test_a_copy_without_the_columns_cannot_be_compared(published, build):
    published.execute("alter table usage.fct_daily_usage drop column total_tokens cascade")
    build("--full-refresh")
    assert published.rows(BUILDS)[-1][1] is None
    assert [row[2] for row in published.rows(CHANGES)] == [None] * 3


def test_a_new_column_alone_is_no_change(published, build):
    published.execute("alter table usage.fct_daily_usage drop column failed_requests cascade")
    build("--full-refresh")
    assert published.rows(BUILDS)[-1][1] is not None
    assert published.rows(CHANGES) == []


def test_a_build_that_is_not_published_records_nothing(published, project):
    published.execute(
        "insert into raw.usage (request_id, requested_at) values ('new', '2026-01-05');"
        "create function public.stop() returns trigger language plpgsql as "
        "$$ begin raise exception 'stopped at the end'; end $$;"
        "create trigger stop before insert on usage.publication execute function public.stop();"
    )
    assert not project.build(published.env).success
    assert len(published.rows(BUILDS)) == 1


def test_readers_see_the_changes_of_their_tenants_only(published, build):
    published.execute("update raw.usage set is_failed = true")
    build()
    for table in ("publication_changes", "publication_activity"):
        with published.connect() as connection, connection.transaction():
            connection.execute("set local role usage_warehouse_api")
            query = f"select distinct organization_id from usage.{table}"
            assert connection.execute(query).fetchall() == []
            connection.execute(
                "select set_config('usage_warehouse.scope', 'member', true), "
                "set_config('usage_warehouse.source_system', 'kaapi', true), "
                "set_config('usage_warehouse.organization_id', '2', true)"
            )
            assert connection.execute(query).fetchall() == [("2",)]


def test_a_clock_that_is_set_back_hides_no_build(published, build):
    published.execute("update usage.publication set published_at = '2100-01-01'")
    build()
    (first, _), (newest, previous) = published.rows(BUILDS)
    assert previous == first
    assert newest != first


def test_names_of_our_tables_are_refused_for_marts(published, project, tmp_path: Path):
    other = project.copy(tmp_path / "other")
    (other.models / "publication_changes.sql").write_text("select 1 as n\n")
    other.edit_spec(
        "  - name: dim_providers\n",
        "  - name: publication_changes\n    columns:\n      - {name: n, data_type: integer}\n"
        "  - name: dim_providers\n",
    )
    result = other.build(published.env)
    assert "publishing itself takes the name publication_changes" in result.output
