"""Measures what builds cost, against what they could, and what a report costs without them.

    python -m bench.build [--sizes 1m,10m,50m] [--seed N] [--folder FOLDER] [--print]

Makes raw rows in a Postgres of its own, builds with `usage-warehouse build`, makes the same marts
by hand, checks that they are equal, and writes its section of ``bench/RESULTS.md``. Give it 4 GB of
disk for a million requests, and a machine with nothing else to do.
"""

import argparse
import signal
import sys
from pathlib import Path

from bench.building.raw.slices import Size
from bench.building.report import section
from bench.building.server import own_database, own_server
from bench.building.steps import measure
from bench.results import write_section

SMALLEST = 40_000  # 0.1 percent must be whole units of requests
FACTORS = {"k": 1_000, "m": 1_000_000}


def main() -> None:
    """Run the benchmark."""
    # As an exception, so that the server and its data go with it.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    given = _arguments()
    found = []
    with own_server(given.folder) as (cluster, folder):
        for requests in given.sizes:
            with own_database(cluster, folder, requests) as database:
                found.append(measure(database, Size(requests), given.seed))
            # After each size, as the next takes ten times as long and may be stopped.
            if not given.print:
                write_section("build", section(found, given.seed))
    if given.print:
        print(section(found, given.seed))


def sizes(text: str) -> list[int]:
    """Numbers of requests, from ``1m,10m``."""
    found = []
    for each in text.lower().split(","):
        factor = FACTORS.get(each[-1:], 1)
        number = each[:-1] if factor > 1 else each
        if not number.isdigit() or int(number) * factor < SMALLEST:
            raise argparse.ArgumentTypeError(
                f"{each!r} is no number of requests: at least {SMALLEST:,}, as 100k or 1m"
            )
        found.append(int(number) * factor)
    return sorted(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.build", description=__doc__)
    add = parser.add_argument
    add("--sizes", type=sizes, default=sizes("1m,10m"), help="of requests, as 1m,10m,50m")
    add("--seed", type=int, default=1, help="the same seed gives the same rows")
    add("--folder", type=Path, help="where the server's data lies meanwhile")
    add("--print", action="store_true", help="write no file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
