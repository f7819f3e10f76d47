"""Sample raw rows: what a source system would have written, invented or from a public trace."""

from warehouse.sample.cli import sample_group
from warehouse.sample.loader import load_sample, replay_traces
from warehouse.sample.schema_load import LoadResult

__all__ = ["LoadResult", "load_sample", "replay_traces", "sample_group"]
