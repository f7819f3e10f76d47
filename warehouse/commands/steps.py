"""The steps between a fresh checkout and a published build, each of which does nothing when done.

Every step says in one line what it does when it does something.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import click
import psycopg
from pydantic import ValidationError

from graphql_api.settings import DatabaseSettings, Settings
from warehouse import build_failures, build_record
from warehouse.build_lock import only_build
from warehouse.database import connect, database_settings
from warehouse.dbt import DbtFailed, run_dbt
from warehouse.dbt_options import DbtOptions
from warehouse.embedded.checkout import checkout_cluster, ensure_started
from warehouse.errors import WarehouseError
from warehouse.extent import EVERYTHING, LATE_ROWS, RECONCILIATION, Extent, extent_of_build
from warehouse.project import ProjectNames

DEFAULT_SAMPLE_ROWS = 20_000
NO_OPTIONS = DbtOptions()

SAMPLE_WARNINGS = (
    "the sample rows hold faults on purpose, as real sources do: the build will end with warnings"
)

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
    from warehouse.sample.registry import SOURCES

    loaded: list[str] = []
    for system, schema in names.raw_schemas.items():
        with connect(database) as connection:
            found = connection.execute("select 1 from pg_namespace where nspname = %s", [schema])
            is_missing = found.fetchone() is None
        if is_missing and system not in SOURCES:
            raise WarehouseError(
                "RAW_SCHEMA",
                f"the schema {schema} of the source system {system} is missing, and there are no "
                "sample rows of that system: make its tables, or leave it out of source_systems "
                "in dbt_project.yml",
            )
        if is_missing:
            load_sample(system, rows)
            _await_counters(database)
            loaded.append(system)
    if loaded:
        click.echo(SAMPLE_WARNINGS)


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
    options: DbtOptions = NO_OPTIONS,
    *,
    is_reconciliation: bool = False,
) -> None:
    """Run `dbt build`, which publishes what passed, and remember what it was made from."""
    with only_build(database, names, target_path, "build") as lock_holder:
        with connect(database) as connection:
            began = build_failures.clock(connection)
            before = build_record.published_build(connection, names)
            made_from = build_record.inputs(connection, names)
            if is_reconciliation:
                extent = RECONCILIATION
            elif options.always_builds:
                extent = EVERYTHING
            else:
                extent = extent_of_build(connection, names, before, made_from)
        try:
            try:
                _build_extent(extent, options.all, target_path, lock_holder)
            except DbtFailed as failure:
                if LATE_ROWS not in failure.reason:
                    raise
                click.echo("rows came with times before the lookback window: comparing all")
                _build_extent(RECONCILIATION, options.all, target_path, lock_holder)
        except DbtFailed as failure:
            if not options.changing:
                _record_failure(database, names, failure.reason, began)
            raise
        if "--no-write-json" not in options.changing:
            build_record.note_manifests(target_path, made_from.files, names)
        with connect(database) as connection:
            published = build_record.published_build(connection, names)
            is_new = published is not None and (before is None or published != before)
            if is_new and published is not None and not options.changing:
                build_record.record_build(connection, names, published.build_id, made_from)
    if published is None or not (is_new or options.changing):
        _record_failure(database, names, "dbt build passed but published nothing", began)
        raise WarehouseError(
            "NOT_PUBLISHED",
            "dbt build passed but published nothing, for the reason it gives above: "
            "readers stay on the build before, if there is one",
        )


def _build_extent(extent: Extent, more: Sequence[str], target_path: Path, lock_holder: int) -> None:
    run_dbt(
        ["build", *extent.options, *more],
        target_path,
        lock_holder,
        only_changes=extent.only_changes,
    )


def _record_failure(
    database: DatabaseSettings, names: ProjectNames, reason: str, began: datetime
) -> None:
    # Whatever ended the build may keep this from being written, too: the build's fault is told.
    with suppress(psycopg.Error, WarehouseError), connect(database) as connection:
        build_failures.record(connection, names, "usage-warehouse build", reason, began)


def ensure_built(
    database: DatabaseSettings,
    names: ProjectNames,
    target_path: Path,
    options: DbtOptions = NO_OPTIONS,
) -> None:
    """Build unless what readers see was made from these very files and raw rows."""
    with connect(database) as connection:
        published = build_record.published_build(connection, names)
        now = build_record.inputs(connection, names)
        is_current = build_record.is_current(published, now)
        if is_current:
            build_failures.forget(connection, names)
    if not is_current:
        build(database, names, target_path, options)
        return
    if not build_record.manifests_are_current(target_path, now.files, names):
        # Another checkout made the build; the API of this one needs the manifests all the same.
        run_dbt(["parse", *options.running, "--quiet"], target_path)
        build_record.note_manifests(target_path, now.files, names)
    if not options.is_quiet:
        click.echo("the published build is current: nothing to build")


def server_url(settings: Settings) -> str:
    """Where the server is found from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
