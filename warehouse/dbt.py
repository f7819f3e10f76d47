"""Running this project's dbt from the command line, in a process of its own.

A process of its own, because dbt keeps adapters and parser state in module globals and installs
signal handlers; and so that a user sees exactly what plain ``dbt`` prints.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from graphql_api.settings import PROJECT_ROOT
from warehouse.dbt_options import check_log_folder
from warehouse.errors import WarehouseError

PROGRAM = "warehouse.dbt_program"

NOTICE_SECONDS = 2  # how soon dbt leaves after a Ctrl-C that it has seen itself
CANCEL_SECONDS = 15  # how long it may take to cancel its queries once it was told to

# Tells macros/incremental/reason_not_to_begin.sql which process of the server holds the lock of
# builds for this very dbt. No var: dbt parses the whole project anew whenever one changes.
LOCK_HOLDER = "USAGE_WAREHOUSE_LOCK_HOLDER"
# Every statement in logs/dbt.log would take a seventh of dbt's own time; what a node ran lies in
# target/run. Whoever wants them says so, by this variable or as an option.
LOG_LEVEL_FILE = "DBT_LOG_LEVEL_FILE"

# Tells macros/incremental that what is not selected needs no building, and which source systems
# changed: skips_unchanged.sql, is_skipped_source.sql.
ONLY_CHANGES = "USAGE_WAREHOUSE_ONLY_CHANGES"
# Tells macros/publish/failures.sql by whom a build was made, should it fail.
COMMAND = "USAGE_WAREHOUSE_COMMAND"
# Where dbt_program writes why dbt failed.
FAILURE_FILE = "USAGE_WAREHOUSE_FAILURE_FILE"


class DbtFailed(WarehouseError):
    """dbt ended with an error; ``reason`` is what failed first, in one line."""

    def __init__(self, command: str, reason: str, log: Path) -> None:
        said = reason.rstrip(".") or "it gave no reason"
        super().__init__(
            "DBT_FAILED",
            f"`dbt {command}` failed: {said}; what readers see is unchanged, and more stands above "
            f"and in {log}",
        )
        self.reason = reason


def run_dbt(
    args: Sequence[str],
    target_path: Path,
    lock_holder: int | None = None,
    *,
    only_changes: str = "",
) -> None:
    """Run ``dbt <args>`` on this project, showing its output; raises if it fails."""
    try:
        version("dbt-core")  # its adapters share the module `dbt`
    except PackageNotFoundError as error:
        raise WarehouseError(
            "DBT_MISSING", "dbt-core is not installed here: run `make build` to install it"
        ) from error
    logs = check_log_folder(args)
    folders = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)]
    # Where the API will look for what dbt writes, should that not be ./target.
    folders += ["--target-path", str(target_path)]
    environment = {
        LOG_LEVEL_FILE: "info",
        **os.environ,
        LOCK_HOLDER: str(lock_holder or ""),
        ONLY_CHANGES: only_changes,
        COMMAND: f"usage-warehouse {args[0]}",
    }
    with tempfile.NamedTemporaryFile("r") as failure, _signals_held_back() as release:
        environment[FAILURE_FILE] = failure.name
        process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, *args, *folders], cwd=PROJECT_ROOT, env=environment
        )
        try:
            release()
            status = process.wait()
        except BaseException as stop:
            # Ctrl-C in a terminal reaches dbt as well; any other stop has to be passed on.
            _end(process, is_told=isinstance(stop, KeyboardInterrupt))
            raise
        if status != 0:
            raise DbtFailed(_told(args, only_changes), failure.read().strip(), logs / "dbt.log")


def _told(args: Sequence[str], only_changes: str) -> str:
    """As on the command line, but for the hundreds of nodes that a build of changes names."""
    return f"{args[0]} (of what changed: {only_changes})" if only_changes else " ".join(args)


@contextmanager
def _signals_held_back() -> Iterator[Callable[[], None]]:
    """Keep a stop that comes while dbt starts until dbt can be ended; then ``release`` it."""
    came: list[signal.Signals] = []
    usual = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    # What is ignored stays ignored, for dbt too.
    held = [each for each, handler in usual.items() if handler is not signal.SIG_IGN]
    for each in held:
        signal.signal(each, lambda number, _: came.append(signal.Signals(number)))

    def release() -> None:
        while held:
            each = held.pop()
            signal.signal(each, usual[each])
        while came:
            signal.raise_signal(came.pop())

    try:
        yield release
    finally:
        release()


def _end(process: subprocess.Popen[bytes], *, is_told: bool) -> None:
    """Let dbt cancel its running queries; leave no process behind whatever happens."""
    patience = [NOTICE_SECONDS if is_told else 0, CANCEL_SECONDS]
    for seconds, then in zip(patience, (signal.SIGINT, signal.SIGKILL), strict=True):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(then)
        else:
            return
    process.wait()
