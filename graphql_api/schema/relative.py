"""Windows that end at `asOf`, as conditions on a date or an instant (SEMANTICS C2, C3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from graphql_api.catalogue.model import Dimension, Grain, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.local_time import from_local, hour_start, to_local
from graphql_api.query.periods import at_midnight, period_start, shift
from graphql_api.query.request import Condition, Operator, Predicate
from graphql_api.schema.inputs import Last, Since
from graphql_api.schema.scalars import Duration, duration_text

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Now:
    """What relative windows end at: an instant (UTC without zone), and whose calendar counts."""

    as_of: datetime
    timezone: str | None = None


def relative_window(column: Dimension, given: object, now: Now, argument: str) -> list[Predicate]:
    """The conditions of a relative window on a column.

    Raises:
        InvalidQueryError: the window is none that the column can have.
    """
    try:
        match given:
            case Last():
                start, end = _last(column, given, now, argument)
            case Since():
                start, end = _since(given, now, argument), now.as_of
            case timedelta():
                start, end = _trailing(column, Duration(given), now, argument)
            case _:
                raise TypeError(f"{argument}: {given!r} is no window")
    except OverflowError:
        raise InvalidQueryError(
            f"{argument} reaches back beyond the year 1", argument=argument.rpartition(".")[0]
        ) from None
    return [
        Condition(column.name, Operator.GTE, (start,)),
        Condition(column.name, Operator.LTE, (end,)),
    ]


def _last(column: Dimension, last: Last, now: Now, argument: str) -> tuple[date, date]:
    if last.n < 1:
        raise _invalid(argument, f"{argument}.n is {last.n}, at least 1")
    unit: Grain = last.unit
    if column.type is ValueType.TIMESTAMP:
        return shift(now.as_of, unit, -last.n), now.as_of
    if unit is Grain.HOUR or (column.grain and not column.grain.can_be_cut_into(unit)):
        grain = column.grain or Grain.DAY
        raise _invalid(
            argument, f"{argument}.unit: {unit.name} is no whole number of {grain.name} periods"
        )
    first = shift(at_midnight(period_start(now.as_of.date(), unit)), unit, 1 - last.n)
    return first.date(), now.as_of.date()


def _since(since: Since, now: Now, argument: str) -> datetime:
    """Start of the period of the zone's calendar that lies so many periods before `asOf`'s."""
    if since.ago < 0:
        raise _invalid(argument, f"{argument}.ago is {since.ago}, at least 0")
    unit: Grain = since.unit
    if unit is Grain.HOUR:
        # Hours are counted as they go by: the zone's clock shows some of them twice.
        return hour_start(shift(now.as_of, unit, -since.ago), now.timezone)
    today = to_local(now.as_of, now.timezone).date()
    start = shift(at_midnight(period_start(today, unit)), unit, -since.ago)
    return from_local(start, now.timezone)


def _trailing(column: Dimension, length: Duration, now: Now, argument: str) -> tuple[date, date]:
    if column.type is ValueType.TIMESTAMP:
        return now.as_of - length, now.as_of
    days, rest = divmod(length, _DAY)
    if rest or column.grain not in (None, Grain.DAY):
        grain = (column.grain or Grain.DAY).name
        raise _invalid(
            argument,
            f"{argument}: {duration_text(length)} is no whole number of {grain} periods; use last",
        )
    return now.as_of.date() - timedelta(days=days - 1), now.as_of.date()


def _invalid(argument: str, message: str) -> InvalidQueryError:
    return InvalidQueryError(message, argument=argument.rpartition(".")[0])
