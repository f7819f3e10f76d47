"""The hour of the day and the day of the week of an instant, in a zone's calendar."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PARTS = ("hour_of_day", "day_of_week")


def local(instant: datetime, zone: str | None) -> datetime:
    """The zone's own time; both without zone."""
    if zone is None:
        return instant
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def to_utc(own: datetime, zone: str | None) -> datetime:
    """The instant at which a zone's clocks show a time; both without zone.

    Shown twice, it is the second; never shown, the later of what either offset would make of it.
    """
    if zone is None:
        return own
    rules = ZoneInfo(zone)
    made = [own.replace(tzinfo=rules, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return max(made).replace(tzinfo=None)


def parts(instant: datetime | None, zone: str | None) -> dict[str, int | None]:
    """Both parts; a row without a time has none."""
    if instant is None:
        return dict.fromkeys(PARTS)
    own = local(instant, zone)
    return {"hour_of_day": own.hour, "day_of_week": own.isoweekday()}


def fixed_parts(grain: str | None) -> tuple[str, ...]:
    """Parts that every moment of a period shares."""
    return {"HOUR": PARTS, "DAY": PARTS[1:]}.get(grain or "", ())
