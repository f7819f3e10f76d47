"""A checkout with a small dbt project, to run `usage-warehouse build` and `watch` in for real."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import yaml

from tests.support.dbt import PROJECT_ROOT
from tests.support.usage_project import write_usage_project
from warehouse.extent import RECONCILED

SECONDS = 120  # for a step that takes five on an idle machine

SOURCES = """
sources:
  - name: kaapi
    schema: "{{ var('kaapi_schema') }}"
    tables:
      - name: usage
        columns:
          - {name: request_id, data_type: text}
      - name: providers
        columns:
          - {name: provider, data_type: text}
"""

NO_COSTS_BELOW_ZERO = """
select request_id from {{ ref('fct_requests') }} where cost_usd < 0
"""

# As of a row that no watched column tells of.
UNNOTICED = """
select request_id from {{ ref('fct_requests') }}
where request_id = 'unnoticed' and {{ 'false' if var('reconcile', false) else 'true' }}
"""


@dataclass
class Watching:
    """A running watch; ``lines`` are what it said so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    def wait_for(self, words: str, count: int = 1) -> None:
        """Until ``count`` lines say these words."""
        self.wait_until(lambda: sum(words in line for line in self.lines) >= count, words)

    def wait_until(self, is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + SECONDS
        while not is_so():
            assert self.process.poll() is None, f"the watch ended:\n{self.text}"
            assert time.monotonic() < deadline, f"no {what!r} in {SECONDS} s:\n{self.text}"
            time.sleep(0.1)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end; the exit status."""
        self.process.send_signal(number)
        return self.process.wait(SECONDS)

    @property
    def text(self) -> str:
        return "".join(self.lines)


@dataclass(frozen=True)
class WatchedProject:
    """The checkout, whose project reads the schema ``raw`` of a database."""

    root: Path

    def run(self, env: Mapping[str, str], *arguments: str) -> tuple[int, str]:
        """Run a command to its end: exit status and output."""
        with self._start(env, *arguments) as process:
            said, _ = process.communicate()
        return process.returncode, said

    @contextmanager
    def watch(self, env: Mapping[str, str], *arguments: str) -> Iterator[Watching]:
        watching = Watching(self._start(env, "watch", "--pause", "0.2", *arguments))
        reader = Thread(target=watching.read)
        reader.start()
        try:
            yield watching
        finally:
            if watching.process.poll() is None:
                watching.process.kill()
            watching.process.wait()
            reader.join()
            if watching.process.stdout is not None:
                watching.process.stdout.close()

    def _start(self, env: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "warehouse.cli", *arguments],
            cwd=self.root,
            env={**kept, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def write_watched_project(root: Path) -> WatchedProject:
    """Write the project of requests and daily usage, and the command line, into a new folder."""
    project = write_usage_project(root)
    for mart, table in (("fct_requests", "usage"), ("dim_providers", "providers")):
        reading = f"select * from {{{{ source('kaapi', '{table}') }}}}\n"
        (project.models / f"{mart}.sql").write_text(reading)
    sheets = root / "models" / "staging"
    sheets.mkdir()
    (sheets / "_kaapi__sources.yml").write_text(SOURCES)
    tests = root / "tests" / "dbt"
    tests.mkdir(parents=True, exist_ok=True)
    (tests / "no_costs_below_zero.sql").write_text(NO_COSTS_BELOW_ZERO)
    (tests / f"{RECONCILED}.sql").write_text(UNNOTICED)
    settings = yaml.safe_load((root / "dbt_project.yml").read_text())
    settings["vars"] |= {"source_systems": ["kaapi"], "kaapi_schema": "raw"}
    (root / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    for package in ("warehouse", "graphql_api"):
        shutil.copytree(
            PROJECT_ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return WatchedProject(root)
