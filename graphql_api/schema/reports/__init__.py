"""Reports: figures that are no grouping of one mart, each a field written by hand.

A report asks questions of the same query layer as everyone else, and does arithmetic with their
answers: scope, time, cost and every other rule stay where they are. One module per subject; a new
report is a function marked with ``report``, listed in ``REPORTS``.
"""

from graphql_api.schema.reports.costs import cost_projections
from graphql_api.schema.reports.report import Report

REPORTS: tuple[Report, ...] = (cost_projections,)
