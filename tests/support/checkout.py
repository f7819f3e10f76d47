"""A copy of this checkout in a temporary folder, to run the real command line in without trace."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.leftovers import cleared_afterwards
from tests.support.postgres import free_port

PROJECT_ROOT = Path(__file__).resolve().parents[2]
MADE_BY_USE = (
    *(".git", ".venv", ".local", "target", "logs", "__pycache__", "*.egg-info", "node_modules"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "graphiql"),
)


@dataclass(frozen=True)
class Checkout:
    """The copy, with ports of its own for the embedded Postgres and the API."""

    root: Path
    postgres_port: int
    api_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a new shell would have, and the two ports."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "PGPORT": str(self.postgres_port),
            "USAGE_WAREHOUSE_PORT": str(self.api_port),
        }

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start `usage-warehouse <arguments>` of the copy; output and errors on one pipe."""
        # `-m` finds the packages in the working folder, before those that are installed.
        return subprocess.Popen(
            [sys.executable, "-m", "warehouse.cli", *arguments],
            cwd=self.root,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, **more: str) -> tuple[int, str]:
        """Run `usage-warehouse <arguments>` to its end: exit status and output."""
        with self.start(*arguments, **more) as process:
            output, _ = process.communicate()
        return process.returncode, output

    def dbt(self, *arguments: str) -> tuple[int, str]:
        """Run plain `dbt` in the copy, as a user would in a new shell."""
        ended = subprocess.run(
            [Path(sys.executable).with_name("dbt"), *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout + ended.stderr


@contextmanager
def copied_checkout() -> Iterator[Checkout]:
    """Copy the files of this checkout; afterwards stop its Postgres and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="uw-test-"))
    root = folder / "checkout"
    shutil.copytree(PROJECT_ROOT, root, ignore=shutil.ignore_patterns(*MADE_BY_USE))
    checkout = Checkout(root, free_port(), free_port())
    with cleared_afterwards(folder):
        yield checkout
