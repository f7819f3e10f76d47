"""`usage-warehouse watch`: keep the marts fresh by itself, until Ctrl-C or SIGTERM."""

import os
import signal
import sys
from contextlib import suppress
from threading import Timer
from types import FrameType

import click

from warehouse.commands import steps
from warehouse.project import project_names
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
def watch(pause: float, once: bool) -> None:
    """Build and publish whenever raw rows change; each change of state is one line."""
    settings = steps.server_settings()
    database = steps.ensure_server()
    stop = Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    keeper = Watch(database, project_names, settings.target_path, pause, lambda: stop.is_wanted)
    with suppress(SystemExit):
        keeper.run_once() if once else keeper.run()
    if stop.is_wanted:
        say("stopped")
