"""A Postgres of the benchmark's own with the reference marts, published as any build is."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from graphql_api.settings import PROJECT_ROOT
from tests.support.postgres import free_port
from warehouse.api_keys import create_key
from warehouse.embedded import LOGIN_ROLE, Cluster, create_database, ensure_login_role
from warehouse.embedded.configuration import Listening
from warehouse.project import project_names
from warehouse.tenants import Tenant

ORGANIZATIONS = 200
PROJECT = PROJECT_ROOT / "bench" / "reference"
_DATABASE = "reference"
_ROWS = {"fct_monthly_usage": 500_712, "fct_daily_usage": 3_013_440}


@dataclass(frozen=True)
class Warehouse:
    """The running server, dbt's target folder, and API keys: by organisation, and ``admin``."""

    cluster: Cluster
    target: Path
    keys: dict[str, str]

    @property
    def env(self) -> dict[str, str]:
        """Variables that make dbt, our server and libpq use it."""
        listening = self.cluster.listening
        return {
            "PGHOST": str(listening.socket_dir),
            "PGPORT": str(listening.port),
            "PGUSER": LOGIN_ROLE,
            "PGDATABASE": _DATABASE,
            "PGPASSWORD": "",
            "USAGE_WAREHOUSE_TARGET_PATH": str(self.target),
        }

    def connect(self, options: str = "") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection as the owner of the marts, in autocommit mode."""
        env = self.env
        return psycopg.connect(
            host=env["PGHOST"],
            port=int(env["PGPORT"]),
            user=env["PGUSER"],
            dbname=env["PGDATABASE"],
            options=options,
            autocommit=True,
        )

    def key(self, organization: str) -> str:
        """The API key of an organisation, or of the administrator."""
        return self.keys[organization]


@contextmanager
def reference_warehouse(kept: Path | None) -> Iterator[Warehouse]:
    """The marts, made in a temporary folder, or taken from one that an earlier run filled."""
    folder = kept or Path(tempfile.mkdtemp(prefix="uw-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    sockets = folder / "sockets"
    sockets.mkdir(exist_ok=True)
    sockets.chmod(0o777)
    cluster = Cluster(folder / "pg" / "data", Listening(sockets, free_port()), durable=False)
    try:
        cluster.start()
        yield _filled(cluster, folder)
    finally:
        cluster.stop()
        if kept is None:
            shutil.rmtree(folder)


def _filled(cluster: Cluster, folder: Path) -> Warehouse:
    keys = folder / "keys.json"
    warehouse = Warehouse(cluster, folder / "target", {})
    if not keys.exists():
        with cluster.connect() as superuser:
            ensure_login_role(superuser)
            create_database(superuser, _DATABASE)
            # All servers that are compared keep their connections at the same time.
            superuser.execute("alter system set max_connections = 200")
        cluster.stop()
        cluster.start()
        print("building the reference marts (half a minute)", flush=True)
        dbt(["build"], warehouse)
        _check(warehouse)
        keys.write_text(json.dumps(_made_keys(warehouse)))
    else:
        dbt(["parse"], warehouse)  # the code may be newer than the rows
    return Warehouse(cluster, folder / "target", json.loads(keys.read_text()))


def dbt(arguments: list[str], warehouse: Warehouse, project: Path = PROJECT) -> None:
    """Run dbt; what it says is shown if it fails."""
    target = warehouse.target
    ended = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            *arguments,
            *("--project-dir", str(project)),
            *("--profiles-dir", str(PROJECT_ROOT)),
            *("--target-path", str(target)),
            *("--log-path", str(target / "logs")),
        ],
        env={**os.environ, **warehouse.env},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        sys.exit(f"dbt {' '.join(arguments)} failed:\n{ended.stdout}")


def _check(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection:
        for mart, expected in _ROWS.items():
            connection.execute(f"vacuum (analyze) usage.{mart}")
            (count,) = connection.execute(f"select count(*) from usage.{mart}").fetchone() or (0,)
            if count != expected:
                sys.exit(f"{mart} has {count:,} rows, not {expected:,}")


def _made_keys(warehouse: Warehouse) -> dict[str, str]:
    names = project_names()
    with warehouse.connect() as connection:
        keys = {"admin": create_key(connection, names, role="admin").key}
        for number in range(1, ORGANIZATIONS + 1):
            tenant = Tenant("kaapi", str(number))
            made = create_key(connection, names, role="member", tenant=tenant, force=True)
            keys[str(number)] = made.key
    return keys
