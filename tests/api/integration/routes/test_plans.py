"""Routes read no more than they must: Postgres' own plans say what they read."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import psycopg
import pytest

from graphql_api.catalogue.model import Catalogue, Grain, Mart, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query import route
from graphql_api.query.legs import exactly
from graphql_api.query.request import And, Condition, Operator, QueryRequest, Role, Scope
from graphql_api.query.window import in_whole_periods
from tests.api.integration.routes.requests import Asker
from tests.api.integration.routes.warehouse import ADMIN, Database, Warehouse

pytestmark = pytest.mark.database

QUESTIONS = 300
NOW = datetime(2026, 3, 15, 13, 47, 11, 42_000)  # noqa: DTZ001 - UTC without zone
MEMBER = Scope(Role.MEMBER, "kaapi", "1")


def relations(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Tables that a plan reads, and the kind of node that reads them."""
    if "Relation Name" in plan:
        yield plan["Relation Name"], plan["Node Type"]
    for each in plan.get("Plans", ()):
        # A bitmap is made by an index scan below the node that reads the table.
        yield from relations(each)


def question(catalogue: Catalogue, *bounds: Condition, **more: Any) -> QueryRequest:
    mart = catalogue.marts["fct_requests"]
    asked: dict[str, Any] = {
        "group_by": ("provider", "model"),
        "metrics": ("requests", "cost_usd"),
        "total_metrics": ("cost_usd_per_request",),
        "with_nodes": True,
        "with_total_count": True,
    }
    return QueryRequest(mart, ADMIN, NOW, where=And(bounds), **asked | more)


def since(moment: datetime) -> Condition:
    return Condition("requested_at", Operator.GTE, (moment,))


def before(moment: datetime) -> Condition:
    return Condition("requested_at", Operator.LT, (moment,))


def until(moment: datetime) -> Condition:
    return Condition("requested_at", Operator.LTE, (moment,))


BY_TIME = {"group_by": ("requested_at", "provider"), "with_freshness": True}
KATHMANDU = {**BY_TIME, "time_grain": Grain.DAY, "timezone": "Asia/Kathmandu"}


class TestWhatIsRead:
    def test_a_question_that_needs_no_edges_never_touches_the_asked_mart(
        self, warehouse: Warehouse, asker: Callable[[int], Asker]
    ):
        asking, aligned = asker(3), 0
        for _ in range(QUESTIONS):
            request = asking.request()
            try:
                found = route.choose(in_whole_periods(request), warehouse.catalogue)
            except InvalidQueryError:
                continue
            if found and all(leg.rollup for leg in found.legs):
                aligned += 1
                plan = warehouse.plan(request, exactly(warehouse.catalogue))
                read = {table for table, _ in relations(plan)}
                assert request.mart.name not in read, found
        assert aligned >= QUESTIONS // 20

    @pytest.mark.parametrize("scope", [ADMIN, MEMBER], ids=["admin", "member"])
    @pytest.mark.parametrize(
        ("window", "more", "reads"),
        [
            (
                [since(datetime(2025, 1, 1)), before(datetime(2026, 3, 1))],  # noqa: DTZ001
                {},
                {"fct_monthly_usage"},
            ),
            (
                [since(datetime(2025, 1, 1)), before(datetime(2026, 3, 1))],  # noqa: DTZ001
                {**BY_TIME, "time_grain": Grain.MONTH, "chart_metrics": ("requests",)},
                {"fct_monthly_usage"},
            ),
            ([], {**BY_TIME, "time_grain": Grain.YEAR}, {"fct_monthly_usage"}),
            (
                [since(datetime(2026, 2, 3)), before(datetime(2026, 2, 28))],  # noqa: DTZ001
                {"group_by": ("user_id",), "metrics": ("active_users",)},
                {"fct_daily_usage"},
            ),
            (
                [since(datetime(2026, 2, 3, 5)), before(datetime(2026, 2, 3, 9))],  # noqa: DTZ001
                {},
                {"fct_hourly_usage"},
            ),
            (
                [since(datetime(2025, 2, 1)), before(datetime(2026, 2, 1))],  # noqa: DTZ001
                {**BY_TIME, "time_grain": Grain.DAY, "timezone": "Asia/Tokyo"},
                {"fct_hourly_usage"},
            ),
            (
                [since(datetime(2025, 3, 29, 23)), before(datetime(2025, 10, 25, 22))],  # noqa: DTZ001
                {**BY_TIME, "time_grain": Grain.MONTH, "timezone": "Europe/Berlin"},
                {"fct_hourly_usage"},
            ),
            (
                [since(datetime(2025, 2, 3, 19)), before(datetime(2025, 2, 28, 18))],  # noqa: DTZ001
                {**BY_TIME, "time_grain": Grain.MONTH, "timezone": "Asia/Kathmandu"},
                {"fct_hourly_usage"},
            ),
        ],
        ids=[
            "months",
            "by month",
            "by year",
            "days",
            "hours",
            "days in a zone",
            "months with summer time",
            "no month ends",
        ],
    )
    def test_whole_periods_come_from_the_coarsest_roll_up(
        self,
        warehouse: Warehouse,
        scope: Scope,
        window: list[Condition],
        more: dict[str, Any],
        reads: set[str],
    ):
        request = question(warehouse.catalogue, *window, **more)
        plan = warehouse.plan(with_scope(request, scope), exactly(warehouse.catalogue))
        found = {table for table, _ in relations(plan)}
        assert {table for table in found if table.startswith("fct_")} == reads

    @pytest.mark.parametrize("scope", [ADMIN, MEMBER], ids=["admin", "member"])
    @pytest.mark.parametrize(
        ("window", "more"),
        [
            ([since(NOW - timedelta(days=420)), until(NOW)], {}),
            ([since(NOW - timedelta(hours=24)), until(NOW)], {}),
            ([since(NOW - timedelta(days=90))], {}),
            ([], {}),
            ([since(NOW - timedelta(days=30)), until(NOW)], KATHMANDU),
        ],
        ids=["14 months", "24 hours", "90 days without end", "rows without time", "torn hours"],
    )
    def test_edges_are_found_by_an_index(
        self,
        warehouse: Warehouse,
        database: Database,
        scope: Scope,
        window: list[Condition],
        more: dict[str, Any],
    ):
        request = with_scope(question(warehouse.catalogue, *window, **more), scope)
        with (
            psycopg.connect(**database.libpq) as connection,
            connection.transaction(force_rollback=True),
        ):
            add_requests(connection, 100_000)
            connection.execute("set local role usage_warehouse_api")
            plan = Warehouse(database.catalogue, connection).plan(
                request, exactly(database.catalogue)
            )
        nodes = {node for table, node in relations(plan) if table == "fct_requests"}
        assert nodes
        assert nodes <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}


def test_a_tenants_question_finds_its_rows_by_an_index(database: Database):
    """Other tenants' rows cost a tenant nothing: no mart that grows is read from end to end."""
    marts = [m for m in database.catalogue.marts.values() if m.time and m.is_tenant_scoped]
    with (
        psycopg.connect(**database.libpq) as connection,
        connection.transaction(force_rollback=True),
    ):
        for mart in marts:
            add_tenants(connection, mart, 20_000)
        connection.execute("set local role usage_warehouse_api")
        crowded = Warehouse(database.catalogue, connection)
        for mart in marts:
            for request in questions_of_a_tenant(mart):
                plan = crowded.plan(request, exactly(database.catalogue))
                scanned = {table for table, node in relations(plan) if node == "Seq Scan"}
                assert not {table for table in scanned if table.startswith("fct_")}, mart.name


def questions_of_a_tenant(mart: Mart) -> Iterator[QueryRequest]:
    """By period and row by row, of 90 days and of all time."""
    time = mart.time
    assert time is not None
    start = NOW - timedelta(days=90)
    since_start = Condition(
        time.name, Operator.GTE, (start.date() if time.type is ValueType.DATE else start,)
    )
    for group_by, window in product(((time.name,), None), ((since_start,), ())):
        yield QueryRequest(
            mart,
            MEMBER,
            NOW,
            where=And(window),
            group_by=group_by,
            dimensions=(time.name,),
            metrics=tuple(mart.metrics)[:3],
            total_metrics=tuple(mart.metrics)[:3],
            with_nodes=True,
            with_page_info=True,
            with_total_count=True,
            with_freshness=True,
        )


def add_tenants(connection: psycopg.Connection[Any], mart: Mart, count: int) -> None:
    """So many rows more of other tenants, otherwise like those that are there."""
    listed = connection.execute(
        "select column_name from information_schema.columns"
        " where table_schema = 'usage' and table_name = %s",
        [mart.name],
    )
    names = [name for (name,) in listed if name != "organization_id"]
    # Where the tenant is no part of the key, the rest of it must differ.
    texts = {each.name for each in mart.dimensions.values() if each.type is ValueType.STRING}
    others = {*mart.key} & texts - {"source_system"} if "organization_id" not in mart.key else ()
    values = [f"{name} || '-' || n" if name in others else name for name in names]
    connection.execute(
        f"""
        insert into usage.{mart.name} (organization_id, {", ".join(names)})
        select 'more-' || n / 100 || '-' || number, {", ".join(values)}
        from generate_series(1, {count}) as n
        inner join (
            select *, row_number() over () as number
            from (select * from usage.{mart.name} limit 100) as few
        ) as rows on number = n % 100 + 1
        """.encode()
    )
    connection.execute(f"analyze usage.{mart.name}".encode())


def with_scope(request: QueryRequest, scope: Scope) -> QueryRequest:
    return replace(request, scope=scope)


def add_requests(connection: psycopg.Connection[Any], count: int) -> None:
    """So many more, all over two years: with few, reading all of them is cheapest."""
    (columns,) = connection.execute(
        "select string_agg(column_name, ', ' order by ordinal_position)"
        " from information_schema.columns where table_schema = 'usage'"
        " and table_name = 'fct_requests' and column_name not in ('request_id', 'requested_at')"
    ).fetchone() or ("",)
    connection.execute(
        f"insert into usage.fct_requests (request_id, requested_at, {columns})"
        f" select 'more-' || n, timestamp '2024-06-01' + n * interval '11 minutes', {columns}"
        " from generate_series(1, %s) as n inner join (select *, row_number() over"
        " (order by request_id, request_kind, source_system) %% 40 as number"
        " from usage.fct_requests order by request_id limit 40) as rows on number = n %% 40",
        [count],
    )
    connection.execute("analyze usage.fct_requests")
