"""`usage-warehouse release-sources`: drop whatever of ours depends on a raw table."""

import click

from warehouse.build_lock import only_build
from warehouse.commands import steps
from warehouse.dbt import run_dbt
from warehouse.project import project_names


@click.command()
def release_sources() -> None:
    """Drop what builds of earlier releases left on raw tables: views and triggers.

    Builds of this release leave nothing there, also when they are killed; the next build that is
    published does the same.
    """
    names, settings = project_names(), steps.server_settings()
    database = steps.ensure_server()
    with only_build(database, names, settings.target_path, "release-sources"):
        run_dbt(["--quiet", "run-operation", "release_raw_tables"], settings.target_path)
    click.echo("nothing of this warehouse depends on a raw table")
