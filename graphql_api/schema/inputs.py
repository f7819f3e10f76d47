"""Inputs, enums and outputs that are the same for every mart, written by hand."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import strawberry
from strawberry import UNSET

from graphql_api.catalogue.model import Grain
from graphql_api.query.request import Comparison, Fill, PercentileMethod
from graphql_api.schema.scalars import BigInt, Duration, Period

TimeGrain = strawberry.enum(
    Grain, name="TimeGrain", description="Length of a period. Weeks start on Monday."
)
FillMode = strawberry.enum(
    Fill, name="Fill", description="What a period without rows shows for its measures."
)
PercentileMethodType = strawberry.enum(
    PercentileMethod, name="PercentileMethod", description="How percentiles are computed."
)
ComparedWindow = strawberry.enum(
    Comparison,
    name="Comparison",
    description="Which earlier window measures are compared with. PREVIOUS_PERIOD: the one of the "
    "same length just before, by whole months where the window is whole calendar months. The "
    "others: the same time a year, month, week or day before; a day of the month is cut to the "
    "earlier month's length.",
)


@strawberry.enum(description="Order of values; nulls come last either way.")
class SortDirection(Enum):
    """Sort direction."""

    ASC = "asc"
    DESC = "desc"


def _op(description: str, name: str | None = None) -> Any:  # what a dataclass field is to mypy
    return strawberry.field(default=UNSET, description=description, name=name)


_NE = "Differs; null differs from every value."
_NOT_IN = "Is none of these; null is none of them."
_BETWEEN = "Lies between both ends, ends included."


@strawberry.input(description="A trailing window that ends at `asOf`.")
class Last:
    """The last n units."""

    n: int = strawberry.field(description="How many, at least 1.")
    unit: TimeGrain = strawberry.field(description="Length of each.")  # type: ignore[valid-type]


@strawberry.input(description="A window from the start of a period to `asOf`.")
class Since:
    """Since the start of a period."""

    unit: TimeGrain = strawberry.field(  # type: ignore[valid-type]
        description="Length of the period, in the calendar of `timezone`: DAY is since midnight."
    )
    ago: int = strawberry.field(
        default=0, description="How many periods before the one that holds `asOf` it starts."
    )


@strawberry.input(description="Conditions on a text. Several in one object must all hold.")
class StringFilter:
    """Text conditions."""

    eq: str | None = _op("Equals, in exact letter case.")
    is_: strawberry.ID | None = _op("Equals; of an id that is a number, the number will do.", "is")
    ne: str | None = _op(_NE)
    in_: list[str] | None = _op("Is one of these.", "in")
    not_in: list[str] | None = _op(_NOT_IN)
    is_null: bool | None = _op("Has no value (true) or has one (false).")
    gt: str | None = _op("Sorts after, by Unicode code point.")
    gte: str | None = _op("Sorts after or equals.")
    lt: str | None = _op("Sorts before.")
    lte: str | None = _op("Sorts before or equals.")
    contains: str | None = _op("Contains this text literally, in exact letter case.")
    contains_insensitive: str | None = _op("Contains this text literally, in any letter case.")
    starts_with: str | None = _op("Starts with this text literally.")
    ends_with: str | None = _op("Ends with this text literally.")


@strawberry.input(description="Conditions on a truth value.")
class BooleanFilter:
    """Boolean conditions."""

    eq: bool | None = _op("Equals.")
    ne: bool | None = _op(_NE)
    is_null: bool | None = _op("Has no value (true) or has one (false).")


@strawberry.input(description="Both ends included.")
class BigIntRange:
    """A closed range of whole numbers."""

    start: BigInt
    end: BigInt


@strawberry.input(description="Conditions on a whole number.")
class BigIntFilter:
    """Whole-number conditions."""

    eq: BigInt | None = _op("Equals.")
    ne: BigInt | None = _op(_NE)
    in_: list[BigInt] | None = _op("Is one of these.", "in")
    not_in: list[BigInt] | None = _op(_NOT_IN)
    is_null: bool | None = _op("Has no value (true) or has one (false).")
    gt: BigInt | None = _op("Greater.")
    gte: BigInt | None = _op("Greater or equal.")
    lt: BigInt | None = _op("Less.")
    lte: BigInt | None = _op("Less or equal.")
    between: BigIntRange | None = _op(_BETWEEN)


@strawberry.input(description="Both ends included.")
class DecimalRange:
    """A closed range of decimal numbers."""

    start: Decimal
    end: Decimal


@strawberry.input(description="Conditions on a decimal number, compared exactly.")
class DecimalFilter:
    """Decimal conditions."""

    eq: Decimal | None = _op("Equals.")
    ne: Decimal | None = _op(_NE)
    in_: list[Decimal] | None = _op("Is one of these.", "in")
    not_in: list[Decimal] | None = _op(_NOT_IN)
    is_null: bool | None = _op("Has no value (true) or has one (false).")
    gt: Decimal | None = _op("Greater.")
    gte: Decimal | None = _op("Greater or equal.")
    lt: Decimal | None = _op("Less.")
    lte: Decimal | None = _op("Less or equal.")
    between: DecimalRange | None = _op(_BETWEEN)


@strawberry.input(description="Both ends included.")
class DateRange:
    """A closed range of dates."""

    start: date
    end: date


@strawberry.input(
    description="Conditions on a date. Where rows are whole periods (months), any date means the "
    "period it lies in."
)
class DateFilter:
    """Date conditions."""

    eq: date | None = _op("Equals.")
    ne: date | None = _op(_NE)
    in_: list[date] | None = _op("Is one of these.", "in")
    not_in: list[date] | None = _op(_NOT_IN)
    is_null: bool | None = _op("Has no value (true) or has one (false).")
    gt: date | None = _op("Later.")
    gte: date | None = _op("Later or equal.")
    lt: date | None = _op("Earlier.")
    lte: date | None = _op("Earlier or equal.")
    between: DateRange | None = _op(_BETWEEN)
    last: Last | None = _op("The last n periods, the one that holds `asOf` included.")
    trailing: Duration | None = _op("So many whole days, the one of `asOf` the last.")


@strawberry.input(description="Both ends included.")
class DateTimeRange:
    """A closed range of instants."""

    start: datetime
    end: datetime


@strawberry.input(description="Conditions on an instant.")
class DateTimeFilter:
    """Instant conditions."""

    eq: datetime | None = _op("Equals.")
    ne: datetime | None = _op(_NE)
    in_: list[datetime] | None = _op("Is one of these.", "in")
    not_in: list[datetime] | None = _op(_NOT_IN)
    is_null: bool | None = _op("Has no value (true) or has one (false).")
    gt: datetime | None = _op("Later.")
    gte: datetime | None = _op("Later or equal.")
    lt: datetime | None = _op("Earlier.")
    lte: datetime | None = _op("Earlier or equal.")
    between: DateTimeRange | None = _op(_BETWEEN)
    last: Last | None = _op("From n units before `asOf` to `asOf`, both instants included.")
    trailing: Duration | None = _op("From so long before `asOf` to `asOf`, both instants included.")
    period: Period | None = _op("As `trailing`, of one of the lengths that dashboards show.")
    since_start_of: Since | None = _op("From the start of a period to `asOf`, both included.")


_WINDOW = "The time that an answer is about, after relative filters and defaults; ends included."
_START = "First moment; null where the window has no start."
_END = "Last moment; null where the window has no end."


@strawberry.type(description=_WINDOW)
class DateWindow:
    """A window of dates."""

    start: date | None = strawberry.field(description=_START)
    end: date | None = strawberry.field(description=_END)


@strawberry.type(description=_WINDOW)
class DateTimeWindow:
    """A window of instants."""

    start: datetime | None = strawberry.field(description=_START)
    end: datetime | None = strawberry.field(description=_END)


@strawberry.type(description="Where this page lies in the whole answer.")
class PageInfo:
    """Paging."""

    has_next_page: bool = strawberry.field(description="Whether rows follow this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether `after` or an `offset` was given."
    )
    end_cursor: str | None = strawberry.field(
        description="Pass it as `after` for the next page; null on an empty page."
    )


@strawberry.type(description="How new a source system's rows are.")
class SourceFreshness:
    """Newest source row."""

    source_system: str = strawberry.field(description="Name of the source system.")
    newest_row_at: datetime | None = strawberry.field(
        description="When the newest row that the caller may see was written or updated, of those "
        "up to `dataAsOf`: what claims to be from later does not tell that the source is alive."
    )
    rows_after_clock: BigInt | None = strawberry.field(
        description="Requests that the caller may see whose time lies after `dataAsOf`; null where "
        "the build did not count them."
    )
    rejected_rows: BigInt | None = strawberry.field(
        description="Raw rows that the caller may see and that are in no mart (`rejectedRows` "
        "lists them); null where the build did not count them."
    )
    archived_before: date | None = strawberry.field(
        description="Rows of earlier days that the source system no longer holds are archived: "
        "they stay, and count. Null where it lost none by age."
    )


@strawberry.type(description="How old this answer is.")
class Freshness:
    """Freshness."""

    build_id: str = strawberry.field(description="The published build that answered.")
    published_at: datetime = strawberry.field(description="When readers got this build.")
    data_as_of: datetime = strawberry.field(description="When the build began to read the sources.")
    sources: list[SourceFreshness] = strawberry.field(description="One entry per source system.")
    last_period_complete: bool | None = strawberry.field(
        description="Whether the newest period of this answer had ended at `dataAsOf`; null "
        "without rows or without a time dimension."
    )
