"""What the benchmarks ask fits what they serve, without running them."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from graphql import parse, validate

from bench.asking.many_marts import MARTS, write_many_marts
from bench.asking.plain_questions import request_of
from bench.asking.questions import QUESTIONS
from bench.asking.warehouse import Warehouse, dbt
from bench.building import floors
from bench.results import write_section
from graphql_api.catalogue.load import load_catalogue
from graphql_api.query.compiler import compile_request
from graphql_api.query.request import Role, Scope
from graphql_api.schema.schema import build_schema
from graphql_api.settings import Settings
from tests.project.artifacts import Project
from warehouse.embedded import Cluster
from warehouse.embedded.configuration import Listening


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's target folder of the reference marts."""
    folder = tmp_path_factory.mktemp("reference")
    cluster = Cluster(folder / "data", Listening(folder, 1))  # parsing needs no server
    dbt(["parse"], Warehouse(cluster, folder / "target", {}))
    return folder / "target"


def test_the_questions_fit_the_reference_marts(reference: Path):
    schema = build_schema(load_catalogue(reference), Settings())._schema
    for question in QUESTIONS:
        assert not validate(schema, parse(question.graphql)), question.name
        assert parse(question.postgraphile)


def test_plain_resolvers_ask_the_same(reference: Path):
    catalogue = load_catalogue(reference)
    scope = Scope(Role.MEMBER, "kaapi", "1")
    for question in QUESTIONS:
        request = request_of(question.name, catalogue, scope, datetime(2026, 1, 1))  # noqa: DTZ001
        assert request.mart.label == question.mart
        compile_request(request)


def test_a_manifest_can_have_many_marts(reference: Path, tmp_path: Path):
    write_many_marts(reference, tmp_path)
    assert len(load_catalogue(tmp_path).marts) == MARTS


def test_a_mart_by_hand_makes_what_the_published_one_is_told_apart_by(project: Project):
    """Of other columns the report says that they are left out."""
    by_name = {mart["name"]: mart for mart in project.marts}
    for name in floors.MARTS:
        words = set(re.findall(r"\w+", floors.read_sql("marts", name).decode()))
        missing = sorted(set(by_name[name]["config"]["meta"].get("key", ())) - words)
        assert not missing, (
            f"bench/building/sql/marts/{name}.sql makes no {', '.join(missing)}, which is part of "
            "the mart's key: make it there too"
        )


def test_each_benchmark_replaces_its_own_section(tmp_path: Path):
    page = tmp_path / "RESULTS.md"
    for name, text in (("a", "one"), ("b", "two"), ("a", "three")):
        write_section(name, text, page)
    kept = page.read_text()
    assert kept.startswith("# Results")
    assert "one" not in kept
    assert kept.index("three") < kept.index("two")
    assert kept.count("begin -->") == kept.count("end -->") == 2
