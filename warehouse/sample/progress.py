"""A progress bar per stage of a load, on standard error; silent where nobody watches."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


class StageBars:
    """Shows the bar of the stage that reported last."""

    def __init__(self) -> None:
        self._stage: str | None = None
        self._bar: ProgressBar[int] | None = None

    def __enter__(self) -> "StageBars":
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def show(self, stage: str, done: int, total: int) -> None:
        """Move the bar of ``stage`` to ``done`` of ``total``."""
        if stage != self._stage or self._bar is None:
            self._close()
            self._stage = stage
            self._bar = click.progressbar(
                length=total,
                label=f"{stage:<16}",
                file=sys.stderr,
                hidden=not sys.stderr.isatty(),
            )
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
