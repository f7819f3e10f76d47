"""Who is asked: our server, the floor, PostGraphile, plain Strawberry."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.asking import postgraphile
from bench.asking.answers import Rows, from_floor, from_graphql, from_postgraphile
from bench.asking.http_client import get, post
from bench.asking.questions import QUESTIONS, Question
from bench.asking.servers import Command, Running, running
from bench.asking.warehouse import Warehouse

RequestOf = Callable[[Question, str], bytes]

# Names of the columns in the results.
OURS, CACHED, FLOOR, PLAIN = "ours", "ours, cached", "floor", "plain Strawberry"
POSTGRAPHILE = "PostGraphile"

# Room for the answers of all organisations to one question.
_CACHE_BYTES = 128_000_000


@dataclass(frozen=True)
class Asked:
    """Someone who can be asked over HTTP: how to start it, to ask it, and to read its answers.

    ``is_cached``: it keeps answers, so that all are asked for once before it is measured.
    """

    name: str
    command: Command
    request: RequestOf
    read: Callable[[Question, bytes], Rows]
    processes: int = 1
    is_cached: bool = False

    @property
    def has_latency(self) -> bool:
        """Whether one client is of interest: more processes and kept answers are for many."""
        return self.processes == 1 and not self.is_cached


@dataclass(frozen=True)
class Target:
    """The same, running."""

    asked: Asked
    server: Running

    @property
    def name(self) -> str:
        """What it is called in the results."""
        return self.asked.name


@contextmanager
def started(asked: list[Asked]) -> Iterator[list[Target]]:
    """Start them all; each has answered a question before the block begins."""
    with ExitStack() as stack:
        targets = []
        for each in asked:
            first = each.request(QUESTIONS[0], "1")
            server = stack.enter_context(running(each.command, each.processes, first))
            targets.append(Target(each, server))
        yield targets


def everyone(warehouse: Warehouse, settings: Mapping[str, str], npm: Path | None) -> list[Asked]:
    """All that are compared; PostGraphile where its packages are."""
    targets = [*ours(warehouse, settings), _floor(warehouse), _plain(warehouse)]
    if npm is not None:
        targets += _postgraphile(warehouse, npm)
    return targets


def ours(warehouse: Warehouse, settings: Mapping[str, str]) -> list[Asked]:
    """Our server as ``usage-warehouse serve`` starts it: one process, two, and one with a cache."""

    def command(cache_bytes: int) -> Command:
        env = {
            **warehouse.env,
            "USAGE_WAREHOUSE_PORT": "{port}",
            "USAGE_WAREHOUSE_RESULT_CACHE_BYTES": str(cache_bytes),
            **settings,
        }
        return Command([sys.executable, "-m", "warehouse.cli", "serve"], env)

    def request(question: Question, organization: str) -> bytes:
        key = warehouse.key("admin" if question.is_admin else organization)
        body = json.dumps({"query": question.graphql}).encode()
        return post("/graphql", body, authorization=f"Bearer {key}")

    return [
        Asked(OURS, command(0), request, from_graphql),
        Asked(two(OURS), command(0), request, from_graphql, processes=2),
        Asked(CACHED, command(_CACHE_BYTES), request, from_graphql, is_cached=True),
    ]


def two(name: str) -> str:
    """What a target with two processes is called."""
    return f"{name}, 2 processes"


def _floor(warehouse: Warehouse) -> Asked:
    def request(question: Question, organization: str) -> bytes:
        return get(f"/{question.name}?organization={organization}")

    command = Command([sys.executable, "-m", "bench.asking.floor", "{port}"], warehouse.env)
    return Asked(FLOOR, command, request, from_floor)


def _plain(warehouse: Warehouse) -> Asked:
    def request(question: Question, organization: str) -> bytes:
        key = warehouse.key("admin" if question.is_admin else organization)
        columns = " ".join((*question.keys, *question.values))
        document = f'{{ usage(question: "{question.name}") {{ nodes {{ {columns} }} }} }}'
        body = json.dumps({"query": document}).encode()
        return post("/", body, authorization=f"Bearer {key}")

    command = Command([sys.executable, "-m", "bench.asking.plain", "{port}"], warehouse.env)
    return Asked(PLAIN, command, request, from_graphql)


def _postgraphile(warehouse: Warehouse, folder: Path) -> list[Asked]:
    def request(question: Question, organization: str) -> bytes:
        variables = {} if question.is_admin else {"organization": organization}
        asked = {"query": question.postgraphile, "variables": variables}
        scope = "admin" if question.is_admin else "member"
        body = json.dumps(asked).encode()
        return post("/graphql", body, x_scope=scope, x_organization=organization)

    def command(uses_rls: bool) -> Command:
        env = {**warehouse.env, "PORT": "{port}", "USE_RLS": str(int(uses_rls))}
        return Command(postgraphile.command(folder), env, folder)

    def asked(name: str, *, uses_rls: bool = False, processes: int = 1) -> Asked:
        return Asked(name, command(uses_rls), request, from_postgraphile, processes)

    return [
        asked(POSTGRAPHILE),
        asked(two(POSTGRAPHILE), processes=2),
        asked(f"{POSTGRAPHILE} with RLS", uses_rls=True),
        asked(two(f"{POSTGRAPHILE} with RLS"), uses_rls=True, processes=2),
    ]
