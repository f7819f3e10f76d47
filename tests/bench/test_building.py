"""The benchmark of builds has the rows it says it has, and believes no wrong mart."""

from collections import Counter
from datetime import date

import psycopg
import pytest

from bench.build import sizes
from bench.building import floors
from bench.building.aims import judged
from bench.building.floors import MARTS, ByHand, Scans, refuse_differences
from bench.building.freshness import Freshness
from bench.building.live_report import LiveReport
from bench.building.meter import Cost, run_statement
from bench.building.raw.load import RawRows
from bench.building.raw.slices import HISTORY_ENDS_AT, KAAPI_CALLS, Size
from bench.building.report import BUILDS, section
from bench.building.server import Database
from bench.building.steps import Bytes, Measured
from tests.support.postgres import PostgresServer

SMALL = Size(40_000)


def measured(requests: int, *, full: float, hand: float, new_day: float) -> Measured:
    builds = {name: Cost(seconds=full) for name in BUILDS}
    builds["nothing new"] = Cost(seconds=3)
    builds["new day"] = Cost(seconds=new_day)
    by_hand = ByHand(Cost(hand, 0, hand), Cost(1, 0, 1), dict.fromkeys(MARTS, 1.0))
    return Measured(
        size=Size(requests),
        load_seconds=1,
        settings={"server_version": "18.1", "shared_buffers": "2GB", "work_mem": "4MB"},
        scans=Scans(dict.fromkeys(floors.SYSTEMS, Cost(1, 0, 1))),
        start_up=Cost(seconds=2),
        builds=builds,
        nodes={name: Counter(model=5.0, test=7.0) for name in BUILDS},
        bytes=dict.fromkeys(BUILDS, Bytes(1, 2, 3, 4)),
        by_hand={"full": by_hand, "late rows": by_hand},
        live_reports=[LiveReport("all organisations", 10, 100, 1)],
        freshness=Freshness([new_day, new_day], 0.01),
    )


@pytest.mark.parametrize("requests", [40_000, 1_000_000, 10_000_000, 50_000_000])
def test_a_size_has_so_many_requests_one_percent_more_and_a_tenth_of_one_late(requests: int):
    size = Size(requests)
    late = size.late_calls.last_unit - size.late_calls.first_unit + 1
    changed = size.units * KAAPI_CALLS // size.changed_call_every
    assert size.units * 50 == requests
    assert (size.new_day.last_unit - size.new_day.first_unit + 1) * 50 == requests // 100
    assert late * 20 + changed == requests // 1000


def test_no_row_is_numbered_twice():
    parts = (SMALL.history, SMALL.new_day, SMALL.late_calls)
    numbers = [
        set(range(rows["first_row"], rows["last_row"] + 1))
        for rows in (part.numbers(KAAPI_CALLS) for part in parts)
    ]
    assert len(set.union(*numbers)) == sum(map(len, numbers))


def test_sizes_are_read_as_people_write_them():
    assert sizes("10m,100K") == [100_000, 10_000_000]
    with pytest.raises(Exception, match="'tenm' is no number"):
        sizes("tenm")


def test_an_aim_is_met_at_every_size_or_not():
    good = measured(1_000_000, full=30, hand=10, new_day=2.5)
    bad = measured(10_000_000, full=301, hand=100, new_day=200)
    verdicts = [row[-1] for row in judged([good])]
    assert verdicts == ["met", "met", "met", "met", "needs two sizes"]
    verdicts = [row[-1] for row in judged([good, bad])]
    missed = "not met at 1 of 2 sizes"
    assert verdicts == [missed, "met", missed, missed, "not met"]


def test_the_section_shows_each_build_and_each_mart_by_hand():
    text = section([measured(1_000_000, full=30, hand=10, new_day=3)], seed=1)
    assert all(f"`{mart}`" in text for mart in MARTS)
    assert text.count("| 1,000,000 |") > len(BUILDS)


@pytest.mark.database
class TestWithPostgres:
    @pytest.fixture
    def database(self, postgres_server: PostgresServer, tmp_path) -> Database:
        name = postgres_server.create_database("bench")
        return Database(postgres_server.cluster, name, tmp_path)

    @pytest.mark.parametrize("difference", ["value", "row", "column", "nothing"])
    def test_a_mart_that_differs_is_refused(
        self, database: Database, difference: str, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(floors, "MARTS", ("mart",))
        with database.connect(autocommit=True) as connection:
            for schema in ("usage", "bench_floor"):
                connection.execute(f"create schema {schema}")  # type: ignore[arg-type]
                connection.execute(  # type: ignore[call-overload]
                    f"create table {schema}.mart as "
                    "select n as id, n * 0.1 as cost from generate_series(1, 9) as n"
                )
            match difference:
                case "value":
                    connection.execute("update usage.mart set cost = 0.11 where id = 1")
                    expected = "columns that differ: cost"
                case "row":
                    connection.execute("insert into usage.mart values (9, 0.9)")
                    expected = "9 rows and the published one 10"
                case "column":
                    connection.execute("alter table usage.mart add region text")
                    refuse_differences(connection)
                    assert list(floors._left_out(connection)) == ["mart.region"]
                    return
                case _:
                    refuse_differences(connection)
                    return
            with pytest.raises(RuntimeError, match=expected):
                refuse_differences(connection)

    def test_what_postgres_does_is_measured(self, database: Database):
        with database.connect() as connection:
            statement = "select count(distinct md5(n::text)) from generate_series(1, 300000) as n"
            cost = run_statement(lambda: connection.execute(statement), database)
        assert 0 < cost.postgres_cpu < cost.seconds * 4
        assert cost.client_cpu == 0
        assert cost.postgres_peak > 1_000_000

    @pytest.mark.long
    def test_raw_rows_are_the_same_each_time_and_change_as_said(self, postgres_server, tmp_path):
        digests = []
        for _ in range(2):
            database = Database(
                postgres_server.cluster, postgres_server.create_database("bench"), tmp_path
            )
            raw = RawRows(database.connect, SMALL, seed=1)
            raw.load_history()
            raw.add_new_day()
            with database.connect(autocommit=True) as connection:
                assert count(connection, "kaapi.llm_call") == 40_000 * 0.36 * 1.01
                last_day = one(connection, "select max(inserted_at) from kaapi.llm_call")
                assert last_day.date() == HISTORY_ENDS_AT.date() > date(2025, 12, 30)
            raw.add_late_rows()
            with database.connect(autocommit=True) as connection:
                late = "select count(*) from kaapi.llm_call where updated_at > '2026-01-01'"
                chains = "select count(*) from kaapi.llm_chain where updated_at > '2026-01-01'"
                assert one(connection, late) + one(connection, chains) == 40
                digest = "select sum(hashtextextended(t::text, 0)::numeric) from {} as t"
                tables = ("kaapi.llm_call", 'litellm."LiteLLM_SpendLogs"', "enclava.usage_tracking")
                digests.append([one(connection, digest.format(table)) for table in tables])
        assert digests[0] == digests[1]


def one(connection: psycopg.Connection, query: str):
    return connection.execute(query).fetchone()[0]  # type: ignore[call-overload]


def count(connection: psycopg.Connection, table: str) -> int:
    return one(connection, f"select count(*) from {table}")
