"""The program `dbt`, but for the order of its nodes and how often Python looks for garbage.

If it fails, it writes the reason in one line into the file that ``FAILURE_FILE`` names.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from warehouse.collecting import collecting_seldom
from warehouse.dbt import FAILURE_FILE
from warehouse.dbt_failure import failure_of
from warehouse.scheduling import longest_chain_first


def main() -> None:
    """Run dbt on the arguments of this process; ends the process with dbt's status."""
    from dbt.cli.main import cli

    with collecting_seldom(), longest_chain_first(), _noting_failure(cli):
        cli(prog_name="dbt")


@contextmanager
def _noting_failure(cli: Any) -> Iterator[None]:
    from dbt.cli.exceptions import CliException

    original = cli.invoke

    def invoke(context: Any) -> Any:
        try:
            return original(context)
        except CliException as ended:
            failure = failure_of(getattr(ended, "exception", None), getattr(ended, "result", None))
            if os.environ.get(FAILURE_FILE):
                Path(os.environ[FAILURE_FILE]).write_text(str(failure))
            raise

    cli.invoke = invoke
    try:
        yield
    finally:
        cli.invoke = original


if __name__ == "__main__":
    main()
