"""What an operator may set is documented, and every default stands in one agreement."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment
from pydantic_core import PydanticUndefined

from graphql_api.settings import PROJECT_ROOT, DatabaseSettings, Settings
from warehouse.errors import WarehouseError
from warehouse.project import project_names

PREFIX = "USAGE_WAREHOUSE_"
LIBPQ = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE")


def readme_rows() -> dict[str, tuple[str, str]]:
    """Rows of the README's settings table: variable → default, meaning."""
    rows = {}
    for line in (PROJECT_ROOT / "README.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(rf"`{PREFIX}\w+`", cells[0]):
            rows[cells[0].strip("`")] = (cells[1].strip("`"), cells[2])
    return rows


class TestReadme:
    def test_lists_every_setting_and_no_other(self):
        assert set(readme_rows()) == {PREFIX + name.upper() for name in Settings.model_fields}

    @pytest.mark.parametrize("name", list(Settings.model_fields))
    def test_gives_default_and_meaning(self, name: str):
        default, meaning = readme_rows()[PREFIX + name.upper()]
        field = Settings.model_fields[name]
        expected = field.default
        if isinstance(expected, Path):
            expected = expected.relative_to(PROJECT_ROOT)
        assert default == str(expected)
        assert meaning == field.description

    def test_names_libpqs_variables(self):
        text = (PROJECT_ROOT / "README.md").read_text()
        assert not [name for name in LIBPQ if f"`{name}`" not in text]


class TestSettings:
    def test_are_described_and_have_defaults(self):
        for name, field in Settings.model_fields.items():
            assert field.description, name
            assert field.default is not PydanticUndefined, name

    def test_are_few(self):
        assert len(Settings.model_fields) <= 15

    def test_are_read_from_the_environment(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("USAGE_WAREHOUSE_PORT", "9001")
        assert Settings().port == 9001

    @pytest.mark.parametrize("value", ["0", "-1", "http"])
    def test_refuse_what_cannot_be(self, monkeypatch: pytest.MonkeyPatch, value: str):
        monkeypatch.setenv("USAGE_WAREHOUSE_PORT", value)
        with pytest.raises(ValueError, match="port"):
            Settings()


def profile(environment: dict[str, str]) -> dict[str, Any]:
    """profiles.yml as dbt reads it with these variables set."""
    output = yaml.safe_load((PROJECT_ROOT / "profiles.yml").read_text())
    postgres = output["usage_warehouse"]["outputs"]["postgres"]
    jinja = Environment(autoescape=False)
    jinja.filters["as_number"] = int

    def env_var(name: str, default: str | None = None) -> str:
        value = environment.get(name, default)
        assert value is not None, f"profiles.yml needs {name}"
        return value

    rendered = {
        key: jinja.from_string(value).render(env_var=env_var) if isinstance(value, str) else value
        for key, value in postgres.items()
    }
    return {**rendered, "port": int(rendered["port"])}


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"PGPORT": "15433"},
        {"PGHOST": "db.example"},
        {"PGHOST": "db.example", "PGPORT": "6000"},
        {"PGHOST": "/run/postgresql", "PGUSER": "me", "PGDATABASE": "mine"},
        {"PGUSER": "me"},
    ],
)
def test_dbt_and_python_take_the_same_database(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    for name in LIBPQ:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ours, dbts = DatabaseSettings().conninfo(), profile(environment)
    assert (ours["host"], ours["port"]) == (dbts["host"], dbts["port"])
    assert (ours["user"], ours["dbname"]) == (dbts["user"], dbts["dbname"])


def test_dbt_takes_a_variable_set_to_nothing_for_unset():
    assert profile(dict.fromkeys(LIBPQ, "")) == profile({})


def test_systems_and_roles_are_vars_with_defaults():
    settings = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())
    assert {"api_role", "bi_role", "source_systems"} <= set(settings["vars"])
    for system in settings["vars"]["source_systems"]:
        assert settings["vars"][f"{system}_schema"] == system


@pytest.mark.parametrize(
    ("environment", "schemas"),
    [
        ({}, ("usage_build", "usage", "usage_access", "usage_history")),
        (
            {"USAGE_WAREHOUSE_SERVING_SCHEMA": "dbt_alice"},
            ("dbt_alice_build", "dbt_alice", "dbt_alice_access", "dbt_alice_history"),
        ),
        (
            {"USAGE_WAREHOUSE_SERVING_SCHEMA": ""},
            ("usage_build", "usage", "usage_access", "usage_history"),
        ),
    ],
)
def test_the_profile_names_all_schemas(
    environment: dict[str, str], schemas: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    for name in ("USAGE_WAREHOUSE_SERVING_SCHEMA", "DBT_TARGET", "DBT_PROFILES_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    names = project_names()
    assert profile(environment)["schema"] == names.serving_schema
    found = (names.build_schema, names.serving_schema, names.access_schema, names.history_schema)
    assert found == schemas


class TestProjectNames:
    """Names that the command line reads from the project's profile and vars."""

    OUTPUTS = """
usage_warehouse:
  target: production
  outputs:
    production: {schema: usage_build}
    alice: {schema: dbt_alice}
"""

    @pytest.fixture
    def project(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        for name in ("DBT_TARGET", "DBT_PROFILES_DIR"):
            monkeypatch.delenv(name, raising=False)
        shutil.copy(PROJECT_ROOT / "dbt_project.yml", tmp_path)
        (tmp_path / "profiles.yml").write_text(self.OUTPUTS)
        return tmp_path

    def set_vars(self, project: Path, **values: str) -> None:
        file = project / "dbt_project.yml"
        settings = yaml.safe_load(file.read_text())
        settings["vars"] |= values
        file.write_text(yaml.safe_dump(settings))

    def test_a_profile_that_names_the_build_schema_means_the_same(self, project: Path):
        assert project_names(project) == replace(
            project_names(project), build_schema="usage_build", serving_schema="usage"
        )

    def test_the_target_is_the_one_that_dbt_takes(
        self, project: Path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("DBT_TARGET", "alice")
        assert project_names(project).build_schema == "dbt_alice_build"
        monkeypatch.setenv("DBT_TARGET", "bob")
        with pytest.raises(
            WarehouseError, match=r"PROFILE_TARGET.*no target bob.*production, alice"
        ):
            project_names(project)

    def test_a_profile_elsewhere_is_refused_by_name(
        self, project: Path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setenv("DBT_PROFILES_DIR", "/elsewhere")
        with pytest.raises(WarehouseError, match=r"PROFILE_ELSEWHERE.*/elsewhere"):
            project_names(project)
        monkeypatch.setenv("DBT_PROFILES_DIR", str(project))
        assert project_names(project).serving_schema == "usage"

    def test_vars_name_all_four_schemas_or_none(self, project: Path):
        self.set_vars(project, serving_schema="marts")
        with pytest.raises(WarehouseError, match=r"SCHEMA_VARS.*build_schema, access_schema"):
            project_names(project)
        self.set_vars(project, build_schema="b", access_schema="a", history_schema="h")
        assert project_names(project).serving_schema == "marts"
