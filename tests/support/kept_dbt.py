"""dbt kept in a process that has parsed the project once: a small build takes some seconds less.

    python -m tests.support.kept_dbt PROJECT TARGET

reads one JSON object per line, {"args": [...], "environment": {...}}, and answers with one line
each, {"success": ..., "output": ...}. A process of its own, because dbt keeps much in globals. The
name of the database must be the same each time: it is part of what was parsed.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

from dbt.cli.main import dbtRunner

from tests.support.dbt import DbtResult


class KeptDbt:
    """The parent's end of the process."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def run(self, args: list[str], environment: Mapping[str, str]) -> DbtResult:
        """Run one dbt command with libpq's variables as given."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"args": args, "environment": {**environment}}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return DbtResult(answer["success"], answer["output"])


@contextmanager
def kept_dbt(project: Path, target: Path) -> Iterator[KeptDbt]:
    """Start the process; it ends with the block."""
    without_libpq = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DBT_"))}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.kept_dbt", str(project), str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=without_libpq,
        text=True,
    ) as process:
        yield KeptDbt(process)
        assert process.stdin is not None
        process.stdin.close()


def _serve(project: str, target: str) -> None:
    answers = sys.stdout
    places = ["--project-dir", project, "--profiles-dir", project]
    places += ["--target-path", target, "--log-path", f"{target}/logs"]
    manifest = None
    for line in sys.stdin:
        asked = json.loads(line)
        os.environ.update(asked["environment"])
        with redirect_stdout(StringIO()) as output:
            if manifest is None:
                manifest = dbtRunner().invoke(["--quiet", "parse", *places]).result
            result = dbtRunner(manifest=manifest).invoke(
                ["--no-use-colors", *asked["args"], *places]
            )
            # dbt writes through handlers that it makes anew for each command.
            logging.shutdown()
        success = result.success and result.exception is None
        said = output.getvalue() + (str(result.exception) if result.exception else "")
        print(json.dumps({"success": success, "output": said}), file=answers, flush=True)


if __name__ == "__main__":
    _serve(*sys.argv[1:])
