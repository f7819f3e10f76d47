"""Python's collection of cycles, as dbt needs it.

dbt makes objects by the thousand for each node, all of them in cycles, and keeps its project in
some 10^5 more. Looking for garbage as often as Python does takes a seventh of dbt's time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

BETWEEN_COLLECTIONS = 500_000  # objects: some 100 MB


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Collect less often for as long as the block runs."""
    thresholds = gc.get_threshold()
    gc.set_threshold(BETWEEN_COLLECTIONS, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
