"""Calendar arithmetic on periods: truncating, stepping, and the months of a window."""

from datetime import date, datetime, timedelta

from graphql_api.catalogue.model import Grain


def month_start(day: date, months: int = 0) -> date:
    """First day of ``day``'s month, shifted by whole months.

    Clamped to the calendar's ends (years 1 and 9999) rather than failing on an extreme date.
    """
    index = day.year * 12 + day.month - 1 + months
    index = min(max(index, 12), 9999 * 12 + 11)
    return date(index // 12, index % 12 + 1, 1)


def period_start(day: date, grain: Grain) -> date:
    """First day of the period of ``grain`` that holds ``day``; weeks start on Monday (ISO)."""
    match grain:
        case Grain.WEEK:
            return day - timedelta(days=day.weekday())
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case Grain.YEAR:
            return day.replace(month=1, day=1)
        case Grain.DAY | Grain.HOUR:
            return day


def at_midnight(day: date) -> datetime:
    """The instant at which a day starts."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - UTC by convention


def start_of(moment: datetime, grain: Grain) -> datetime:
    """The instant at which the period of ``grain`` starts that holds ``moment``."""
    if grain is Grain.HOUR:
        return moment.replace(minute=0, second=0, microsecond=0)
    return at_midnight(period_start(moment.date(), grain))


def rounded_up(moment: datetime, grain: Grain) -> datetime:
    """The first start of a period of ``grain`` at ``moment`` or later.

    Raises:
        OverflowError: it lies after the year 9999.
    """
    start = start_of(moment, grain)
    return start if start == moment else shift(start, grain, 1)


def shift(moment: datetime, grain: Grain, count: int) -> datetime:
    """``moment`` moved by whole periods; months keep the day, cut to the month's length.

    Raises:
        OverflowError: the result lies outside the years 1 to 9999.
    """
    match grain:
        case Grain.HOUR:
            return moment + timedelta(hours=count)
        case Grain.DAY:
            return moment + timedelta(days=count)
        case Grain.WEEK:
            return moment + timedelta(weeks=count)
        case Grain.MONTH | Grain.QUARTER | Grain.YEAR:
            months = count * {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}[grain]
            index = moment.year * 12 + moment.month - 1 + months
            if not 12 <= index <= 9999 * 12 + 11:
                raise OverflowError("date value out of range")
            year, month = divmod(index, 12)
            following = date(year + (month == 11), (month + 1) % 12 + 1, 1) if year < 9999 else None
            days = (following - date(year, month + 1, 1)).days if following else 31
            return moment.replace(year=year, month=month + 1, day=min(moment.day, days))
