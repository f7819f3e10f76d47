"""Measures: latency of one client request by request, then throughput of many at once."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

import psutil

from bench.asking.http_client import Connection, Throughput, flood
from bench.asking.questions import Question
from bench.asking.servers import cpu_seconds
from bench.asking.targets import Target
from bench.asking.warehouse import ORGANIZATIONS, Warehouse

WARM_UPS = 20
CONNECTIONS = 16
# Coprime to the number of organisations: each comes before any comes again.
_STRIDE = 7


@dataclass
class Timings:
    """How long one target took for one question, and how many bytes it sent."""

    seconds: list[float] = field(default_factory=list)
    size: int = 0

    def percentile(self, share: int) -> float:
        """Milliseconds within which so many of a hundred were answered."""
        return quantiles(self.seconds, n=100, method="inclusive")[share - 1] * 1_000


@dataclass(frozen=True)
class Load:
    """What one target did with many connections, and what each request cost, in CPU seconds."""

    throughput: Throughput
    server_cpu: float
    postgres_cpu: float


# Asks one target about one organisation.
Ask = Callable[[str], bytes]


def organization(number: int) -> str:
    """Which organisation is asked about in a round."""
    return str(number * _STRIDE % ORGANIZATIONS + 1)


def refuse_different_answers(
    question: Question, targets: Sequence[Target], rounds: int = 5
) -> None:
    """Everyone must say the same, to the last digit.

    Raises:
        RuntimeError: somebody does not.
    """
    for number in range(rounds):
        asked = organization(number)
        answers = {}
        for target in targets:
            connection = Connection(target.server.ports[0])
            body = connection.ask(target.asked.request(question, asked))
            connection.close()
            answers[target.name] = target.asked.read(question, body)
        (first, expected), *others = answers.items()
        for name, answer in others:
            if answer != expected:
                raise RuntimeError(
                    f"{question.name} about organisation {asked}: {name} does not say what {first}"
                    f" says ({len(answer)} and {len(expected)} rows)"
                )


def first_requests(question: Question, target: Target) -> Timings:
    """Ask once about each organisation: servers know every caller from then on."""
    connection, found = Connection(target.server.ports[0]), Timings()
    for number in range(ORGANIZATIONS):
        request = target.asked.request(question, organization(number))
        began = time.perf_counter()
        connection.ask(request)
        found.seconds.append(time.perf_counter() - began)
    connection.close()
    return found


def latencies(question: Question, askers: dict[str, Ask], rounds: int) -> dict[str, Timings]:
    """Ask in turn, request by request; who goes first and which organisation changes each time."""
    found = {name: Timings() for name in askers}
    names = list(askers)
    with _no_collection():
        for number in range(-WARM_UPS, rounds):
            asked = organization(number + WARM_UPS)
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                began = time.perf_counter()
                body = askers[name](asked)
                took = time.perf_counter() - began
                if number >= 0:
                    found[name].seconds.append(took)
                    found[name].size = len(body)
    return found


def asker_of(question: Question, target: Target) -> Ask:
    """Asks over one connection that is kept open."""
    connection = Connection(target.server.ports[0])
    requests = {str(n): target.asked.request(question, str(n)) for n in _organizations()}
    return lambda asked: connection.ask(requests[asked])


def direct_asker(question: Question, warehouse: Warehouse) -> Ask:
    """Asks Postgres itself: the floor's statement, prepared, as its owner."""
    connection = warehouse.connect("-c jit=off")
    statement = question.sql("%(organization)s").encode()

    def ask(asked: str) -> bytes:
        cursor = connection.execute(statement, {"organization": asked}, prepare=True)
        assert cursor.pgresult is not None
        return cursor.pgresult.get_value(0, 0) or b""

    return ask


def load(question: Question, target: Target, postgres: psutil.Process, seconds: float) -> Load:
    """Keep many connections busy for some seconds."""
    requests = [target.asked.request(question, organization(n)) for n in _organizations()]
    if target.asked.is_cached:
        connection = Connection(target.server.ports[0])
        for request in requests:
            connection.ask(request)
        connection.close()
    before = target.server.cpu_seconds, _cpu_of_family(postgres)
    done = flood(target.server.ports, requests, CONNECTIONS, seconds)
    server = target.server.cpu_seconds - before[0]
    database = _cpu_of_family(postgres) - before[1]
    return Load(done, server / done.requests, database / done.requests)


def _organizations() -> range:
    return range(1, ORGANIZATIONS + 1)


def _cpu_of_family(postgres: psutil.Process) -> float:
    """Of the server and the processes it has; those that ended are counted by their parent."""
    return sum(cpu_seconds(each) for each in (postgres, *postgres.children(recursive=True)))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the client's own garbage collection out of what is measured."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
