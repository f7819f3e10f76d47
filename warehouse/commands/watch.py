"""`usage-warehouse watch`: keep the marts fresh by itself, until Ctrl-C or SIGTERM."""

import click

from warehouse.commands import steps
from warehouse.database import connect
from warehouse.project import project_names
from warehouse.raw_tables import raw_tables
from warehouse.raw_triggers import set_triggers
from warehouse.watch import Watch, say

PAUSE_SECONDS = 2.0


@click.command()
@click.option(
    "--pause",
    type=click.FloatRange(min=0.1),
    default=PAUSE_SECONDS,
    show_default=True,
    help="Seconds between two looks at the raw tables.",
)
@click.option("--once", is_flag=True, help="Build what changed, if anything did, and end.")
@click.option(
    "--notify/--no-notify",
    default=None,
    help="Make or remove triggers on the raw tables that tell of changes at once. "
    "Without either, they are left as they are.",
)
def watch(pause: float, once: bool, notify: bool | None) -> None:
    """Build and publish whenever raw rows change; each change of state is one line."""
    names, settings = project_names(), steps.server_settings()
    database = steps.ensure_server()
    if notify is not None:
        with connect(database, autocommit=True) as connection:
            tables = set_triggers(connection, names, raw_tables(names), wanted=notify)
        say(f"triggers {'made on' if notify else 'removed from'} {tables} tables")
    keeper = Watch(database, project_names, settings.target_path, pause)
    try:
        keeper.run_once() if once else keeper.run()
    except (KeyboardInterrupt, SystemExit):
        say("stopped")
