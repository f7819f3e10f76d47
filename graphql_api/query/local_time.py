"""A zone's own time in Python, by the rules that ``expressions`` has Postgres convert it with."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_INSTANT = timedelta(microseconds=1)


def to_local(moment: datetime, timezone: str | None) -> datetime:
    """The zone's own time at a UTC instant; both without zone.

    Raises:
        OverflowError: the result lies outside the years 1 to 9999.
    """
    if timezone is None:
        return moment
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).replace(tzinfo=None, fold=0)


def from_local(local: datetime, timezone: str | None) -> datetime:
    """The UTC instant of a zone's own time; both without zone.

    A time that the clocks skip is as many hours after the last one they showed; one that they show
    twice is the second, so that windows and periods agree with Postgres. But a day begins with the
    first midnight: right after the day before, or, where the calendar skips that, with itself.

    Raises:
        OverflowError: the result lies outside the years 1 to 9999.
    """
    if timezone is None:
        return local
    zone = ZoneInfo(timezone)
    found = _latest(local, zone)
    if local.time() != time():
        return found
    return min(found, _latest(local - _INSTANT, zone) + _INSTANT)


def _latest(local: datetime, zone: ZoneInfo) -> datetime:
    readings = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    chosen = min(readings, key=lambda each: each.utcoffset() or timedelta())
    return chosen.astimezone(UTC).replace(tzinfo=None)


def hour_start(moment: datetime, timezone: str | None) -> datetime:
    """The UTC instant at which the zone's hour begins that holds a UTC instant.

    Hours go by whatever the clock shows: two that it shows alike are two. One within which it is
    changed by a part of an hour is longer or shorter.

    Raises:
        OverflowError: the result lies outside the years 1 to 9999.
    """
    local = to_local(moment, timezone)
    shown = local.replace(minute=0, second=0, microsecond=0)
    start = moment - (local - shown)
    return start if to_local(start, timezone) == shown else from_local(shown, timezone)
