"""What readers see of a database, in a form in which two of them can be compared."""

from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
# One database is not the other, and a build is not the next.
_NEWEST = "(select build_id from usage.publication order by published_at desc limit 1)"


def mart_names(connection: Connection) -> list[str]:
    found = connection.execute(
        "select jsonb_object_keys(mart_row_counts) from usage.publication"
        f" where build_id = {_NEWEST} order by 1"
    ).fetchall()
    return [row[0] for row in found]


def publications(connection: Connection) -> int:
    row = connection.execute("select count(*) from usage.publication").fetchone()
    assert row is not None
    return int(row[0])


def content(connection: Connection) -> dict[str, Any]:
    """Of each mart the count and a digest of its rows; and what is written down of the build."""
    connection.execute("set timezone to 'UTC'")
    found: dict[str, Any] = {}
    for mart in mart_names(connection):
        query = sql.SQL(
            "select count(*), sum(hash_record_extended(row(mart.*), 0)::numeric) from {} as mart"
        ).format(sql.Identifier("usage", mart))
        found[mart] = connection.execute(query).fetchone()
    found["publication_sources"] = connection.execute(
        "select source_system, organization_id, newest_row_at::text"
        f" from usage.publication_sources where build_id = {_NEWEST} order by 1, 2"
    ).fetchall()
    found["mart_row_counts"] = connection.execute(
        f"select mart_row_counts from usage.publication where build_id = {_NEWEST}"
    ).fetchone()
    found["publication_watermarks"] = connection.execute(
        f"select source_name, watermark from usage.publication_watermarks"
        f" where build_id = {_NEWEST} order by 1"
    ).fetchall()
    found["publication_raw_totals"] = connection.execute(
        "select count(*), sum(hash_record_extended(row(counted.*), 0)::numeric)"
        " from usage.publication_raw_totals as counted"
    ).fetchone()
    found["publication_raw_day_digests"] = connection.execute(
        "select day, digest from usage.publication_raw_day_digests order by 1"
    ).fetchall()
    return found


def versions(connection: Connection) -> dict[str, Any]:
    """Which transaction wrote each row that readers see, as one digest per mart."""
    found: dict[str, Any] = {}
    for mart in mart_names(connection):
        query = sql.SQL(
            "select count(*), sum(hashtextextended(mart.xmin::text || mart.ctid::text, 0)::numeric)"
            " from {} as mart"
        ).format(sql.Identifier("usage", mart))
        found[f"versions of {mart}"] = connection.execute(query).fetchone()
    return found


def different_rows(one: Connection, other: Connection, mart: str) -> str:
    """A few rows of a mart that only one of the databases has, to be read by people."""
    query = sql.SQL("select mart::text from {} as mart").format(sql.Identifier("usage", mart))
    mine = [row[0] for row in one.execute(query).fetchall()]
    theirs = [row[0] for row in other.execute(query).fetchall()]
    lines = [f"- {row}" for row in sorted(set(mine) - set(theirs))[:6]]
    lines += [f"+ {row}" for row in sorted(set(theirs) - set(mine))[:6]]
    return f"{mart} ({len(mine)} and {len(theirs)} rows)\n" + "\n".join(lines)
