"""A zone's own time in Python, by the rules that Postgres converts it with."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


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
    twice is the second: Postgres' choices, so that windows and periods agree.

    Raises:
        OverflowError: the result lies outside the years 1 to 9999.
    """
    if timezone is None:
        return local
    zone = ZoneInfo(timezone)
    readings = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    chosen = min(readings, key=lambda each: each.utcoffset() or timedelta())
    return chosen.astimezone(UTC).replace(tzinfo=None)
