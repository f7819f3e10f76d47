"""The results as Markdown: a table per question, what each server needs, and the aims."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.asking.growth import Asking, Growth
from bench.asking.large_page import LargePage
from bench.asking.measure import CONNECTIONS, Load, Timings
from bench.asking.pgbench import Direct
from bench.asking.questions import Question
from bench.asking.targets import CACHED, FLOOR, OURS, PLAIN, POSTGRAPHILE, two
from bench.results import table

SQL = "SQL, psycopg"
PGBENCH = "SQL, pgbench"
MEGABYTE = 1_000_000


@dataclass
class Answered:
    """What was measured of one question, by the names of those who were asked."""

    question: Question
    groups: int
    latencies: dict[str, Timings]
    loads: dict[str, Load]
    direct: Direct

    def p50(self, name: str) -> float:
        """The median of one client's milliseconds."""
        return self.latencies[name].percentile(50)

    def per_second(self, *names: str) -> float:
        """The most requests per second that any of these had."""
        found = [self.loads[name].throughput.per_second for name in names if name in self.loads]
        return max(found, default=0.0)


@dataclass(frozen=True)
class Needs:
    """What a server needs: seconds to its first answer, bytes of memory in so many processes."""

    start_seconds: float
    memory: int
    processes: int


@dataclass
class Findings:
    """All that was measured."""

    answered: list[Answered] = field(default_factory=list)
    first: dict[str, Timings] = field(default_factory=dict)
    needs: dict[str, Needs] = field(default_factory=dict)
    page: LargePage | None = None
    marts: dict[str, Timings] = field(default_factory=dict)
    start_with_marts: float = 0.0
    growth: Growth | None = None

    def __str__(self) -> str:
        parts = [*map(_of_question, self.answered), _needs(self.needs), _others(self)]
        parts += [_grown(self.growth) if self.growth else "", aims(self)]
        return "\n\n".join(filter(None, parts))


def _of_question(found: Answered) -> str:
    head = ["", "p50 ms", "p95", "p99", "x floor", "bytes"]
    head += [f"requests/s at {CONNECTIONS}", "x best PostGraphile", "CPU ms: server", "Postgres"]
    head += ["client"]
    names = list(dict.fromkeys([*found.latencies, *found.loads]))
    rows = [_row(found, name) for name in names]
    direct = found.direct
    rows.insert(1, [PGBENCH, *_dashes(5), f"{direct.per_second:,.0f}", *_dashes(4)])
    question = found.question
    title = f"### {question.name}: {question.text}"
    return f"{title}\n\n{found.groups:,} rows in the answer.\n\n{table(head, rows)}"


def _row(found: Answered, name: str) -> list[str]:
    cells = [name]
    timings, load = found.latencies.get(name), found.loads.get(name)
    if timings is None:
        cells += _dashes(5)
    else:
        cells += [f"{timings.percentile(share):.2f}" for share in (50, 95, 99)]
        cells += [f"{found.p50(name) / found.p50(FLOOR):.2f}", f"{timings.size:,}"]
    if load is None:
        return cells + _dashes(5)
    done, best = load.throughput, found.per_second(*_rivals(found))
    client = done.client_cpu_seconds / done.requests
    cells += [f"{done.per_second:,.0f}", f"{done.per_second / best:.2f}" if best else "-"]
    return cells + [f"{cpu * 1_000:.2f}" for cpu in (load.server_cpu, load.postgres_cpu, client)]


def _dashes(count: int) -> list[str]:
    return ["-"] * count


def _rivals(found: Answered) -> list[str]:
    return [name for name in found.loads if name.startswith(POSTGRAPHILE)]


def _needs(needs: dict[str, Needs]) -> str:
    rows = [
        [
            name,
            f"{each.start_seconds:.2f}",
            f"{each.memory / MEGABYTE:.0f}",
            f"{each.memory / each.processes / MEGABYTE:.0f}",
        ]
        for name, each in needs.items()
    ]
    head = ["", "s from start to first answer", "MB after all questions (PSS)", "per process"]
    return f"### What each server needs\n\n{table(head, rows)}"


def _others(found: Findings) -> str:
    lines = []
    if found.first:
        lines.append(
            "The first request of each key, Q1, asked before all else, takes "
            f"{found.first[OURS].percentile(50):.2f} ms (p50); of the floor, which knows no keys, "
            f"{found.first[FLOOR].percentile(50):.2f} ms. In the tables every caller is known."
        )
    if found.page:
        page = found.page
        lines.append(
            f"A page of 100,000 rows ({page.size / MEGABYTE:.1f} MB) takes {page.seconds:.2f} s; "
            f"the server has {page.before / MEGABYTE:.0f} MB before and at most "
            f"{page.memory / MEGABYTE:.0f} MB (RSS) while it sends three of them."
        )
    if found.marts:
        medians = {name: each.percentile(50) for name, each in found.marts.items()}
        said = ", ".join(f"{name} {median:.2f} ms" for name, median in medians.items())
        lines.append(
            f"Q1 by the number of marts in the manifest, p50: {said}. The server with the most "
            f"starts in {found.start_with_marts:.2f} s."
        )
    return "\n\n".join(lines)


def _grown(growth: Growth) -> str:
    """How what a question costs grows, one thing varied at a time."""
    head = ["rows read", "groups", "bytes", "p50 ms", "its SQL alone", "difference"]
    tenants = [[f"{n:,}", f"{each.percentile(50):.2f}"] for n, each in growth.tenants.items()]
    crowds = [
        [str(each.clients), f"{each.per_second:,.0f}", f"{each.milliseconds:.2f}"]
        for each in growth.crowds
    ]
    return f"""### How cost grows

One organisation's days up to 365, by day and model, then the same rows by provider:

{table(head, [*map(_asking, growth.groups), *map(_asking, growth.rows)])}

Q1 from so many organisations in turn:

{table(["organisations", "p50 ms"], tenants)}

Q1 from so many clients at once, one process:

{table(["clients", "answers/s", "ms each, on average"], crowds)}"""


def _asking(asked: Asking) -> list[str]:
    served, direct = asked.served.percentile(50), asked.direct.percentile(50)
    cells = [f"{asked.read:,}", f"{asked.groups:,}", f"{asked.served.size:,}"]
    return [*cells, f"{served:.2f}", f"{direct:.2f}", f"{served - direct:.2f}"]


def aims(found: Findings) -> str:
    """Which aims are met, and by how much."""
    rows = [each for answered in found.answered for each in _aims_of(answered)]
    ours = found.needs[OURS]
    rows += [
        _at_most(150, "MB per process", ours.memory / ours.processes / MEGABYTE),
        _at_most(2, "s from start to first answer", ours.start_seconds),
    ]
    if found.page:
        what = "MB while a page of 100,000 rows is sent"
        rows.append(_at_most(150, what, found.page.memory / MEGABYTE))
    if found.marts:
        few, many = (each.percentile(50) for each in found.marts.values())
        # Two medians of the same thing differ by a few per cent.
        rows.append(_at_most(1.05, "x p50 of Q1 with 300 marts to that with few", many / few))
    return f"### Aims\n\n{table(['aim', 'measured', ''], rows)}"


def _aims_of(found: Answered) -> Iterable[list[str]]:
    name, ours = found.question.name, found.latencies[OURS]
    p50 = ours.percentile(50)
    yield _at_most(1.5, f"x the floor's p50 ({name})", p50 / found.p50(FLOOR))
    yield _at_most(3, f"x p99 to p50 ({name})", ours.percentile(99) / p50)
    share = found.per_second(CACHED) / found.per_second(OURS)
    yield _aim(f"at least 5 x the throughput, with the cache ({name})", share, is_met=share >= 5)
    if POSTGRAPHILE in found.latencies:
        yield _at_most(1, f"x PostGraphile's p50 ({name})", p50 / found.p50(POSTGRAPHILE))
        best = found.per_second(*_rivals(found))
        share = found.per_second(OURS, two(OURS)) / best
        what = f"at least 1.5 x the throughput of PostGraphile's best ({name})"
        yield _aim(what, share, is_met=share >= 1.5)


def _at_most(most: float, what: str, measured: float) -> list[str]:
    return _aim(f"at most {most:g} {what}", measured, is_met=measured <= most)


def _aim(what: str, measured: float, *, is_met: bool) -> list[str]:
    return [what, f"{measured:.2f}", "met" if is_met else "**not met**"]


def legend(settings: Sequence[str]) -> str:
    """How to read the tables."""
    return f"""One client asks request by request, all targets in turn; who goes first and the
organisation change each time. Then {CONNECTIONS} connections ask at once. `{OURS}` is
`usage-warehouse serve` with API keys, tenant scope and row-level security, `{CACHED}` the same with
answers kept. `{FLOOR}` is the same SQL over HTTP by the least Python, without any of them;
`{PLAIN}` has resolvers on our compiler; `{POSTGRAPHILE}` is version 5 with pg-aggregates, which
can neither order nor cut groups. All answers were compared to the last digit first. The client is
bench/asking/http_client.py: what it costs stands beside what the servers do. Settings of ours:
{", ".join(settings) or "defaults"}."""
