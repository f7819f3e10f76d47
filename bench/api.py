"""Measures how fast the API answers, against what it could be and against what users would pick.

    python -m bench.api [--postgraphile FOLDER] [--keep FOLDER] [--rounds N] [--seconds N]

Makes the reference marts in a Postgres of its own, checks that everyone's answers are equal, then
measures, and writes its section of ``bench/RESULTS.md``. Give it a machine with nothing else to do.
"""

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import psutil

from bench.asking import postgraphile
from bench.asking.answers import from_graphql
from bench.asking.growth import measure_growth
from bench.asking.large_page import ROWS, ask_large_page
from bench.asking.many_marts import MARTS, write_many_marts
from bench.asking.measure import (
    CONNECTIONS,
    asker_of,
    direct_asker,
    first_requests,
    latencies,
    load,
    refuse_different_answers,
)
from bench.asking.pgbench import pgbench
from bench.asking.questions import QUESTIONS, Question
from bench.asking.report import SQL, Answered, Findings, Needs, legend
from bench.asking.servers import running
from bench.asking.targets import OURS, Asked, Target, everyone, ours, started
from bench.asking.warehouse import Warehouse, reference_warehouse
from bench.results import machine, write_section

# A question about everyone takes long: it is asked fewer times.
_FEWER = 5


def main() -> None:
    """Run the benchmark."""
    given = _arguments()
    settings = dict(each.split("=", 1) for each in given.set)
    if given.postgraphile:
        postgraphile.install(given.postgraphile)
    with reference_warehouse(given.keep) as warehouse:
        found = _measured(warehouse, settings, given)
        if not given.quick:
            _measure_large_page(found, warehouse, settings)
            _measure_many_marts(found, warehouse, settings, given.rounds)
            _measure_growth(found, warehouse, settings, given)
        with warehouse.connect() as connection:
            (version,) = connection.execute("show server_version").fetchone() or ("",)
    text = f"## Asking\n\n{machine()}, Postgres {version}\n\n{legend(given.set)}\n\n{found}"
    if given.print:
        print(text)
    else:
        write_section("api", text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__)
    add = parser.add_argument
    add("--postgraphile", type=Path, metavar="FOLDER", help="measure PostGraphile, installed here")
    add("--keep", type=Path, metavar="FOLDER", help="keep the marts here, for the next time")
    add("--questions", nargs="+", default=[each.name for each in QUESTIONS], metavar="Q1")
    add("--rounds", type=int, default=200, help="of one client's requests")
    add("--seconds", type=int, default=10, help="of many connections, per target")
    add("--set", nargs="+", default=[], metavar="NAME=VALUE", help="variables of our server")
    add("--quick", action="store_true", help="only the questions")
    add("--print", action="store_true", help="write no file")
    return parser.parse_args()


def _measured(
    warehouse: Warehouse, settings: Mapping[str, str], given: argparse.Namespace
) -> Findings:
    found = Findings()
    with started(everyone(warehouse, settings, given.postgraphile)) as targets:
        found.first = {each.name: first_requests(QUESTIONS[0], each) for each in targets}
        for question in QUESTIONS:
            if question.name in given.questions:
                print(f"{question.name}: {question.text}", flush=True)
                found.answered.append(_answered(question, warehouse, targets, given))
        for target in targets:
            server = target.server
            found.needs[target.name] = Needs(
                server.start_seconds, server.memory, len(server.processes)
            )
    return found


def _answered(
    question: Question, warehouse: Warehouse, targets: list[Target], given: argparse.Namespace
) -> Answered:
    refuse_different_answers(question, targets)
    askers = {SQL: direct_asker(question, warehouse)}
    askers |= {each.name: asker_of(question, each) for each in targets if each.asked.has_latency}
    groups = len(from_graphql(question, askers[OURS]("1")))
    rounds = given.rounds // _FEWER if question.is_admin else given.rounds
    timings = latencies(question, askers, rounds)
    running_server = warehouse.cluster.postmaster()
    assert running_server is not None
    postgres = psutil.Process(running_server.pid)
    loads = {each.name: load(question, each, postgres, given.seconds) for each in targets}
    direct = pgbench(question, warehouse, CONNECTIONS, given.seconds)
    return Answered(question, groups, timings, loads, direct)


def _measure_large_page(found: Findings, warehouse: Warehouse, settings: Mapping[str, str]) -> None:
    print(f"a page of {ROWS:,} rows", flush=True)
    asked = ours(warehouse, {**settings, "USAGE_WAREHOUSE_MAX_PAGE_SIZE": str(ROWS)})[0]
    with running(asked.command, 1, asked.request(QUESTIONS[0], "1")) as server:
        found.page = ask_large_page(server, warehouse.key("admin"))


def _measure_many_marts(
    found: Findings, warehouse: Warehouse, settings: Mapping[str, str], rounds: int
) -> None:
    print(f"{MARTS} marts in the manifest", flush=True)
    with tempfile.TemporaryDirectory(prefix="uw-marts-") as folder:
        write_many_marts(warehouse.target, Path(folder))
        few = ours(warehouse, settings)[0]
        many = ours(replace(warehouse, target=Path(folder)), settings)[0]
        with started([_named(few, "3 marts"), _named(many, f"{MARTS} marts")]) as targets:
            question = QUESTIONS[0]
            askers = {each.name: asker_of(question, each) for each in targets}
            found.marts = latencies(question, askers, rounds)
            found.start_with_marts = targets[1].server.start_seconds


def _measure_growth(
    found: Findings, warehouse: Warehouse, settings: Mapping[str, str], given: argparse.Namespace
) -> None:
    print("groups, rows, tenants, clients", flush=True)
    with started(ours(warehouse, settings)[:1]) as (target,):
        found.growth = measure_growth(warehouse, target, given.rounds, given.seconds)


def _named(asked: Asked, name: str) -> Asked:
    return replace(asked, name=name)


if __name__ == "__main__":
    main()
