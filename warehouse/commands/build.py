"""`usage-warehouse build`: all but serving, and nothing if nothing changed."""

from collections.abc import Sequence

import click

from warehouse.commands import steps
from warehouse.errors import WarehouseError
from warehouse.extent import RECONCILE
from warehouse.project import project_names

LOOKS = {"--quiet", "-q", "--no-quiet", "--debug", "-d", "--use-colors", "--no-use-colors"}
LOOKS_WITH_VALUE = {"--threads", "--log-level", "--log-level-file", "--log-format", "--log-path"}


@click.command(context_settings={"ignore_unknown_options": True})
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    default=steps.DEFAULT_SAMPLE_ROWS,
    show_default=True,
    help="Sample calls to load where the raw tables do not exist yet.",
)
@click.option("--sample", is_flag=True, help="Load sample rows even though PGHOST is set.")
@click.option("--full-refresh", is_flag=True, help="Build everything from all raw rows.")
@click.option(
    "--reconcile",
    is_flag=True,
    help="Compare all raw rows with what is published: finds deleted rows, publishes differences.",
)
@click.argument("dbt_args", nargs=-1, type=click.UNPROCESSED)
def build(
    rows: int, sample: bool, full_refresh: bool, reconcile: bool, dbt_args: tuple[str, ...]
) -> None:
    """Start the embedded Postgres, load sample rows, build, test and publish the marts.

    Does nothing when neither the project's files nor raw rows changed since the published build.
    With PGHOST set no server is started, and the raw rows are those of your server. Anything else
    is passed on to `dbt build`.
    """
    if reconcile and "--vars" in dbt_args:
        raise WarehouseError(
            "BUILD_OPTIONS", "--reconcile is a var: write `reconcile: true` into your --vars"
        )
    names, settings = project_names(), steps.server_settings()
    database = steps.ensure_server()
    if database.is_embedded or sample:
        steps.ensure_sample_rows(database, names, rows)
    options, looks = told_apart(dbt_args)
    asked = [
        *(steps.FULL_REFRESH if full_refresh else ()),
        *(RECONCILE if reconcile else ()),
        *options,
    ]
    if asked:
        steps.build(database, names, settings.target_path, asked, looks)
    else:
        steps.ensure_built(database, names, settings.target_path, looks)


def told_apart(dbt_args: Sequence[str]) -> tuple[list[str], list[str]]:
    """Options of dbt that change what is built, and those that only change how it looks or runs."""
    options: list[str] = []
    looks: list[str] = []
    left = list(dbt_args)
    while left:
        each = left.pop(0)
        if each in LOOKS or each.partition("=")[0] in LOOKS_WITH_VALUE:
            looks.append(each)
            if each in LOOKS_WITH_VALUE and left:
                looks.append(left.pop(0))
        else:
            options.append(each)
    return options, looks
