"""The command line `usage-warehouse`: names and one-line helps only.

What a command does lies in ``warehouse/commands`` or in the module named beside it, imported when
the command is asked for, so that ``--help`` and a mistyped command answer at once.
"""

import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import Any, NamedTuple

import click

from warehouse.errors import WarehouseError


class Entry(NamedTuple):
    """Where a command is defined, and what `--help` says of it."""

    module: str
    attribute: str
    summary: str


COMMANDS = {
    "up": Entry("warehouse.commands.up", "up", "Do all it takes, then serve until Ctrl-C."),
    "build": Entry("warehouse.commands.build", "build", "Build and publish the marts."),
    "watch": Entry("warehouse.commands.watch", "watch", "Build whenever raw rows change."),
    "serve": Entry("warehouse.commands.serve", "serve", "Serve the published marts."),
    "down": Entry("warehouse.commands.down", "down", "Stop the embedded Postgres."),
    "status": Entry("warehouse.commands.status", "status", "Say what runs and what is built."),
    "history": Entry("warehouse.commands.history", "history", "Show or erase what is archived."),
    "release-sources": Entry(
        "warehouse.commands.release_sources", "release_sources", "Let go of the raw tables."
    ),
    "clean": Entry("warehouse.commands.clean", "clean", "Remove everything made here."),
    "sample": Entry("warehouse.sample", "sample_group", "Write sample rows as a source would."),
    "prices": Entry("warehouse.prices", "prices_group", "Keep the price book up to date."),
    "reprice": Entry("warehouse.repricing", "reprice_group", "Correct prices of a range of time."),
    "keys": Entry("warehouse.keys", "keys_group", "Create, list and revoke API keys."),
    "bi": Entry("warehouse.bi_roles", "bi_group", "Let BI users read the marts in Postgres."),
}


class WarehouseGroup(click.Group):
    """A group whose commands are imported when used, and whose faults print as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command ``cmd_name``."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = getattr(import_module(entry.module), entry.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a lost database, or a missing privilege, is one line."""
        from warehouse.embedded.checkout import remember_port

        remember_port()
        try:
            return super().invoke(ctx)
        except Exception as error:
            fault = _database_fault(error)
            if fault is None:
                raise
            raise fault from error


@click.group(cls=WarehouseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="usage-warehouse", message="%(version)s")
def cli() -> None:
    """Tested marts over raw LLM usage rows, served as one typed GraphQL API.

    Postgres is the embedded one of this checkout, or yours when PGHOST is set.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    # As an exception, so that whatever was started is ended on the way out.
    signal.signal(signal.SIGTERM, exit_on_signal)
    cli.main(args=arguments, prog_name="usage-warehouse")


def exit_on_signal(number: int, _frame: FrameType | None) -> None:
    """End the program in good order, with the status a shell gives to that signal."""
    sys.exit(128 + number)


def _database_fault(error: Exception) -> WarehouseError | None:
    if "psycopg" not in sys.modules:
        return None
    from psycopg import OperationalError
    from psycopg.errors import InsufficientPrivilege

    if not isinstance(error, (OperationalError, InsufficientPrivilege)):
        return None
    from warehouse.database import database_fault, database_settings

    return database_fault(database_settings(), error)


if __name__ == "__main__":
    main()
