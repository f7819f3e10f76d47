"""The catalogue: frozen values that say what each mart offers.

A fake catalogue for a test is a few constructor calls; dbt's file formats never reach past
``catalogue.load``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


def camel_case(name: str) -> str:
    """A column's name as callers write it: ``requested_at`` is ``requestedAt``."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


class ValueType(StrEnum):
    """Type of a column or metric, in the words of the dbt contracts."""

    STRING = "string"
    BIGINT = "bigint"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    JSON = "json"


class Grain(StrEnum):
    """Length of a period of a time dimension, finest first."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def can_be_cut_into(self, coarser: "Grain") -> bool:
        """Whether periods of this grain add up exactly to periods of ``coarser``."""
        if self is Grain.WEEK:
            return coarser is Grain.WEEK
        order = list(Grain)
        return order.index(self) <= order.index(coarser)


class TimePart(StrEnum):
    """What recurs in a time dimension, and can be grouped by without a column of its own."""

    HOUR_OF_DAY = "hour_of_day"
    DAY_OF_WEEK = "day_of_week"
    UTC_SECOND_OF_DAY = "utc_second_of_day"

    def is_fixed_in(self, grain: Grain) -> bool:
        """Whether every moment of a period of ``grain`` has the same."""
        match self:
            case TimePart.HOUR_OF_DAY:
                return grain is Grain.HOUR
            case TimePart.DAY_OF_WEEK:
                return grain in (Grain.HOUR, Grain.DAY)
            case TimePart.UTC_SECOND_OF_DAY:
                return False


class Aggregation(StrEnum):
    """How the rows of a group become one value."""

    SUM = "sum"
    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    AVERAGE = "average"
    MIN = "min"
    MAX = "max"
    SUM_BOOLEAN = "sum_boolean"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column to group and filter by.

    ``values`` lists a closed set; ``reference`` names the mart that holds the values known in
    advance of an open one; ``grain`` is set on a time dimension whose rows are whole periods;
    ``sorts_as_number`` says that its texts are numbers, so that 9 comes before 10; ``part`` says
    that it is no column, but that part of the time dimension.
    """

    name: str
    type: ValueType
    description: str
    is_nullable: bool = True
    values: tuple[str, ...] | None = None
    reference: str | None = None
    is_time: bool = False
    grain: Grain | None = None
    sorts_as_number: bool = False
    deprecated: str | None = None
    part: TimePart | None = None

    @property
    def is_comparable(self) -> bool:
        """Whether values can be told apart and put in order: to filter, group and sort by."""
        return self.type is not ValueType.JSON


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregation of an expression over a mart's columns.

    ``expression`` is SQL written in the project's own YAML: a column name, a literal, or a
    ``case``. It never holds anything a caller sent. ``share`` is which percentile, from 0 to 1, and
    ``of_whole_numbers`` whether those are its values; ``is_estimated`` where it is computed from
    buckets of values.
    """

    name: str
    aggregation: Aggregation
    expression: str
    type: ValueType
    share: Decimal | None = None
    of_whole_numbers: bool = False
    is_estimated: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """Quotient of two formulas: sum over sum, 0 where the denominator is 0."""

    numerator: "Formula"
    denominator: "Formula"


@dataclass(frozen=True, slots=True)
class Derived:
    """An arithmetic expression over other formulas, by the names used in ``expression``."""

    expression: str
    inputs: Mapping[str, "Formula"]


Formula = Measure | Ratio | Derived


@dataclass(frozen=True, slots=True)
class Metric:
    """A number a caller may ask for, as dbt defines it."""

    name: str
    type: ValueType
    description: str
    formula: Formula
    deprecated: str | None = None


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a mart says whose rows count how many values of another mart lie in each bucket.

    ``of`` is that mart; the others are columns: which of its columns a row is about, the bucket,
    how many values lie there, and the least and greatest of them.
    """

    of: str
    quantity: str
    bucket: str
    count: str
    least: str
    greatest: str


@dataclass(frozen=True, slots=True)
class Mart:
    """One published table, as the API offers it.

    ``measures`` are what ``metrics`` are made of, and more that no metric shows. ``key`` are the
    columns that identify a row. ``default_window_months`` is how far back a
    question reaches that gives no lower bound for the time dimension; None: everything.
    """

    name: str
    schema: str
    description: str
    dimensions: Mapping[str, Dimension]
    metrics: Mapping[str, Metric]
    key: tuple[str, ...]
    time_dimension: str | None = None
    default_window_months: int | None = None
    rollup_of: tuple[str, ...] = field(default=())
    measures: Mapping[str, Measure] = field(default_factory=dict)
    sketch: Sketch | None = None

    @property
    def public_name(self) -> str:
        """The mart's name without its prefix: ``fct_monthly_usage`` is ``monthly_usage``."""
        return self.name.split("_", 1)[1]

    @property
    def label(self) -> str:
        """The name as callers write it: ``monthlyUsage``."""
        return camel_case(self.public_name)

    @property
    def is_tenant_scoped(self) -> bool:
        """Whether rows belong to a tenant."""
        return "organization_id" in self.dimensions

    @property
    def time(self) -> Dimension | None:
        """The dimension that windows, grains, charts and gap filling are about."""
        return self.dimensions[self.time_dimension] if self.time_dimension else None

    @property
    def has_instants(self) -> bool:
        """Whether the time is an instant, so that periods of any zone can be asked for."""
        return self.time is not None and self.time.type is ValueType.TIMESTAMP

    @property
    def bases(self) -> frozenset[str]:
        """The marts whose rows are counted here: its own, or those it is a roll-up of."""
        return frozenset(self.rollup_of or (self.name,))

    @property
    def has_percentiles(self) -> bool:
        """Whether some measure is a percentile."""
        return any(m.aggregation is Aggregation.PERCENTILE for m in self.measures.values())

    @property
    def row_count(self) -> str | None:
        """The measure that counts the mart's rows, if one does: a sum of ones."""
        return next(
            (
                each.name
                for each in self.measures.values()
                if each.aggregation is Aggregation.SUM and each.expression == "1"
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All marts the API serves, and where its own tables are."""

    marts: Mapping[str, Mart]
    serving_schema: str
    access_schema: str
    api_role: str

    def coarsest_with(self, column: str, like: Mart) -> Mart:
        """The smallest mart with ``column`` that holds all of ``like``: roll-ups before the base.

        A roll-up of fewer marts than ``like`` would not know what only the others hold.
        """
        holders = [mart for mart in self.rollups_of(like) if column in mart.dimensions]
        return holders[0] if holders else like

    def rollups_of(self, like: Mart) -> list[Mart]:
        """Marts that add up all rows that ``like`` counts, maybe more, the smallest first."""
        rollups = [mart for mart in self.marts.values() if like.bases <= set(mart.rollup_of)]
        return sorted(rollups, key=_size)


def _size(mart: Mart) -> tuple[int, int]:
    """Orders roll-ups by how few rows they have: the longer the periods, the fewer."""
    grain = mart.time.grain if mart.time else None
    return -list(Grain).index(grain) if grain else 0, len(mart.dimensions)
