"""What the options of `dbt build` mean to a build: whether they change what is built.

Only what is listed here is known to change nothing, so that an option dbt learns later is taken for
one that selects or changes something.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graphql_api.settings import PROJECT_ROOT
from warehouse.errors import WarehouseError

# How dbt runs and what it prints: a build with them is the same build.
_RUNNING_FLAGS = (
    *("cache-selected-only", "debug", "fail-fast", "log-cache-events", "partial-parse"),
    *("populate-cache", "print", "quiet", "send-anonymous-usage-stats", "show-all-deprecations"),
    *("static-parser", "use-colors", "use-colors-file", "use-experimental-parser"),
    *("use-fast-test-edges", "version-check"),
)
RUNNING_FLAGS = {
    *("-d", "-q", "-x", "--single-threaded"),
    *(f"--{no}{name}" for name in _RUNNING_FLAGS for no in ("", "no-")),
}
RUNNING_VALUES = {
    *("--log-file-max-bytes", "--log-format", "--log-format-file", "--log-level"),
    *("--log-level-file", "--log-path", "--printer-width", "--threads"),
    *("-r", "--record-timing-info"),
}
# After these dbt always runs, and what it publishes is made from everything that lies here.
WHOLE_FLAGS = {
    *("-f", "--full-refresh", "--warn-error", "--store-failures", "--no-store-failures"),
    *("--no-defer", "--no-empty"),
}
# These choose the profile, the project or a folder, which the command line has chosen by then.
CHOSEN = {
    "--target": "set DBT_TARGET instead",
    "-t": "set DBT_TARGET instead",
    "--profile": "choose a target of the project's profile with DBT_TARGET",
    "--profiles-dir": "choose a target of the project's profile with DBT_TARGET",
    "--project-dir": "run the usage-warehouse of that checkout",
    "--target-path": "set USAGE_WAREHOUSE_TARGET_PATH instead",
}


@dataclass(frozen=True, slots=True)
class DbtOptions:
    """Options of `dbt build`, apart by what they do."""

    running: tuple[str, ...] = ()  # that only say how dbt runs
    whole: tuple[str, ...] = ()  # after which a build is still one of everything
    changing: tuple[str, ...] = field(default=())  # all others, with their values

    @property
    def always_builds(self) -> bool:
        """Whether dbt runs even if nothing changed."""
        return bool(self.whole or self.changing)

    @property
    def is_quiet(self) -> bool:
        """Whether only faults are to be printed."""
        quiet = [option for option in self.running if option in ("-q", "--quiet", "--no-quiet")]
        return bool(quiet) and quiet[-1] != "--no-quiet"

    @property
    def all(self) -> tuple[str, ...]:
        """What dbt is given."""
        return (*self.running, *self.whole, *self.changing)


def dbt_options(arguments: Sequence[str]) -> DbtOptions:
    """Tell the options apart; raises for those that another setting decides."""
    running: list[str] = []
    whole: list[str] = []
    changing: list[str] = []
    for option, values in _grouped(arguments):
        name = option.partition("=")[0]
        if name in CHOSEN:
            raise WarehouseError(
                "BUILD_OPTIONS",
                f"{name} is not passed on to dbt, as all commands must agree on it: {CHOSEN[name]}",
            )
        if name in RUNNING_FLAGS and not values:
            running.append(option)
        elif name in RUNNING_VALUES and len(values) + ("=" in option) == 1:
            running += [option, *values]
        elif name in WHOLE_FLAGS and not values:
            whole.append(option)
        else:
            changing += [option, *values]
    return DbtOptions(tuple(running), tuple(whole), tuple(changing))


def _grouped(arguments: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each option with the values that follow it."""
    groups: list[tuple[str, list[str]]] = []
    for argument in arguments:
        if argument.startswith("-") or not groups:
            groups.append((argument, []))
        else:
            groups[-1][1].append(argument)
    yield from groups


def log_folder(arguments: Sequence[str]) -> Path:
    """Where dbt writes its log, as its options and environment say."""
    chosen = os.environ.get("DBT_LOG_PATH") or "logs"
    for option, values in _grouped(arguments):
        name, is_joined, value = option.partition("=")
        if name == "--log-path" and (is_joined or values):
            chosen = value if is_joined else values[0]
    return PROJECT_ROOT / chosen


def check_log_folder(arguments: Sequence[str] = ()) -> Path:
    """Refuse to start a dbt that cannot write its log, which it would end at without a word."""
    folder = log_folder(arguments)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "dbt.log").open("a"):
            pass
    except OSError as error:
        raise WarehouseError(
            "FOLDER_NOT_WRITABLE",
            f"dbt cannot write its log to {folder} ({error.strerror}): give yourself write "
            "permission there, or name another folder with DBT_LOG_PATH",
        ) from None
    return folder
