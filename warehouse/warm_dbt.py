"""dbt kept in this process with the project parsed, so that a build pays for neither.

dbt runs in the main thread and ends its queries when a signal handler raises there; whatever was
raised is raised again from here. One build after the other, as dbt keeps its state in globals.
"""

import gc
import os
from pathlib import Path
from typing import Any

from graphql_api.settings import PROJECT_ROOT
from warehouse.collecting import collecting_seldom
from warehouse.dbt import COMMAND, LOCK_HOLDER, ONLY_CHANGES
from warehouse.dbt_failure import BuildFailed, failure_of
from warehouse.dbt_options import check_log_folder
from warehouse.extent import Extent
from warehouse.scheduling import longest_chain_first

BUILDING = "Building "
NOT_PUBLISHED = "Not published: "

# The watch says in a line what becomes of a build. Writing the manifest after every one, and each
# statement into a file, takes seconds; warnings and errors are kept in logs/dbt.log.
QUICKLY = ("--no-write-json", "--log-level", "none", "--log-level-file", "warn", "--no-use-colors")


class WarmDbt:
    """dbt with the manifest of the project as it was parsed last."""

    def __init__(self, target_path: Path) -> None:
        self._folders = [
            *("--project-dir", str(PROJECT_ROOT)),
            *("--profiles-dir", str(PROJECT_ROOT)),
            *("--target-path", str(target_path)),
        ]
        self._manifest: Any = None
        self._building, self._not_published = "", ""

    def parse(self) -> None:
        """Read the project anew, and write the manifests that the API reads."""
        self._manifest = None
        gc.unfreeze()
        self._manifest = self._invoke(["--log-level", "none", "parse"])
        # Some 10^5 objects that live as long as this: looked at by no collection from now on.
        gc.collect()
        gc.freeze()

    def build(self, extent: Extent, lock_holder: int) -> str:
        """Run ``dbt build`` of the project as parsed; answers what was built, and from what.

        Raises if it failed or published nothing.
        """
        os.environ[LOCK_HOLDER] = str(lock_holder)
        os.environ[ONLY_CHANGES] = extent.only_changes
        os.environ[COMMAND] = "usage-warehouse watch"
        self._building, self._not_published = "", ""
        self._invoke([*QUICKLY, "build", *extent.options])
        if self._not_published:
            raise BuildFailed(self._not_published)
        return self._building

    def _invoke(self, arguments: list[str]) -> Any:
        from dbt.cli.main import dbtRunner

        check_log_folder()
        runner = dbtRunner(manifest=self._manifest, callbacks=[self._listen])
        with collecting_seldom(), longest_chain_first():
            ended = runner.invoke([*arguments, *self._folders])
        if isinstance(ended.exception, (KeyboardInterrupt, SystemExit)):
            raise ended.exception
        if not ended.success:
            raise failure_of(ended.exception, ended.result)
        return ended.result

    def _listen(self, event: Any) -> None:
        """Keep what our macros say: what is built, and why it is not published if it is not."""
        if event.info.name != "JinjaLogInfo":
            return
        if event.info.msg.startswith(BUILDING):
            self._building = event.info.msg.removeprefix(BUILDING)
        elif event.info.msg.startswith(NOT_PUBLISHED):
            self._not_published = event.info.msg
