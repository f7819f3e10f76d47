"""What the command line tells a person when something is wrong: one line and a stable code.

The code is for scripts and for searching the docs; it never changes once released. The text names
the thing, the fault and the remedy.
"""

from typing import IO, Any

import click


class WarehouseError(click.ClickException):
    """A fault the user can act on. Printed on one line, without a traceback; exit status 1."""

    def __init__(self, code: str, message: str) -> None:
        # Server messages often span lines (libpq's "connection failed: …"); a reader of logs, and
        # grep, want exactly one.
        super().__init__(" ".join(message.split()))
        self.code = code

    def show(self, file: IO[Any] | None = None) -> None:
        """Print ``error [CODE]: message`` to ``file``, by default standard error."""
        click.echo(str(self), file=file, err=file is None)

    def __str__(self) -> str:
        return f"error [{self.code}]: {self.message}"
