"""Starts the servers that are measured, and says what they use."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.asking.http_client import Connection
from graphql_api.settings import PROJECT_ROOT
from tests.support.postgres import free_port

START_SECONDS = 60


@dataclass(frozen=True)
class Command:
    """How to start one process of a server; ``{port}`` stands for its port."""

    arguments: Sequence[str]
    env: Mapping[str, str]
    folder: Path = PROJECT_ROOT

    def on(self, port: int) -> "Command":
        """The same, on a port."""
        arguments = [each.format(port=port) for each in self.arguments]
        env = {name: value.format(port=port) for name, value in self.env.items()}
        return Command(arguments, env, self.folder)


@dataclass(frozen=True)
class Running:
    """A server, each of whose processes listens on a port of its own."""

    ports: tuple[int, ...]
    processes: tuple[psutil.Process, ...]
    start_seconds: float

    @property
    def memory(self) -> int:
        """Bytes of all its processes, shared pages counted once (PSS)."""
        return sum(int(each.memory_full_info().pss) for each in self._tree())

    @property
    def cpu_seconds(self) -> float:
        """What its processes have used so far."""
        return sum(cpu_seconds(each) for each in self._tree())

    def _tree(self) -> Iterator[psutil.Process]:
        for process in self.processes:
            yield process
            yield from process.children(recursive=True)


def cpu_seconds(process: psutil.Process) -> float:
    """What a process has used so far; of children only those that have ended."""
    times = process.cpu_times()
    own: float = times.user + times.system + times.children_user + times.children_system
    return own


@contextmanager
def running(command: Command, processes: int, question: bytes) -> Iterator[Running]:
    """Start so many processes; each has answered the question before the block begins.

    ``start_seconds`` is how long the first of them took to its first answer.
    """
    started: list[subprocess.Popen[bytes]] = []
    ports, seconds = [], []
    try:
        for _ in range(processes):
            port = free_port()
            began = time.perf_counter()
            started.append(_start(command.on(port)))
            _await_answer(started[-1], port, question)
            seconds.append(time.perf_counter() - began)
            ports.append(port)
        found = tuple(psutil.Process(each.pid) for each in started)
        yield Running(tuple(ports), found, seconds[0])
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _start(command: Command) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command.arguments,
        env={**os.environ, **command.env},
        cwd=command.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _await_answer(process: subprocess.Popen[bytes], port: int, question: bytes) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            connection = Connection(port)
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{process.args!r} does not answer") from None
            time.sleep(0.005)
            continue
        connection.ask(question)
        connection.close()
        return
