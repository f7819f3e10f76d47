"""Data tests of several columns find each of their columns by name, and no other."""

import json
from typing import Any

import psycopg
import pytest

from tests.project.artifacts import Json, Project, columns_of, kind_of
from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database


@pytest.fixture
def built(sample: SampleWarehouse) -> Project:
    """The artefacts of a build, with the SQL that each test ran."""
    manifest = json.loads((sample.target / "manifest.json").read_text())
    return Project(manifest, {})


def of_kind(project: Project, kind: str) -> list[tuple[Json, Json]]:
    """Each test with what it tests."""
    found = [
        (test, node)
        for node in (*project.models, *project.seeds)
        for test in project.tests_of(node)
        if kind_of(test) == kind
    ]
    assert found
    return found


def found_in(
    connection: psycopg.Connection[Any], test: Json, node: Json, rows: str
) -> dict[str, int]:
    """What a test finds, column by column, where `rows` stand in place of the model's."""
    sql: str = test["compiled_code"]
    assert sql.count(node["relation_name"]) == 1, f"{test['name']} is more than one scan"
    replaced = sql.replace(node["relation_name"], f"({rows}) as replaced")
    return dict(connection.execute(replaced).fetchall())


def one_fault_a_row(columns: set[str], fault: str) -> str:
    """As many rows as columns, each with a fault in another."""
    return " union all ".join(
        "select " + ", ".join(f"{fault if each == at else 1} as {each}" for each in sorted(columns))
        for at in sorted(columns)
    )


@pytest.mark.parametrize(
    ("kind", "fault"), [("has_no_nulls", "cast(null as integer)"), ("has_no_negatives", "-1")]
)
def test_a_fault_is_found_in_each_column_by_itself(
    sample: SampleWarehouse, built: Project, kind: str, fault: str
):
    with sample.server.connect(sample.database) as connection:
        for test, node in of_kind(built, kind):
            columns = columns_of(test, node)
            found = found_in(connection, test, node, one_fault_a_row(columns, fault))
            assert found == dict.fromkeys(columns, 1), test["name"]


def test_rows_with_several_faults_count_in_each_column(sample: SampleWarehouse, built: Project):
    with sample.server.connect(sample.database) as connection:
        for test, node in of_kind(built, "has_no_nulls"):
            row = f"select (cast(null as {node['relation_name']})).*"
            found = found_in(connection, test, node, f"{row} union all {row}")
            assert found == dict.fromkeys(columns_of(test, node), 2), test["name"]
