"""One database that is built again and again, and compared with a full refresh of a copy of it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

from tests.support.dbt import DbtResult
from tests.support.kept_dbt import KeptDbt
from tests.support.postgres import PostgresServer
from tests.warehouse.incremental.published import content, different_rows, versions
from warehouse import build_record
from warehouse.commands.steps import OTHER_CLIENTS
from warehouse.dbt import ONLY_CHANGES
from warehouse.extent import EVERYTHING, Extent, extent_of_build
from warehouse.project import project_names

WITHOUT_UNIT_TESTS = ["--exclude-resource-type", "unit_test"]
# Seeds stay what the first build made of them.
ONLY_MARTS = [*WITHOUT_UNIT_TESTS, "--exclude-resource-type", "seed"]
# Of ten rows one is a tenth: what guards real tables would refuse most histories of small ones.
SHRINKING = {"accept_shrunken_sources": True}
# The name that a database has while it is built.
PARSED = "parsed"
NAMES = project_names()


class Warehouse:
    def __init__(self, server: PostgresServer, dbt: KeptDbt, database: str):
        self.server, self.dbt, self.database = server, dbt, database

    def first_build(self) -> None:
        self._build(*WITHOUT_UNIT_TESTS)

    def next_build(self, *args: str, **variables: object) -> str:
        """What dbt says of a build that must pass."""
        named = json.dumps(SHRINKING | variables)
        return self._build(*ONLY_MARTS, *args, "--vars", named)

    def build_as_command_line(self, *args: str, meanwhile: str = "select") -> Extent:
        """Build what changed, and leave the rest, as `usage-warehouse build` does.

        The statement `meanwhile` comes between looking at what changed and building it.
        """
        self._await_counters()
        with self.connect() as connection:
            before = build_record.published_build(connection, NAMES)
            now = build_record.inputs(connection, NAMES)
            extent = extent_of_build(connection, NAMES, before, now)
        self.execute(meanwhile)
        self._build(*extent.options, *args, "--vars", json.dumps(SHRINKING), extent=extent)
        with self.connect() as connection:
            published = build_record.published_build(connection, NAMES)
            assert published is not None
            assert published != before
            build_record.record_build(connection, NAMES, published.build_id, now)
        return extent

    def _await_counters(self) -> None:
        """The server counts what a session changed when that has ended."""
        give_up_at = monotonic() + 20
        with self.connect() as connection:
            while connection.execute(OTHER_CLIENTS).fetchone() and monotonic() < give_up_at:
                sleep(0.02)

    def _build(self, *args: str, extent: Extent = EVERYTHING) -> str:
        result = self.try_build(*args, extent=extent)
        assert result.success, result.output
        return result.output

    def try_build(self, *args: str, extent: Extent = EVERYTHING) -> DbtResult:
        said = {ONLY_CHANGES: extent.only_changes}
        with self._named_as_parsed():
            return self.dbt.run(["build", *args], self.server.env(PARSED) | said)

    def run_operation(self, name: str) -> None:
        """Run a macro by its name, as `dbt run-operation` does."""
        with self._named_as_parsed():
            result = self.dbt.run(["run-operation", name], self.server.env(PARSED))
        assert result.success, result.output

    @contextmanager
    def _named_as_parsed(self) -> Iterator[None]:
        """What dbt has parsed is for a database of one name."""
        if self.database == PARSED:
            yield
            return
        own_name = self.database
        self.rename(PARSED)
        try:
            yield
        finally:
            self.rename(own_name)

    def rename(self, name: str) -> None:
        with self.server.cluster.connect() as superuser:
            superuser.execute(f'alter database "{self.database}" rename to "{name}"')
        self.database = name

    def connect(self) -> Any:
        return self.server.connect(self.database)

    def execute(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def value(self, query: str) -> Any:
        with self.connect() as connection:
            (found,) = connection.execute(query).fetchone()
        return found

    def copy(self, name: str) -> "Warehouse":
        with self.server.cluster.connect() as superuser:
            superuser.execute(
                f'create database "{name}" owner usage_warehouse template "{self.database}"'
            )
        return Warehouse(self.server, self.dbt, name)

    def assert_equals_full_refresh(self, **variables: object) -> None:
        refreshed = self.copy(f"{self.database}_refreshed")
        refreshed.next_build("--full-refresh", **variables)
        self.assert_shows_the_same_as(refreshed)
        self.server.drop_database(refreshed.database)

    def assert_shows_the_same_as(self, other: "Warehouse", *, but_for: Sequence[str] = ()) -> None:
        with self.connect() as mine, other.connect() as theirs:
            found, wanted = content(mine), content(theirs)
            wrong = [name for name in wanted if found[name] != wanted[name] and name not in but_for]
            assert not wrong, "\n".join(
                different_rows(mine, theirs, name)
                if name.startswith(("fct_", "dim_"))
                else f"{name}\n- {found[name]}\n+ {wanted[name]}"
                for name in wrong
            )

    def assert_next_build_changes_nothing(self) -> None:
        """However long ago the last one was."""
        self.execute(
            "update usage.publication set published_at = published_at - interval '40 days'"
        )
        with self.connect() as connection:
            before = content(connection) | versions(connection)
        self.next_build()
        with self.connect() as connection:
            after = content(connection) | versions(connection)
        changed = [name for name in before if after[name] != before[name]]
        assert not changed, changed
