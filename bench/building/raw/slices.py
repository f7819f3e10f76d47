"""Which rows a benchmark of so many requests has: numbers and times, nothing drawn yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

HISTORY_DAYS = 365
HISTORY_STARTS_AT = datetime(2024, 12, 31)  # noqa: DTZ001  raw timestamps have no zone: UTC
HISTORY_ENDS_AT = HISTORY_STARTS_AT + timedelta(days=HISTORY_DAYS)
# When the rows that come late are written: after the new day.
LATE_AT = HISTORY_ENDS_AT + timedelta(days=1, hours=1)

# Requests are made by the unit, so that every system has its share: 18 calls and 2 chains of Kaapi,
# 20 requests of LiteLLM, 5 each of Auto-Analyst and Enclava.
UNIT_REQUESTS = 50
KAAPI_CALLS = 18
KAAPI_CHAINS = 2
DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Slice:
    """Units number ``first_unit`` to ``last_unit``, and the stretch of time they share out."""

    first_unit: int
    last_unit: int
    starts_at: datetime
    days: int
    written_at: datetime  # rows of a log are written when they happen, late ones are not

    def numbers(self, rows_per_unit: int) -> dict[str, int]:
        """First and last number of the rows of which each unit has so many."""
        return {
            "first_row": self.first_unit * rows_per_unit,
            "last_row": (self.last_unit + 1) * rows_per_unit - 1,
        }

    @property
    def time(self) -> dict[str, datetime | float]:
        """Where in time its rows are, as the SQL files call it."""
        return {
            "starts_at": self.starts_at,
            "seconds": float(self.days * DAY_SECONDS),
            "written_at": self.written_at,
        }

    @property
    def day_numbers(self) -> dict[str, int]:
        """Its days, counted from the first of the history."""
        first_day = (self.starts_at - HISTORY_STARTS_AT).days
        return {"first_day": first_day, "last_day": first_day + self.days - 1}


@dataclass(frozen=True, slots=True)
class Size:
    """A benchmark of so many requests, and the changes that are made to it."""

    requests: int

    @property
    def units(self) -> int:
        """Units of the history."""
        return self.requests // UNIT_REQUESTS

    @property
    def history(self) -> Slice:
        """The rows that are there at first."""
        return Slice(1, self.units, HISTORY_STARTS_AT, HISTORY_DAYS, HISTORY_STARTS_AT)

    @property
    def new_day(self) -> Slice:
        """One percent more, all on the day after the history."""
        first, count = self.units + 1, self.units // 100
        return Slice(first, first + count - 1, HISTORY_ENDS_AT, 1, HISTORY_ENDS_AT)

    @property
    def late_calls(self) -> Slice:
        """Calls and chains of Kaapi, 0.05 percent, that come after the new day for any day."""
        first = self.new_day.last_unit + 1
        count = self.requests // 2000 // (KAAPI_CALLS + KAAPI_CHAINS)
        return Slice(first, first + count - 1, HISTORY_STARTS_AT, HISTORY_DAYS, LATE_AT)

    @property
    def changed_call_every(self) -> int:
        """Of how many calls of the history one is changed later: as many as 0.05 percent."""
        return self.units * KAAPI_CALLS // (self.requests // 2000)
