"""`usage-warehouse prices`: the price book, taken from the list of the package genai-prices."""

from warehouse.prices.cli import prices_group

__all__ = ["prices_group"]
