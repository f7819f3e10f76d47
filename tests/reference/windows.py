"""Windows of time as the conventions C1 to C5 define them, on raw timestamps (UTC, no zone)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window:
    """From `start`, included, to `end`, included unless said otherwise."""

    start: datetime
    end: datetime
    end_included: bool = True

    def __contains__(self, moment: datetime | None) -> bool:
        if moment is None or moment < self.start:
            return False
        return moment <= self.end if self.end_included else moment < self.end

    def rows(self, rows: Iterable[T], moment_of: Callable[[T], datetime | None]) -> list[T]:
        return [row for row in rows if moment_of(row) in self]

    def dates(self) -> list[date]:
        """Every date the window touches, ascending; the first and the last may be partial."""
        first, last = self.start.date(), self.end.date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def instant(as_of: datetime) -> datetime:
    """`as_of` as the raw timestamps are written."""
    return as_of.astimezone(UTC).replace(tzinfo=None)


def today(as_of: datetime) -> date:
    return instant(as_of).date()


def midnight(as_of: datetime) -> datetime:
    """The start of today."""
    return datetime.combine(today(as_of), time())


def trailing(as_of: datetime, length: timedelta) -> Window:
    """So much time until `as_of`, to the instant at both ends (C3)."""
    return Window(instant(as_of) - length, instant(as_of))


def from_midnight(as_of: datetime, days_before: int = 0) -> Window:
    """From a midnight, today's or one so many days earlier, until `as_of`."""
    return Window(midnight(as_of) - timedelta(days=days_before), instant(as_of))
