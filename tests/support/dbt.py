"""Running this project's dbt from a test, against any database and any target folder."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

PROJECT_ROOT = Path(__file__).resolve().parents[2]
ALL_SYSTEMS: tuple[str, ...] = tuple(
    yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())["vars"]["source_systems"]
)
# What most tests write raw rows of. The project's own default is all of them.
KAAPI = ("kaapi",)
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


@dataclass(frozen=True)
class DbtResult:
    """How a dbt command ended; ``output`` is everything it printed."""

    success: bool
    output: str


def run_dbt(
    args: Sequence[str],
    env: Mapping[str, str],
    target_path: Path,
    *,
    project_dir: Path = PROJECT_ROOT,
    source_systems: Sequence[str] = KAAPI,
) -> DbtResult:
    """Run ``dbt <args>`` with the connection of ``env`` (``postgres_server.env(dbname)``).

    A process of its own each time, some three seconds: dbt keeps adapters, environment and parser
    state in module globals, and a test must not see those of the test before. A parsed project in
    ``target_path`` is reused by dbt itself, so give the same folder again where speed matters.
    Unit tests check code, not rows: they run once (test_dbt_unit_tests.py), not with every build.
    """
    without_libpq = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DBT_"))}
    ended = subprocess.run(
        [
            str(Path(sys.executable).with_name("dbt")),
            "--no-use-colors",
            *_with_source_systems(args, source_systems),
            *(WITHOUT_UNIT_TESTS if args[0] == "build" else ()),
            *("--project-dir", str(project_dir)),
            *("--profiles-dir", str(project_dir)),
            *("--target-path", str(target_path)),
            *("--log-path", str(target_path / "logs")),
        ],
        env={**without_libpq, **env},
        cwd=project_dir,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return DbtResult(ended.returncode == 0, ended.stdout)


def dbt(
    args: Sequence[str],
    env: Mapping[str, str],
    target_path: Path,
    *,
    project_dir: Path = PROJECT_ROOT,
    source_systems: Sequence[str] = KAAPI,
) -> str:
    """Run ``dbt <args>`` as ``run_dbt`` does and fail the test, with dbt's words, if it fails."""
    result = run_dbt(args, env, target_path, project_dir=project_dir, source_systems=source_systems)
    assert result.success, f"dbt {' '.join(args)} failed:\n{result.output}"
    return result.output


def _with_source_systems(args: Sequence[str], source_systems: Sequence[str]) -> list[str]:
    """The arguments with the var set, besides the vars that they set themselves."""
    given: dict[str, object] = {"source_systems": list(source_systems)}
    before = list(args)
    if "--vars" in before:
        position = before.index("--vars")
        given |= yaml.safe_load(before[position + 1])
        del before[position : position + 2]
    return [*before, "--vars", json.dumps(given)]
