"""Whether the server of a data folder is alive, as told by the lock file it keeps there.

A lock file outlives a killed server, and its process number may since belong to anything, so the
process is believed only when it says itself that it serves this very folder.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

# No system hands out a process number this high, so Postgres will find it dead.
DEAD_PID = 999_999_999


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A live server: its process and the port and socket folder it said it listens on."""

    pid: int
    port: int
    socket_dir: Path
    is_ready: bool


def running_postmaster(data_dir: Path) -> Postmaster | None:
    """The live server of ``data_dir``, if there is one."""
    lines = _lock_lines(data_dir)
    # pid, data folder, start time, port, socket folder, address, shared memory, status
    if len(lines) < 5 or not lines[0].strip().isdigit() or not lines[3].strip().isdigit():
        return None
    pid = int(lines[0])
    if not _serves(pid, data_dir):
        return None
    is_ready = len(lines) >= 8 and lines[7].strip() == "ready"
    return Postmaster(pid, int(lines[3]), Path(lines[4].strip()), is_ready)


def disown_stale_lock(data_dir: Path) -> None:
    """Make Postgres see that the server of a stale lock file is dead.

    Postgres only asks whether *some* process of that number lives. After a crash and a reboot, or
    in a restarted container, it often does. The rest of the file stays: with it Postgres still
    checks by itself that no orphan of the dead server holds its shared memory.
    """
    lines = _lock_lines(data_dir)
    if lines and running_postmaster(data_dir) is None:
        text = "\n".join([str(DEAD_PID), *lines[1:], ""])
        (data_dir / "postmaster.pid").write_text(text)


def _lock_lines(data_dir: Path) -> list[str]:
    try:
        return (data_dir / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_live_postgres(pid: int) -> bool:
    """Whether that process is a Postgres at work.

    One that was killed may linger, dying or as a zombie, and Postgres itself takes it for alive:
    but it has no command line any more.
    """
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and bool(process.cmdline())
    except psutil.Error:
        return False


def _serves(pid: int, data_dir: Path) -> bool:
    if not is_live_postgres(pid):
        return False
    try:
        arguments = psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
    if "-D" not in arguments[:-1]:
        return False
    folder = arguments[arguments.index("-D") + 1]
    return os.path.realpath(folder) == os.path.realpath(data_dir)
