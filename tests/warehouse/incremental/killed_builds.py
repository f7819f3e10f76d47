"""Builds that are killed, by `kill -9`, when so much of them was done."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import psutil
import psycopg

from tests.support.postgres import PostgresServer

PUBLISHING = "on-run-end"
# One statement sees one build. What of requests and of their roll-up by month readers see agrees
# with each other and with what was written down when they were published.
_VIEW = """
select
    (select count(*) from usage.fct_requests),
    (select coalesce(sum(requests), 0) from usage.fct_monthly_usage)
        + (select count(*) from usage.fct_requests where requested_at is null),
    (select count(*) from usage.fct_monthly_usage),
    (select mart_row_counts from usage.publication order by published_at desc limit 1)
"""


@dataclass
class Reader:
    """Reads all the time, and keeps what did not fit together."""

    server: PostgresServer
    database: str
    faults: list[Any] = field(default_factory=list)
    views: int = 0
    _end: Event = field(default_factory=Event)

    def look(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute(_VIEW).fetchone()
        assert row is not None
        requests, in_months, months, counted = row
        self.views += 1
        if (
            not requests == in_months == counted["fct_requests"]
            or months != (counted["fct_monthly_usage"])
        ):
            self.faults.append(row)

    def read_on(self) -> None:
        while not self._end.is_set():
            try:
                with self.server.connect(self.database) as connection:
                    while not self._end.wait(0.02):
                        self.look(connection)
            except psycopg.OperationalError:
                # The server was killed, too.
                self._end.wait(0.05)

    @contextmanager
    def reading(self) -> Iterator[None]:
        thread = Thread(target=self.read_on)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()


def kill_dbt(dbt: subprocess.Popen[str], server: PostgresServer) -> None:
    """dbt alone; the server ends its statements when it notices, or finishes them."""
    dbt.kill()


def kill_backends(dbt: subprocess.Popen[str], server: PostgresServer) -> None:
    """One process of the server: the others start anew, too, as shared memory may be broken."""
    with server.cluster.connect() as superuser:
        found = superuser.execute(
            "select pid from pg_stat_activity where datname is not null"
            " and application_name = 'dbt' order by state <> 'active', pid limit 1"
        ).fetchone()
    if found:
        os.kill(found[0], signal.SIGKILL)


def kill_postgres(dbt: subprocess.Popen[str], server: PostgresServer) -> None:
    """The postmaster and all its processes, at once."""
    postmaster = server.cluster.postmaster()
    assert postmaster is not None
    head = psutil.Process(postmaster.pid)
    processes = [head, *head.children(recursive=True)]
    for process in processes:
        # A child may end by itself, or because the postmaster did.
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=30)


Killer = Callable[[subprocess.Popen[str], PostgresServer], None]


def killed_build(
    project: Path,
    target: Path,
    server: PostgresServer,
    database: str,
    *args: str,
    after: int | str,
    killer: Killer,
) -> None:
    """Kill when dbt said so many lines, or a text, and wait until nothing of the build is left."""
    said: list[str] = []
    is_killed = False
    with subprocess.Popen(
        [
            *(str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "build", *args),
            *("--project-dir", str(project), "--profiles-dir", str(project)),
            *("--target-path", str(target), "--log-path", str(target / "logs")),
        ],
        env={**os.environ, **server.env(database)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as dbt:
        assert dbt.stdout is not None
        for line in dbt.stdout:
            said.append(line)
            is_reached = len(said) == after or (isinstance(after, str) and after in line)
            if is_reached and not is_killed:
                killer(dbt, server)
                is_killed = True
    server.cluster.start()
    wait_until_calm(server, database)
    assert is_killed, "".join(said)


def wait_until_calm(server: PostgresServer, database: str) -> None:
    """Until the server has recovered, and has ended what a killed dbt had asked of it."""
    give_up_at = monotonic() + 120
    while monotonic() < give_up_at:
        sleep(0.1)
        with suppress(psycopg.OperationalError), server.connect(database) as connection:
            (left,) = connection.execute(
                "select count(*) from pg_stat_activity where application_name = 'dbt'"
            ).fetchall()
            if left == (0,):
                return
    raise AssertionError("the server is not calm")
