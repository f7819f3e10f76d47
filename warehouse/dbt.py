"""Running this project's dbt from the command line, in a process of its own.

A process of its own, because dbt keeps adapters and parser state in module globals and installs
signal handlers; and so that a user sees exactly what plain ``dbt`` prints.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from graphql_api.settings import PROJECT_ROOT
from warehouse.errors import WarehouseError

CANCEL_SECONDS = 15  # dbt cancels its running queries on an interrupt; give it the time


def run_dbt(args: Sequence[str], target_path: Path) -> None:
    """Run ``dbt <args>`` on this project, showing its output; raises if it fails."""
    program = Path(sys.executable).with_name("dbt")
    if not program.exists():
        raise WarehouseError("DBT_MISSING", f"{program} is missing: run `make build` to install it")
    folders = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)]
    # Where the API will look for what dbt writes, should that not be ./target.
    folders += ["--target-path", str(target_path)]
    process = subprocess.Popen([str(program), *args, *folders], cwd=PROJECT_ROOT)
    try:
        status = process.wait()
    except BaseException:
        # An interrupt from the terminal has reached dbt too; a termination signal has not.
        process.terminate()
        try:
            process.wait(CANCEL_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    if status != 0:
        raise WarehouseError(
            "DBT_FAILED",
            f"`dbt {' '.join(args)}` failed: what readers see is unchanged; the reason stands "
            f"above and in {PROJECT_ROOT / 'logs' / 'dbt.log'}",
        )
