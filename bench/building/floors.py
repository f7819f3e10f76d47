"""What a build is held against: one scan of the same raw rows, and the same marts by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql

from bench.building.meter import Cost, middle, run_statement
from bench.building.server import Database

SYSTEMS = ("kaapi", "litellm", "auto_analyst", "enclava")
# In the order in which they are made: later ones read earlier ones.
MARTS = (
    "fct_requests",
    "fct_daily_usage",
    "fct_hourly_usage",
    "fct_evaluation_runs",
    "fct_monthly_usage",
    "fct_daily_latency",
    "fct_sessions",
    "fct_daily_cost_quality",
    "fct_daily_tag_usage",
)
SCANS = 3
SCHEMA = "bench_floor"

Connection = psycopg.Connection[Any]


@dataclass
class Scans:
    """One sequential scan per system with its sums; of several, the median."""

    costs: dict[str, Cost] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """All systems."""
        return sum(cost.seconds for cost in self.costs.values())

    @property
    def cpu(self) -> float:
        """All systems."""
        return sum(cost.cpu for cost in self.costs.values())


def scan_raw_rows(database: Database) -> Scans:
    """Add up the raw rows of each system."""
    scans = Scans()
    with database.connect(autocommit=True) as connection:
        for system in SYSTEMS:
            statement = read_sql("scans", system)
            scans.costs[system] = middle(
                [
                    run_statement(lambda: connection.execute(statement), database)  # noqa: B023
                    for _ in range(SCANS)
                ]
            )
    return scans


@dataclass
class ByHand:
    """The statements by hand, and the keys and indexes of the published marts on them."""

    tables: Cost
    indexes: Cost
    seconds: dict[str, float]
    left_out: tuple[str, ...] = ()  # columns of published marts that no statement makes


def keep_names(database: Database) -> None:
    """Keep which price each name has that the build before has met; the statements are given it."""
    with database.connect(autocommit=True) as connection:
        connection.execute(read_sql("marts", "names"))


def marts_by_hand(database: Database) -> ByHand:
    """Make the marts by hand and hold the published ones against them, row by row.

    Raises:
        RuntimeError: a mart differs.
    """
    seconds = {}
    with database.connect(autocommit=True) as connection:
        connection.execute(read_sql("marts", "given"))
        database.settle()

        def make_tables() -> None:
            for mart in MARTS:
                cost = run_statement(
                    lambda: connection.execute(read_sql("marts", mart)),  # noqa: B023
                    database,
                )
                seconds[mart] = cost.seconds

        def make_indexes() -> None:
            for mart in MARTS:
                for statement in _index_statements(connection, mart):
                    connection.execute(statement)

        tables = run_statement(make_tables, database)
        refuse_differences(connection)
        left_out = tuple(_left_out(connection))
        indexes = run_statement(make_indexes, database)
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(SCHEMA)))
    return ByHand(tables, indexes, seconds, left_out)


def refuse_differences(connection: Connection) -> None:
    """Every published row must be one made by hand, as often, to the last digit.

    A column that a statement does not make yet is not compared; the report names it.
    """
    for mart in MARTS:
        made = _columns(connection, SCHEMA, mart)
        columns = [name for name in _columns(connection, "usage", mart) if name in made]
        by_hand, published = (
            _digest(connection, schema, mart, [columns]) for schema in (SCHEMA, "usage")
        )
        if by_hand != published:
            different = ", ".join(_different_columns(connection, mart, columns)) or "none alone"
            raise RuntimeError(
                f"{mart} by hand has {by_hand[0]:,} rows and the published one {published[0]:,}; "
                f"columns that differ: {different}"
            )


def _digest(
    connection: Connection, schema: str, mart: str, parts: Sequence[Sequence[str]]
) -> tuple[Any, ...]:
    """How many rows there are, and for parts of the columns the sum of all rows' digests.

    Sums do not depend on the order of rows.
    """
    digest = sql.SQL("sum(cast(hash_record_extended(row({}), 0) as numeric))")
    digests = [digest.format(sql.SQL(", ").join(map(sql.Identifier, part))) for part in parts]
    query = sql.SQL("select count(*), {} from {}").format(
        sql.SQL(", ").join(digests), sql.Identifier(schema, mart)
    )
    row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _different_columns(connection: Connection, mart: str, columns: Sequence[str]) -> Iterator[str]:
    each = [[column] for column in columns]
    (_, *by_hand), (_, *published) = (
        _digest(connection, schema, mart, each) for schema in (SCHEMA, "usage")
    )
    for column, one, other in zip(columns, by_hand, published, strict=True):
        if one != other:
            yield column


def _left_out(connection: Connection) -> Iterator[str]:
    for mart in MARTS:
        made = _columns(connection, SCHEMA, mart)
        for name in _columns(connection, "usage", mart):
            if name not in made:
                yield f"{mart}.{name}"


def _columns(connection: Connection, schema: str, mart: str) -> list[str]:
    rows = connection.execute(
        "select attname from pg_attribute where attrelid = to_regclass(%s) and attnum > 0 "
        "and not attisdropped order by attnum",
        [f"{schema}.{mart}"],
    ).fetchall()
    return [name for (name,) in rows]


def _index_statements(connection: Connection, mart: str) -> list[bytes]:
    """The statements that make the published mart's indexes on the one by hand."""
    rows = connection.execute(
        """
        select
            'create ' || case when i.indisunique then 'unique ' else '' end
            || regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', %s)
        from pg_index as i
        where i.indrelid = to_regclass(%s)
        """,
        [f"index on {SCHEMA}.{mart} using ", f"usage.{mart}"],
    ).fetchall()
    return [str(statement).encode() for (statement,) in rows]


def read_sql(folder: str, name: str) -> bytes:
    """A statement of ours, as bytes because psycopg takes no computed ``str``."""
    return (files("bench.building") / "sql" / folder / f"{name}.sql").read_bytes()
