"""Whether the port and socket that the embedded server wants are free, asked before it starts.

Postgres itself only says "could not bind" or "lock file already exists", in its log.
"""

import errno
import pwd
import socket
import time
from pathlib import Path

from warehouse.embedded import faults
from warehouse.embedded.configuration import Listening
from warehouse.embedded.postmaster import is_live_postgres


def refuse_busy_port(listening: Listening, patience: float = 0) -> None:
    """Raise when another program holds the port or socket; clear what a dead server left.

    ``patience`` is how many seconds a port may take to become free: that of a server which was
    killed a moment ago.
    """
    _refuse_busy_socket(listening)
    deadline = time.monotonic() + patience
    while _is_taken(listening):
        if time.monotonic() > deadline:
            raise faults.port_busy(listening.port, "another program")
        time.sleep(0.05)


def _is_taken(listening: Listening) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As Postgres does: a port whose last connections are still fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listening.tcp_host, listening.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise faults.port_unusable(listening.port, error) from None
    return False


def _refuse_busy_socket(listening: Listening) -> None:
    socket_file = listening.socket_dir / f".s.PGSQL.{listening.port}"
    lock = socket_file.with_name(f"{socket_file.name}.lock")
    try:
        lines = lock.read_text().splitlines()
    except FileNotFoundError:
        return
    except PermissionError:
        # Postgres gives the file mode 0600: it belongs to somebody else's server, alive or dead.
        if _answers(socket_file):
            raise faults.port_busy(listening.port, "another user's Postgres") from None
        raise faults.stale_socket(lock, _owner_name(lock)) from None
    if lines and lines[0].strip().isdigit() and is_live_postgres(int(lines[0])):
        data_dir = lines[1].strip() if len(lines) > 1 else "unknown"
        raise faults.port_busy(listening.port, f"another Postgres (its data folder: {data_dir})")
    try:
        lock.unlink(missing_ok=True)
        socket_file.unlink(missing_ok=True)
    except PermissionError:
        raise faults.stale_socket(lock, _owner_name(lock)) from None


def _answers(socket_file: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(socket_file))
        except OSError:
            return False
    return True


def _owner_name(path: Path) -> str:
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"
