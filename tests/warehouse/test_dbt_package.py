"""This project as a package of another one, which adds a model and overrides a var."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.support.dbt import PROJECT_ROOT
from tests.support.plain_logins import drop_plain_logins, login_environment, make_plain_logins
from tests.support.postgres import PostgresServer
from tests.warehouse.incremental.history import write_first_rows

pytestmark = pytest.mark.database

LOGIN = "acme_login"
PROJECT = {
    "name": "acme",
    "profile": "usage_warehouse",
    "config-version": 2,
    "version": "1.0",
    "model-paths": ["models"],
    "flags": {"require_generic_test_arguments_property": True},
    "vars": {"usage_warehouse": {"price_book_fallback": True}},
    "models": {"acme": {"+materialized": "table"}},
    # What the data tests find is tested where this project is the root.
    "data_tests": {"usage_warehouse": {"+enabled": False}},
}
COSTS = "select month, sum(cost_usd) as cost_usd from {{ ref('fct_monthly_usage') }} group by 1"
OURS = "select sum(cost_usd) from usage.fct_monthly_usage"


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[str]:
    name = postgres_server.create_database("package")
    with postgres_server.connect(name) as connection:
        write_first_rows(connection, 5)
    make_plain_logins(postgres_server, name, [LOGIN])
    yield name
    drop_plain_logins(postgres_server, name, [LOGIN])


def test_a_project_builds_upon_this_one(
    postgres_server: PostgresServer, database: str, tmp_path: Path
):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "acme_costs.sql").write_text(COSTS)
    (tmp_path / "dbt_project.yml").write_text(yaml.safe_dump(PROJECT))
    packages = {"packages": [{"local": str(PROJECT_ROOT)}]}
    (tmp_path / "packages.yml").write_text(yaml.safe_dump(packages))

    def dbt(*arguments: str) -> str:
        ended = subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")),
                *("--no-use-colors", *arguments),
                *("--project-dir", str(tmp_path), "--profiles-dir", str(PROJECT_ROOT)),
            ],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                **login_environment(postgres_server, database, LOGIN),
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def value(query: str) -> object:
        with postgres_server.connect(database, "postgres") as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    dbt("deps")
    build = ("build", "--exclude-resource-type", "unit_test")
    assert "Building all marts from all raw rows" in dbt(*build)
    assert value("select count(*) from usage.publication") == 1
    # dbt's own rule for the schemas of models holds for theirs, ours for ours.
    assert value("select sum(cost_usd) from usage.acme_costs") == value(OURS)
    assert value("select count(*) from usage.fct_requests where cost_source like 'price\\_%'")

    # A change of theirs is none of ours.
    (tmp_path / "models" / "acme_costs.sql").write_text(f"{COSTS} order by 1")
    assert "Building what raw rows changed" in dbt(*build)
    assert value("select count(*) from usage.publication") == 2
    assert value("select sum(cost_usd) from usage.acme_costs") == value(OURS)
