"""Tests of rows find each fault by its name, and no other."""

import json
from typing import Any

import psycopg
import pytest

from tests.project.artifacts import ROW_TESTS, Json, Project, RowTest, kind_of, looked_for
from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database


@pytest.fixture
def built(sample: SampleWarehouse) -> Project:
    """The artefacts of a build, with the SQL that each test ran."""
    manifest = json.loads((sample.target / "manifest.json").read_text())
    return Project(manifest, {})


def row_tests(project: Project) -> list[tuple[Json, Json]]:
    """Each test of rows with what it tests."""
    found = [
        (test, node)
        for node in (*project.models, *project.seeds)
        for test in project.tests_of(node)
        if kind_of(test) in ROW_TESTS
    ]
    assert found
    return found


def found_in(
    connection: psycopg.Connection[Any], test: Json, node: Json, rows: str
) -> dict[str, int]:
    """What a test finds, fault by fault, where `rows` stand in place of the model's."""
    sql: str = test["compiled_code"]
    assert sql.count(node["relation_name"]) == 1, f"{test['name']} is more than one scan"
    replaced = sql.replace(node["relation_name"], f"({rows}) as replaced")
    return dict(connection.execute(replaced).fetchall())


def rows_of(looked_for: RowTest) -> list[dict[str, Any]]:
    """One row without any value, and one for each column with a value that is right or wrong."""
    rows: list[dict[str, Any]] = [{}]
    for column in sorted(looked_for.not_negative):
        # A price of a token has no digit before the point.
        rows += [{column: -0.5 if column.endswith("_per_token") else -1}, {column: 0}]
    rows += [
        {column: value}
        for column, values in sorted(looked_for.accepted.items())
        for value in ("?", *values)
    ]
    return rows


def expected_faults(
    connection: psycopg.Connection[Any], looked_for: RowTest, rows: list[dict[str, Any]], sql: str
) -> dict[str, int]:
    """Faults of these rows, found by other means; of rules, each by itself."""
    counts = {
        **{
            f"{column} is null": sum(column not in row for row in rows)
            for column in looked_for.not_null
        },
        **{
            f"{column} is negative": sum(row.get(column, 0) < 0 for row in rows)
            for column in looked_for.not_negative
        },
        **{
            f"{column} is none of the accepted values": sum(row.get(column) == "?" for row in rows)
            for column in looked_for.accepted
        },
    }
    for name, rule in looked_for.rules.items():
        broken = f"select count(*) from ({sql}) as replaced where ({rule}) is not true"
        (counts[f"not {name}"],) = connection.execute(broken).fetchone() or (0,)
    return {fault: count for fault, count in counts.items() if count}


def test_every_fault_is_counted_by_its_name(sample: SampleWarehouse, built: Project):
    with sample.server.connect(sample.database) as connection:
        for test, node in row_tests(built):
            looking = looked_for(test, node)
            rows = rows_of(looking)
            sql = " union all ".join(
                f"select (jsonb_populate_record(cast(null as {node['relation_name']}), "
                f"'{json.dumps(row)}')).*"
                for row in rows
            )
            expected = expected_faults(connection, looking, rows, sql)
            assert found_in(connection, test, node, sql) == expected, test["name"]
