"""Whether the values that a filter names can exist, of columns that have a reference list."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from graphql_api.catalogue.model import Catalogue, Mart
from graphql_api.query.expressions import table_of
from graphql_api.query.request import Operator, QueryRequest, conditions
from graphql_api.query.scope import tenant_condition
from graphql_api.query.sql import Expression

# Operators whose values must exist, where the column has a reference list.
_NAMING = frozenset({Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN})

# So many values are looked for one by one, each by an index; more are one array, however many.
_FEW = 20


def named_values(request: QueryRequest) -> Mapping[str, set[str]]:
    """Values that the filter names, by the columns that have a reference list."""
    named: dict[str, set[str]] = {}
    for each in conditions(request.where):
        has_reference = request.mart.dimensions[each.name].reference is not None
        if has_reference and each.operator in _NAMING:
            named.setdefault(each.name, set()).update(map(str, each.values))
    return named


def holders(request: QueryRequest, column: str, catalogue: Catalogue) -> list[Mart]:
    """Marts whose values of a column the caller may name, the smallest first.

    Rows without a time are in no roll-up: what it does not know, the mart itself may.
    """
    marts = (catalogue.coarsest_with(column, request.mart), request.mart)
    return list({each.name: each for each in marts}.values())


def are_known(request: QueryRequest, catalogue: Catalogue) -> Expression | None:
    """Whether all named values are known; None where none is named."""
    checks = [
        check
        for column, values in named_values(request).items()
        for check in _checks(request, column, sorted(values), catalogue)
    ]
    return sa.and_(*checks) if checks else None


def _checks(
    request: QueryRequest, column: str, values: list[str], catalogue: Catalogue
) -> Iterator[sa.ColumnElement[bool]]:
    if len(values) <= _FEW:
        for value in values:
            yield sa.or_(*_places(request, column, sa.literal(value), catalogue))
        return
    array = sa.literal(values, sa.ARRAY(sa.String))
    named = sa.func.unnest(array).table_valued(sa.column("value", sa.String), name="named")
    places = _places(request, column, named.c.value, catalogue)
    yield ~sa.exists().where(~sa.or_(*places)).select_from(named)


def _places(
    request: QueryRequest, column: str, value: sa.ColumnElement[str], catalogue: Catalogue
) -> Iterator[sa.ColumnElement[bool]]:
    reference = table_of(catalogue.marts[request.mart.dimensions[column].reference or ""])
    yield sa.exists().where(reference.c[column] == value).select_from(reference)
    for mart in holders(request, column, catalogue):
        held = table_of(mart)
        in_scope = tenant_condition(request.scope, held)
        yield sa.exists().where(in_scope, held.c[column] == value).select_from(held)
