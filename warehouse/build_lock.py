"""One build at a time: into a schema of a database, and into a folder.

Plain `dbt build` looks for the same lock before it begins: macros/incremental.
"""

import fcntl
import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg

from graphql_api.settings import DatabaseSettings
from warehouse.database import connect
from warehouse.errors import WarehouseError
from warehouse.project import ProjectNames
from warehouse.raw_tables import Connection

LOCK_FILE = "usage_warehouse_build.lock"

TRY = "select pg_try_advisory_lock(hashtextextended('build ' || %s, 0)), pg_backend_pid()"

# The two halves of a key that is one number.
HOLDER = """
select activity.application_name, lock.pid, to_char(activity.backend_start, 'HH24:MI:SS TZ')
from pg_locks as lock
left join pg_stat_activity as activity on lock.pid = activity.pid
where
    lock.locktype = 'advisory' and lock.granted and lock.objsubid = 1
    and lock.database = (select oid from pg_database where datname = current_database())
    and (cast(lock.classid as bigint) << 32 | cast(lock.objid as bigint))
        = hashtextextended('build ' || %s, 0)
"""


@contextmanager
def only_build(
    database: DatabaseSettings, names: ProjectNames, target_path: Path, command: str
) -> Iterator[int]:
    """Keep other builds out; yields the server's process that holds the lock, to be told to dbt."""
    with _folder_of_ones_own(target_path):
        connection = connect(database, autocommit=True)
        try:
            yield _locked(connection, names, command)
        finally:
            with suppress(psycopg.Error):
                connection.close()


def _locked(connection: Connection, names: ProjectNames, command: str) -> int:
    # Shown to whom this lock keeps out. A server that ends idle sessions must spare this one.
    who = f"usage-warehouse {command} of {getpass.getuser()}@{socket.gethostname()}, {os.getpid()}"
    connection.execute(
        "select set_config('application_name', %s, false), "
        "set_config('idle_session_timeout', '0', false)",
        [who[:63]],
    )
    row = connection.execute(TRY, [names.build_schema]).fetchone()
    assert row is not None
    is_ours, pid = row
    if is_ours:
        return int(pid)
    holder = connection.execute(HOLDER, [names.build_schema]).fetchone()
    by_whom = "{} (process {} of the server, since {})".format(*holder) if holder else "another"
    raise WarehouseError(
        "BUILD_RUNNING",
        f"another build into schema {names.build_schema} is running, by {by_whom}: nothing was "
        "built; wait for its end, then try again",
    )


@contextmanager
def _folder_of_ones_own(target_path: Path) -> Iterator[None]:
    with _opened_lock(target_path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseError(
                "BUILD_RUNNING",
                f"another build of this checkout is running (it holds {lock.name}): wait for its "
                "end, then try again",
            ) from None
        yield


def _opened_lock(target_path: Path) -> IO[str]:
    try:
        target_path.mkdir(parents=True, exist_ok=True)
        return (target_path / LOCK_FILE).open("a")
    except OSError as error:
        raise WarehouseError(
            "FOLDER_NOT_WRITABLE",
            f"dbt cannot write to {target_path} ({error.strerror}): give yourself write permission "
            "there, or name another folder with USAGE_WAREHOUSE_TARGET_PATH",
        ) from None
