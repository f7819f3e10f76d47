"""The steps between a fresh checkout and a published build, each of which does nothing when done.

Every step says in one line what it does when it does something.
"""

import fcntl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from pydantic import ValidationError

from graphql_api.settings import DatabaseSettings, Settings
from warehouse import build_record
from warehouse.build_record import BuildRecord
from warehouse.database import connect, database_settings, describe
from warehouse.dbt import run_dbt
from warehouse.embedded.checkout import checkout_cluster, ensure_started
from warehouse.errors import WarehouseError
from warehouse.project import ProjectNames

DEFAULT_SAMPLE_ROWS = 20_000
LOCK_FILE = "usage_warehouse_build.lock"

COUNTER_SECONDS = 2
OTHER_CLIENTS = """
select 1 from pg_stat_activity
where
    datname = current_database()
    and usename = current_user
    and backend_type = 'client backend'
    and pid <> pg_backend_pid()
"""


def ensure_server() -> DatabaseSettings:
    """Start the embedded Postgres unless PGHOST names a server; that one must answer by itself."""
    database = database_settings()
    if not database.is_embedded:
        connect(database).close()
        return database
    if ensure_started(database):
        cluster = checkout_cluster(database)
        where = f"127.0.0.1:{cluster.listening.port}, its data in {cluster.data_dir}"
        click.echo(f"embedded Postgres started on {where}")
    return database


def server_settings() -> Settings:
    """The server's settings, or one line that names the wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = f"USAGE_WAREHOUSE_{fault['loc'][0]}".upper()
        message = f"{name}={fault['input']} is not valid: {fault['msg']}"
        raise WarehouseError("BAD_SETTING", message) from None


def ensure_sample_rows(database: DatabaseSettings, names: ProjectNames, rows: int) -> None:
    """Load sample rows for each source system whose raw schema does not exist yet."""
    for system, schema in names.raw_schemas.items():
        with connect(database) as connection:
            found = connection.execute("select 1 from pg_namespace where nspname = %s", [schema])
            is_missing = found.fetchone() is None
        if is_missing:
            load_sample(system, rows)
            _await_counters(database)


def load_sample(system: str, rows: int) -> None:
    """Run `usage-warehouse sample load` for one source system."""
    from warehouse.sample import sample_group

    arguments = ["load", "--source-system", system, "--rows", str(rows), "--seed", "1"]
    sample_group.main(arguments, prog_name="usage-warehouse sample", standalone_mode=False)


def _await_counters(database: DatabaseSettings) -> None:
    """Wait until the server has counted what was just loaded, so that a build can be remembered.

    A server process hands in its counts as it ends, a moment after its client has left.
    """
    deadline = time.monotonic() + COUNTER_SECONDS
    with connect(database, autocommit=True) as connection:
        while connection.execute(OTHER_CLIENTS).fetchone() and time.monotonic() < deadline:
            time.sleep(0.02)


def build(
    database: DatabaseSettings,
    names: ProjectNames,
    target_path: Path,
    dbt_args: Sequence[str] = (),
) -> None:
    """Run `dbt build`, which publishes what passed, and remember what it was made from."""
    with _only_build(target_path):
        with connect(database) as connection:
            before = build_record.published_build(connection, names)
            built_from = build_record.inputs(connection, names)
        run_dbt(["build", *dbt_args], target_path)
        with connect(database) as connection:
            published = build_record.published_build(connection, names)
        if published is None or (published == before and not dbt_args):
            raise WarehouseError(
                "NOT_PUBLISHED",
                "dbt build passed but published nothing, for the reason it gives above: readers "
                "stay on the build before, if there is one",
            )
        if built_from is not None and not dbt_args:
            BuildRecord(describe(database), published, built_from).write(target_path)


@contextmanager
def _only_build(target_path: Path) -> Iterator[None]:
    """Keep two commands from building into the same folder and schema at once."""
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


def ensure_built(database: DatabaseSettings, names: ProjectNames, target_path: Path) -> None:
    """Build unless what readers see was made from these very files and raw rows."""
    with connect(database) as connection:
        current = build_record.is_current(connection, names, database, target_path)
    if current:
        click.echo("the published build is current: nothing to build")
    else:
        build(database, names, target_path)


def server_url(settings: Settings) -> str:
    """Where the server is found from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
