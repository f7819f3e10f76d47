"""Commands of dbt beside `dbt build`: each is right, or says in one line what to do.

All of it by logins without superuser rights, in a database that production and analysts share.
Whatever was typed, what readers see is untouched, and the next ordinary build is right.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.dbt import PROJECT_ROOT, DbtResult
from tests.support.kept_dbt import KeptDbt, kept_dbt
from tests.support.plain_logins import drop_plain_logins, login_environment, make_plain_logins
from tests.support.postgres import PostgresServer
from tests.warehouse.incremental.history import write_first_rows
from tests.warehouse.incremental.published import content, publications

pytestmark = pytest.mark.database

PRODUCTION, ALICE, BOB = LOGINS = ("dbt_production", "dbt_alice", "dbt_bob")
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
INCREMENTAL = "Building what raw rows changed since the build that readers see"
SCHEMAS = """
select nspname, count(relation.oid), coalesce(sum(hashtext(relname::text || relkind::text)), 0)
from pg_namespace
left join pg_class as relation on relation.relnamespace = pg_namespace.oid
where nspname like any (array['usage%', 'dbt_%'])
group by 1
"""


def write_quick_project(root: Path) -> Path:
    """This project with its data tests switched off: builds of it and of the other are alike."""
    root.mkdir(parents=True)
    for name in ("models", "macros", "seeds", "tests", "profiles.yml"):
        (root / name).symlink_to(PROJECT_ROOT / name)
    settings = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())
    settings["data_tests"]["usage_warehouse"]["+enabled"] = False
    (root / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    return root


@dataclass
class Desk:
    """Somebody's dbt: a login, a schema, and a process that has parsed the project for it."""

    kept: KeptDbt
    environment: dict[str, str]
    project: Path
    target: Path

    def run(self, *arguments: str) -> DbtResult:
        more = WITHOUT_UNIT_TESTS if arguments[0] == "build" else ()
        return self.kept.run([*arguments, *more], self.environment)

    def run_alone(self, *arguments: str) -> DbtResult:
        """In a process of its own: one that is kept tells the hooks of `dbt retry` wrong nodes."""
        ended = subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")),
                *("--no-use-colors", *arguments),
                *("--project-dir", str(self.project), "--profiles-dir", str(self.project)),
                *("--target-path", str(self.target), "--log-path", str(self.target / "logs")),
            ],
            env={"PATH": os.environ["PATH"], "HOME": str(self.target), **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return DbtResult(ended.returncode == 0, ended.stdout + ended.stderr)

    def must(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.success, result.output
        return result.output


@dataclass
class Office:
    """The database that all share."""

    server: PostgresServer
    database: str
    desk: Callable[..., Any]

    def connect(self) -> Any:
        return self.server.connect(self.database, "postgres")

    def execute(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def value(self, query: str) -> Any:
        with self.connect() as connection:
            return connection.execute(query).fetchone()[0]

    def published(self) -> dict[str, Any]:
        with self.connect() as connection:
            return content(connection) | {"publications": publications(connection)}

    def schemas(self) -> dict[str, tuple[int, int]]:
        """Each schema of ours, and a digest of what is in it."""
        with self.connect() as connection:
            return {name: (count, digest) for name, count, digest in connection.execute(SCHEMAS)}


@pytest.fixture(scope="module")
def office(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    database = postgres_server.create_database("commands")
    with postgres_server.connect(database) as connection:
        write_first_rows(connection, 5)
    make_plain_logins(postgres_server, database, LOGINS)
    folder = tmp_path_factory.mktemp("commands")

    @contextmanager
    def desk(login: str, project: Path, target: Path) -> Iterator[Desk]:
        schema = {} if login == PRODUCTION else {"USAGE_WAREHOUSE_SERVING_SCHEMA": login}
        environment = login_environment(postgres_server, database, login) | schema
        with kept_dbt(project, folder / target) as kept:
            yield Desk(kept, environment, project, folder / target)

    yield Office(postgres_server, database, desk)
    drop_plain_logins(postgres_server, database, LOGINS)


@pytest.fixture(scope="module")
def quick_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_quick_project(tmp_path_factory.mktemp("quick") / "project")


@pytest.fixture(scope="module")
def tested(office: Office) -> Iterator[Desk]:
    """Production, with all data tests, after its first build."""
    with office.desk(PRODUCTION, PROJECT_ROOT, Path("tested")) as desk:
        # Whom analysts may read from; every build makes tables anew.
        office.execute(
            f"alter default privileges for role {PRODUCTION} grant usage on schemas"
            f" to {ALICE}, {BOB};"
            f"alter default privileges for role {PRODUCTION} grant select on tables"
            f" to {ALICE}, {BOB}"
        )
        desk.must("build")
        yield desk


@pytest.fixture(scope="module")
def production(office: Office, tested: Desk, quick_project: Path) -> Iterator[Desk]:
    """The same after a build of changes; without data tests, which are not needed everywhere."""
    with office.desk(PRODUCTION, quick_project, Path("quick")) as desk:
        assert INCREMENTAL in desk.must("build")
        yield desk


@pytest.fixture(scope="module")
def state(tested: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artefacts of production's build, for --state."""
    folder = tmp_path_factory.mktemp("state")
    shutil.copy(tested.target / "manifest.json", folder)
    return folder


@pytest.fixture
def unharmed(office: Office, production: Desk) -> Iterator[None]:
    """After the test readers see what they saw, and the next build is a small and right one."""
    before = office.published()
    yield
    assert office.published() == before
    assert INCREMENTAL in production.must("build")
    after = office.published()
    assert after.pop("publications") == before.pop("publications") + 1
    assert after == before


def test_nobody_has_rights_beyond_those_of_the_documents(office, tested):
    assert office.value(
        "select not bool_or(rolsuper or rolcreaterole or rolcreatedb or rolbypassrls)"
        " from pg_roles where rolname like 'dbt\\_%'"
    )
    assert not office.value(
        f"select has_table_privilege('{PRODUCTION}', 'kaapi.llm_call', 'insert')"
    )


def test_commands_that_build_nothing_leave_everything_as_it_is(
    office: Office, tested: Desk, state: Path
):
    published, before = office.published(), office.schemas()
    tested.must("test", *WITHOUT_UNIT_TESTS)
    tested.must("compile", "--select", "fct_monthly_usage", "inc_candidate_requests")
    months = office.value("select count(*) from usage.fct_monthly_usage")
    shown = tested.must("show", "--select", "fct_monthly_usage", "--limit", "-1")
    lines = [line for line in shown.splitlines() if line.startswith("| ")]
    assert len(lines) == 2 + months
    assert "Not cloned" in tested.must("clone", "--state", str(state), "--full-refresh")
    assert office.schemas() == before
    assert office.published() == published


@pytest.mark.usefixtures("unharmed")
def test_a_build_of_some_models_is_right_and_not_published(office: Office, production: Desk):
    for selection in (
        ("--select", "+fct_requests", "fct_daily_usage"),
        ("--select", "fct_daily_usage"),
        ("--select", "stg_kaapi__llm_calls+"),
        ("--exclude", "fct_sessions"),
    ):
        said = production.must("build", *selection)
        assert "Not published: this was a build of some marts only" in said
        assert "run dbt build for all" in said
        for mart in ("fct_daily_usage", "fct_requests"):
            difference = f"table usage_build.{mart} except all table usage.{mart}"
            assert office.value(f"select count(*) from ({difference})") == 0
            assert office.value(f"select count(*) from usage_build.{mart}") == office.value(
                f"select count(*) from usage.{mart}"
            )
    production.must("run")


@pytest.mark.usefixtures("unharmed")
def test_a_build_without_rows_passes_and_is_not_published(office: Office, tested: Desk):
    said = tested.must("build", "--empty")
    assert "Not published: this was a build without rows (--empty)" in said
    assert office.value("select count(*) from usage_build.fct_requests") == 0
    refused = tested.run("build", "--select", "fct_monthly_usage")
    assert not refused.success
    assert "[PARTIAL_BUILD] Models of schema usage_build hold no rows" in refused.output


@pytest.mark.usefixtures("unharmed")
def test_no_model_is_built_from_parents_that_hold_a_part(office: Office, production: Desk):
    """Some do after every build of changes, all do after one that failed."""
    before = office.schemas()
    refused = production.run("build", "--select", "fct_requests")
    assert not refused.success
    assert "[PARTIAL_BUILD] fct_requests reads int_model_price_matches" in refused.output
    assert "select the parents too (--select +fct_requests)" in refused.output
    assert office.schemas() == before

    of_another = "alter table usage_build.inc_requested_users owner to"
    office.execute(f"{of_another} postgres")
    failed = production.run("build")
    office.execute(f"{of_another} {PRODUCTION}")
    assert not failed.success
    assert "must be owner of table inc_requested_users" in failed.output
    for refused in (
        production.run_alone("retry"),
        production.run("build", "--select", "fct_daily_usage"),
    ):
        assert not refused.success, refused.output
        assert "[PARTIAL_BUILD] Models of schema usage_build hold changed rows only" in (
            refused.output
        )
        assert "run dbt build for all models first" in refused.output


def test_targets_build_side_by_side(
    office: Office, production: Desk, quick_project: Path, state: Path
):
    published, before = office.published(), office.schemas()

    with office.desk(ALICE, quick_project, Path("alice")) as alice:
        alice.must("clone", "--state", str(state))
        views = "select count(*) from pg_views where schemaname = 'dbt_alice_build'"
        assert office.value(views) > 80
        observed = "select count(*) from {}.hist_kaapi__model_configs"
        assert office.value(observed.format("dbt_alice_history")) > 0
        alice.must("build")
    for mart in published["mart_row_counts"][0]:
        assert office.value(f"select count(*) from dbt_alice.{mart}") == office.value(
            f"select count(*) from usage.{mart}"
        )
    difference = "table dbt_alice.fct_monthly_usage except table usage.fct_monthly_usage"
    assert office.value(f"select count(*) from ({difference})") == 0
    of_alice = {name: found for name, found in office.schemas().items() if "alice" in name}
    assert set(of_alice) == {f"dbt_alice{kind}" for kind in ("", "_build", "_access", "_history")}

    with office.desk(BOB, quick_project, Path("bob")) as bob:
        only = ("--select", "fct_monthly_usage", "fct_cost_reconciliation")
        said = bob.must("build", *only, "--defer", "--state", str(state))
    assert "Not published: this was a build of some marts only" in said
    for mart in only[1:]:
        assert office.value(f"select count(*) from dbt_bob_build.{mart}") == office.value(
            f"select count(*) from usage.{mart}"
        )

    now = office.schemas()
    assert {name: found for name, found in now.items() if name.startswith("usage")} == before
    assert office.published() == published
    assert {name: found for name, found in now.items() if "alice" in name} == of_alice

    assert INCREMENTAL in production.must("build")
    later = office.schemas()
    assert {name: later[name] for name in now if "dbt" in name} == {
        name: now[name] for name in now if "dbt" in name
    }
