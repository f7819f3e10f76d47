"""The files of this checkout, as they would be cloned."""

import subprocess
from pathlib import Path

from tests.support.dbt import PROJECT_ROOT

# What use of a checkout leaves in it, for a copy without git.
MADE_BY_USE = frozenset(
    {".git", ".venv", ".local", "target", "logs", "__pycache__", "node_modules", "graphiql"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "usage_warehouse.egg-info"}
)


def tracked_files() -> list[Path]:
    """Every file of the repository; in a copy without git, every file that use did not make."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        files = [PROJECT_ROOT / name for name in listed.stdout.split("\0") if name]
        return sorted(path for path in files if path.is_file())
    return sorted(
        path
        for path in PROJECT_ROOT.rglob("*")
        if path.is_file() and not MADE_BY_USE & set(path.relative_to(PROJECT_ROOT).parts)
    )


def relative(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix()


def python_files(*folders: str) -> list[Path]:
    """Python modules below folders of the checkout."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".py" and relative(path).startswith(tuple(f"{f}/" for f in folders))
    ]


def sql_models() -> list[Path]:
    """The dbt models' SQL files."""
    return [
        path
        for path in tracked_files()
        if path.suffix == ".sql" and relative(path).startswith("models/")
    ]
