"""Who misses a step of a recipe is told which thing lacks what, and the remedy."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.project import test_column_names, test_dbt_rules, test_readme, test_spec_sheets
from tests.project.artifacts import Json, Project

MART = "fct_sessions"
Rule = Callable[[Project], None]


@pytest.fixture
def changed(project: Project) -> Project:
    """The project, in which one mart and what is declared of metrics may be changed."""
    nodes = project.manifest["nodes"]
    mart = next(id_ for id_ in nodes if id_.endswith(f".{MART}"))
    nodes = {**nodes, mart: deepcopy(nodes[mart])}
    return Project({**project.manifest, "nodes": nodes}, deepcopy(project.semantic))


def mart(project: Project) -> Json:
    (found,) = [each for each in project.marts if each["name"] == MART]
    return found


def column(project: Project, name: str) -> Json:
    found: Json = mart(project)["columns"][name]
    return found


def metric(project: Project, name: str) -> Any:
    return next(each for each in project.semantic["metrics"] if each["name"] == name)


def without_its_role(project: Project) -> None:
    model = project.semantic_model_of(mart(project))
    assert model is not None
    model["measures"] = [each for each in model["measures"] if each["name"] != "session_requests"]


def without_semantic_model(project: Project) -> None:
    project.semantic["semantic_models"].remove(project.semantic_model_of(mart(project)))


def with_another_name(project: Project) -> None:
    mart(project)["name"] = "fct_talks"


def without_tests(project: Project) -> None:
    id_ = mart(project)["unique_id"]
    nodes = project.manifest["nodes"]
    for name in [name for name, node in nodes.items() if node.get("attached_node") == id_]:
        del nodes[name]


MISSED: dict[str, tuple[Callable[[Project], object], Rule, str]] = {
    "the unit of a column": (
        lambda project: column(project, "session_requests")["config"]["meta"].pop("unit"),
        test_column_names.test_whole_numbers_are_tokens_durations_or_counts,
        r"fct_sessions.session_requests is a number in no unit: add config.meta.unit",
    ),
    "the description of a column": (
        lambda project: column(project, "session_requests").update(description=""),
        test_spec_sheets.TestMarts().test_every_column_has_a_type_and_a_description,
        r"fct_sessions.session_requests has no description: add one",
    ),
    "the accepted values of a column": (
        lambda project: column(project, "source_system")["config"].update(meta={}),
        test_dbt_rules.TestClosedSets().test_a_column_that_is_closed_somewhere_is_closed_everywhere,
        r"fct_sessions: source_system is a closed set .* add config.meta.accepted_values",
    ),
    "the role of a column": (
        without_its_role,
        test_spec_sheets.TestSemanticModels().test_every_column_has_exactly_one_role,
        r"fct_sessions: session_requests has no role: add it to its semantic model",
    ),
    "the unit of a metric": (
        lambda project: metric(project, "cost_usd_per_request")["config"].update(meta={}),
        test_spec_sheets.TestMetrics().test_quotients_name_both_units,
        r"the metric cost_usd_per_request is a quotient in no unit: name both units",
    ),
    "the partitions of a mart": (
        lambda project: mart(project)["config"]["meta"].pop("partitioned_by"),
        test_spec_sheets.TestMarts().test_say_how_they_are_partitioned,
        r"fct_sessions does not say how it is partitioned: add config.meta.partitioned_by",
    ),
    "the key of a mart": (
        lambda project: mart(project)["config"]["meta"].pop("key"),
        test_spec_sheets.TestMarts().test_say_their_key,
        r"fct_sessions: config.meta.key names the columns that identify a row",
    ),
    "the semantic model of a mart": (
        without_semantic_model,
        test_spec_sheets.TestSemanticModels().test_every_fact_that_is_no_roll_up_has_one,
        r"fct_sessions has no semantic model: add one to its properties file",
    ),
    "the tests of a mart's tenants": (
        without_tests,
        test_dbt_rules.TestKeys().test_facts_belong_to_tenants_and_projects_that_exist,
        r"fct_sessions is not held to dim_organizations: add the data test exists_in",
    ),
    "the row of a mart in the README": (
        with_another_name,
        test_readme.TestTables().test_marts_are_all_listed_with_their_grain,
        r"add a row to the README's table of marts for fct_talks",
    ),
}


@pytest.mark.parametrize("missed", MISSED)
def test_a_missed_step_is_named_with_its_remedy(missed: str, changed: Project):
    miss, rule, expected = MISSED[missed]
    rule(changed)
    miss(changed)
    with pytest.raises(AssertionError, match=expected):
        rule(changed)
