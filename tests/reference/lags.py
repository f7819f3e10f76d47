"""How far back a comparison looks, and the moment that lies so far back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .time_parts import local, to_utc

FIXED = {
    "PREVIOUS_YEAR": (12, 0),
    "PREVIOUS_MONTH": (1, 0),
    "PREVIOUS_WEEK": (0, 7),
    "PREVIOUS_DAY": (0, 1),
}
COMPARISONS = ("PREVIOUS_PERIOD", *FIXED)
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Both ends as the question gives them; of months the last one is in it as a whole."""

    start: Any
    end: Any
    with_end: bool = True


@dataclass(frozen=True, slots=True)
class Lag:
    months: int = 0
    days: int = 0
    rest: timedelta = timedelta()

    def before(self, moment: Any, zone: str | None) -> Any:
        """Calendar units are those of the zone; the 31st becomes the earlier month's last day."""
        if self.rest:
            return moment - self.rest
        if not isinstance(moment, datetime):
            return _months_before(moment, self.months) - self.days * _DAY
        own = _months_before(local(moment, zone), self.months) - self.days * _DAY
        return to_utc(own, zone)

    def suits(self, grain: str | None) -> bool:
        """Whether periods of this length lie so far apart."""
        if grain in _MONTHS:
            return self.months > 0 and self.months % _MONTHS[grain] == 0
        if grain == "WEEK":
            return self.days > 0 and self.days % 7 == 0
        if grain == "DAY":
            return not self.rest
        return grain is None or self.rest % timedelta(hours=1) == timedelta()


def _months_before(moment: Any, months: int) -> Any:
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def lag(comparison: str, window: Window, zone: str | None) -> Lag | None:
    """None: the window has no length."""
    if comparison in FIXED:
        months, days = FIXED[comparison]
        return Lag(months, days)
    if not isinstance(window.start, datetime):
        span = (window.end.year - window.start.year) * 12 + window.end.month - window.start.month
        return Lag(span + 1) if span >= 0 else None
    if window.end <= window.start:
        return None
    own = [local(moment, zone) for moment in (window.start, window.end)]
    if all((each.day, each.time()) == (1, datetime.min.time()) for each in own):
        return Lag((own[1].year - own[0].year) * 12 + own[1].month - own[0].month)
    for length in (own[1] - own[0], window.end - window.start):
        if length % _DAY == timedelta():
            return Lag(days=length // _DAY)
    return Lag(rest=window.end - window.start)


def window_of(
    conditions: dict[str, Any], as_of: datetime, default_start: Any = None
) -> Window | None:
    """The window that conditions on the time make; None: without a start. It ends now if open."""
    between = conditions.get("between", {})
    start = conditions.get("gte", conditions.get("eq", between.get("start", default_start)))
    if start is None:
        return None
    if "lt" in conditions:
        return Window(start, conditions["lt"], with_end=False)
    now: date = as_of.astimezone(UTC).replace(tzinfo=None)
    if not isinstance(start, datetime):
        now = as_of.astimezone(UTC).date()
    return Window(start, conditions.get("lte", conditions.get("eq", between.get("end", now))))
