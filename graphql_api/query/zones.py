"""Where UTC hours add up to the periods of a zone."""

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from graphql_api.catalogue.model import Grain
from graphql_api.query.local_time import from_local, to_local
from graphql_api.query.periods import at_midnight, period_start, rounded_up, shift, start_of

# Nobody asked a model before: what has such a time is for the asked mart.
FIRST = datetime(2012, 1, 1)  # noqa: DTZ001 - UTC by convention
# After the last year that tables list, each zone repeats one year's rule for ever.
_LAST = datetime(2100, 1, 1)  # noqa: DTZ001 - UTC by convention

# No offset has been in force for less than this (a test looks closer).
_STEP = timedelta(days=7)
_YEAR = timedelta(days=370)
_HOUR = timedelta(hours=1)

# Of so many years the ends of days are sent to the database.
_MOST_YEARS = 50
_MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``since`` until just before ``until`` (None: for ever) UTC hours add up.

    But for those that are ``torn``: in the midst of them a period ends and another begins.
    """

    since: datetime
    until: datetime | None = None
    torn: tuple[datetime, ...] = ()


def hours_of(
    zone: str, periods: Collection[Grain], start: datetime | None, end: datetime
) -> Hours | None:
    """The hours that add up to a zone's periods, in a window; None where none do.

    Where every hour does, they do beyond the window too.

    Raises:
        OverflowError: the window lies at the ends of the calendar.
    """
    since = _whole_hours_since(zone)
    if since is not None:
        return Hours(since)
    if Grain.HOUR in periods:
        return None  # its own hours begin in the midst of UTC's
    since = start_of(max(start or FIRST, FIRST), Grain.HOUR)
    until = min(rounded_up(end, Grain.HOUR), shift(since, Grain.YEAR, _MOST_YEARS))
    if since >= until:
        return None
    years = range(since.year - 1, until.year + 2)
    torn = {hour for year in years for grain in periods for hour in _torn_in(zone, grain, year)}
    return Hours(since, until, tuple(sorted(hour for hour in torn if since <= hour < until)))


@cache
def _whole_hours_since(zone: str) -> datetime | None:
    """From when on a zone's clock shows whole hours with UTC's; None: not even nowadays."""
    moment = _LAST
    while moment > FIRST:
        before = max(moment - _STEP, FIRST)
        if _offset(before, zone) % _HOUR or _is_changed_within_hours(before, moment, zone):
            # In force again every year, if only in winter?
            return moment if moment < _LAST - _YEAR else None
        moment = before
    return FIRST


def _offset(moment: datetime, zone: str) -> timedelta:
    return to_local(moment, zone) - moment


def _is_changed_within_hours(start: datetime, end: datetime, zone: str) -> bool:
    """Whether the clock is changed in between, at another time than one of UTC's full hours."""
    offset = _offset(start, zone)
    if _offset(end, zone) == offset:
        return False
    hours = range((end - start) // _HOUR)
    first_after = bisect_left(hours, True, key=lambda n: _offset(start + n * _HOUR, zone) != offset)
    return _offset(start + first_after * _HOUR - timedelta(microseconds=1), zone) != offset


@lru_cache(_MOST_KEPT)
def _torn_in(zone: str, grain: Grain, year: int) -> tuple[datetime, ...]:
    """The hours in the midst of which a zone's periods begin that do so in a year of its own."""
    new_year = date(year, 1, 1)
    midnight = at_midnight(period_start(new_year, grain))
    end = shift(at_midnight(new_year), Grain.YEAR, 1)
    torn = []
    while midnight < end:
        start = from_local(midnight, zone)
        if start != start_of(start, Grain.HOUR):
            torn.append(start_of(start, Grain.HOUR))
        midnight = shift(midnight, grain, 1)
    return tuple(torn)
