"""How far back a comparison looks: whole months or days of the calendar, or a length of time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from graphql_api.catalogue.model import Dimension, Grain, ValueType
from graphql_api.query import expressions as sql
from graphql_api.query.local_time import from_local, to_local
from graphql_api.query.periods import shift
from graphql_api.query.sql import Expression

_MONTHS_OF = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """One of the three is positive. Months and days are those of the zone's own calendar."""

    months: int = 0
    days: int = 0
    length: timedelta = timedelta()

    def fits(self, grain: Grain | None) -> bool:
        """Whether a period of ``grain`` so long ago is a period too; None: single instants."""
        match grain:
            case None:
                return True
            case Grain.HOUR:
                return not self.length % timedelta(hours=1)
            case Grain.DAY:
                return not self.length
            case Grain.WEEK:
                return self.days > 0 and self.days % 7 == 0
            case Grain.MONTH | Grain.QUARTER | Grain.YEAR:
                return self.months > 0 and self.months % _MONTHS_OF[grain] == 0

    def back(self, moment: date, timezone: str | None) -> date:
        """A moment so long ago; the day of a month is cut to the earlier month's length.

        Raises:
            OverflowError: it lies before the year 1.
        """
        if not isinstance(moment, datetime):
            midnight = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - UTC by convention
            return self._earlier(midnight).date()
        if self.length:
            return moment - self.length
        return from_local(self._earlier(to_local(moment, timezone)), timezone)

    def _earlier(self, moment: datetime) -> datetime:
        if self.months:
            return shift(moment, Grain.MONTH, -self.months)
        return moment - self.days * _DAY - self.length

    def back_sql(
        self, moment: Expression, time: Dimension, grain: Grain | None, timezone: str | None
    ) -> Expression:
        """The start of the period so long before the one that starts at ``moment``."""
        if time.type is ValueType.DATE:
            return sa.cast(moment - self._interval, sa.Date())
        if self.length:
            earlier: Expression = moment - self._interval
        elif timezone is None or grain is None or grain is Grain.HOUR:
            zone = timezone or sql.UTC
            earlier = sql.from_local(sql.to_local(moment, zone) - self._interval, zone)
        else:
            # Midnight, even where clocks skip it; a day that they skip is compared with nothing.
            midnight = sql.local_start(moment, Grain.DAY, timezone) - self._interval
            start = sql.midnight_from_local(midnight, timezone)
            earlier = sa.case((sql.local_start(start, grain, timezone) == midnight, start))
        # Where the zone's clocks jumped in between, the hour begins elsewhere.
        is_hour = grain is Grain.HOUR and timezone is not None
        return sql.truncate(earlier, time, Grain.HOUR, timezone) if is_hour else earlier

    @property
    def _interval(self) -> Expression:
        if self.months:
            text = f"{self.months} months"
        elif self.days:
            text = f"{self.days} days"
        else:
            text = f"{self.length // timedelta(microseconds=1)} microseconds"
        return sa.literal_column(f"interval '{text}'")


def shift_over(start: datetime, end: datetime, timezone: str | None) -> Shift:
    """From the window that ends just before ``end`` to the one of its length before it.

    Whole months of the zone's calendar are shifted by months, whole days by days.
    """
    first, last = to_local(start, timezone), to_local(end, timezone)
    if all(
        each == each.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        for each in (first, last)
    ):
        return Shift(months=12 * (last.year - first.year) + last.month - first.month)
    for length in (last - first, end - start):
        if not length % _DAY:
            return Shift(days=length // _DAY)
    return Shift(length=end - start)
