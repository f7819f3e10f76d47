"""`usage-warehouse reprice`: arguments in, a correction and a build, what changed out."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import click

from warehouse.commands import steps
from warehouse.database import connect
from warehouse.errors import WarehouseError
from warehouse.keys import echo_table, read_instant
from warehouse.project import ProjectNames, project_names
from warehouse.repricing.corrections import (
    Correction,
    Recorded,
    record,
    recorded,
    require_priced_model,
    withdraw,
)
from warehouse.repricing.effect import Effect, foresee, remember, see
from warehouse.tenants import Connection

SHOWN_DECIMALS = 6

reason_option = click.option("--reason", required=True, help="Why; kept with the correction.")


def read_utc(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> datetime | None:
    """An instant, shown in UTC."""
    instant = read_instant(context, parameter, text)
    return instant and instant.astimezone(UTC)


def read_price(context: click.Context, parameter: click.Parameter, text: str) -> Decimal:
    """A decimal number, exactly as it is written."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise click.BadParameter(f"{text!r} is no decimal number") from None


@click.group("reprice")
def reprice_group() -> None:
    """Correct the price of a model in a range of time, in Kaapi's price list as it is kept here."""


@reprice_group.command("range")
@click.option("--source-system", default="kaapi", show_default=True, metavar="SYSTEM")
@click.option("--provider", required=True, help="Provider, as the marts name it.")
@click.option("--model", required=True, help="Model, as the marts name it.")
@click.option(
    "--from", "from_at", required=True, callback=read_utc, help="ISO 8601, UTC; included."
)
@click.option("--to", "to_at", required=True, callback=read_utc, help="ISO 8601, UTC; excluded.")
@click.option("--input-usd-per-mtok", required=True, callback=read_price, metavar="USD")
@click.option("--output-usd-per-mtok", required=True, callback=read_price, metavar="USD")
@reason_option
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def range_command(
    source_system: str,
    provider: str,
    model: str,
    from_at: datetime,
    to_at: datetime,
    input_usd_per_mtok: Decimal,
    output_usd_per_mtok: Decimal,
    reason: str,
    dry_run: bool,
) -> None:
    """Give calls of one model in a range of time another price, build, and say what changed.

    Nothing else changes by a digit. The correction goes before the price list and before earlier
    corrections, and is kept: `reprice withdraw` takes it back.
    """
    prices = (input_usd_per_mtok, output_usd_per_mtok)
    correction = Correction(source_system, provider, model, from_at, to_at, *prices)
    names = project_names()
    steps.ensure_server()
    with connect(autocommit=True) as connection:
        require_priced_model(connection, names, correction)
        foreseen = foresee(connection, names, correction)
        if not foreseen.calls:
            raise WarehouseError(
                "NO_CALLS_IN_RANGE",
                f"{correction.source_system} has no calls to {correction.provider} "
                f"{correction.model} in that range in the published build",
            )
        if dry_run:
            click.echo(f"would change: {described(foreseen)}")
            return
        remember(connection, names, correction)
        with connection.transaction():
            correction_id = record(connection, names, correction, reason)
        click.echo(f"correction {correction_id} is recorded")
        _build_and_compare(connection, names, correction)


@reprice_group.command("withdraw")
@click.argument("correction_id")
@reason_option
def withdraw_command(correction_id: str, reason: str) -> None:
    """Take the correction CORRECTION_ID back, build, and say what changed."""
    names = project_names()
    steps.ensure_server()
    with connect(autocommit=True) as connection:
        with connection.transaction():
            correction = withdraw(connection, names, correction_id, reason)
            remember(connection, names, correction)
        click.echo(f"correction {correction_id} is withdrawn")
        _build_and_compare(connection, names, correction)


@reprice_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(as_json: bool) -> None:
    """List all corrections, withdrawn ones too."""
    names = project_names()
    with connect() as connection:
        found = recorded(connection, names)
    if as_json:
        rows = [{"status": each.status, **asdict(each)} for each in found]
        click.echo(json.dumps(rows, default=str, indent=2))
    else:
        head = ["CORRECTION", "STATUS", "MODEL", "FROM", "TO", "INPUT", "OUTPUT", "BY", "REASON"]
        echo_table(head, [_row(each) for each in found])


def described(effect: Effect) -> str:
    """What changes, in one line."""
    return (
        f"{effect.repriced:,} of {effect.calls:,} calls in the range, on {effect.days:,} days of "
        f"{effect.tenants:,} tenants, from {effect.before_usd:,.{SHOWN_DECIMALS}f} "
        f"to {effect.after_usd:,.{SHOWN_DECIMALS}f} USD"
    )


def _build_and_compare(connection: Connection, names: ProjectNames, correction: Correction) -> None:
    settings = steps.server_settings()
    try:
        steps.build(steps.ensure_server(), names, settings.target_path)
    except WarehouseError:
        click.echo("not published yet: the next build that passes does it", err=True)
        raise
    click.echo(f"changed: {described(see(connection, names, correction))}")


def _row(each: Recorded) -> list[str]:
    corrected = each.correction
    return [
        each.correction_id,
        each.status,
        f"{corrected.source_system}/{corrected.provider}/{corrected.model}",
        corrected.from_at.isoformat(),
        corrected.to_at.isoformat(),
        f"{corrected.input_usd_per_mtok.normalize():f}",
        f"{corrected.output_usd_per_mtok.normalize():f}",
        each.corrected_by,
        each.reason,
    ]
