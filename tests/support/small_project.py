"""A small dbt project with this project's own marts configuration and publishing, and four marts.

Its marts copy the tables of the schema `raw`, so that a test decides what a build contains with
plain SQL, and a build takes seconds.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import yaml

from tests.support.dbt import PROJECT_ROOT, DbtResult, run_dbt

TENANTS = [("kaapi", "1"), ("kaapi", "2"), ("litellm", "1")]
REQUESTS_PER_TENANT = 4

RAW_ROWS = """
create schema raw;
create table raw.organizations as
    select
        source_system,
        organization_id,
        'Organization ' || organization_id as organization_name,
        true as is_active
    from (values ('kaapi', '1'), ('kaapi', '2'), ('litellm', '1'))
        as tenant (source_system, organization_id);
create table raw.projects as
    select source_system, organization_id, 'p' || organization_id as project_id
    from raw.organizations;
create table raw.providers as select 'openai' as provider;
create table raw.requests as
    select
        source_system || '-' || organization_id || '-' || n as request_id,
        source_system,
        organization_id,
        cast(n + 0.25 as numeric(38, 22)) as cost_usd,
        timestamptz '2026-01-01' + n * interval '1 hour' as requested_at,
        cast(null as timestamptz) as source_updated_at
    from raw.organizations, generate_series(1, 4) as n;
"""

MODELS = """
models:
  - name: fct_requests
    description: One row per request; it's a 'test' with 100 % quotes.
    config:
      meta:
        key: [source_system, request_id]
        serving_indexes:
          - {columns: [organization_id, requested_at], include: [cost_usd]}
    data_tests:
      - has_valid_rows: {arguments: {not_null: [cost_usd]}}
    columns:
      - {name: request_id, data_type: string, description: "The request's own id."}
      - {name: source_system, data_type: string, constraints: [{type: not_null}]}
      - {name: organization_id, data_type: string, constraints: [{type: not_null}]}
      - {name: cost_usd, data_type: "decimal(38,22)"}
      - {name: requested_at, data_type: timestamptz}
      - {name: source_updated_at, data_type: timestamptz}
  - name: dim_organizations
    constraints: [{type: primary_key, columns: [source_system, organization_id]}]
    columns:
      - {name: source_system, data_type: string}
      - {name: organization_id, data_type: string}
      - {name: organization_name, data_type: string}
      - {name: is_active, data_type: boolean}
  - name: dim_projects
    columns:
      - {name: source_system, data_type: string}
      - {name: organization_id, data_type: string}
      - {name: project_id, data_type: string}
  - name: dim_providers
    columns:
      - {name: provider, data_type: string}
"""

MARTS = {
    "fct_requests": "requests",
    "dim_organizations": "organizations",
    "dim_projects": "projects",
    "dim_providers": "providers",
}


@dataclass(frozen=True)
class SmallProject:
    """The project's folder; `build` runs it against the database of an environment."""

    root: Path

    def dbt(self, env: Mapping[str, str], *args: str) -> DbtResult:
        """Run any dbt command."""
        return run_dbt(args, env, self.root / "target", project_dir=self.root)

    def build(self, env: Mapping[str, str], *args: str) -> DbtResult:
        """Run `dbt build`."""
        return self.dbt(env, "build", *args)

    def copy(self, folder: Path) -> "SmallProject":
        """The same project in another folder, for a test that changes it."""
        shutil.copytree(self.root, folder)
        return SmallProject(folder)

    @property
    def models(self) -> Path:
        return self.root / "models" / "marts"

    def edit_spec(self, old: str, new: str) -> None:
        """Change the spec sheet of the marts."""
        sheet = self.models / "marts.yml"
        text = sheet.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {sheet}"
        sheet.write_text(text.replace(old, new))


def write_small_project(root: Path) -> SmallProject:
    """Write the project into the new folder `root`."""
    project = SmallProject(root)
    project.models.mkdir(parents=True)
    for mart, table in MARTS.items():
        (project.models / f"{mart}.sql").write_text(f"select * from raw.{table}\n")
    (project.models / "marts.yml").write_text(MODELS)
    shutil.copy(PROJECT_ROOT / "models" / "groups.yml", root / "models")
    shutil.copy(PROJECT_ROOT / "profiles.yml", root)
    shutil.copytree(PROJECT_ROOT / "macros", root / "macros")
    shutil.copytree(PROJECT_ROOT / "tests" / "dbt" / "generic", root / "tests" / "dbt" / "generic")
    (root / "dbt_project.yml").write_text(yaml.safe_dump(_settings()))
    return project


def load_raw_rows(connection: psycopg.Connection[Any]) -> None:
    """Make the raw tables: REQUESTS_PER_TENANT requests for each of TENANTS."""
    connection.execute(RAW_ROWS)


def _settings() -> dict[str, Any]:
    settings: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())
    # The raw tables of the real sources are not here to be checked.
    settings["on-run-start"].remove("{{ check_sources() }}")
    models = settings["models"]["usage_warehouse"]
    models["marts"]["+meta"] = {"partitioned_by": "full"}
    settings["models"]["usage_warehouse"] = {
        key: value for key, value in models.items() if key.startswith("+") or key == "marts"
    }
    return {key: value for key, value in settings.items() if key not in ("seeds", "seed-paths")}
