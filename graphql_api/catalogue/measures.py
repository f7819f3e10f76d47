"""Which measures a mart holds: computed from a base mart's columns, or stored by a roll-up."""

import re
from collections.abc import Mapping
from decimal import Decimal

from graphql_api.catalogue.artifacts import (
    AggregationParams,
    Column,
    Node,
    SemanticMeasure,
    SemanticModel,
)
from graphql_api.catalogue.model import Aggregation, Measure, ValueType
from graphql_api.errors import CatalogueError

_TYPES = {
    "string": ValueType.STRING,
    "text": ValueType.STRING,
    "bigint": ValueType.BIGINT,
    "integer": ValueType.BIGINT,
    "int": ValueType.BIGINT,
    "decimal": ValueType.DECIMAL,
    "numeric": ValueType.DECIMAL,
    "double precision": ValueType.FLOAT,
    "boolean": ValueType.BOOLEAN,
    "date": ValueType.DATE,
    "timestamptz": ValueType.TIMESTAMP,
    "timestamp": ValueType.TIMESTAMP,  # as Spark calls it
}

# How a stored aggregate is aggregated again. Distinct counts and averages cannot be.
_REAGGREGATION = {
    "sum": Aggregation.SUM,
    "count": Aggregation.SUM,
    "sum_boolean": Aggregation.SUM,
    "min": Aggregation.MIN,
    "max": Aggregation.MAX,
}

_WHOLE_UNITS = ("count", "tokens", "ms")


def value_type(node: Node, column: Column) -> ValueType:
    """The type a contract column is served as.

    Raises:
        CatalogueError: it cannot be served.
    """
    name = (column.data_type or "").split("(")[0].strip().lower()
    if name not in _TYPES:
        raise CatalogueError(
            f"{node.name}.{column.name}: data_type {column.data_type!r} cannot be served; "
            f"known are {', '.join(_TYPES)}"
        )
    return _as_formatted(node, column, _TYPES[name])


def _as_formatted(node: Node, column: Column, kind: ValueType) -> ValueType:
    """The type of what a text holds, where the column says so."""
    given = column.config.meta.get("format")
    if given is None:
        return kind
    if given != "json" or kind is not ValueType.STRING:
        raise CatalogueError(
            f"{node.name}.{column.name}: config.meta.format is {given!r} of a {kind.value}; known "
            "is json of a string"
        )
    return ValueType.JSON


def rollup_measures(node: Node, declared: Mapping[str, SemanticMeasure]) -> dict[str, Measure]:
    """Measures that a roll-up's columns say they hold."""
    found = {}
    for column in node.columns.values():
        name = column.config.meta.get("measure")
        if name is None:
            continue
        if str(name) not in declared:
            raise CatalogueError(f"{node.name}.{column.name}: no measure is called {name!r}")
        aggregation = _REAGGREGATION.get(declared[str(name)].agg)
        if aggregation is None:
            raise CatalogueError(
                f"{node.name}.{column.name}: {declared[str(name)].agg} values of {name!r} "
                "do not add up, so a roll-up cannot hold them"
            )
        found[str(name)] = Measure(str(name), aggregation, column.name, value_type(node, column))
    return found


def base_measures(node: Node, model: SemanticModel | None) -> dict[str, Measure]:
    """Measures that a mart's own semantic model declares."""
    return {m.name: _base_measure(node, m) for m in (model.measures if model else [])}


def _base_measure(node: Node, measure: SemanticMeasure) -> Measure:
    try:
        aggregation = Aggregation(measure.agg)
    except ValueError:
        raise CatalogueError(
            f"{node.name}: measure {measure.name!r} has aggregation {measure.agg!r}, which is "
            f"not served; known are {', '.join(Aggregation)}"
        ) from None
    expression = measure.expr or measure.name
    match aggregation:
        case Aggregation.COUNT | Aggregation.COUNT_DISTINCT | Aggregation.SUM_BOOLEAN:
            _expression_type(node, measure, expression, ValueType.BIGINT)
            kind = ValueType.BIGINT
        case Aggregation.AVERAGE:
            of = _expression_type(node, measure, expression, ValueType.FLOAT)
            kind = ValueType.DECIMAL if of is ValueType.DECIMAL else ValueType.FLOAT
        case Aggregation.SUM | Aggregation.MIN | Aggregation.MAX:
            kind = _expression_type(node, measure, expression, None)
        case Aggregation.PERCENTILE:
            return _percentile(node, measure, expression)
    return Measure(measure.name, aggregation, expression, kind)


def _percentile(node: Node, measure: SemanticMeasure, expression: str) -> Measure:
    """The continuous percentile (SEMANTICS C13); no other is served."""
    about = f"{node.name}: measure {measure.name!r}"
    params = measure.agg_params or AggregationParams()
    if params.use_discrete_percentile or params.use_approximate_percentile:
        raise CatalogueError(
            f"{about} is a discrete or approximate percentile; only continuous ones are served: "
            "drop use_discrete_percentile and use_approximate_percentile"
        )
    if params.percentile is None or not 0 <= params.percentile <= 1:
        raise CatalogueError(
            f"{about} needs agg_params.percentile from 0 to 1, not {params.percentile!r}"
        )
    of = _expression_type(node, measure, expression, None)
    return Measure(
        measure.name,
        Aggregation.PERCENTILE,
        expression,
        ValueType.FLOAT,
        share=Decimal(str(params.percentile)),
        of_whole_numbers=of is ValueType.BIGINT,
    )


def _expression_type(
    node: Node, measure: SemanticMeasure, expression: str, otherwise: ValueType | None
) -> ValueType:
    """Type of a column, or of SQL by the unit it declares: money must not be cut to whole numbers.

    ``otherwise`` is what SQL without a telling unit is; None: it must have one.
    """
    column = node.columns.get(expression)
    if column is not None:
        return value_type(node, column)
    if re.fullmatch(r"[a-z_]\w*", expression):
        raise CatalogueError(
            f"{node.name}: measure {measure.name!r} reads no column {expression!r}"
        )
    unit = str(measure.config.meta.get("unit", ""))
    if unit.startswith("usd"):
        return ValueType.DECIMAL
    if unit in _WHOLE_UNITS or re.fullmatch(r"\d+", expression):
        return ValueType.BIGINT
    if otherwise is None:
        raise CatalogueError(
            f"{node.name}: measure {measure.name!r} is an expression, so config.meta.unit must say "
            f"what it is: usd…, {', '.join(_WHOLE_UNITS)}"
        )
    return otherwise
