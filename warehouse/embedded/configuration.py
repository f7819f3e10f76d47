"""The embedded server's settings and its rules of who may log in, as texts.

Sized for one machine that also runs dbt and the API: bulk rebuilds of tables, few connections,
large sorts and aggregates. Whoever wants other values says ``alter system set …``: Postgres keeps
those in a file of its own, which is read after ours.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 1024 * 1024
SHARED_MEMORY_FOLDER = Path("/dev/shm")
CGROUP_MEMORY_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server is found: a Unix socket in ``socket_dir``, and TCP on ``tcp_host``."""

    socket_dir: Path
    port: int
    tcp_host: str = "127.0.0.1"


def usable_memory() -> int:
    """Bytes of memory this process may use: the machine's, or its container's when smaller."""
    total = int(psutil.virtual_memory().total)
    for limit in CGROUP_MEMORY_LIMITS:
        try:
            text = limit.read_text().strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return total


def server_settings(
    listening: Listening, *, durable: bool = True, memory: int | None = None
) -> str:
    """The text of ``usage_warehouse.conf``. ``durable=False`` is for throw-away test servers."""
    available = usable_memory() if memory is None else memory
    values: dict[str, str] = {
        "listen_addresses": listening.tcp_host,
        "port": str(listening.port),
        "unix_socket_directories": str(listening.socket_dir),
        "max_connections": "60",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "datestyle": "iso, ymd",
        "lc_messages": "C",
        **_memory_settings(available),
        **_bulk_settings(),
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] %q%u@%d ",
    }
    if not durable:
        values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    lines = [f"{name} = '{_quoted(value)}'" for name, value in values.items()]
    header = "# Written at every start; set your own values with `alter system set`."
    return "\n".join([header, *lines, ""])


def login_rules(peer_roles: Iterable[str]) -> str:
    """The text of ``pg_hba.conf``: peer on the socket for our roles, a password for all others.

    Nobody is trusted, and the owner of everything never comes over the network.
    """
    roles = ",".join(peer_roles)
    return (
        "# Written at every start.\n"
        f"local  all  {roles}  peer map=usage_warehouse\n"
        "local  all  all  scram-sha-256\n"
        "host   all  postgres  all  reject\n"
        "host   all  all  127.0.0.1/32  scram-sha-256\n"
    )


def user_map(system_users: Iterable[str], roles: Iterable[str]) -> str:
    """The text of ``pg_ident.conf``: which operating-system user may act as which role."""
    pairs = [(user, role) for user in sorted(set(system_users)) for role in roles]
    lines = [f'usage_warehouse  "{user}"  "{role}"' for user, role in pairs]
    return "\n".join(["# Written at every start.", *lines, ""])


def _memory_settings(available: int) -> dict[str, str]:
    return {
        "shared_buffers": _megabytes(available // 5, least=64, most=2048),
        "effective_cache_size": _megabytes(available // 2, least=128, most=1024 * 1024),
        # Two dbt threads and a handful of API queries, each with a few sorts or hashes at once.
        "work_mem": _megabytes(available // 128, least=8, most=128),
        "maintenance_work_mem": _megabytes(available // 16, least=32, most=512),
        "dynamic_shared_memory_type": _dynamic_shared_memory(),
    }


def _bulk_settings() -> dict[str, str]:
    return {
        # Tables are rebuilt whole and nothing is replicated: with minimal WAL, filling a table in
        # the transaction that made it writes no log at all.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        # Compiling costs more than it saves on marts of this size.
        "jit": "off",
    }


def _dynamic_shared_memory() -> str:
    """Containers often get 64 MB of /dev/shm, which one parallel hash join can fill."""
    if not SHARED_MEMORY_FOLDER.is_dir() or os.uname().sysname != "Linux":
        return "posix"
    roomy = shutil.disk_usage(SHARED_MEMORY_FOLDER).total >= 512 * MIB
    return "posix" if roomy else "mmap"


def _megabytes(count: int, *, least: int, most: int) -> str:
    return f"{min(max(count // MIB, least), most)}MB"


def _quoted(value: str) -> str:
    return value.replace("'", "''")
