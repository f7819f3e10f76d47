"""The one embedded server of this checkout: where its data lies, and how to have it running."""

import os
from pathlib import Path

from graphql_api.settings import (
    DEFAULT_NAME,
    EMBEDDED_PORT,
    EMBEDDED_SOCKET_DIR,
    PROJECT_ROOT,
    DatabaseSettings,
)
from warehouse.embedded.cluster import Cluster
from warehouse.embedded.configuration import Listening
from warehouse.embedded.postmaster import running_postmaster
from warehouse.embedded.roles import create_database, ensure_login_role

LOCAL_DIR = PROJECT_ROOT / ".local"
DATA_DIR = LOCAL_DIR / "postgres" / "data"


def remember_port() -> None:
    """Set ``PGPORT`` to that of the running embedded server, if neither it nor ``PGHOST`` is set.

    A server that one shell started with a port of its own is found by all others.
    """
    if os.environ.get("PGHOST") or os.environ.get("PGPORT"):
        return
    try:
        running = running_postmaster(DATA_DIR)
    except OSError:  # Somebody else's folder: the command itself says so.
        return
    if running is not None and running.port != EMBEDDED_PORT:
        os.environ["PGPORT"] = str(running.port)


def checkout_cluster(database: DatabaseSettings) -> Cluster:
    """The embedded server that these settings mean (they must not name another server)."""
    port = int(database.conninfo()["port"])
    return Cluster(DATA_DIR, Listening(Path(EMBEDDED_SOCKET_DIR), port))


def ensure_started(database: DatabaseSettings) -> bool:
    """Start it if it does not run, with its role and database; ``False`` if it ran already."""
    cluster = checkout_cluster(database)
    started = cluster.start()
    with cluster.connect() as superuser:
        ensure_login_role(superuser)
        create_database(superuser, DEFAULT_NAME)
        if database.dbname != DEFAULT_NAME:
            create_database(superuser, database.dbname)
    return started
