"""dbt kept in this process with the project parsed, so that a build pays for neither.

dbt runs in the main thread and ends its queries when a signal handler raises there; whatever was
raised is raised again from here. One build after the other, as dbt keeps its state in globals.
"""

import gc
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graphql_api.settings import PROJECT_ROOT
from warehouse.collecting import collecting_seldom
from warehouse.dbt import LOCK_HOLDER, ONLY_CHANGES
from warehouse.extent import Extent
from warehouse.scheduling import longest_chain_first

FAILED = ("error", "fail", "runtime error")
BUILDING = "Building "
NOT_PUBLISHED = "Not published: "

# The watch says in a line what becomes of a build. Writing the manifest after every one, and each
# statement into a file, takes seconds; warnings and errors are kept in logs/dbt.log.
QUICKLY = ("--no-write-json", "--log-level", "none", "--log-level-file", "warn", "--no-use-colors")


class BuildFailed(Exception):
    """A build or a parse that failed, and why: one line; ``nodes`` are the names of what failed."""

    def __init__(self, reason: str, nodes: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.nodes = tuple(nodes)


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
        self._building, self._not_published = "", ""
        self._invoke([*QUICKLY, "build", *extent.options])
        if self._not_published:
            raise BuildFailed(self._not_published)
        return self._building

    def _invoke(self, arguments: list[str]) -> Any:
        from dbt.cli.main import dbtRunner

        runner = dbtRunner(manifest=self._manifest, callbacks=[self._listen])
        with collecting_seldom(), longest_chain_first():
            ended = runner.invoke([*arguments, *self._folders])
        if isinstance(ended.exception, (KeyboardInterrupt, SystemExit)):
            raise ended.exception
        if not ended.success:
            raise _failure(ended)
        return ended.result

    def _listen(self, event: Any) -> None:
        """Keep what our macros say: what is built, and why it is not published if it is not."""
        if event.info.name != "JinjaLogInfo":
            return
        if event.info.msg.startswith(BUILDING):
            self._building = event.info.msg.removeprefix(BUILDING)
        elif event.info.msg.startswith(NOT_PUBLISHED):
            self._not_published = event.info.msg


def _failure(ended: Any) -> BuildFailed:
    """Why dbt failed: what failed first, on one line."""
    if ended.exception is not None:
        return BuildFailed(_one_line(str(ended.exception)))
    failed = [each for each in ended.result.results if each.status in FAILED]
    if not failed:
        return BuildFailed("dbt gave no reason: see logs/dbt.log")
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    reason = _one_line(f"{failed[0].node.name}: {failed[0].message}") + more
    return BuildFailed(reason, [each.node.name for each in failed])


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]
