"""docs/metrics.md lists every metric, in the words of its spec sheet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import Catalogue
from tests.project.artifacts import Json, Project
from tests.support.dbt import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "metrics.md"
HEADING = "\n## Every metric\n"
_HEAD = """
Written by `pytest tests/project/test_metrics_page.py --update-golden`; a test fails when it is not
up to date. `mf query` takes these names, GraphQL the same in camelCase.
"""


@pytest.fixture(scope="module")
def catalogue(parsed_target: Path) -> Catalogue:
    return load_catalogue(parsed_target)


def units(project: Project) -> dict[str, str]:
    """Unit of each metric: its own, or that of the measure it sums up."""
    found = {
        measure["name"]: measure["config"]["meta"]["unit"]
        for model in project.semantic["semantic_models"]
        for measure in model["measures"]
    }
    stated = {each["name"]: _meta(each).get("unit") for each in project.semantic["metrics"]}
    return found | {name: unit for name, unit in stated.items() if unit}


def _meta(metric: Json) -> dict[str, str]:
    return dict((metric["config"] or {}).get("meta") or {})


def section(project: Project, catalogue: Catalogue) -> str:
    return HEADING + _HEAD + "".join(_tables(units(project), catalogue))


def _tables(unit_of: dict[str, str], catalogue: Catalogue) -> Iterator[str]:
    marts = sorted(catalogue.marts.values(), key=lambda mart: mart.name)
    for mart in marts:
        if mart.metrics and not mart.rollup_of:
            rollups = [each for each in marts if mart.name in each.rollup_of]
            yield f"\n### `{mart.label}` (`{mart.name}`)\n\n"
            yield "| metric | unit | in words | also in |\n|---|---|---|---|\n"
            for metric in mart.metrics.values():
                unit = unit_of[metric.name]
                words = " ".join(metric.description.split()).removesuffix(f" Unit: {unit}.")
                held = (f"`{each.label}`" for each in rollups if metric.name in each.metrics)
                yield f"| `{metric.name}` | {unit} | {words} | {', '.join(held)} |\n"


def test_the_page_lists_every_metric(
    project: Project, catalogue: Catalogue, pytestconfig: pytest.Config
):
    rules, _, _ = PAGE.read_text(encoding="utf-8").partition(HEADING)
    text = rules + section(project, catalogue)
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, (
        "write the list with `pytest tests/project/test_metrics_page.py --update-golden`"
    )


def test_no_metric_is_left_out(project: Project, catalogue: Catalogue):
    listed = section(project, catalogue)
    for metric in project.semantic["metrics"]:
        assert f"| `{metric['name']}` |" in listed, metric["name"]


def test_the_rules_name_only_metrics_that_exist(project: Project, catalogue: Catalogue):
    """A row of the table of usage metrics whose metric is gone says something untrue."""
    rules, _, _ = PAGE.read_text(encoding="utf-8").partition(HEADING)
    table = rules.partition("\n## Usage of every source\n")[2].partition("\n## ")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name.strip(" `") for cell in first for name in cell.split(",")}
    assert named
    assert named <= {metric["name"] for metric in project.semantic["metrics"]}
