"""How much of the project a build has to make and test again.

dbt spends as long on each node as the server does on a small change. What hangs on no changed
raw table was made and tested by the build that readers see, and stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse import build_record
from warehouse.build_record import MadeFrom, Published
from warehouse.project import ProjectNames
from warehouse.raw_tables import Connection

# Finds out itself which rows of requests changed; all it leads to is made anew by every build.
REQUESTS = "inc_candidate_requests"

# Views that say which days' raw rows this build counts; those of systems it leaves unread, too.
AUDITS = "audit_*__raw_totals"

# Neither made nor tested; dbt would look at each of them.
NO_ROWS = ("unit_test", "metric", "semantic_model", "saved_query", "exposure")


@dataclass(frozen=True, slots=True)
class Extent:
    """Options of `dbt build`; if they leave out what did not change, the systems that did."""

    options: tuple[str, ...]
    changed_systems: tuple[str, ...] | None = None

    @property
    def only_changes(self) -> str:
        """What dbt is told of it; empty where it makes everything."""
        return "" if self.changed_systems is None else ",".join(self.changed_systems) or "none"


# Unit tests check code, not rows.
EVERYTHING = Extent(("--exclude-resource-type", "unit_test"))

# All raw rows compared with what readers see, whatever their times say.
RECONCILE = ("--vars", "reconcile: true")
RECONCILIATION = Extent((*EVERYTHING.options, *RECONCILE))
# The test that fails where raw rows changed and their times do not tell.
RECONCILED = "every_raw_row_is_in_the_marts_once_or_left_out_for_a_stated_reason"

# The code in the error of a build of changes that found rows which no lookback window covers.
LATE_ROWS = "[LATE_ROWS]"


def extent_of_build(
    connection: Connection, names: ProjectNames, published: Published | None, now: MadeFrom
) -> Extent:
    """What a build has to make now that readers see what was ``published``."""
    changed = build_record.changed_sources(published, now)
    if changed is not None and build_record.is_last_build(connection, names, published):
        return _of_changes(changed, names)
    if build_record.has_same_seeds(published, now):
        return Extent((*EVERYTHING.options, "--exclude-resource-type", "seed"))
    return EVERYTHING


def _of_changes(sources: Sequence[str], names: ProjectNames) -> Extent:
    changed_systems = {source.partition(".")[0] for source in sources}
    # Views of other systems are made anew, as they read a table that is, but hold no row.
    untested = [
        f"resource_type:test,path:models/staging/{system}"
        for system in names.source_systems
        if system not in changed_systems
    ]
    options = (
        *(option for kind in NO_ROWS for option in ("--exclude-resource-type", kind)),
        *("--indirect-selection", "empty"),
        *("--select", AUDITS, f"{REQUESTS}+", *(f"source:{source}+" for source in sources)),
        *(("--exclude", *untested) if untested else ()),
    )
    return Extent(options, tuple(sorted(changed_systems)))
