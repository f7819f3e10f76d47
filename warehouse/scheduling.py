"""The order in which dbt takes nodes that are ready: first the one that begins the longest chain.

dbt itself hands every node to its threads once it is ready, first come, first served. All that
hangs on small tables is then done before the requests, and a processor is idle for as long as those
are made. Here a thread gets its next node when it is free, and of those that are ready the one that
the most others wait for, one after the other. What waits for what is dbt's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from typing import Any


@contextmanager
def longest_chain_first() -> Iterator[None]:
    """Have ``dbt build`` take nodes in this order for as long as the block runs."""
    from dbt.graph import GraphQueue
    from dbt.task.build import BuildTask

    original = GraphQueue._get_scores, BuildTask.handle_job_queue

    def hand_out_next(task: Any, pool: Any, callback: Any) -> None:
        queue = task.job_queue
        with queue.some_task_done:
            queue.some_task_done.wait_for(lambda: len(queue.in_progress) < pool.max_threads)
        original[1](task, pool, callback)

    GraphQueue._get_scores = lambda queue, graph: chains_left(graph)
    BuildTask.handle_job_queue = hand_out_next
    try:
        yield
    finally:
        GraphQueue._get_scores, BuildTask.handle_job_queue = original


def chains_left(graph: Any) -> dict[str, int]:
    """For each node of a ``networkx.DiGraph``, minus the nodes of the longest chain it begins.

    dbt takes the lowest number first.
    """
    waiting = {node: set(graph.successors(node)) for node in graph}
    left: dict[str, int] = {}
    for node in TopologicalSorter(waiting).static_order():
        left[node] = min((left[each] for each in waiting[node]), default=0) - 1
    return left
