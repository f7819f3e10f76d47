"""Why dbt failed, in one line."""

from collections.abc import Sequence
from typing import Any

FAILED = ("error", "fail", "runtime error")
LONGEST_REASON = 1_000


class BuildFailed(Exception):
    """A build or a parse that failed, and why: one line; ``nodes`` are the names of what failed."""

    def __init__(self, reason: str, nodes: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.nodes = tuple(nodes)


def failure_of(exception: BaseException | None, result: Any) -> BuildFailed:
    """What failed first in a run of dbt, and how much more did; ``result`` is dbt's own."""
    if exception is not None:
        return BuildFailed(_one_line(str(exception)))
    failed = [each for each in getattr(result, "results", ()) if each.status in FAILED]
    if not failed:
        return BuildFailed("dbt gave no reason: see logs/dbt.log")
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    reason = _one_line(f"{failed[0].node.name}: {failed[0].message}") + more
    return BuildFailed(reason, [each.node.name for each in failed])


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_REASON]
