"""The one embedded server of this checkout: where its data lies, and how to have it running."""

from pathlib import Path

from graphql_api.settings import DEFAULT_NAME, EMBEDDED_SOCKET_DIR, PROJECT_ROOT, DatabaseSettings
from warehouse.embedded.cluster import Cluster
from warehouse.embedded.configuration import Listening
from warehouse.embedded.roles import create_database, ensure_login_role

LOCAL_DIR = PROJECT_ROOT / ".local"


def checkout_cluster(database: DatabaseSettings) -> Cluster:
    """The embedded server that these settings mean (they must not name another server)."""
    port = int(database.conninfo()["port"])
    return Cluster(LOCAL_DIR / "postgres" / "data", Listening(Path(EMBEDDED_SOCKET_DIR), port))


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
