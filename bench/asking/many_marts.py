"""The same manifest with hundreds of marts more: copies of the months under other names."""

import copy
import json
from pathlib import Path

MARTS = 300


def write_many_marts(target: Path, into: Path) -> None:
    """Write both artefacts of ``target`` with so many marts in all."""
    into.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((target / "manifest.json").read_text())
    exposure = manifest["exposures"]["exposure.usage_warehouse.graphql_api"]
    name = "model.usage_warehouse.fct_monthly_usage"
    for number in range(MARTS - len(exposure["depends_on"]["nodes"])):
        node = copy.deepcopy(manifest["nodes"][name])
        node["name"] = node["alias"] = f"fct_copy_{number}_usage"
        node["unique_id"] = f"model.usage_warehouse.{node['name']}"
        # Of other rows: none of them may answer for the marts that are asked.
        node["config"]["meta"]["rollup_of"] = [f"fct_copy_{number}_events"]
        manifest["nodes"][node["unique_id"]] = node
        exposure["depends_on"]["nodes"].append(node["unique_id"])
    (into / "manifest.json").write_text(json.dumps(manifest))
    semantic = "semantic_manifest.json"
    (into / semantic).write_text((target / semantic).read_text())
