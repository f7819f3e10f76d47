"""A page of a hundred thousand rows: how long it takes, and how much memory the server needs."""

import json
import time
from dataclasses import dataclass

import psutil

from bench.asking.http_client import Connection, post
from bench.asking.servers import Running

ROWS = 100_000
_DOCUMENT = (
    '{ monthlyUsage(filter: {month: {gte: "2024-01-01", lt: "2026-01-01"}},'
    f" orderBy: [{{field: MONTH, direction: ASC}}], first: {ROWS}) {{ nodes {{"
    " month organizationId projectId modality provider model requests inputTokens outputTokens"
    " totalTokens costUsd } } }"
)


@dataclass(frozen=True)
class LargePage:
    """``memory`` is what the server has at most, ``before`` what it had without the page; bytes."""

    seconds: float
    size: int
    before: int
    memory: int


def ask_large_page(server: Running, key: str, times: int = 3) -> LargePage:
    """Ask for the page several times over; the longest counts."""
    (process,) = server.processes
    before = process.memory_info().rss
    body = json.dumps({"query": _DOCUMENT}).encode()
    request = post("/graphql", body, authorization=f"Bearer {key}")
    connection = Connection(server.ports[0])
    seconds, size = 0.0, 0
    for _ in range(times):
        began = time.perf_counter()
        answer = connection.ask(request)
        seconds, size = max(seconds, time.perf_counter() - began), len(answer)
        rows = len(json.loads(answer)["data"]["monthlyUsage"]["nodes"])
        if rows != ROWS:
            raise RuntimeError(f"a page of {ROWS:,} rows has {rows:,}")
    connection.close()
    return LargePage(seconds, size, before, _peak(process))


def _peak(process: psutil.Process) -> int:
    """The most memory the process ever had; where the system does not say, what it has now."""
    info = process.memory_info()
    try:
        with open(f"/proc/{process.pid}/status") as status:
            lines = [line for line in status if line.startswith("VmHWM:")]
    except OSError:
        lines = []
    return int(lines[0].split()[1]) * 1024 if lines else int(info.rss)
