"""The question: a frozen value that says what is asked of one mart.

Everything that reaches SQL passes through here, so that whoever asks (GraphQL, an export, a
command) asks the same planner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from graphql_api.catalogue.model import Grain, Mart

Value = str | int | float | bool | Decimal | date | datetime


def is_storable(text: str) -> bool:
    """Whether Postgres can hold a text. JSON can spell two it cannot: NUL and half a surrogate."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class Operator(StrEnum):
    """What a condition compares with."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    IS_NULL = "is_null"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    CONTAINS = "contains"
    CONTAINS_INSENSITIVE = "contains_insensitive"
    CONTAINS_IGNORING_ASCII_CASE = "contains_ignoring_ascii_case"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"


LOWER_BOUNDS = frozenset({Operator.EQ, Operator.IN, Operator.GT, Operator.GTE})
UPPER_BOUNDS = frozenset({Operator.EQ, Operator.IN, Operator.LT, Operator.LTE})


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a dimension or metric; ``values`` has one element but for (not) in."""

    name: str
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of them; with none: true."""

    terms: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them; with none: false."""

    terms: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The complement: true wherever the term is not true, so a filter and its `not` partition."""

    term: "Predicate"


Predicate = Condition | And | Or | Not


def conditions(predicate: Predicate | None) -> Iterator[Condition]:
    """Every condition, wherever it stands."""
    match predicate:
        case Condition():
            yield predicate
        case And(terms) | Or(terms):
            for term in terms:
                yield from conditions(term)
        case Not(term):
            yield from conditions(term)
        case None:
            pass


def conjuncts(predicate: Predicate | None) -> Iterator[Condition]:
    """The conditions that must hold for any row to pass."""
    match predicate:
        case Condition():
            yield predicate
        case And(terms):
            for term in terms:
                yield from conjuncts(term)
        case _:
            pass


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """A dimension or metric to sort by."""

    name: str
    descending: bool = False


class Fill(StrEnum):
    """What a period without rows shows."""

    ZERO = "zero"
    NULL = "null"


class Comparison(StrEnum):
    """Which earlier window a question's measures are compared with."""

    PREVIOUS_PERIOD = "previous_period"
    PREVIOUS_YEAR = "previous_year"
    PREVIOUS_MONTH = "previous_month"
    PREVIOUS_WEEK = "previous_week"
    PREVIOUS_DAY = "previous_day"


@dataclass(frozen=True, slots=True)
class Top:
    """The ``count`` values of a dimension with the highest measure ``by``; ties by value.

    All other values become one group if ``has_other``, else their rows are left out.
    """

    dimension: str
    count: int
    by: str
    has_other: bool = True


class PercentileMethod(StrEnum):
    """How percentiles are computed."""

    EXACT = "exact"
    SKETCH = "sketch"


class Role(StrEnum):
    """What a caller is."""

    ADMIN = "admin"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows the caller may see. A member has a tenant, and maybe a current project."""

    role: Role
    source_system: str | None = None
    organization_id: str | None = None
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """One question to one mart.

    ``group_by`` None asks for the mart's own rows, ``()`` for one grand total. ``dimensions`` and
    ``metrics`` are what ``nodes`` shows; ``total_metrics`` and ``chart_metrics`` likewise for
    totals and charts, ``compared_metrics`` and ``compared_total_metrics`` for comparisons of nodes
    and of totals; None or empty: not asked, so not computed.
    ``as_of`` is UTC without zone and stands for "now" everywhere.
    """

    mart: Mart
    scope: Scope
    as_of: datetime
    group_by: tuple[str, ...] | None = None
    time_grain: Grain | None = None
    timezone: str | None = None
    where: Predicate | None = None
    having: Predicate | None = None
    order_by: tuple[OrderTerm, ...] = ()
    first: int = 100
    offset: int = 0
    after: str | None = None
    top: Top | None = None
    compare_to: tuple[Comparison, ...] = ()
    fill: Fill | None = None
    dimensions: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    with_nodes: bool = False
    with_page_info: bool = False
    with_total_count: bool = False
    total_metrics: tuple[str, ...] | None = None
    compared_metrics: tuple[str, ...] = ()
    compared_total_metrics: tuple[str, ...] = ()
    chart_metrics: tuple[str, ...] = ()
    chart_total_metrics: tuple[str, ...] = ()
    with_freshness: bool = False

    @property
    def shown(self) -> tuple[str, ...]:
        """What each of the nodes shows."""
        return *self.dimensions, *self.metrics
