"""Writes ``bench/RESULTS.md``: one marked section per benchmark, each replaced as a whole.

A section is written by the program that measured it, never by hand, and says on what machine.
"""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = """# Results

Written by the benchmarks (`make bench-api`, `make bench-build`); nothing here is edited by hand.
"""


def write_section(name: str, text: str, path: Path = RESULTS) -> None:
    """Replace the section ``name``, or add it at the end; the others stay as they are."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = path.read_text() if path.exists() else _HEAD
    section = f"{begin}\n{text.strip()}\n{end}\n"
    before, found, rest = page.partition(begin)
    if found:
        _, _, after = rest.partition(f"{end}\n")
        page = before + section + after
    else:
        page = f"{page.rstrip()}\n\n{section}"
    path.write_text(page)


def machine() -> str:
    """This machine in one line, and when it was measured."""
    memory = psutil.virtual_memory().total / 2**30
    day = datetime.now(UTC).date().isoformat()
    return (
        f"{day}; {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
