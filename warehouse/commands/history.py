"""`usage-warehouse history`: what has left its source by age and is kept; erases when told."""

import json
from datetime import date, datetime

import click

from warehouse import history as archive
from warehouse.commands import steps
from warehouse.database import connect
from warehouse.dbt_options import DbtOptions
from warehouse.errors import WarehouseError
from warehouse.extent import RECONCILE
from warehouse.project import project_names


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
@click.pass_context
def history(ctx: click.Context, as_json: bool) -> None:
    """Show what is archived of each raw table: rows that left it by age and are kept as published.

    In doubt are rows of a table whose retention is not known: name it in the var source_retention,
    or erase them.
    """
    if ctx.invoked_subcommand is not None:
        return
    with connect(steps.ensure_server()) as connection:
        found = archive.archives(connection, project_names())
    if as_json:
        listed = [
            {name: getattr(each, name) for name in each.__dataclass_fields__} for each in found
        ]
        click.echo(json.dumps(listed, default=str, indent=2))
        return
    for each in found:
        if each.archived_before is None and not each.rows:
            click.echo(f"{each.source}: nothing is archived")
            continue
        doubt = ", in doubt: its retention is not known" if each.is_in_doubt else ""
        days = f", {each.oldest_day} to {each.newest_day}" if each.rows else ""
        click.echo(
            f"{each.source}: {each.rows} rows archived{days}; "
            f"archived before {each.archived_before}{doubt}"
        )


@history.command()
@click.argument("source")
@click.option("--month", "months", multiple=True, metavar="YYYY-MM", help="Only of this month.")
@click.option("--user", "user_id", help="Only of this user: a person's right to be deleted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(source: str, months: tuple[str, ...], user_id: str | None, yes: bool) -> None:
    """Erase archived rows of SOURCE (system.table), and build without them.

    Says first what that takes away. No build brings erased rows back.
    """
    if not months and user_id is None:
        raise WarehouseError(
            "ERASE_WHAT", "say which: --month YYYY-MM (may be repeated), --user, or both"
        )
    firsts = [_first_day(month) for month in months]
    names, settings = project_names(), steps.server_settings()
    database = steps.ensure_server()
    with connect(database) as connection:
        taken = archive.what_erasing_takes(connection, names, source, firsts, user_id)
    for mart, rows in taken:
        click.echo(f"erases {rows} archived rows of {mart}")
    if not any(rows for _, rows in taken):
        click.echo("nothing to erase")
        return
    if not yes:
        click.confirm("They cannot be had back. Erase them?", abort=True)
    with connect(database) as connection:
        archive.erase(connection, names, source, firsts, user_id)
    steps.build(database, names, settings.target_path, DbtOptions(whole=RECONCILE))


def _first_day(month: str) -> date:
    try:
        return datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise WarehouseError("BAD_MONTH", f"{month} is no month: write YYYY-MM") from None
