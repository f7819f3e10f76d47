"""The server as operators run it: a process of its own, on a port."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.api.live.client import DEADLINE
from tests.api.live.publishing import wait_for
from tests.support.dbt import PROJECT_ROOT
from tests.support.postgres import free_port

STOP_SECONDS = 30


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"

    def stop(self) -> int:
        """End it as a service manager does; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def said(self) -> str:
        return self.log.read_text()

    def is_ready(self) -> bool:
        """True once it reads a published build, of which these tests make a few marts only."""
        assert self.process.poll() is None, self.said()
        try:
            reply = httpx.get(f"http://127.0.0.1:{self.port}/readyz")
        except httpx.TransportError:
            return False
        reason = reply.json().get("reason", "")
        return reply.status_code == 200 or reason.startswith("the published marts do not fit")


@contextmanager
def serving(
    libpq: Mapping[str, str], target: Path, log: Path, **settings: object
) -> Iterator[Server]:
    port = free_port()
    own = {"port": port, "target_path": target, **settings}
    environment = {
        **os.environ,
        **libpq,
        **{f"USAGE_WAREHOUSE_{name.upper()}": str(value) for name, value in own.items()},
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from warehouse.cli import main; main()", "serve"],
            env=environment,
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, port, log)
    try:
        wait_for(server.is_ready, "the server")
        yield server
    finally:
        process.kill()
        process.wait(DEADLINE)
