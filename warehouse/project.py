"""What the command line must know of the dbt project: the names its vars give, and its content.

The names come from ``dbt_project.yml``, where a user changes them, and nowhere else.
"""

import hashlib
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
    """Read the vars of ``dbt_project.yml``."""
    file = root / "dbt_project.yml"
    try:
        variables: dict[str, Any] = yaml.safe_load(file.read_text())["vars"]
        systems = tuple(str(system) for system in variables["source_systems"])
        return ProjectNames(
            source_systems=systems,
            raw_schemas={system: str(variables[f"{system}_schema"]) for system in systems},
            raw_tables={str(k): str(v) for k, v in (variables.get("raw_tables") or {}).items()},
            build_schema=str(variables["build_schema"]),
            serving_schema=str(variables["serving_schema"]),
            access_schema=str(variables["access_schema"]),
            history_schema=str(variables["history_schema"]),
            api_role=str(variables["api_role"]),
            bi_role=str(variables["bi_role"]),
        )
    except OSError as error:
        raise WarehouseError("PROJECT_FILE", f"{file} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise WarehouseError(
            "PROJECT_FILE", f"{file} is not usable ({error}): it must name this var; see README.md"
        ) from None


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
