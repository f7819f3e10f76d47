"""What the command line must know of the dbt project: its names, and its content.

The names come from ``dbt_project.yml`` and the profile, where a user changes them.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from graphql_api.settings import PROJECT_ROOT
from warehouse.errors import WarehouseError

# Everything that decides what a build makes and whether it passes.
BUILD_INPUTS = ("dbt_project.yml", "profiles.yml", "models", "macros", "seeds", "tests/dbt")


PROFILE = "usage_warehouse"
KINDS = ("build", "serving", "access", "history")


@dataclass(frozen=True, slots=True)
class ProjectNames:
    """The schemas and roles of a warehouse, as the dbt vars name them."""

    source_systems: tuple[str, ...]
    raw_schemas: dict[str, str]
    raw_tables: dict[str, str]  # system.table -> schema.table, of those that lie elsewhere
    build_schema: str
    serving_schema: str
    access_schema: str
    history_schema: str
    api_role: str
    bi_role: str


def project_names(root: Path = PROJECT_ROOT) -> ProjectNames:
    """Read the vars of ``dbt_project.yml``, and the schema of the target in ``profiles.yml``."""
    file = root / "dbt_project.yml"
    try:
        variables: dict[str, Any] = yaml.safe_load(file.read_text())["vars"]
        systems = tuple(str(system) for system in variables["source_systems"])
        schemas = _schemas(variables, root)
        return ProjectNames(
            source_systems=systems,
            raw_schemas={system: str(variables[f"{system}_schema"]) for system in systems},
            raw_tables={str(k): str(v) for k, v in (variables.get("raw_tables") or {}).items()},
            build_schema=schemas["build"],
            serving_schema=schemas["serving"],
            access_schema=schemas["access"],
            history_schema=schemas["history"],
            api_role=str(variables["api_role"]),
            bi_role=str(variables["bi_role"]),
        )
    except OSError as error:
        raise WarehouseError("PROJECT_FILE", f"{file} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise WarehouseError(
            "PROJECT_FILE", f"{file} is not usable ({error}): it must name this var; see README.md"
        ) from None


def _schemas(variables: dict[str, Any], root: Path) -> dict[str, str]:
    """The schema of each kind, as the macro `warehouse_schema` names them."""
    given = {kind: variables.get(f"{kind}_schema") for kind in KINDS}
    named = {kind: str(name) for kind, name in given.items() if name}
    if named and len(named) < len(KINDS):
        missing = ", ".join(f"{kind}_schema" for kind in KINDS if kind not in named)
        raise WarehouseError(
            "SCHEMA_VARS",
            f"vars of {root / 'dbt_project.yml'} name some schemas, and {missing} not: set all "
            "four, or none of them; then the schema of the profile names them all",
        )
    if named:
        return named
    name = target_schema(root).removesuffix("_build")
    return {kind: name if kind == "serving" else f"{name}_{kind}" for kind in KINDS}


def target_schema(root: Path = PROJECT_ROOT) -> str:
    """The schema of the target that dbt would take: that of the profile, or DBT_TARGET."""
    file = root / "profiles.yml"
    _refuse_another_profile(root)
    try:
        profile = yaml.safe_load(file.read_text())[PROFILE]
        outputs = profile["outputs"]
        target = os.environ.get("DBT_TARGET") or _rendered(profile.get("target", "default"))
        if target not in outputs:
            raise WarehouseError(
                "PROFILE_TARGET",
                f"{file} has no target {target}: set DBT_TARGET to one of {', '.join(outputs)}",
            )
        return _rendered(outputs[target]["schema"])
    except OSError as error:
        raise WarehouseError("PROJECT_FILE", f"{file} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise WarehouseError(
            "PROJECT_FILE",
            f"{file} is not usable ({error}): the profile {PROFILE} must name a schema",
        ) from None


def _refuse_another_profile(root: Path) -> None:
    """A profile elsewhere may name another schema; this command line passes its own to dbt."""
    folder = os.environ.get("DBT_PROFILES_DIR")
    if folder and Path(folder).resolve() != root.resolve():
        raise WarehouseError(
            "PROFILE_ELSEWHERE",
            f"DBT_PROFILES_DIR is {folder}, and usage-warehouse takes the profile in {root}: unset "
            "it, and choose a target of that profile with DBT_TARGET, or the schema with "
            "USAGE_WAREHOUSE_SERVING_SCHEMA",
        )


def _rendered(text: object) -> str:
    """A text of a profile, in which dbt's `env_var` may stand."""
    if "{{" not in str(text):
        return str(text)
    from jinja2 import Environment, TemplateError

    def env_var(name: str, default: str | None = None) -> str:
        value = os.environ.get(name, default)
        if value is None:
            raise ValueError(f"the variable {name} is not set")
        return value

    try:
        return Environment(autoescape=False).from_string(str(text)).render(env_var=env_var)
    except TemplateError as error:
        raise ValueError(str(error)) from None


def project_fingerprint(root: Path = PROJECT_ROOT) -> str:
    """A digest of every file a build depends on, and of dbt's own version."""
    digest = hashlib.sha256(version("dbt-core").encode())
    for file in _input_files(root):
        content = file.read_bytes()
        digest.update(f"\0{file.relative_to(root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _input_files(root: Path) -> Iterator[Path]:
    for name in BUILD_INPUTS:
        path = root / name
        if path.is_file():
            yield path
        else:
            yield from sorted(file for file in path.rglob("*") if file.is_file())


def input_stamps(root: Path = PROJECT_ROOT) -> list[tuple[str, int, int]]:
    """What changes when any of those files is written, and takes milliseconds to find out."""
    stamps = []
    for file in _input_files(root):
        found = file.stat()
        stamps.append((str(file), found.st_mtime_ns, found.st_size))
    return stamps
