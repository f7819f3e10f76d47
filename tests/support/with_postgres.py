"""Runs one command with libpq's variables set to an empty database of a throw-away Postgres.

    python -m tests.support.with_postgres COMMAND …

The server and its data are gone when the command ends. Where dbt writes is a temporary folder too,
so that checking a checkout leaves nothing in it.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.postgres import throwaway_server


def main(command: list[str]) -> int:
    # A stop from outside must still end the server: as an exception it runs the clean-up below.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with throwaway_server() as server, tempfile.TemporaryDirectory(prefix="uw-target-") as target:
        environment = {
            **os.environ,
            **server.env(server.create_database()),
            "DBT_TARGET_PATH": target,
            "DBT_LOG_PATH": str(Path(target) / "logs"),
            "USAGE_WAREHOUSE_TARGET_PATH": target,
        }
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
