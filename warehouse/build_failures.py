"""Builds that failed since the published one, as the database keeps them.

dbt writes down what it can (macros/publish/failures.sql); what ends it before, a command does.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg import sql

from warehouse.project import ProjectNames
from warehouse.raw_tables import Connection

SINCE_PUBLISHED = """
select count(*) over (), failed_at, made_by, reason from {failures}
where failed_at > coalesce((select max(published_at) from {publication}), '-infinity')
order by failed_at desc limit 1
"""

RECORD = """
insert into {failures} (made_by, reason)
select %s, %s where not exists (select from {failures} where failed_at >= %s)
"""


@dataclass(frozen=True, slots=True)
class Failures:
    """The number of builds that failed since the published one, and the newest of them."""

    count: int
    failed_at: datetime
    made_by: str
    reason: str


def clock(connection: Connection) -> datetime:
    """The time of the database, by which failures are recorded."""
    row = connection.execute("select clock_timestamp()").fetchone()
    assert row is not None
    now: datetime = row[0]
    return now


def since_published(connection: Connection, names: ProjectNames) -> Failures | None:
    """Failures since the published build; ``None`` if there are none."""
    if not _is_there(connection, names, "publication_failures"):
        return None
    row = connection.execute(_of(names, SINCE_PUBLISHED)).fetchone()
    return Failures(*row) if row else None


def record(
    connection: Connection, names: ProjectNames, made_by: str, reason: str, began: datetime
) -> None:
    """Write down why a build failed that began then, unless dbt did so by itself.

    Before anything was ever published there is no place for it, and nobody it could mislead.
    """
    if _is_there(connection, names, "publication_failures"):
        connection.execute(_of(names, RECORD), [made_by, reason, began])


def forget(connection: Connection, names: ProjectNames) -> None:
    """Forget all failures: what is published was made from what lies here now."""
    if _is_there(connection, names, "publication_failures"):
        connection.execute(_of(names, "delete from {failures}"))


def _of(names: ProjectNames, query: LiteralString) -> sql.Composed:
    return sql.SQL(query).format(
        failures=sql.Identifier(names.serving_schema, "publication_failures"),
        publication=sql.Identifier(names.serving_schema, "publication"),
    )


def _is_there(connection: Connection, names: ProjectNames, table: str) -> bool:
    name = sql.Identifier(names.serving_schema, table).as_string(connection)
    found = connection.execute("select to_regclass(%s)", [name]).fetchone()
    return found is not None and found[0] is not None
