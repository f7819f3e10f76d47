"""Hand-made dbt artefacts: the smallest project that uses every feature of the catalogue.

`small_project()` is one base mart, its monthly roll-up and a reference list; a test changes the
part it is about and writes the two files where dbt would.
"""

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql_api.catalogue.artifacts import MANIFEST_VERSION

Json = dict[str, Any]


def column(name: str, data_type: str, *constraints: str, **meta: object) -> Json:
    return {
        "name": name,
        "data_type": data_type,
        "description": f"Text of {name}.",
        "constraints": [{"type": each} for each in constraints],
        "config": {"meta": meta},
    }


def mart(name: str, *columns: Json, **meta: object) -> Json:
    return {
        "unique_id": f"model.small.{name}",
        "name": name,
        "resource_type": "model",
        "access": "public",
        "description": f"One row per {name}.",
        "columns": {each["name"]: each for each in columns},
        "contract": {"enforced": True},
        "config": {"meta": meta},
    }


def measure(name: str, agg: str, expr: str | None = None) -> Json:
    return {"name": name, "agg": agg, "expr": expr}


def metric(name: str, kind: str, unit: str | None = None, **params: object) -> Json:
    return {
        "name": name,
        "type": kind,
        "description": f"Text of {name}.",
        "type_params": params,
        "config": {"meta": {"unit": unit} if unit else {}},
    }


def simple(name: str, unit: str | None = None) -> Json:
    return metric(name, "simple", unit, measure={"name": name})


@dataclass
class Artifacts:
    """Both files as Python values."""

    manifest: Json
    semantic: Json

    def node(self, name: str) -> Json:
        return self.manifest["nodes"][f"model.small.{name}"]

    def column(self, mart_name: str, name: str) -> Json:
        return self.node(mart_name)["columns"][name]

    def accept(self, mart_name: str, column_name: str, *values: str) -> None:
        meta = self.column(mart_name, column_name)["config"]["meta"]
        meta["accepted_values"] = list(values)

    def add_node(self, node: Json) -> None:
        self.manifest["nodes"][node["unique_id"]] = node

    @property
    def exposure(self) -> Json:
        return self.manifest["exposures"]["exposure.small.graphql_api"]

    @property
    def semantic_model(self) -> Json:
        return self.semantic["semantic_models"][0]

    def metric(self, name: str) -> Json:
        return next(each for each in self.semantic["metrics"] if each["name"] == name)

    def write(self, target: Path) -> Path:
        target.mkdir(parents=True, exist_ok=True)
        (target / "manifest.json").write_text(json.dumps(self.manifest))
        (target / "semantic_manifest.json").write_text(json.dumps(self.semantic))
        return target


def small_project() -> Artifacts:
    nodes = [
        mart(
            "fct_calls",
            column("call_id", "string", "primary_key"),
            column("organization_id", "string", "not_null"),
            column("kind", "string", "not_null", accepted_values=["T-FS-T", "other"]),
            column("vendor", "text", reference="dim_vendors"),
            column("is_late", "boolean"),
            column("tokens", "bigint", "not_null"),
            column("cost_usd", "decimal(38,22)", "not_null"),
            column("latency_ms", "integer"),
            column("called_at", "timestamptz", "not_null"),
        ),
        mart(
            "fct_monthly_calls",
            column("month", "date", "not_null"),
            column("organization_id", "string", "not_null"),
            column("kind", "string", "not_null", accepted_values=["T-FS-T", "other"]),
            column("calls", "bigint", "not_null", measure="calls"),
            column("sum_of_cost_usd", "numeric(38,22)", "not_null", measure="cost_usd"),
            rollup_of=["fct_calls"],
            grain="month",
            time_dimension="month",
            default_window_months=24,
        ),
        mart("dim_vendors", column("vendor", "string", "not_null")),
    ]
    served = ["fct_calls", "fct_monthly_calls", "dim_vendors"]
    exposure = {
        "name": "graphql_api",
        "depends_on": {"nodes": [f"model.small.{name}" for name in served]},
        "config": {
            "meta": {"serving_schema": "usage", "access_schema": "access", "api_role": "reader"}
        },
    }
    manifest = {
        "metadata": {"dbt_schema_version": MANIFEST_VERSION},
        "nodes": {node["unique_id"]: node for node in nodes},
        "exposures": {"exposure.small.graphql_api": exposure},
    }
    return Artifacts(manifest, _semantic_manifest())


def _semantic_manifest() -> Json:
    model = {
        "name": "calls",
        "node_relation": {"alias": "fct_calls"},
        "defaults": {"agg_time_dimension": "called"},
        "entities": [
            {"name": "call", "type": "primary", "expr": "call_id"},
            {"name": "organization_id", "type": "foreign"},
        ],
        "dimensions": [
            {"name": "kind", "type": "categorical"},
            {"name": "vendor", "type": "categorical"},
            {"name": "late", "type": "categorical", "expr": "is_late"},
            {"name": "called", "type": "time", "expr": "called_at"},
        ],
        "measures": [
            measure("calls", "sum", "1"),
            measure("tokens", "sum"),
            measure("cost_usd", "sum"),
            measure("latency_ms", "average"),
            measure("late_calls", "sum_boolean", "is_late"),
            measure("vendors", "count_distinct", "vendor"),
            measure("slowest_ms", "max", "latency_ms"),
        ],
    }
    metrics = [
        *(simple(each["name"]) for each in model["measures"]),
        metric(
            "cost_usd_per_call",
            "ratio",
            "usd_per_call",
            numerator={"name": "cost_usd"},
            denominator={"name": "calls"},
        ),
        metric(
            "tokens_per_call",
            "ratio",
            "tokens_per_call",
            numerator={"name": "tokens"},
            denominator={"name": "calls"},
        ),
        metric(
            "double_cost_usd",
            "derived",
            "usd",
            expr="price * 2",
            metrics=[{"name": "cost_usd", "alias": "price"}],
        ),
    ]
    return deepcopy({"semantic_models": [model], "metrics": metrics})
