"""Which zones' periods are made of whole UTC hours, so that hours can be added up to them."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

# Before 1970 many zones followed the sun, to the second; after the last year that tables list, each
# repeats one year's rule for ever.
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)

# No offset of whole and half hours has been in force for less than this (a test looks closer).
_STEP = timedelta(days=7)
_YEAR = timedelta(days=370)
_HOUR = timedelta(hours=1)


@cache
def whole_hours_since(zone: str) -> datetime | None:
    """From when on a zone's clock differs from UTC by whole hours; None: not even nowadays."""
    rules = ZoneInfo(zone)
    moment = _LAST
    while moment >= _FIRST:
        if (moment.astimezone(rules).utcoffset() or timedelta()) % _HOUR:
            break
        moment -= _STEP
    if moment > _LAST - _YEAR:
        return None  # in force again every year, if only in winter
    return max(moment + _STEP, _FIRST).replace(tzinfo=None)
