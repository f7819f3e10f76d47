"""dbt takes the longest chain of nodes first: a small project, built by one thread."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import networkx
import pytest
import yaml

from tests.support.postgres import PostgresServer
from warehouse.scheduling import chains_left

CHAIN = ("z_first", "z_second", "z_third")
SIDES = ("a_side", "b_side", "c_side")
PROFILE = {
    "target": "postgres",
    "outputs": {
        "postgres": {
            "type": "postgres",
            "host": "{{ env_var('PGHOST') }}",
            "port": "{{ env_var('PGPORT') | as_number }}",
            "user": "{{ env_var('PGUSER') }}",
            "password": "{{ env_var('PGPASSWORD', '') }}",
            "dbname": "{{ env_var('PGDATABASE') }}",
            "schema": "public",
            "threads": 1,
        }
    },
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three models of which each waits for the one before, and three that nobody waits for."""
    models = tmp_path / "models"
    models.mkdir()
    for name in (*SIDES, CHAIN[0]):
        (models / f"{name}.sql").write_text("select 1 as one")
    for before, name in itertools.pairwise(CHAIN):
        (models / f"{name}.sql").write_text(f"select * from {{{{ ref('{before}') }}}}")
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump({"chain": PROFILE}))
    (tmp_path / "dbt_project.yml").write_text(
        yaml.safe_dump({"name": "chain", "version": "1.0.0", "profile": "chain"})
    )
    return tmp_path


def test_a_chain_is_built_before_what_nobody_waits_for(
    project: Path, postgres_server: PostgresServer
):
    env = postgres_server.env(postgres_server.create_database("chain"))
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "warehouse.dbt_program", "build"),
            *("--project-dir", str(project), "--profiles-dir", str(project)),
        ],
        env={**env, "PYTHONPATH": str(Path.cwd())},
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    results = json.loads((project / "target" / "run_results.json").read_text())["results"]
    built = [result["unique_id"].rpartition(".")[2] for result in results]
    # For the last of the chain nobody waits either.
    assert built == [*CHAIN[:2], *SIDES, CHAIN[2]]


def test_who_waits_comes_later_than_what_it_waits_for():
    graph = networkx.DiGraph([("a", "b"), ("b", "c"), ("a", "c"), ("d", "c")])
    graph.add_node("alone")
    assert chains_left(graph) == {"a": -3, "b": -2, "c": -1, "d": -2, "alone": -1}
