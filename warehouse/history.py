"""The archive: rows that have left their source by age and are kept as they were published.

Which raw table's rows a mart holds stands in the mart's properties file (``config.meta.archive``)
and in that of the source; this module reads both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg
import yaml
from psycopg import sql

from graphql_api.settings import PROJECT_ROOT
from warehouse.errors import WarehouseError
from warehouse.project import ProjectNames

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class ArchivedRows:
    """The archived rows of one raw table in one mart."""

    source: str  # system.table
    mart: str
    time_column: str
    request_kind: str | None  # of the mart of requests: which of its rows

    @property
    def system(self) -> str:
        """The source system."""
        return self.source.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Archive:
    """What is archived of one raw table; no date and no rows where nothing is."""

    source: str
    archived_before: date | None
    is_in_doubt: bool | None
    moved_at: datetime | None
    rows: int
    oldest_day: date | None
    newest_day: date | None


def archived_marts() -> list[ArchivedRows]:
    """The marts of events, and the raw tables that their rows come from."""
    found = []
    kinds = _requests_of_sources()
    for sheet in sorted((PROJECT_ROOT / "models" / "marts").rglob("fct_*.yml")):
        for model in yaml.safe_load(sheet.read_text()).get("models") or ():
            archive = model.get("config", {}).get("meta", {}).get("archive")
            if not archive:
                continue
            sources = kinds if archive["source"] == "requests" else {archive["source"]: None}
            found += [
                ArchivedRows(source, model["name"], archive["time"], kind)
                for source, kind in sources.items()
            ]
    return found


def _requests_of_sources() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for sheet in sorted((PROJECT_ROOT / "models" / "staging").rglob("*__sources.yml")):
        for source in yaml.safe_load(sheet.read_text())["sources"]:
            for table in source["tables"]:
                kind = table.get("config", {}).get("meta", {}).get("request_kind")
                if kind:
                    found[f"{source['name']}.{table['name']}"] = kind
    return found


def archives(connection: Connection, names: ProjectNames) -> list[Archive]:
    """What is archived of each raw table of events, by its name."""
    boundaries = {
        row[0]: row[1:]
        for row in _rows(
            connection,
            names,
            "archive_boundaries",
            "select source_name, archived_before, is_in_doubt, moved_at from {table}",
        )
    }
    found = []
    for source in sorted({each.source for each in archived_marts()}):
        count, oldest, newest = 0, None, None
        for each in archived_marts():
            if each.source != source:
                continue
            rows = _rows(
                connection,
                names,
                f"archived_{each.mart}",
                "select count(*), min({time}), max({time}) from {table} where {where}",
                each,
            )
            if rows and rows[0][0] > count:
                count, oldest, newest = rows[0][0], _day(rows[0][1]), _day(rows[0][2])
        before, is_in_doubt, moved_at = boundaries.get(source, (None, None, None))
        found.append(Archive(source, before, is_in_doubt, moved_at, count, oldest, newest))
    return found


def erase(
    connection: Connection,
    names: ProjectNames,
    source: str,
    months: Sequence[date],
    user_id: str | None,
) -> None:
    """Forget archived rows of ``source``: of these months (none: of all) and of this user (or all).

    The next build that compares everything takes them from what readers see.
    """
    table = sql.Identifier(names.history_schema, "archive_erasures")
    with connection.transaction():
        for month in months or (None,):
            connection.execute(
                sql.SQL("insert into {} (source_name, month, user_id) values (%s, %s, %s)").format(
                    table
                ),
                [source, month, user_id],
            )
        for each in _marts_of(source):
            connection.execute(
                sql.SQL("delete from {} as kept where {} and {}").format(
                    sql.Identifier(names.history_schema, f"archived_{each.mart}"),
                    _where(each),
                    _named(connection, names, each, months, user_id),
                )
            )


def what_erasing_takes(
    connection: Connection,
    names: ProjectNames,
    source: str,
    months: Sequence[date],
    user_id: str | None,
) -> list[tuple[str, int]]:
    """How many archived rows of each mart would be gone."""
    found = []
    for each in _marts_of(source):
        query = sql.SQL("select count(*) from {} as kept where {} and {}").format(
            sql.Identifier(names.history_schema, f"archived_{each.mart}"),
            _where(each),
            _named(connection, names, each, months, user_id),
        )
        row = connection.execute(query).fetchone()
        found.append((each.mart, int(row[0]) if row else 0))
    return found


def _marts_of(source: str) -> list[ArchivedRows]:
    found = [each for each in archived_marts() if each.source == source]
    if not found:
        known = ", ".join(sorted({each.source for each in archived_marts()}))
        raise WarehouseError(
            "UNKNOWN_SOURCE", f"{source} is no raw table of events: choose from {known}"
        )
    return found


def _where(each: ArchivedRows) -> sql.Composed:
    system = sql.SQL("kept.source_system = {}").format(sql.Literal(each.system))
    if each.request_kind is None:
        return sql.Composed([system])
    kind = sql.SQL(" and kept.request_kind = {}").format(sql.Literal(each.request_kind))
    return sql.Composed([system, kind])


def _named(
    connection: Connection,
    names: ProjectNames,
    each: ArchivedRows,
    months: Sequence[date],
    user_id: str | None,
) -> sql.Composed:
    conditions: list[sql.Composable] = [sql.SQL("true")]
    if months:
        conditions.append(
            sql.SQL("cast(date_trunc('month', kept.{}) as date) = any({})").format(
                sql.Identifier(each.time_column), sql.Literal(list(months))
            )
        )
    if user_id is not None:
        has_users = connection.execute(
            "select from information_schema.columns"
            " where table_schema = %s and table_name = %s and column_name = 'user_id'",
            [names.history_schema, f"archived_{each.mart}"],
        ).fetchone()
        conditions.append(
            sql.SQL("kept.user_id = {}").format(sql.Literal(user_id))
            if has_users is not None
            else sql.SQL("false")
        )
    return sql.SQL(" and ").join(conditions)


def _rows(
    connection: Connection,
    names: ProjectNames,
    table: str,
    query: str,
    each: ArchivedRows | None = None,
) -> list[tuple[Any, ...]]:
    """What a query finds; nothing where no build has made the table yet."""
    name = sql.Identifier(names.history_schema, table)
    there = connection.execute("select to_regclass(%s)", [name.as_string(connection)]).fetchone()
    if there is None or there[0] is None:
        return []
    parts: dict[str, sql.Composable] = {"table": sql.SQL("{} as kept").format(name)}
    if each is not None:
        parts |= {"where": _where(each), "time": sql.Identifier("kept", each.time_column)}
    return connection.execute(sql.SQL(query).format(**parts)).fetchall()


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value
