"""Keeping the marts fresh: build whenever raw rows or the project changed, and sleep otherwise.

Every change of state is one line of the log. Nothing is kept but in the database: a watch that
ends, however it ends, is followed by any other that starts.
"""

import select
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import psycopg

from graphql_api.settings import DatabaseSettings
from warehouse import build_failures, build_record
from warehouse.build_lock import only_build
from warehouse.database import connect
from warehouse.dbt_failure import BuildFailed
from warehouse.errors import WarehouseError
from warehouse.extent import (
    EVERYTHING,
    LATE_ROWS,
    RECONCILED,
    RECONCILIATION,
    Extent,
    extent_of_build,
)
from warehouse.project import ProjectNames, input_stamps, project_fingerprint
from warehouse.raw_changes import RawChanges, changed_tables
from warehouse.raw_tables import Connection, raw_tables
from warehouse.warm_dbt import WarmDbt

FIRST_RETRY_SECONDS = 5
LONGEST_RETRY_SECONDS = 300
RECONNECT_SECONDS = 5
MOST_NAMES = 3  # of changed tables in a line

PROJECT = "the project"
COMMAND = "usage-warehouse watch"


class Watch:
    """One watch over one database, until told to stop."""

    def __init__(
        self,
        database: DatabaseSettings,
        read_names: Callable[[], ProjectNames],
        target_path: Path,
        pause: float,
        is_stopped: Callable[[], bool],
    ) -> None:
        self._database = database
        self._read_names = read_names
        self._target_path = target_path
        self._pause = pause
        self._is_stopped = is_stopped
        self._dbt = WarmDbt(target_path)
        self._parsed = ""  # files of the project as dbt knows it
        self._stamps: object = None
        self._files = ""
        self._seen: dict[str, object] | None = None  # what the published build was made from
        self._failures = 0
        self._reason = ""
        self._failed_nodes: tuple[str, ...] = ()
        self._failed_files = ""
        self._retry_at = 0.0

    def run(self) -> None:
        """Watch for good; a lost database, or whatever else is wrong outside, is waited for."""
        said = ""
        while not self._is_stopped():
            began = time.monotonic()
            try:
                self._watch_connected(once=False)
            except (psycopg.OperationalError, WarehouseError) as error:
                reason = error.message if isinstance(error, WarehouseError) else str(error)
                reason = " ".join(reason.split())
                if reason != said or time.monotonic() - began > RECONNECT_SECONDS:
                    say(f"waiting, as this is in the way: {reason}")
                said = reason
                time.sleep(RECONNECT_SECONDS)

    def run_once(self) -> None:
        """Build what changed, if anything did; raises if that fails."""
        self._watch_connected(once=True)
        if self._failures:
            raise WarehouseError("BUILD_FAILED", f"nothing was published: {self._reason}")

    def _watch_connected(self, *, once: bool) -> None:
        self._seen = None
        with connect(self._database, autocommit=True) as connection:
            begun_with = ""
            while not self._is_stopped():
                files = self._project_files()
                if files != begun_with:
                    names, changes = self._begin(connection)
                    begun_with = files
                now = {PROJECT: files, **changes.look()}
                if self._is_due(now):
                    self._act(connection, names, now)
                if once:
                    return
                # Woken by the end of the connection.
                select.select([connection.fileno()], [], [], self._pause)

    def _begin(self, connection: Connection) -> tuple[ProjectNames, RawChanges]:
        names = self._read_names()
        tables = raw_tables(names)
        changes = RawChanges(connection, tables)
        say(f"watching {len(tables)} tables of {', '.join(names.source_systems)}")
        for table in changes.unnoticed:
            say(f"changes of {table} alone are not noticed: it is no plain table")
        return names, changes

    def _project_files(self) -> str:
        """The fingerprint of the project, read again only when a file was touched."""
        with suppress(
            FileNotFoundError
        ):  # a file was just replaced: the next look sees the new one
            stamps = input_stamps()
            if stamps != self._stamps:
                self._files, self._stamps = project_fingerprint(), stamps
        return self._files

    def _is_due(self, now: dict[str, object]) -> bool:
        if now == self._seen:
            return False
        return time.monotonic() >= self._retry_at or now[PROJECT] != self._failed_files

    def _act(self, connection: Connection, names: ProjectNames, now: dict[str, object]) -> None:
        """Build, unless another build was made of what lies here now."""
        began = build_failures.clock(connection)
        try:
            published = build_record.published_build(connection, names)
            inputs = build_record.inputs(connection, names)
            if self._seen is None and build_record.is_current(published, inputs):
                assert published is not None
                say(f"readers see {published.build_id}, made of what lies here now")
                build_failures.forget(connection, names)
                self._parse(str(now[PROJECT]), names)
            else:
                self._build(connection, names, now)
        except BuildFailed as failure:
            if LATE_ROWS in str(failure) and LATE_ROWS not in self._reason:
                # No fault: the next look builds at once, from all raw rows.
                self._reason = str(failure)
                say("rows came with times before the lookback window: comparing all raw rows")
                return
            build_failures.record(connection, names, COMMAND, str(failure), began)
            self._back_off(str(failure), now, failure.nodes)
        except WarehouseError as error:
            if error.code != "BUILD_RUNNING":
                raise
            self._back_off(error.message, now)
            self._seen = None  # that build may have made all there was to make
        else:
            self._seen, self._failures, self._retry_at = now, 0, 0.0
            self._failed_nodes, self._reason = (), ""

    def _parse(self, files: str, names: ProjectNames) -> None:
        if files != self._parsed:
            self._parsed = ""
            self._dbt.parse()
            self._parsed = files
            build_record.note_manifests(self._target_path, files, names)

    def _build(self, connection: Connection, names: ProjectNames, now: dict[str, object]) -> None:
        changed = changed_tables(self._seen, now)
        more = f" and {len(changed) - MOST_NAMES} more" if len(changed) > MOST_NAMES else ""
        say(f"changed: {', '.join(changed[:MOST_NAMES]) + more or 'not known'}; building")
        began = time.monotonic()
        with only_build(self._database, names, self._target_path, "watch") as lock_holder:
            self._parse(str(now[PROJECT]), names)
            before = build_record.published_build(connection, names)
            made_from = build_record.inputs(connection, names)
            extent = self._after_failure() or extent_of_build(connection, names, before, made_from)
            built = self._dbt.build(extent, lock_holder)
            published = build_record.published_build(connection, names)
            if published is None or published == before:
                raise BuildFailed("dbt passed but published nothing")
            build_record.record_build(connection, names, published.build_id, made_from)
        seconds = time.monotonic() - began
        say(f"published {published.build_id} after {seconds:.1f} s: {built}")

    def _after_failure(self) -> Extent | None:
        # Whatever part of the build schema was broken; of raw rows that changed unnoticed, all.
        if RECONCILED in self._failed_nodes or LATE_ROWS in self._reason:
            return RECONCILIATION
        return EVERYTHING if self._failures else None

    def _back_off(self, reason: str, now: dict[str, object], nodes: tuple[str, ...] = ()) -> None:
        self._failures += 1
        self._reason = reason
        self._failed_nodes = nodes
        seconds = min(FIRST_RETRY_SECONDS * 2 ** (self._failures - 1), LONGEST_RETRY_SECONDS)
        self._retry_at = time.monotonic() + seconds
        self._failed_files = str(now[PROJECT])
        say(f"not built, next try in {seconds} s: {reason}")


def say(words: str) -> None:
    """One line of the log, with the time in UTC."""
    click.echo(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {words}")
