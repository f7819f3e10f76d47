"""`usage-warehouse status`: what runs and what is built, one line each; changes nothing.

Where it cannot tell, a line says "unknown" and why, and its value is null: never that all is well.
"""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click
import psycopg
from psycopg import sql

from graphql_api.settings import DatabaseSettings, Settings
from warehouse import build_failures
from warehouse.build_record import MANIFESTS, MadeFrom, Published, inputs, published_build
from warehouse.commands import steps
from warehouse.commands.steps import server_url
from warehouse.database import connect, database_fault, database_settings, describe
from warehouse.embedded.checkout import checkout_cluster
from warehouse.errors import WarehouseError
from warehouse.history import archives
from warehouse.project import ProjectNames, project_names
from warehouse.raw_tables import Connection

WIDTH = 11


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one thing: in words, and as a value for programs (null: unknown)."""

    text: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a database with a published build."""

    connection: Connection
    names: ProjectNames
    published: Published
    now: MadeFrom

    def row(self, query: sql.Composed) -> tuple[Any, ...]:
        """The one row of a query."""
        found = self.connection.execute(query).fetchone()
        assert found is not None
        return found

    def table(self, name: str) -> sql.Identifier:
        """A table of the serving schema."""
        return sql.Identifier(self.names.serving_schema, name)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; null is what cannot be told.")
def status(as_json: bool) -> None:
    """Say what runs and what is built. Exit status 1 unless a build can be served."""
    settings, database = steps.server_settings(), database_settings()
    lines = {"postgres": _server(database)}
    built, is_servable = _builds(database, settings)
    lines |= built
    lines["api"] = _api(settings)
    if as_json:
        found = {name: {"text": line.text, "value": line.value} for name, line in lines.items()}
        click.echo(json.dumps(found, indent=2))
    else:
        for name, line in lines.items():
            click.echo(f"{name:<{WIDTH}}{line.text}")
    if not is_servable:
        raise click.exceptions.Exit(1)


def _server(database: DatabaseSettings) -> Line:
    if not database.is_embedded:
        return Line(f"yours ({describe(database)})", "yours")
    cluster = checkout_cluster(database)
    try:
        running = cluster.postmaster()
    except WarehouseError as fault:
        return Line(f"unknown: {fault.message}")
    if running is not None:
        where = f"port {running.port} (process {running.pid}, {cluster.data_dir})"
        return Line(f"embedded, runs on {where}", "running")
    if cluster.data_dir.exists():
        return Line(f"embedded, stopped ({cluster.data_dir})", "stopped")
    return Line("embedded, not made yet: `make up` makes it", "missing")


def _builds(database: DatabaseSettings, settings: Settings) -> tuple[dict[str, Line], bool]:
    """What is known of builds, and whether one can be served from here."""
    missing = [name for name in MANIFESTS if not (settings.target_path / name).exists()]
    if missing:
        words = f"{' and '.join(missing)} missing in {settings.target_path}: `make build`"
        return {"build": Line(words)}, False
    names = project_names()
    try:
        with connect(database, autocommit=True) as connection:
            published = published_build(connection, names)
            if published is None:
                return {"build": Line("nothing is published: `make build`")}, False
            look = Look(connection, names, published, inputs(connection, names))
            return {name: _line(look, say, database) for name, say in OF_A_BUILD.items()}, True
    except WarehouseError as fault:
        return {"build": Line(f"unknown: {fault.message}")}, False
    except psycopg.Error as error:
        return {"build": Line(f"unknown: {database_fault(database, error).message}")}, False


def _line(look: Look, say: Callable[[Look], Line], database: DatabaseSettings) -> Line:
    try:
        return say(look)
    except psycopg.Error as error:
        return Line(f"unknown: {database_fault(database, error).message}")


def _build(look: Look) -> Line:
    build_id = look.published.build_id
    is_current, words = how_old(look.published.made_from, look.now)
    return Line(f"{build_id} is published, {words}", {"id": build_id, "is_current": is_current})


def how_old(made_from: MadeFrom | None, now: MadeFrom) -> tuple[bool | None, str]:
    """Whether a build was made from what lies here now (``None``: unknown), and that in words."""
    if made_from is None:
        return None, (
            "unknown whether older than the files or raw rows here, as no `usage-warehouse build` "
            "of everything made it"
        )
    changed = [
        what
        for what, is_changed in (
            ("the files", made_from.files != now.files),
            ("the price corrections", made_from.price_corrections != now.price_corrections),
            ("the raw rows", _has_changed_rows(made_from, now)),
        )
        if is_changed
    ]
    if changed:
        return False, f"older than {' and '.join(changed)} here"
    uncounted = [source for source, state in now.raw_tables.items() if state is None]
    if uncounted:
        return None, f"unknown whether older than the rows of {uncounted[0]}: they are not counted"
    return True, "made from what lies here now"


def _has_changed_rows(made_from: MadeFrom, now: MadeFrom) -> bool:
    return made_from.raw_tables.keys() != now.raw_tables.keys() or any(
        state is not None and state != made_from.raw_tables[source]
        for source, state in now.raw_tables.items()
    )


def _published(look: Look) -> Line:
    published_at, mode = look.row(
        sql.SQL(
            "select published_at, to_jsonb(publication) ->> 'mode' from {} as publication "
            "where build_id = {}"
        ).format(look.table("publication"), sql.Literal(look.published.build_id))
    )
    at = _instant(published_at)
    return Line(f"at {at}, {mode or 'unknown'} build", {"at": at, "mode": mode})


def _rows(look: Look) -> Line:
    (counts,) = look.row(
        sql.SQL("select mart_row_counts from {} where build_id = {}").format(
            look.table("publication"), sql.Literal(look.published.build_id)
        )
    )
    listed = ", ".join(f"{mart} {counts[mart]:,}" for mart in sorted(counts))
    return Line(listed, counts)


def _reconciled(look: Look) -> Line:
    mart = look.table("fct_cost_reconciliation")
    name = mart.as_string(look.connection)
    is_there, is_held = look.row(
        sql.SQL(
            "select to_regclass({name}) is not null, row_security_active(to_regclass({name}))"
        ).format(name=sql.Literal(name))
    )
    if not is_there:
        return Line("unknown: fct_cost_reconciliation is not published")
    if is_held:
        return Line("unknown: this login reads some tenants only")
    months, differing = look.row(
        sql.SQL(
            "select count(*), count(*) filter (where is_reconciled is not true) from {}"
        ).format(mart)
    )
    if differing:
        return Line(f"no: {differing} of {months} rows of fct_cost_reconciliation differ", False)
    is_current, _ = how_old(look.published.made_from, look.now)
    if not is_current:
        words = "raw rows may have changed since" if is_current is None else "it is older"
        return Line(f"unknown: as of the published build yes, but {words}")
    return Line("yes: raw rows and marts agree", True)


def _archive(look: Look) -> Line:
    found = [each for each in archives(look.connection, look.names) if each.archived_before]
    value = {
        each.source: {
            "archived_before": str(each.archived_before),
            "rows": each.rows,
            "is_in_doubt": each.is_in_doubt,
        }
        for each in found
    }
    if not found:
        return Line("nothing has left its source by age", value)
    listed = ", ".join(
        f"{each.source} before {each.archived_before} ({each.rows:,} rows"
        f"{', in doubt' if each.is_in_doubt else ''})"
        for each in found
    )
    return Line(listed, value)


def _rejected(look: Look) -> Line:
    """Raw rows that are in no mart, or in one with a mark: see fct_rejected_rows."""
    mart = look.table("fct_rejected_rows")
    name = mart.as_string(look.connection)
    is_there, is_held = look.row(
        sql.SQL(
            "select to_regclass({name}) is not null, row_security_active(to_regclass({name}))"
        ).format(name=sql.Literal(name))
    )
    if not is_there:
        return Line("unknown: fct_rejected_rows is not published")
    if is_held:
        return Line("unknown: this login reads some tenants only")
    outcomes = ("rejected", "copied", "marked")
    (counts,) = look.row(
        sql.SQL(
            "select coalesce(jsonb_object_agg(outcome, raw_rows), '{{}}') from ("
            "select outcome, sum(raw_rows) as raw_rows from {} group by outcome) as found"
        ).format(mart)
    )
    found = {outcome: int(counts.get(outcome, 0)) for outcome in outcomes}
    return Line(", ".join(f"{found[outcome]:,} {outcome}" for outcome in outcomes), found)


def _failures(look: Look) -> Line:
    failed = build_failures.since_published(look.connection, look.names)
    if failed is None:
        return Line("none since the published build", {"count": 0})
    at = _instant(failed.failed_at)
    words = f"{failed.count} since the published build; at {at}, {failed.made_by}: {failed.reason}"
    value = {
        "count": failed.count,
        "at": at,
        "made_by": failed.made_by,
        "reason": failed.reason,
    }
    return Line(words, value)


# What is told of a published build, in this order. One more line is one more entry.
OF_A_BUILD: dict[str, Callable[[Look], Line]] = {
    "build": _build,
    "published": _published,
    "rows": _rows,
    "reconciled": _reconciled,
    "archived": _archive,
    "rejected": _rejected,
    "failures": _failures,
}


def _api(settings: Settings) -> Line:
    with socket.socket() as probe:
        probe.settimeout(1)
        answers = probe.connect_ex((settings.host, settings.port)) == 0
    url = server_url(settings)
    value = {"url": url, "answers": answers}
    return Line(f"{url} {'answers' if answers else 'does not answer'}", value)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
