"""Where the rows of a question are read: the seam between what is asked and which table answers.

Whoever aggregates (groups, charts, totals, freshness) reads a ``Source`` and nothing else of the
warehouse, so that the same question may be answered from the mart it names, or from any table
that holds the same rows already added up.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from graphql_api.catalogue.model import Mart
from graphql_api.query.expressions import table_of
from graphql_api.query.request import Predicate, QueryRequest
from graphql_api.query.scope import scope_condition


@dataclass(frozen=True, slots=True)
class Source:
    """A FROM clause and what to compute over it.

    ``table`` has every dimension the question names, under the name the asked mart gives it.
    ``mart`` is the asked mart with its metrics as formulas over the columns of ``table``.
    ``scope`` are the conditions on who may see what that the table does not meet by itself, and
    ``where`` is what of the filter is left to apply.
    """

    mart: Mart
    table: sa.FromClause
    scope: sa.ColumnElement[bool]
    where: Predicate | None


# Finds the source of a question whose window is resolved (see ``window.in_whole_periods``).
Locate = Callable[[QueryRequest], Source]


def asked_mart(request: QueryRequest) -> Source:
    """The published table of the mart that the question names."""
    table = table_of(request.mart)
    return Source(request.mart, table, scope_condition(request, table), request.where)
