"""One size of the benchmark from the raw rows to the last build, each step measured."""

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.building.floors import ByHand, Scans, keep_names, marts_by_hand, scan_raw_rows
from bench.building.freshness import Freshness, measure_freshness
from bench.building.live_report import LiveReport, compare_reports
from bench.building.meter import Cost, middle, run_command
from bench.building.raw.load import RawRows
from bench.building.raw.slices import Size
from bench.building.server import Database

RAW_SCHEMAS = ("kaapi", "litellm", "auto_analyst", "enclava")
START_UPS = 3

USAGE_WAREHOUSE = (sys.executable, "-m", "warehouse.cli")
DBT = (str(Path(sys.executable).with_name("dbt")),)


@dataclass(frozen=True, slots=True)
class Bytes:
    """Disk space at one moment."""

    raw: int
    built: int
    served: int
    all: int


@dataclass
class Measured:
    """All that was measured of one size."""

    size: Size
    load_seconds: float
    settings: dict[str, str]
    scans: Scans
    start_up: Cost
    builds: dict[str, Cost] = field(default_factory=dict)
    nodes: dict[str, Counter[str]] = field(default_factory=dict)
    bytes: dict[str, Bytes] = field(default_factory=dict)
    by_hand: dict[str, ByHand] = field(default_factory=dict)
    live_reports: list[LiveReport] = field(default_factory=list)
    freshness: Freshness | None = None


def measure(database: Database, size: Size, seed: int) -> Measured:
    """Load, build, change and build again.

    Raises:
        RuntimeError: a build failed, or its marts are not those made by hand.
    """
    raw = RawRows(database.connect, size, seed)
    began = time.perf_counter()
    _say(size, "making raw rows")
    raw.load_history()
    load_seconds = time.perf_counter() - began
    database.settle()
    _say(size, "scanning them, and starting dbt")
    found = Measured(
        size=size,
        load_seconds=load_seconds,
        settings=database.settings(),
        scans=scan_raw_rows(database),
        start_up=_start_up(database),
    )
    _build(found, database, "full")
    _build(found, database, "nothing new")
    _say(size, "making the same marts by hand")
    found.by_hand["full"] = marts_by_hand(database)
    _say(size, "asking live and of the mart")
    found.live_reports = compare_reports(database)
    raw.add_new_day()
    _build(found, database, "new day")
    raw.add_late_rows()
    _build(found, database, "late rows")
    _say(size, "making the changed marts by hand")
    found.by_hand["late rows"] = marts_by_hand(database)
    _say(size, "watching")
    found.freshness = measure_freshness(database)
    return found


def _build(found: Measured, database: Database, name: str) -> None:
    database.settle()
    _say(found.size, f"building: {name}")
    log = database.folder / f"{database.name}.log"
    cost = run_command([*USAGE_WAREHOUSE, "build"], database, log)
    found.builds[name] = cost
    found.nodes[name] = _node_seconds(database)
    keep_names(database)
    found.bytes[name] = Bytes(
        raw=database.bytes_of(*RAW_SCHEMAS),
        built=database.bytes_of("usage_build"),
        served=database.bytes_of("usage"),
        all=database.all_bytes(),
    )


def _node_seconds(database: Database) -> Counter[str]:
    """Seconds that dbt's threads spent on each kind of node in the last run, if it ran any."""
    seconds: Counter[str] = Counter()
    file = database.target / "run_results.json"
    if file.exists():
        for node in json.loads(file.read_text())["results"]:
            seconds[node["unique_id"].partition(".")[0]] += node["execution_time"]
        file.unlink()
    return seconds


def _start_up(database: Database) -> Cost:
    """What dbt itself takes to start: to read a project that it has read before."""
    log = database.folder / f"{database.name}.log"
    run_command([*DBT, "--quiet", "parse"], database, log)
    return middle(
        [run_command([*DBT, "--quiet", "parse"], database, log) for _ in range(START_UPS)]
    )


def _say(size: Size, text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {size.requests:,} requests: {text}", flush=True)
