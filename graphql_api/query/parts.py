"""How a measure is put together again from tables that each hold a part of the rows."""

import re
from dataclasses import replace

from graphql_api.catalogue.model import (
    Aggregation,
    Derived,
    Formula,
    Mart,
    Measure,
    Metric,
    Ratio,
)
from graphql_api.query.expressions import row_text

# A sum of ones, of truths, or of numbers: whoever has parts adds them up.
_ADDED_UP = frozenset({Aggregation.SUM, Aggregation.COUNT, Aggregation.SUM_BOOLEAN})

# Of these the distinct values themselves are enough, however often they stand there.
_OF_VALUES = frozenset({Aggregation.COUNT_DISTINCT, Aggregation.MIN, Aggregation.MAX})

# Words of an expression that name no column. Any other that is no column keeps a measure from being
# answered by a roll-up, which costs time and nothing else.
_SQL_WORDS = frozenset({"and", "case", "coalesce", "else", "end", "in", "is"}) | {
    *("lower", "not", "null", "nullif", "or", "then", "trim", "upper", "when"),
}


def part_name(measure: Measure) -> str:
    """The column that holds a measure's part of each row."""
    return f"{measure.name}_part"


def own_part(measure: Measure) -> str:
    """What one row of the measure's own mart contributes, as SQL."""
    return measure.expression if measure.aggregation in _OF_VALUES else row_text(measure)


def rolled_up_part(mart: Mart, measure: Measure) -> str | None:
    """What one row of a roll-up contributes; None where it does not know."""
    stored = mart.measures.get(measure.name)
    if stored is not None and measure.aggregation in (_ADDED_UP | {stored.aggregation}):
        return stored.expression
    is_known = measure.aggregation in _OF_VALUES and _is_of_dimensions(measure.expression, mart)
    return measure.expression if is_known else None


def _is_of_dimensions(expression: str, mart: Mart) -> bool:
    """Whether all that an expression reads are dimensions, by which the mart tells rows apart.

    The time is none of them: a roll-up cuts it to periods.
    """
    words = set(re.findall(r"[a-z_]\w*", re.sub(r"'[^']*'", "''", expression.lower())))
    columns = words - _SQL_WORDS
    return bool(columns) and columns <= mart.dimensions.keys() - {mart.time_dimension}


def from_parts(metric: Metric) -> Metric:
    """The same metric over the parts of its measures."""
    return replace(metric, formula=_over_parts(metric.formula))


def _over_parts(formula: Formula) -> Formula:
    match formula:
        case Measure():
            if formula.aggregation is Aggregation.PERCENTILE:
                return replace(formula, is_estimated=True)
            is_added_up = formula.aggregation in _ADDED_UP
            return replace(
                formula,
                aggregation=Aggregation.SUM if is_added_up else formula.aggregation,
                expression=part_name(formula),
            )
        case Ratio(numerator, denominator):
            return Ratio(_over_parts(numerator), _over_parts(denominator))
        case Derived(expression, inputs):
            parts = {name: _over_parts(each) for name, each in inputs.items()}
            return Derived(expression, parts)
