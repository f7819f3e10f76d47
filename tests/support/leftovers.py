"""Ends the Postgres servers below a folder and removes it, once whoever made it has gone.

    python -m tests.support.leftovers FOLDER

A test run that is killed runs no clean-up of its own. So it starts this beside itself and holds its
standard input: when that closes, however the run ended, what is left is cleared away.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from graphql_api.settings import PROJECT_ROOT
from warehouse.embedded.postmaster import running_postmaster


@contextmanager
def cleared_afterwards(folder: Path) -> Iterator[None]:
    """Have ``folder`` and the servers in it gone when the block, or this process, ends."""
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.support.leftovers", str(folder)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        # Out of reach of a Ctrl-C in the terminal, which is one of the ways a run ends.
        start_new_session=True,
    )
    try:
        yield
    finally:
        watcher.communicate()


def clear(folder: Path) -> None:
    for lock in folder.rglob("postmaster.pid"):
        running = running_postmaster(lock.parent)
        if running is not None:
            server = psutil.Process(running.pid)
            # Nobody wants the data any more, so at once and without a checkpoint.
            os.kill(running.pid, signal.SIGQUIT)
            psutil.wait_procs([server], timeout=10)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.read()
    clear(Path(sys.argv[1]))
