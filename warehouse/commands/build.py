"""`usage-warehouse build`: all but serving. Always runs `dbt build`."""

import click

from warehouse.commands import steps
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
@click.argument("dbt_args", nargs=-1, type=click.UNPROCESSED)
def build(rows: int, sample: bool, dbt_args: tuple[str, ...]) -> None:
    """Start the embedded Postgres, load sample rows, build, test and publish the marts.

    With PGHOST set nothing is started, and the raw rows are those of your server. Anything else is
    passed on to `dbt build`.
    """
    names, settings = project_names(), steps.server_settings()
    database = steps.ensure_server()
    if database.is_embedded or sample:
        steps.ensure_sample_rows(database, names, rows)
    steps.build(database, names, settings.target_path, dbt_args)
