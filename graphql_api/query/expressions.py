"""Dimensions and metrics as SQL expressions.

Metric formulas come from the project's own YAML and hold no caller's value, so they are written as
SQL text; whatever a caller sent (a time zone) is bound.
"""

import re
from collections.abc import Callable
from typing import assert_never

import sqlalchemy as sa

from graphql_api.catalogue.model import (
    Aggregation,
    Derived,
    Dimension,
    Formula,
    Grain,
    Mart,
    Measure,
    Metric,
    Ratio,
    ValueType,
)
from graphql_api.query.percentiles import estimate_text, exact_text
from graphql_api.query.sql import Expression, Instant, SqlType

UTC = "UTC"

# The shortest time that Postgres tells apart.
_INSTANT: Expression = sa.literal_column("interval '1 microsecond'")

SQL_TYPES: dict[ValueType, SqlType] = {
    ValueType.STRING: sa.Text(),
    ValueType.BIGINT: sa.BigInteger(),
    ValueType.DECIMAL: sa.Numeric(),
    ValueType.FLOAT: sa.Numeric(),
    ValueType.BOOLEAN: sa.Boolean(),
    ValueType.DATE: sa.Date(),
    ValueType.TIMESTAMP: Instant(),
    ValueType.JSON: sa.Text(),
}


def table_of(mart: Mart) -> sa.TableClause:
    """The published table of a mart, with its dimensions as columns."""
    stored = [each for each in mart.dimensions.values() if each.part is None]
    columns = [sa.column(each.name, SQL_TYPES[each.type]) for each in stored]
    return sa.table(mart.name, *columns, schema=mart.schema)


Leaf = Callable[[Measure], str]


def metric_sql(metric: Metric, *, per_row: bool) -> Expression:
    """A metric over the rows of a group, or of a single row."""
    return metric_over(metric, row_text if per_row else _aggregate_text)


def metric_over(metric: Metric, leaf: Leaf) -> Expression:
    """A metric over whatever ``leaf`` says its measures are."""
    return sa.literal_column(_formula_text(metric.formula, leaf), SQL_TYPES[metric.type])


def over_nothing(measure: Measure) -> str:
    """What a measure is where there are no rows (SEMANTICS C6): extremes are null."""
    is_extreme = measure.aggregation in (Aggregation.MIN, Aggregation.MAX)
    return "null" if is_extreme else "0"


def _formula_text(formula: Formula, leaf: Leaf) -> str:
    match formula:
        case Measure():
            return leaf(formula)
        case Ratio(numerator, denominator):
            top, bottom = (_formula_text(each, leaf) for each in (numerator, denominator))
            return f"coalesce(cast({top} as numeric) / nullif({bottom}, 0), 0)"
        case Derived():
            return _derived_text(formula, leaf)
        case _:
            assert_never(formula)


def _derived_text(formula: Derived, leaf: Leaf) -> str:
    """The expression with each input replaced; a quotient by zero makes it 0 (SEMANTICS C7)."""

    def replace(match: re.Match[str]) -> str:
        slash, name = match.groups()
        if name not in formula.inputs:
            return match[0]
        value = f"cast({_formula_text(formula.inputs[name], leaf)} as numeric)"
        return f"/ nullif({value}, 0)" if slash else value

    return f"coalesce({re.sub(r'(/ *)?([A-Za-z_][A-Za-z0-9_]*)', replace, formula.expression)}, 0)"


def _aggregate_text(measure: Measure) -> str:
    """Sums and averages over nothing are 0, extremes over nothing are null (SEMANTICS C6)."""
    of = measure.expression
    match measure.aggregation:
        case Aggregation.SUM:
            is_whole = measure.type is ValueType.BIGINT
            return (
                f"coalesce(cast(sum({of}) as bigint), 0)" if is_whole else f"coalesce(sum({of}), 0)"
            )
        case Aggregation.SUM_BOOLEAN:
            return f"count(*) filter (where {of})"
        case Aggregation.COUNT:
            return f"count({of})"
        case Aggregation.COUNT_DISTINCT:
            return f"count(distinct {of})"
        case Aggregation.AVERAGE:
            return f"coalesce(avg({of}), 0)"
        case Aggregation.MIN:
            return f"min({of})"
        case Aggregation.MAX:
            return f"max({of})"
        case Aggregation.PERCENTILE:
            return estimate_text(measure) if measure.is_estimated else exact_text(measure)
        case _:
            assert_never(measure.aggregation)


def row_text(measure: Measure) -> str:
    """The measure of one row: its value, or whether it counts; null stays null."""
    of = f"({measure.expression})"
    match measure.aggregation:
        case Aggregation.COUNT | Aggregation.COUNT_DISTINCT:
            return f"(case when {of} is not null then 1 else 0 end)"
        case Aggregation.SUM_BOOLEAN:
            return f"(case when {of} then 1 else 0 end)"
        case _:
            return of


def or_zero(value: Expression, kind: ValueType) -> Expression:
    """0 where there is no value. No date or instant is 0: of those, none stays none."""
    if kind in (ValueType.DATE, ValueType.TIMESTAMP):
        return value
    return sa.func.coalesce(value, 0)


def dimension_sql(
    table: sa.FromClause, dimension: Dimension, grain: Grain | None, timezone: str | None
) -> Expression:
    """A dimension as a group key; the time dimension truncated to its period."""
    column = table.c[dimension.name]
    if not dimension.is_time or grain is None or grain is dimension.grain:
        return column
    return truncate(column, dimension, grain, timezone)


def truncate(
    moment: Expression, dimension: Dimension, grain: Grain, timezone: str | None
) -> Expression:
    """Start of the period that holds ``moment``, as a date, or as an instant.

    Periods are those of the zone: truncated there, returned as the instant at which they start.
    """
    if dimension.type is ValueType.DATE:
        return sa.cast(sa.func.date_trunc(grain.value, moment), sa.Date())
    if timezone is None:
        return sa.func.date_trunc(grain.value, moment, UTC, type_=Instant())
    if grain is Grain.HOUR:
        return _hour_start(moment, timezone)
    return midnight_from_local(local_start(moment, grain, timezone), timezone)


def _hour_start(moment: Expression, timezone: str) -> Expression:
    """The start of a zone's hour: of two hours that its clock shows alike, each has its own.

    So many minutes before as the clock shows; unless it was changed in between by a part of an
    hour: then the hour is longer or shorter, and begins where the clock first shows it.
    """
    begun: Expression = sa.func.date_trunc("hour", moment, timezone, type_=Instant())
    shown = local_start(moment, Grain.HOUR, timezone)
    return sa.case((to_local(begun, timezone) == shown, begun), else_=from_local(shown, timezone))


def step_of(grain: Grain) -> Expression:
    """The length of a period, as the calendar counts it."""
    length = "3 months" if grain is Grain.QUARTER else f"1 {grain.value}"
    return sa.literal_column(f"interval '{length}'")


def to_local(moment: Expression, timezone: str) -> Expression:
    """The zone's own time at an instant, without zone."""
    return sa.func.timezone(timezone, moment, type_=sa.DateTime())


def local_start(moment: Expression, grain: Grain, timezone: str) -> Expression:
    """The zone's own time at which a period starts: midnight, even where its clocks skip it."""
    return sa.func.date_trunc(grain.value, to_local(moment, timezone), type_=sa.DateTime())


def from_local(local: Expression, timezone: str) -> Expression:
    """The instant of a zone's own time; ``query.local_time`` says of which, and in Python."""
    return sa.func.timezone(timezone, local, type_=Instant())


def midnight_from_local(midnight: Expression, timezone: str) -> Expression:
    """The instant at which a day of a zone begins: the first midnight that its clocks show."""
    after_the_day_before = from_local(midnight - _INSTANT, timezone) + _INSTANT
    return sa.func.least(from_local(midnight, timezone), after_the_day_before, type_=Instant())
