"""`usage-warehouse prices`: arguments in, a summary out."""

from itertools import groupby
from pathlib import Path

import click

from graphql_api.settings import PROJECT_ROOT
from warehouse.prices.book import LeftOut
from warehouse.prices.seeds import Change, write_seeds

SEED_FOLDER = PROJECT_ROOT / "seeds" / "reference"


@click.group("prices")
def prices_group() -> None:
    """Keep the price book up to date."""


@prices_group.command()
@click.option("--left-out", "lists_left_out", is_flag=True, help="Name every model left out.")
@click.option(
    "--into",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=SEED_FOLDER,
    help="Folder of the seeds.  [default: seeds/reference]",
)
def refresh(lists_left_out: bool, folder: Path) -> None:
    """Write the seeds of the price book from the installed package genai-prices.

    Nothing is fetched: install another version of the package for other prices. Seeds kept by hand
    (overrides, aliases) stay as they are. Review what changed, then build.
    """
    # The list takes a second to load, which `--help` should not.
    from warehouse.prices.listed import PACKAGE, installed_version, read_price_list

    listed = read_price_list()
    changes = write_seeds(folder, listed.seeds)
    click.echo(f"{PACKAGE} {installed_version()}")
    for change in changes:
        click.echo(f"{change.name}.csv: {_described(change)}")
    for reason, models in _by_reason(listed.left_out):
        click.echo(f"left out: {len(models):,} {reason}")
        for each in models if lists_left_out else ():
            click.echo(f"    {each.provider} {each.model}")
    for name, count in sorted(listed.unused_prices.items()):
        click.echo(f"no column: {name} of {count:,} models")
    for name, count in sorted(listed.rounded_prices.items()):
        click.echo(f"rounded to 16 decimals: {name} of {count:,} models")
    if not any(changes):
        click.echo("nothing changed")


def _described(change: Change) -> str:
    if not change:
        return "unchanged"
    return f"{change.added:,} rows added, {change.changed:,} changed, {change.removed:,} removed"


def _by_reason(left_out: tuple[LeftOut, ...]) -> list[tuple[str, list[LeftOut]]]:
    ordered = sorted(left_out, key=lambda each: (each.reason, each.provider, each.model))
    return [(reason, list(models)) for reason, models in groupby(ordered, lambda each: each.reason)]
