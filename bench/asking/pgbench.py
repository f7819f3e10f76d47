"""The floor's statements through pgbench: what Postgres can do with no server before it."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.asking.questions import Question
from bench.asking.warehouse import ORGANIZATIONS, Warehouse
from warehouse.embedded.cluster import programs_dir


@dataclass(frozen=True)
class Direct:
    """Statements per second, and the mean milliseconds of one."""

    per_second: float
    milliseconds: float


def pgbench(question: Question, warehouse: Warehouse, connections: int, seconds: int) -> Direct:
    """Run the statement, prepared, about organisations drawn at random."""
    lines = [
        f"\\set organization random(1, {ORGANIZATIONS})",
        f"{question.sql(':organization')};",
    ]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.sql"
        script.write_text("\n".join(lines))
        ended = subprocess.run(
            [
                str(programs_dir() / "pgbench"),
                *("--no-vacuum", "--protocol=prepared", f"--file={script}"),
                *(f"--client={connections}", f"--time={seconds}"),
            ],
            env={**os.environ, **warehouse.env, "PGOPTIONS": "-c jit=off"},
            capture_output=True,
            text=True,
            check=True,
        )
    return Direct(_number("tps", ended.stdout), _number("latency average", ended.stdout))


def _number(name: str, said: str) -> float:
    found = re.search(rf"{name} = ([0-9.]+)", said)
    assert found, said
    return float(found[1])
