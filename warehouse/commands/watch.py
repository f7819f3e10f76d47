"""`usage-warehouse watch`: keep the marts fresh by itself, until Ctrl-C or SIGTERM."""

import os
import signal
import sys
from contextlib import suppress
from threading import Timer
from types import FrameType

import click

from warehouse.commands import steps
from warehouse.database import connect
from warehouse.project import project_names
from warehouse.raw_tables import raw_tables
from warehouse.raw_triggers import set_triggers
from warehouse.watch import Watch, say

PAUSE_SECONDS = 2.0
ENDING_SECONDS = 20  # within which dbt has to cancel its queries


class Stop:
    """Takes the signals that end a watch: the first one ends what is running, by an exception.

    dbt may be anywhere in its own code by then, where an exception can be lost or meet a lock: so
    it is also asked for between builds, and the process ends after a while in any case.
    """

    def __init__(self) -> None:
        self.is_wanted = False

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        if self.is_wanted:
            return
        self.is_wanted = True
        last_resort = Timer(ENDING_SECONDS, _end_at_once, [128 + number])
        last_resort.daemon = True
        last_resort.start()
        sys.exit(0)


def _end_at_once(status: int) -> None:
    say("ended by force: the server ends what was running")
    os._exit(status)


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
    stop = Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    keeper = Watch(database, project_names, settings.target_path, pause, lambda: stop.is_wanted)
    with suppress(SystemExit):
        keeper.run_once() if once else keeper.run()
    if stop.is_wanted:
        say("stopped")
