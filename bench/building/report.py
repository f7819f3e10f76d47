"""The section of ``bench/RESULTS.md`` about builds: tables of what was measured, and the aims."""

from collections.abc import Sequence

from bench.building.aims import judged
from bench.building.floors import MARTS
from bench.building.meter import Cost
from bench.building.steps import Measured
from bench.results import machine, table

BUILDS = {
    "full": "full build",
    "nothing new": "build with nothing new",
    "new day": "build after a new day of 1 % more requests",
    "late rows": "build after 0.1 % late and changed requests, all over the year",
}

# Of dbt: the first part of a node's id, and what it is called here.
NODES = {
    "model": "models",
    "test": "data tests",
    "unit_test": "unit tests",
    "seed": "seeds",
    "operation": "hooks",
}

_PREAMBLE = """
Raw rows of all four systems over 365 days: 36 % calls and 4 % chains of Kaapi (50 organisations
that send, some 170 projects), 40 % requests of LiteLLM with their usage as JSON, 10 % each of
Auto-Analyst and Enclava; besides, an evaluation run for every 50 requests, chats, runs of code,
feedback, daily spend by tag, budgets. Made inside Postgres from hashes of the rows' numbers
(`bench/building/raw`), seed {seed}. Keys and indexes are those of the sample rows, which a
gateway has; Kaapi's tables also have `inserted_at` and `updated_at` indexed, as an operator's
should.

Each build is the whole process `usage-warehouse build`, tests and publishing included, as a user
runs it, after a checkpoint; files lie in the page cache as far as it reaches. CPU is that of the
command and of all of Postgres's processes. Memory of Postgres is the private memory of its
processes and, once, what they share ({shared_buffers} of buffers).

Two floors in the same run: *one scan* is a statement per system that reads the raw requests once
and adds them up (median of three); *by hand* is a statement per mart ({marts}) straight from the
raw rows, with the names' prices given, without tests, keys or indexes (their time stands apart).
Every row of these nine published marts, after the full build and after the last one, was found
equal to that by hand (row counts and sums of row digests).

Postgres {server_version}, the embedded server: {settings}.
"""


def section(found: Sequence[Measured], seed: int) -> str:
    """The whole section."""
    settings = dict(found[0].settings)
    preamble = _PREAMBLE.strip().format(
        seed=seed,
        marts=", ".join(f"`{mart}`" for mart in MARTS),
        shared_buffers=settings["shared_buffers"],
        server_version=settings.pop("server_version"),
        settings=", ".join(f"{name} {value}" for name, value in settings.items()),
    )
    parts = [
        f"## Building\n\n{machine()}",
        preamble,
        "### Builds\n\n" + _builds(found) + "\n\n" + _nodes(found),
        "### Floors\n\n" + _floors(found),
        "### Disk space\n\n" + _bytes(found),
        "### A monthly report, live and from the mart\n\n" + _live(found),
        "### Freshness\n\n" + _freshness(found),
        "### Aims\n\n" + table(["aim", *_sizes(found), ""], judged(found)),
    ]
    return "\n\n".join(parts)


def _sizes(found: Sequence[Measured]) -> list[str]:
    return [f"{each.size.requests:,}" for each in found]


def _builds(found: Sequence[Measured]) -> str:
    rows = []
    for each in found:
        hand = each.by_hand["full"].tables
        start_up = ("dbt's own start-up", each.start_up)
        for name, cost in (start_up, *((BUILDS[key], each.builds[key]) for key in BUILDS)):
            share = cost.seconds / each.builds["full"].seconds
            rows.append(
                [
                    f"{each.size.requests:,}",
                    name,
                    *_cost(cost),
                    f"{share:.1%}",
                    f"{cost.seconds / hand.seconds:.2f}",
                ]
            )
    head = ["requests", "", "s", "CPU s: command", "Postgres", "peak MB: command", "Postgres"]
    return table([*head, "of a full build", "times by hand"], rows)


def _nodes(found: Sequence[Measured]) -> str:
    rows = []
    for each in found:
        for build, seconds in each.nodes.items():
            figures = [_number(seconds[kind]) for kind in NODES]
            rows.append([f"{each.size.requests:,}", BUILDS[build], *figures])
    text = (
        "Seconds that dbt's threads spent on each kind of node; publishing is among the hooks.\n\n"
    )
    return text + table(["requests", "", *NODES.values()], rows)


def _floors(found: Sequence[Measured]) -> str:
    rows = []
    for each in found:
        full, hand = each.builds["full"], each.by_hand["full"]
        scan = Cost(seconds=each.scans.seconds, postgres_cpu=each.scans.cpu)
        both = Cost(
            seconds=hand.tables.seconds + hand.indexes.seconds,
            postgres_cpu=hand.tables.cpu + hand.indexes.cpu,
        )
        floors = {"one scan": scan, "by hand": hand.tables, "by hand, with keys and indexes": both}
        for name, cost in floors.items():
            rows.append(
                [
                    f"{each.size.requests:,}",
                    name,
                    _number(cost.seconds),
                    _number(cost.cpu),
                    f"{full.seconds / cost.seconds:.1f}",
                    f"{full.cpu / cost.cpu:.1f}",
                ]
            )
    head = ["requests", "floor", "s", "CPU s", "full build: times the s", "times the CPU s"]
    return table(head, rows) + "\n\n" + _marts(found)


def _marts(found: Sequence[Measured]) -> str:
    rows = [
        [f"`{mart}`", *(_number(each.by_hand["full"].seconds[mart]) for each in found)]
        for mart in MARTS
    ]
    text = "Seconds of each statement by hand:\n\n" + table(["mart", *_sizes(found)], rows)
    left_out = sorted({name for each in found for name in each.by_hand["full"].left_out})
    if left_out:
        text += "\n\nNeither made by hand nor compared: " + ", ".join(map("`{}`".format, left_out))
    return text


def _bytes(found: Sequence[Measured]) -> str:
    rows = []
    for each in found:
        for name, space in each.bytes.items():
            values = (space.raw, space.built, space.served, space.all)
            rows.append([f"{each.size.requests:,}", BUILDS[name], *map(_megabytes, values)])
    return "MB with indexes.\n\n" + table(
        ["requests", "after", "raw rows", "build schema", "serving schema", "database"], rows
    )


def _live(found: Sequence[Measured]) -> str:
    rows = [
        [
            f"{each.size.requests:,}",
            report.asked_about,
            f"{report.rows:,}",
            f"{report.live:,.1f}",
            f"{report.mart:,.1f}",
            f"{report.live / report.mart:,.0f}",
        ]
        for each in found
        for report in each.live_reports
    ]
    text = (
        "Calls, chains, tokens, cost and evaluation cost by month, modality and provider: by three "
        "grouped queries over Kaapi's raw calls, chains and evaluation runs, as Kaapi's own report "
        "asks them, and by one query over `fct_monthly_usage`. Answers are equal to the last "
        "digit; medians of five, in milliseconds.\n\n"
    )
    return text + table(["requests", "about", "rows", "live", "mart", "live / mart"], rows)


def _freshness(found: Sequence[Measured]) -> str:
    rows = [
        [
            f"{each.size.requests:,}",
            *(f"{value:.1f}" for value in (each.freshness.middle, max(each.freshness.seconds))),
            f"{each.freshness.idle_share:.2%}",
        ]
        for each in found
        if each.freshness
    ]
    text = (
        "Seconds from the commit of a new raw call until a reader of `fct_requests` sees it, with "
        "`usage-warehouse watch` running and its default pause; five calls, one after the other. "
        "The API keeps nothing of its own, so its next answer has the row.\n\n"
    )
    head = ["requests", "median", "longest", "idle watch: share of a core"]
    return text + table(head, rows)


def _cost(cost: Cost) -> list[str]:
    return [
        _number(cost.seconds),
        _number(cost.client_cpu),
        _number(cost.postgres_cpu),
        _megabytes(cost.client_peak),
        _megabytes(cost.postgres_peak),
    ]


def _number(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f}"
