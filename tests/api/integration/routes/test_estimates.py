"""Percentiles from a sketch: near the exact ones wherever it fits, and nothing else is changed."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from graphql_api.errors import InvalidQueryError
from graphql_api.query.groups import Groups
from graphql_api.query.percentiles import bucket_text
from graphql_api.query.render import as_json
from graphql_api.query.request import QueryRequest
from graphql_api.query.route import Route
from graphql_api.query.sketches import estimated
from graphql_api.query.source import asked_mart
from graphql_api.query.window import in_whole_periods
from tests.api.integration.callers import Api, serving
from tests.api.integration.routes.requests import Asker, told
from tests.api.integration.routes.warehouse import Database, Warehouse, taking
from warehouse.api_keys import create_key
from warehouse.project import project_names

pytestmark = pytest.mark.database

QUESTIONS, LONG_QUESTIONS = 60, 3_000
METRICS = {
    "latency_p50_ms": ("latency_ms", "0.5"),
    "latency_p95_ms": ("latency_ms", "0.95"),
    "first_token_latency_p99_ms": ("first_token_latency_ms", "0.99"),
    "total_tokens_p50": ("total_tokens", "0.5"),
}
QUANTITIES = ("latency_ms", "first_token_latency_ms", "total_tokens")
Key = tuple[str, ...]


def test_the_query_layer_and_the_sketch_make_the_same_buckets(database: Database):
    columns = "source_system, organization_id, project_id, provider, model, has_model"
    with database.server.connect(database.name) as connection:
        for name in QUANTITIES:
            sketch = f"""
                select day, {columns}, is_successful, bucket, value_count, value_min, value_max
                from usage.fct_daily_latency where quantity = '{name}'
            """
            ours = f"""
                select cast(requested_at as date), {columns}, is_successful, {bucket_text(name)},
                    count(*), min({name}), max({name})
                from usage.fct_requests where requested_at is not null and {name} is not null
                group by 1, 2, 3, 4, 5, 6, 7, 8, 9
            """
            assert_no_rows(connection, f"({sketch}) except all ({ours})")
            assert_no_rows(connection, f"({ours}) except all ({sketch})")
            (count,) = connection.execute(f"select count(*) from ({sketch}) as s").fetchone() or (
                0,
            )
            assert count > 0


def assert_no_rows(connection: psycopg.Connection[Any], statement: str) -> None:
    assert not connection.execute(statement).fetchall()  # type: ignore[call-overload]


def with_percentiles(request: QueryRequest) -> QueryRequest:
    """The question with percentiles, and with nothing that depends on how large they are."""
    others = tuple(name for name in request.metrics if "_p" not in name)
    return replace(
        request,
        metrics=(*others, *METRICS),
        total_metrics=tuple(METRICS),
        having=None,
        order_by=(),
        fill=None,
        chart_metrics=(),
        chart_total_metrics=(),
        first=10_000,
        with_page_info=False,
    )


def values_of(warehouse: Warehouse, request: QueryRequest) -> dict[Key, dict[str, list[int]]]:
    """The values of each group, straight from the mart."""
    request = in_whole_periods(request)
    groups = Groups(request, asked_mart(request))
    names = request.group_by or ()
    kinds = request.mart.dimensions
    keys = [as_json(key.element, kinds[key.name].type) for key in groups.keys(names)]
    arrays = [
        sa.literal_column(f"array_agg({name}) filter (where {name} is not null)").label(name)
        for name in QUANTITIES
    ]
    select = sa.select(*keys, *arrays).select_from(groups.table).where(groups.where)
    grouped = select.group_by(*(sa.text(str(n + 1)) for n in range(len(keys))))
    compiled = grouped.compile(
        dialect=PGDialect_psycopg(), compile_kwargs={"render_postcompile": True}
    )
    found: dict[Key, dict[str, list[int]]] = {}
    for row in warehouse.rows(str(compiled), dict(compiled.params), request.scope):
        key = tuple(map(str, row[: len(keys)]))
        found[key] = dict(zip(QUANTITIES, (each or [] for each in row[len(keys) :]), strict=True))
    return found


def is_near(found: str, values: list[int], share: str) -> bool:
    """Within 1 % of the neighbours, mixed as the percentile mixes them."""
    if not values:
        return Fraction(found) == 0
    ordered = sorted(values)
    position = Fraction(share) * (len(ordered) - 1)
    low, high = ordered[int(position)], ordered[min(int(position) + 1, len(ordered) - 1)]
    beyond = position - int(position)
    true = low * (1 - beyond) + high * beyond
    return abs(Fraction(found) - true) * 100 <= abs(low) * (1 - beyond) + abs(high) * beyond


def asked_of_sketches(
    warehouse: Warehouse, asker: Asker, count: int
) -> Iterator[tuple[QueryRequest, Route]]:
    """Questions that a sketch fits."""
    while count:
        request = asker.request()
        if request.mart.name != "fct_requests":
            continue
        request = with_percentiles(request)
        try:
            route = estimated(in_whole_periods(request), warehouse.catalogue)
        except InvalidQueryError:
            continue
        if route is not None:
            count -= 1
            yield request, route


def test_estimates_are_near_and_all_else_is_the_same(
    warehouse: Warehouse, asker: Callable[[int], Asker], long_run: bool
):
    count, groups, edges = (LONG_QUESTIONS if long_run else QUESTIONS), 0, 0
    for request, route in asked_of_sketches(warehouse, asker(4), count):
        exact, found = warehouse.answer(request), warehouse.answer(request, taking(route))
        known = values_of(warehouse, request)
        assert route.buckets is not None
        edges += any(leg.rollup is None for leg in route.buckets.legs)
        assert len(found["nodes"]) == len(exact["nodes"])
        for ours, theirs in zip(found["nodes"], exact["nodes"], strict=True):
            key = tuple(str(ours[name]) for name in request.group_by or ())
            for name, (quantity, share) in METRICS.items():
                estimate = ours.pop(name)
                assert is_near(estimate, known[key][quantity], share), (told(request), name)
                assert is_near(theirs.pop(name), known[key][quantity], share)
            groups += 1
        for name, (quantity, share) in METRICS.items():
            values = [each for group in known.values() for each in group[quantity]]
            assert is_near(found["totals"].pop(name), values, share), (told(request), name)
        exact["totals"] = {}
        assert found == exact, told(request)
    assert groups > count
    assert edges > count // 4


@pytest.fixture(scope="module")
def key(database: Database) -> str:
    with database.server.connect(database.name) as connection:
        return create_key(connection, project_names(), role="admin").key


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def api(database: Database, loop: asyncio.Runner, most_exact: int) -> Any:
    libpq = database.server.env(database.name)
    return serving(database.target, libpq, loop, max_exact_percentile_values=most_exact)


def ask(api: Api, key: str, arguments: str, fields: str = "latencyP95Ms") -> Any:
    reply = api.ask(f"{{ requests({arguments}) {{ percentiles totals {{ {fields} }} }} }}", key)
    assert not reply.errors
    return reply.data["requests"]


WINDOW = 'filter: { requestedAt: { gte: "2026-01-10T10:00:00Z", lte: "2026-03-10T10:00:00Z" } }'


PART_OF_TWO_DAYS = WINDOW.replace("01-10T10", "03-01T01").replace("10T10", "02T23")


class TestWhichMethod:
    def test_is_exact_for_few_values_and_says_so(
        self, database: Database, loop: asyncio.Runner, key: str
    ):
        with api(database, loop, 100_000) as served:
            assert ask(served, key, f"groupBy: [] {WINDOW}")["percentiles"] == "EXACT"

    def test_is_the_sketch_for_many_values_and_says_so(
        self, database: Database, loop: asyncio.Runner, key: str
    ):
        fields = "latencyP50Ms latencyP95Ms latencyP99Ms firstTokenLatencyP50Ms"
        with api(database, loop, 10) as served:
            found = ask(served, key, f"groupBy: [] {WINDOW}", fields)
        with api(database, loop, 100_000) as served:
            exact = ask(served, key, f"groupBy: [] {WINDOW}", fields)["totals"]
        assert found["percentiles"] == "SKETCH"
        assert found["totals"] != exact
        for name, value in found["totals"].items():
            assert abs(value - exact[name]) <= exact[name] / 100

    @pytest.mark.parametrize(
        "arguments",
        [
            f"groupBy: [USER_ID] {WINDOW}",
            f"groupBy: [REQUESTED_AT] timeGrain: HOUR {WINDOW}",
            f'groupBy: [REQUESTED_AT] timeGrain: DAY timezone: "Asia/Tokyo" {WINDOW}',
            'groupBy: [] filter: { endpoint: { eq: "chat" } }',
            f"groupBy: [] {PART_OF_TWO_DAYS}",
            WINDOW,
        ],
        ids=["dimension", "hours", "zone", "filter", "no whole day", "own rows"],
    )
    def test_stays_exact_where_no_sketch_fits(
        self, database: Database, loop: asyncio.Runner, key: str, arguments: str
    ):
        with api(database, loop, 1) as served:
            assert ask(served, key, arguments)["percentiles"] == "EXACT"

    def test_is_exact_where_no_percentile_is_asked(
        self, database: Database, loop: asyncio.Runner, key: str
    ):
        with api(database, loop, 1) as served:
            found = ask(served, key, f"groupBy: [] {WINDOW}", "requests")
        assert found["percentiles"] == "EXACT"
