"""A Postgres of the benchmark's own: the embedded one, with its settings, in another folder."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from tests.support.postgres import free_port
from warehouse.embedded import LOGIN_ROLE, Cluster, create_database, ensure_login_role
from warehouse.embedded.configuration import Listening

# What decides how fast a build is; all as the embedded server sets them for this machine.
SETTINGS = (
    "shared_buffers",
    "work_mem",
    "maintenance_work_mem",
    "effective_cache_size",
    "max_wal_size",
    "wal_level",
    "jit",
    "max_parallel_workers_per_gather",
    "fsync",
    "synchronous_commit",
)
# Raw rows, what is built, the copy readers see, its successor, and the floor's own copy.
BYTES_PER_REQUEST = 4_000


@dataclass(frozen=True, slots=True)
class Database:
    """One database of the server, for one size of the benchmark."""

    cluster: Cluster
    name: str
    folder: Path

    @property
    def env(self) -> dict[str, str]:
        """Variables that make dbt and the command line use it, and write nowhere else."""
        target = str(self.target)
        return {
            **os.environ,
            "PGHOST": str(self.cluster.listening.socket_dir),
            "PGPORT": str(self.cluster.listening.port),
            "PGUSER": LOGIN_ROLE,
            "PGDATABASE": self.name,
            "PGPASSWORD": "",
            "USAGE_WAREHOUSE_TARGET_PATH": target,
            "DBT_TARGET_PATH": target,
            "DBT_LOG_PATH": f"{target}/logs",
        }

    @property
    def target(self) -> Path:
        """The folder that dbt writes into."""
        return self.folder / self.name

    @property
    def postmaster(self) -> psutil.Process:
        """The server's first process; all others are its children."""
        running = self.cluster.postmaster()
        if running is None:
            raise RuntimeError("the benchmark's Postgres has stopped")
        return psutil.Process(running.pid)

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """A connection as the owner of the warehouse, who is no superuser."""
        listening = self.cluster.listening
        return psycopg.connect(
            host=str(listening.socket_dir),
            port=listening.port,
            user=LOGIN_ROLE,
            dbname=self.name,
            autocommit=autocommit,
        )

    def settle(self) -> None:
        """Write out what is still in memory, so that no step pays for the one before."""
        with self.cluster.connect() as superuser:
            superuser.execute("checkpoint")

    def settings(self) -> dict[str, str]:
        """The server's version and the settings that matter here."""
        with self.connect() as connection:
            rows = connection.execute(
                "select name, current_setting(name) from pg_settings where name = any(%s)",
                [["server_version", *SETTINGS]],
            ).fetchall()
        return dict(rows)

    def bytes_of(self, *schemas: str) -> int:
        """Disk space of schemas: tables, indexes and large values."""
        with self.connect() as connection:
            row = connection.execute(
                """
                select coalesce(sum(pg_total_relation_size(c.oid)), 0)
                from pg_class as c
                inner join pg_namespace as n on c.relnamespace = n.oid
                where c.relkind = 'r' and n.nspname = any(%s)
                """,
                [list(schemas)],
            ).fetchone()
        return int(row[0]) if row else 0

    def all_bytes(self) -> int:
        """Disk space of the whole database."""
        with self.connect() as connection:
            row = connection.execute("select pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def own_server(below: Path | None) -> Iterator[tuple[Cluster, Path]]:
    """Start a server in a new folder below the given one; remove both afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="uw-bench-", dir=below))
    sockets = Path(tempfile.mkdtemp(prefix="uw-bench-sockets-"))  # its path must be short
    folder.chmod(0o755)
    sockets.chmod(0o777)
    cluster = Cluster(folder / "pg" / "data", Listening(sockets, free_port()))
    try:
        cluster.start()
        with cluster.connect() as superuser:
            ensure_login_role(superuser)
        yield cluster, folder
    finally:
        cluster.stop(mode="immediate")
        shutil.rmtree(folder)
        shutil.rmtree(sockets)


@contextmanager
def own_database(cluster: Cluster, folder: Path, requests: int) -> Iterator[Database]:
    """An empty database for so many requests, gone afterwards; refuses a disk that is too small."""
    needed, free = requests * BYTES_PER_REQUEST, shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(
            f"{requests:,} requests need {needed / 1e9:.0f} GB, and {folder} has {free / 1e9:.0f}"
        )
    database = Database(cluster, f"requests_{requests}", folder)
    with cluster.connect() as superuser:
        create_database(superuser, database.name)
        try:
            yield database
        finally:
            drop = sql.SQL("drop database {} with (force)")
            superuser.execute(drop.format(sql.Identifier(database.name)))
