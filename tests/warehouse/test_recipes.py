"""Who does what CONTRIBUTING.md says, and no more, has it: built, built again, and in the API."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.api.integration.callers import Question, serving
from tests.reference import raw_enclava
from tests.support.dbt import ALL_SYSTEMS, DbtResult, dbt, run_dbt
from tests.support.postgres import PostgresServer
from tests.support.recipes import copied_project, follow
from warehouse.api_keys import create_key
from warehouse.project import project_names

pytestmark = pytest.mark.database

SOURCE_SYSTEM = "How to add a source system"
COLUMN = "How to add a column"
METRIC = "How to add a metric"
MART = "How to add a mart"
OVERRIDE = "How to add a price override"
BUILT = ("enclava", "tiny")

TINY = """
create schema tiny;
create table tiny.calls (id bigint, called_at timestamp, team text, model text, tokens integer);
insert into tiny.calls values
    (1, '2026-03-01 10:00', 'red', 'gpt-4o', 7),
    (2, '2026-03-02', 'blue', '', null),
    (3, null, 'blue', 'gpt-4o', 5),
    (6, '2026-03-02 05:00', 'blue', 'gpt-4o', 2);
"""
# What a gateway does next: calls, of which one comes late, a correction, and a row that goes.
CHANGES = """
insert into tiny.calls values
    (4, '2026-03-01 12:00', 'red', 'gpt-4o', 9),
    (5, '2026-03-03', 'green', 'gpt-4o', 11);
update tiny.calls set tokens = 13 where id = 2;
delete from tiny.calls where id = 6;
insert into enclava.usage_tracking (id, endpoint, method, user_id, user_agent, created_at)
    values (2, '/v1', 'POST', 1, 'wget', '2026-03-04');
"""
ENCLAVA = raw_enclava.RawEnclava(
    users=[raw_enclava.User(id=1)],
    usage_tracking=[
        raw_enclava.UsageTracking(
            id=1,
            user_id=1,
            endpoint="/v1",
            method="POST",
            model="acme-1",
            request_tokens=1_000_000,
            response_tokens=500_000,
            total_tokens=1_500_000,
            user_agent="curl",
            created_at=datetime(2026, 3, 1),  # noqa: DTZ001
        )
    ],
)

# Rules that a missed step would break.
RULES = (
    *("tests/project/test_metrics_page.py", "tests/project/test_sdl.py"),
    *("tests/project/test_dbt_rules.py", "tests/project/test_spec_sheets.py"),
    *("tests/project/test_column_names.py", "tests/project/test_benchmarks.py"),
    *("tests/project/test_portability.py", "tests/project/test_settings.py"),
    "tests/project/test_readme.py::TestTables",
)

PARSED = """

@pytest.fixture(scope="session")
def parsed_target() -> Path:
    return Path({target!r})
"""

Ask = Callable[[str], Any]


@dataclass(frozen=True)
class Followed:
    """A copy of the project in which all recipes were followed, and a database of its systems."""

    root: Path
    env: dict[str, str]
    target: Path
    key: str
    files: dict[str, list[str]]

    def dbt(self, *args: str) -> DbtResult:
        return run_dbt(args, self.env, self.target, project_dir=self.root, source_systems=BUILT)

    def python(self, *args: str, **more: str) -> str:
        """Run a module of the copy."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        ended = subprocess.run(
            [sys.executable, *args],
            cwd=self.root,
            env={**kept, "PYTHONPATH": str(self.root), **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout


@pytest.fixture(scope="module")
def followed(
    postgres_server: PostgresServer,
    module_database: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Followed:
    """Built once."""
    folder = tmp_path_factory.mktemp("recipes")
    root = copied_project(folder / "copy")
    headings = (SOURCE_SYSTEM, COLUMN, METRIC, MART, OVERRIDE)
    files = {heading: follow(heading, root) for heading in headings}
    database = module_database("recipes")
    env = postgres_server.env(database)
    with postgres_server.connect(database) as connection:
        connection.execute(TINY)
        raw_enclava.write(connection, "enclava", ENCLAVA)
        connection.commit()
        said = dbt(["build"], env, folder / "target", project_dir=root, source_systems=BUILT)
        assert "Building all marts from all raw rows" in said
        assert "WARN=0" in said, said
        key = create_key(connection, project_names(), role="admin").key
    return Followed(root, env, folder / "target", key, files)


@pytest.fixture(scope="module")
def ask(followed: Followed) -> Iterator[Ask]:
    """Asks the API over the database; the answer's data."""
    with (
        asyncio.Runner() as loop,
        serving(followed.target, followed.env, loop) as api,
    ):

        def asking(document: str) -> Any:
            reply = api.ask(Question(document), followed.key)
            assert not reply.errors, reply.text
            return reply.data

        yield asking


REQUESTS = """
{ requests(filter: { sourceSystem: { eq: TINY } }, orderBy: [{ field: REQUEST_ID, direction: ASC }])
    { nodes { requestId userId model totalTokens usageSource } } }
"""
MONTHS = """
{ monthlyUsage(
    groupBy: [MONTH], filter: { sourceSystem: { eq: TINY }, month: { gte: "2026-01-01" } }
  ) { nodes { requests totalTokens } } }
"""


def test_a_source_system_takes_eight_files_at_most(followed: Followed):
    written = [*followed.files[SOURCE_SYSTEM], "graphql_api/schema.graphql"]
    assert len(written) <= 8, written


def test_a_source_system_is_in_the_api_after_each_build(
    followed: Followed, ask: Ask, postgres_server: PostgresServer
):
    first = {
        "requests": {
            "nodes": [
                {"requestId": "1", "userId": "red", "model": "gpt-4o", "totalTokens": 7}
                | {"usageSource": "PROVIDER"},
                {"requestId": "2", "userId": "blue", "model": "unknown", "totalTokens": None}
                | {"usageSource": "MISSING"},
                {"requestId": "3", "userId": "blue", "model": "gpt-4o", "totalTokens": 5}
                | {"usageSource": "PROVIDER"},
                {"requestId": "6", "userId": "blue", "model": "gpt-4o", "totalTokens": 2}
                | {"usageSource": "PROVIDER"},
            ]
        }
    }
    assert ask(REQUESTS) == first
    assert ask(MONTHS)["monthlyUsage"]["nodes"] == [{"requests": 3, "totalTokens": 9}]
    with postgres_server.connect(followed.env["PGDATABASE"]) as connection:
        connection.execute(CHANGES)
    again = followed.dbt("build")
    assert again.success, again.output
    assert "Building what raw rows changed" in again.output
    assert "WARN=0" in again.output, again.output
    found = {node["requestId"]: node["totalTokens"] for node in ask(REQUESTS)["requests"]["nodes"]}
    assert found == {"1": 7, "2": 13, "3": 5, "4": 9, "5": 11}
    assert ask(MONTHS)["monthlyUsage"]["nodes"] == [{"requests": 4, "totalTokens": 40}]
    with postgres_server.connect(followed.env["PGDATABASE"]) as connection:
        unexplained = connection.execute(
            "select count(*) from usage.fct_cost_reconciliation where not is_reconciled"
        ).fetchone()
    assert unexplained == (0,)


def test_a_column_a_metric_and_a_mart_are_in_the_api(ask: Ask):
    """After the build of what changed, whose rows they hold too."""
    found = ask(
        """
        { requests(groupBy: [USER_AGENT], orderBy: [{ field: USER_AGENT, direction: ASC }],
                filter: { sourceSystem: { eq: ENCLAVA } }) {
            nodes { userAgent outputTokensPerRequest } }
          userDays(groupBy: [SOURCE_SYSTEM], orderBy: [{ field: SOURCE_SYSTEM, direction: ASC }]) {
            nodes { sourceSystem userRequests } } }
        """
    )
    assert found["requests"]["nodes"] == [
        {"userAgent": "curl", "outputTokensPerRequest": 500_000.0},
        {"userAgent": "wget", "outputTokensPerRequest": 0.0},
    ]
    assert found["userDays"]["nodes"] == [
        {"sourceSystem": "ENCLAVA", "userRequests": 2},
        {"sourceSystem": "TINY", "userRequests": 4},
    ]


def test_an_override_prices_requests_and_is_shown(ask: Ask):
    found = ask(
        """
        { modelPrices(filter: { model: { eq: "acme-1" } }) { nodes { provider priceSource } }
          requests(filter: { model: { eq: "acme-1" } }) { nodes { computedCostUsd } } }
        """
    )
    assert found["modelPrices"]["nodes"] == [
        {"provider": "unknown", "priceSource": "PRICE_OVERRIDE"},
    ]
    (request,) = found["requests"]["nodes"]
    assert float(request["computedCostUsd"]) == 6


def test_what_is_written_passes_the_unit_tests_and_rules_of_the_project(followed: Followed):
    models = ("int_tiny__requests", "audit_tiny__raw_totals", "fct_user_days")
    tested = followed.dbt(
        "test", "--select", *(f"{model},resource_type:unit_test" for model in models)
    )
    assert tested.success, tested.output
    for model in models:
        assert f"PASS {model}::" in tested.output
    target = followed.target.with_name("parsed")
    dbt(["parse"], {}, target, project_dir=followed.root, source_systems=(*ALL_SYSTEMS, "tiny"))
    followed.python("-m", "graphql_api.schema.export", USAGE_WAREHOUSE_TARGET_PATH=str(target))
    # The rules need not parse it once more.
    with (followed.root / "tests" / "project" / "conftest.py").open("a") as file:
        file.write(PARSED.format(target=str(target)))
    followed.python(
        *("-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-m", "not database"),
        *("--update-golden", *RULES),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "'total_tokens', 'requested_at',",
            "'total_tokens',",
            "int_tiny__requests gives a request no requested_at, which every system must give",
        ),
        (
            "'total_tokens', 'requested_at',",
            "'total_tokens', 'requested_at', 'team',",
            "int_tiny__requests gives a request the column team, which requests do not have",
        ),
    ],
)
def test_a_column_of_requests_that_is_missed_is_named(
    followed: Followed, old: str, new: str, expected: str
):
    model = followed.root / "models/intermediate/tiny/int_tiny__requests.sql"
    text = model.read_text()
    model.write_text(text.replace(old, new))
    refused = followed.dbt("parse")
    model.write_text(text)
    assert not refused.success
    assert expected in refused.output


def test_a_system_that_is_not_declared_is_named(followed: Followed):
    refused = run_dbt(
        ["parse"], {}, followed.target, project_dir=followed.root, source_systems=("kapi",)
    )
    assert not refused.success
    assert "names the unknown source system 'kapi': no var kapi_schema says" in refused.output


def test_an_override_that_leaves_a_part_of_its_period_without_a_price_is_named(followed: Followed):
    seed = followed.root / "seeds/reference/price_overrides.csv"
    text = seed.read_text()
    seed.write_text(text.replace(",0,86400,", ",0,43200,"))
    refused = followed.dbt("build", "--select", "price_overrides")
    seed.write_text(text)
    assert not refused.success
    assert "FAIL has_one_price_for_each_request in price_overrides: (provider unknown," in (
        refused.output
    )
    assert "fault part of the day)" in refused.output
