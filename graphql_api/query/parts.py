"""How a measure is put together again from tables that each hold a part of the rows."""

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


def part_name(measure: Measure) -> str:
    """The column that holds a measure's part of each row."""
    return f"{measure.name}_part"


def own_part(measure: Measure) -> str:
    """What one row of the measure's own mart contributes, as SQL."""
    return measure.expression if measure.aggregation in _OF_VALUES else row_text(measure)


def rolled_up_part(mart: Mart, measure: Measure) -> str | None:
    """What one row of a roll-up contributes; None where it does not know.

    The time dimension of a roll-up does not count among the values: it is cut to periods.
    """
    stored = mart.measures.get(measure.name)
    if stored is not None and measure.aggregation in (_ADDED_UP | {stored.aggregation}):
        return stored.expression
    is_value = measure.aggregation in _OF_VALUES and measure.expression in mart.dimensions
    return measure.expression if is_value and measure.expression != mart.time_dimension else None


def from_parts(metric: Metric) -> Metric:
    """The same metric over the parts of its measures."""
    return replace(metric, formula=_over_parts(metric.formula))


def _over_parts(formula: Formula) -> Formula:
    match formula:
        case Measure():
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
