"""`usage-warehouse reprice`: correct what Kaapi's price list said, in a named range of time."""

from warehouse.repricing.cli import reprice_group

__all__ = ["reprice_group"]
