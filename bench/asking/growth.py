"""How what a question costs grows: with groups, rows, tenants that ask, and clients at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle

from bench.asking.http_client import flood
from bench.asking.measure import (
    Ask,
    Timings,
    asker_of,
    direct_asker,
    first_requests,
    latencies,
    organization,
)
from bench.asking.questions import QUESTIONS, Question
from bench.asking.targets import Target
from bench.asking.warehouse import ORGANIZATIONS, Warehouse

_END = date(2026, 1, 1)
_DAYS = (1, 10, 30, 90, 365)
_TENANTS = (1, 10, 100, ORGANIZATIONS)
_CLIENTS = (1, 4, 16, 64)
_SQL = "sql"


@dataclass(frozen=True)
class Asking:
    """One question: rows it reads, groups it answers; the server's timings and those of its SQL."""

    read: int
    groups: int
    served: Timings
    direct: Timings


@dataclass(frozen=True)
class Crowd:
    """What so many clients at once got."""

    clients: int
    per_second: float

    @property
    def milliseconds(self) -> float:
        """How long an answer takes on average: clients wait all the time (Little's law)."""
        return self.clients / self.per_second * 1_000


@dataclass
class Growth:
    """All that was measured, on one server of ours."""

    groups: list[Asking]
    rows: list[Asking]
    tenants: dict[int, Timings]
    crowds: list[Crowd]


def measure_growth(warehouse: Warehouse, target: Target, rounds: int, seconds: float) -> Growth:
    """Vary one thing at a time, once every caller is known."""
    first_requests(QUESTIONS[0], target)
    by_model = [_of_days(QUESTIONS[3], days) for days in _DAYS]
    by_provider = [_by_provider(question) for question in by_model]
    return Growth(
        groups=[_asked(each, warehouse, target, rounds) for each in by_model],
        rows=[_asked(each, warehouse, target, rounds) for each in by_provider],
        tenants=_by_tenants(target, rounds),
        crowds=[_crowd(target, clients, seconds) for clients in _CLIENTS],
    )


def _of_days(question: Question, days: int) -> Question:
    first = (_END - timedelta(days=days)).isoformat()
    return replace(
        question,
        select=question.select.replace("2025-10-03", first),
        graphql=question.graphql.replace("2025-10-03", first),
    )


def _by_provider(question: Question) -> Question:
    """The same rows in few groups, however many there are."""
    return replace(
        question,
        select=question.select.replace("day, model", "provider"),
        graphql=question.graphql.replace("DAY, MODEL", "PROVIDER").replace("day model", "provider"),
    )


def _asked(question: Question, warehouse: Warehouse, target: Target, rounds: int) -> Asking:
    found = latencies(
        question,
        {target.name: asker_of(question, target), _SQL: direct_asker(question, warehouse)},
        rounds,
    )
    read, groups = _sizes(question, warehouse)
    return Asking(read, groups, found[target.name], found[_SQL])


def _sizes(question: Question, warehouse: Warehouse) -> tuple[int, int]:
    """Rows that the question reads of organisation 1, and groups it makes of them."""
    rows = question.select.format(organization="'1'")
    read = rows.partition(" from ")[2].partition(" group by ")[0]
    with warehouse.connect() as connection:
        counts = connection.execute(
            f"select (select count(*) from {read}), (select count(*) from ({rows}) as answer)"
        ).fetchone()
    assert counts is not None
    return int(counts[0]), int(counts[1])


def _by_tenants(target: Target, rounds: int) -> dict[int, Timings]:
    """Q1 from so many tenants in turn."""
    question = QUESTIONS[0]
    ask = asker_of(question, target)
    found = {}
    for count in _TENANTS:
        asked = [organization(number) for number in range(count)]
        found[count] = latencies(question, {target.name: _in_turn(ask, asked)}, rounds)[target.name]
    return found


def _in_turn(ask: Ask, asked: Sequence[str]) -> Ask:
    turns = cycle(asked)
    return lambda _: ask(next(turns))


def _crowd(target: Target, clients: int, seconds: float) -> Crowd:
    question = QUESTIONS[0]
    requests = [
        target.asked.request(question, organization(number)) for number in range(ORGANIZATIONS)
    ]
    done = flood(target.server.ports, requests, clients, seconds)
    return Crowd(clients, done.per_second)
