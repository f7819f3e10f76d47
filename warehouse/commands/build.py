"""`usage-warehouse build`: all but serving, and nothing if nothing changed."""

import click

from warehouse.commands import steps
from warehouse.dbt_options import dbt_options
from warehouse.errors import WarehouseError
from warehouse.project import project_names


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
    With PGHOST set no server is started, and the raw rows are those of your server. Other options
    are passed on to `dbt build`: those that only say how dbt runs (--quiet, --threads, --log-level)
    change nothing of this, with any other dbt always runs.
    """
    options = dbt_options([*(("--full-refresh",) if full_refresh else ()), *dbt_args])
    if reconcile and any(each.partition("=")[0] == "--vars" for each in options.changing):
        raise WarehouseError(
            "BUILD_OPTIONS", "--reconcile is a var: write `reconcile: true` into your --vars"
        )
    names, settings = project_names(), steps.server_settings()
    database = steps.ensure_server()
    if database.is_embedded or sample:
        steps.ensure_sample_rows(database, names, rows)
    if options.always_builds or reconcile:
        steps.build(database, names, settings.target_path, options, is_reconciliation=reconcile)
    else:
        steps.ensure_built(database, names, settings.target_path, options)
