"""What every source's SQL draws with: random values, weighted choices and instants of a history."""

from warehouse.sample.drawing.filler import Filler

__all__ = ["Filler"]
