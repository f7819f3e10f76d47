"""What one command or statement takes: time, CPU and memory, of the client and of Postgres."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from bench.building.server import Database
from graphql_api.settings import PROJECT_ROOT

SAMPLE_SECONDS = 0.2


@dataclass
class Cost:
    """What was measured; ``client`` is the command, without Postgres."""

    seconds: float = 0
    client_cpu: float = 0
    postgres_cpu: float = 0
    client_peak: int = 0
    postgres_peak: int = 0

    @property
    def cpu(self) -> float:
        """CPU seconds of both."""
        return self.client_cpu + self.postgres_cpu


@dataclass
class PostgresPeak:
    """The most memory that the server's processes had at one time, looked at now and then.

    Their private memory, and once what they share: as much of it as one of them has touched.
    """

    postmaster: psutil.Process
    bytes: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look for as long as the block runs."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            self._ended.set()
            watcher.join()

    def _watch(self) -> None:
        has_ended = False
        while not has_ended:
            private = shared = 0
            for process in family(self.postmaster):
                own, common = _memory(process.pid)
                private += own
                shared = max(shared, common)
            self.bytes = max(self.bytes, private + shared)
            has_ended = self._ended.wait(SAMPLE_SECONDS)


def run_command(arguments: Sequence[str], database: Database, log: Path) -> Cost:
    """Run a command as a user would, its output going to a file; raises if it fails."""
    peak = PostgresPeak(database.postmaster)
    before = _cpu_of_family(database.postmaster)
    with peak.watched(), log.open("ab") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            arguments, env=database.env, cwd=PROJECT_ROOT, stdout=output, stderr=output
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} failed: see {log}\n{log.read_text()[-3000:]}")
    return Cost(
        seconds=seconds,
        client_cpu=used.ru_utime + used.ru_stime,
        postgres_cpu=_cpu_of_family(database.postmaster) - before,
        client_peak=used.ru_maxrss * 1024,
        postgres_peak=peak.bytes,
    )


def run_statement(work: Callable[[], Any], database: Database) -> Cost:
    """Measure what Postgres does in a call that only waits for it."""
    peak = PostgresPeak(database.postmaster)
    before = _cpu_of_family(database.postmaster)
    with peak.watched():
        began = time.perf_counter()
        work()
        seconds = time.perf_counter() - began
    postgres_cpu = _cpu_of_family(database.postmaster) - before
    return Cost(seconds=seconds, postgres_cpu=postgres_cpu, postgres_peak=peak.bytes)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        seconds=median(cost.seconds for cost in costs),
        client_cpu=median(cost.client_cpu for cost in costs),
        postgres_cpu=median(cost.postgres_cpu for cost in costs),
        client_peak=max(cost.client_peak for cost in costs),
        postgres_peak=max(cost.postgres_peak for cost in costs),
    )


def family(postmaster: psutil.Process) -> list[psutil.Process]:
    """The server's processes."""
    return [postmaster, *postmaster.children(recursive=True)]


def _cpu_of_family(postmaster: psutil.Process) -> float:
    """CPU seconds so far; those that ended are counted by their parent."""
    total = 0.0
    for process in family(postmaster):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _memory(pid: int) -> tuple[int, int]:
    """Private and shared bytes of a process; none of one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0
    values = dict(line.split(":", 1) for line in lines if line.startswith("Rss"))
    private, shared = (values.get(name, "0 kB").split()[0] for name in ("RssAnon", "RssShmem"))
    return int(private) * 1024, int(shared) * 1024
