"""One throw-away Postgres for a test session, made by the same code as the embedded default."""

import itertools
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.support.leftovers import cleared_afterwards
from warehouse.embedded import LOGIN_ROLE, Cluster, create_database, ensure_login_role
from warehouse.embedded.configuration import Listening


@dataclass
class PostgresServer:
    """The running test server.

    Over the socket (``env``, ``connect``) the tests are the login role or the superuser by peer
    authentication; roles with a password log in over TCP at ``tcp_host``:``port``.
    """

    cluster: Cluster
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def port(self) -> int:
        return self.cluster.listening.port

    @property
    def tcp_host(self) -> str:
        return self.cluster.listening.tcp_host

    def env(self, dbname: str) -> dict[str, str]:
        """The libpq variables that make dbt, the command line and the API use ``dbname``."""
        return {
            "PGHOST": str(self.cluster.listening.socket_dir),
            "PGPORT": str(self.port),
            "PGUSER": LOGIN_ROLE,
            "PGDATABASE": dbname,
            "PGPASSWORD": "",
        }

    def connect(self, dbname: str, user: str = LOGIN_ROLE) -> psycopg.Connection[Any]:
        """An autocommit connection as the login role, or as ``user="postgres"``."""
        return self.cluster.connect(dbname, user)

    def create_database(self, label: str = "test") -> str:
        """A new empty database of the login role, as ``make up`` makes it; returns its name."""
        name = f"{label}_{next(self._numbers)}"
        with self.cluster.connect() as superuser:
            create_database(superuser, name)
        return name

    def drop_database(self, name: str) -> None:
        with self.cluster.connect() as superuser:
            superuser.execute(f'drop database if exists "{name}" with (force)')


@contextmanager
def throwaway_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start a server in a new folder under the system's temporary folder; remove it afterwards.

    Only a durable one may be killed and still has all that was committed.
    """
    # Not pytest's tmp_path: its parents are closed to the system user the server has as root, and
    # too long for a Unix socket.
    folder = Path(tempfile.mkdtemp(prefix="uw-test-"))
    sockets = folder / "sockets"
    sockets.mkdir()
    os.chmod(folder, 0o755)
    os.chmod(sockets, 0o777)
    cluster = Cluster(folder / "pg" / "data", Listening(sockets, free_port()), durable=durable)
    with cleared_afterwards(folder):
        cluster.start()
        with cluster.connect() as superuser:
            ensure_login_role(superuser)
        yield PostgresServer(cluster)


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
