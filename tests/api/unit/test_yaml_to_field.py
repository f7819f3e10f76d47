"""What an analytics engineer adds in YAML is in the API, with no line of Python.

Works on a copy of this project's dbt files and parses it as `make schema` does.
"""

import shutil
from pathlib import Path

import pytest
import yaml

from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import ValueType
from tests.api.unit.asking import Api, sql_of
from tests.support.dbt import PROJECT_ROOT, dbt

REQUESTS = "models/marts/usage/fct_requests__semantic_model.yml"

LOST_COST = {
    "name": "lost_cost_usd",
    "label": "Cost of failures (USD)",
    "description": "Cost of requests that are known to have failed.",
    "agg": "sum",
    "expr": "case when is_successful = false then cost_usd else 0 end",
    "create_metric": True,
    "config": {"meta": {"unit": "usd"}},
}
FAILED_SHARE = {
    "name": "lost_cost_rate",
    "label": "Share of cost that failed",
    "description": "Cost of failures divided by all cost.",
    "type": "ratio",
    "type_params": {"numerator": "lost_cost_usd", "denominator": "cost_usd"},
    "config": {"meta": {"unit": "ratio"}},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the dbt project to change."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    copy.mkdir()
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT_ROOT / name, copy)
    for name in ("models", "macros", "seeds", "tests/dbt"):
        shutil.copytree(PROJECT_ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def with_metrics(project: Path) -> Api:
    """The API after one measure, with its metric, and one ratio were added to a spec sheet."""
    sheet = project / REQUESTS
    spec = yaml.safe_load(sheet.read_text())
    spec["semantic_models"][0]["measures"].append(LOST_COST)
    spec.setdefault("metrics", []).append(FAILED_SHARE)
    sheet.write_text(yaml.safe_dump(spec, sort_keys=False))
    target = project.parent / "target"
    dbt(["parse"], {}, target, project_dir=project)
    return Api(load_catalogue(target))


def test_a_new_metric_is_a_typed_field(with_metrics: Api, api: Api):
    metrics = with_metrics.catalogue.marts["fct_requests"].metrics
    assert set(metrics) - set(api.catalogue.marts["fct_requests"].metrics) == {
        "lost_cost_usd",
        "lost_cost_rate",
    }
    assert metrics["lost_cost_usd"].type is ValueType.DECIMAL
    assert metrics["lost_cost_rate"].type is ValueType.FLOAT
    sdl = with_metrics.schema.as_str()
    assert "  lostCostUsd: Decimal\n" in sdl
    assert "  lostCostRate: Float\n" in sdl
    assert "Cost of requests that are known to have failed. Unit: usd." in sdl


def test_a_new_metric_can_be_asked_for_in_every_way(with_metrics: Api):
    question = with_metrics.question(
        """
        {
          requests(
            groupBy: [REQUESTED_AT]
            timeGrain: MONTH
            having: { lostCostUsd: { gt: "0" } }
            orderBy: [{ field: LOST_COST_RATE }]
          ) {
            nodes { lostCostUsd lostCostRate }
            totals { lostCostRate }
            chart(measure: LOST_COST_USD) { series { totals { lostCostUsd } } }
          }
        }
        """
    )
    sql, _ = sql_of(question)
    failed = "sum(case when is_successful = false then cost_usd else 0 end)"
    assert f"coalesce({failed}, 0) AS lost_cost_usd" in sql
    assert f"cast(coalesce({failed}, 0) as numeric) / nullif(coalesce(sum(cost_usd), 0), 0)" in sql


def test_what_the_roll_up_does_not_hold_is_not_asked_of_it(with_metrics: Api):
    assert "lost_cost_usd" not in with_metrics.catalogue.marts["fct_monthly_usage"].metrics
