"""How soon a new raw row is in what readers see, while `usage-warehouse watch` runs."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import psutil
import psycopg

from bench.building.server import Database
from graphql_api.settings import PROJECT_ROOT

WATCH = (sys.executable, "-u", "-m", "warehouse.cli", "watch")
ROWS = 5
IDLE_SECONDS = 30
LONGEST_SECONDS = 900

# As an application writes it: now, with the usage of some earlier call.
NEW_CALL = """
insert into kaapi.llm_call
select (
    jsonb_populate_record(call, jsonb_build_object(
        'id', cast(%s as text),
        'inserted_at', now() at time zone 'UTC', 'updated_at', now() at time zone 'UTC'
    ))
).*
from kaapi.llm_call as call
where call.deleted_at is null
order by call.id
limit 1
"""
IS_THERE = "select from usage.fct_requests where request_kind = 'call' and request_id = %s"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Seconds from the commit of each raw row to when readers see it; CPU of an idle watch."""

    seconds: list[float]
    idle_share: float  # of one core, without Postgres

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.seconds)


def measure_freshness(database: Database) -> Freshness:
    """Write rows one after the other, each when the one before is there.

    Raises:
        RuntimeError: the watch ended, or a row did not come.
    """
    log = database.folder / f"{database.name}.watch.log"
    with _watching(database, log) as process, database.connect(autocommit=True) as connection:
        _wait(lambda: "readers see" in log.read_text(), process, log)
        seconds = []
        for _ in range(ROWS):
            request_id = str(uuid4())
            connection.execute(NEW_CALL, [request_id])
            began = time.perf_counter()
            found = _reader(connection, request_id)
            _wait(found, process, log)
            seconds.append(time.perf_counter() - began)
        time.sleep(IDLE_SECONDS / 3)  # the counters of the last build are looked at once more
        before = process.cpu_times()
        time.sleep(IDLE_SECONDS)
        after = process.cpu_times()
    used = after.user + after.system - before.user - before.system
    return Freshness(seconds, used / IDLE_SECONDS)


def _reader(connection: psycopg.Connection[Any], request_id: str) -> Callable[[], bool]:
    return lambda: connection.execute(IS_THERE, [request_id]).fetchone() is not None


def _wait(is_so: Callable[[], bool], process: psutil.Process, log: Path) -> None:
    give_up_at = time.perf_counter() + LONGEST_SECONDS
    while not is_so():
        if not process.is_running() or time.perf_counter() > give_up_at:
            raise RuntimeError(f"the watch did not publish: see {log}\n{log.read_text()[-3000:]}")
        time.sleep(0.02)


@contextmanager
def _watching(database: Database, log: Path) -> Iterator[psutil.Process]:
    with (
        log.open("wb") as output,
        subprocess.Popen(
            WATCH, env=database.env, cwd=PROJECT_ROOT, stdout=output, stderr=output
        ) as process,
    ):
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
