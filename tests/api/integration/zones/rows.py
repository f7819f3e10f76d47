"""Raw rows around the moments at which clocks are changed, and what a zone's clock shows."""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from tests.reference.raw_auto_analyst import ModelUsage, RawAutoAnalyst

SEED = 20265
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
MICROSECOND = timedelta(microseconds=1)

# When the clocks of a zone are changed, and what is odd about it.
CHANGES: tuple[tuple[str, datetime], ...] = (
    ("Europe/Berlin", datetime(2026, 3, 29, 1)),  # 23 hours
    ("Europe/Berlin", datetime(2026, 10, 25, 1)),  # 25 hours
    ("Australia/Sydney", datetime(2026, 4, 4, 16)),  # the other hemisphere
    ("Australia/Sydney", datetime(2026, 10, 3, 16)),
    ("America/Havana", datetime(2026, 3, 8, 5)),  # midnight is skipped
    ("America/Havana", datetime(2026, 11, 1, 5)),  # there are two
    ("Asia/Beirut", datetime(2026, 3, 28, 22)),
    ("Asia/Beirut", datetime(2026, 10, 24, 21)),  # 23:00 comes twice
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15)),  # by half an hour
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30)),
    ("America/St_Johns", datetime(2026, 3, 8, 5, 30)),
    ("America/St_Johns", datetime(2026, 11, 1, 4, 30)),
    ("Asia/Kathmandu", datetime(2026, 2, 28, 18, 15)),  # none, but the end of a month
    ("Asia/Tokyo", datetime(2026, 4, 30, 15)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10)),  # a day is skipped
)
MODELS = ("model-a", "model-b", "model-c")


def generate() -> RawAutoAnalyst:
    """Usage within some weeks of each change, dense near it and at the zone's midnights."""
    random = Random(SEED)
    moments = [moment for change in CHANGES for moment in _around(*change, random)]
    usage = [_usage(number, moment, random) for number, moment in enumerate(moments, 1)]
    usage.append(_usage(len(usage) + 1, None, random))
    return RawAutoAnalyst(model_usage=usage)


def _around(zone: str, change: datetime, random: Random) -> Iterator[datetime]:
    for _ in range(40):
        yield change + timedelta(seconds=random.uniform(-40 * 86_400, 40 * 86_400))
    for _ in range(40):
        yield change + timedelta(seconds=random.uniform(-30 * 3_600, 30 * 3_600))
    yield from (change - MICROSECOND, change, change + MICROSECOND)
    for days in range(-16, 17):
        midnight = first_instant(local(change + days * DAY, zone).date(), zone)
        if midnight is not None and random.random() < 0.7:
            yield midnight + random.choice([-1, 0, 0, 1]) * MICROSECOND


def _usage(number: int, moment: datetime | None, random: Random) -> ModelUsage:
    prompt, completion = random.randrange(100), random.choice([0, 1, 50])
    user = random.randrange(1, 12)
    return ModelUsage(
        usage_id=number,
        user_id=None if user == 11 else user,
        chat_id=random.choice([None, *range(1, 30)]),
        model_name=random.choice(MODELS),
        provider="openai",
        prompt_tokens=prompt,
        completion_tokens=completion,
        total_tokens=prompt + completion,
        cost=random.randrange(1_000) / 128,
        timestamp=moment,
        request_time_ms=random.randrange(5_000),
    )


# What a zone's clock shows.


def local(moment: datetime, zone: str) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def first_instant(day: date, zone: str) -> datetime | None:
    """The first one of a date, found quarter by quarter; None: the zone skipped it."""
    moment = datetime(day.year, day.month, day.day) - timedelta(hours=15)
    for _ in range(4 * 48):
        if local(moment, zone).date() == day:
            return moment
        moment += QUARTER
    return None


def hour_start(moment: datetime, zone: str) -> datetime:
    """The quarter at which the clock struck last, or began to show another hour."""
    start = moment - (moment - datetime(moment.year, moment.month, moment.day)) % QUARTER
    while (shown := local(start, zone)).minute:
        before = local(start - QUARTER, zone)
        if (before.date(), before.hour) != (shown.date(), shown.hour):
            break
        start -= QUARTER
    return start


def timed(rows: Iterable[ModelUsage]) -> list[tuple[datetime, ModelUsage]]:
    return [(row.timestamp, row) for row in rows if row.timestamp is not None]


def succeeded(rows: Iterable[ModelUsage]) -> list[ModelUsage]:
    return [row for row in rows if (row.completion_tokens or 0) >= 1]


def tokens(rows: Iterable[ModelUsage]) -> int:
    return sum(row.total_tokens or 0 for row in rows)


def cost(rows: Iterable[ModelUsage]) -> Decimal:
    return sum((Decimal(str(row.cost)) for row in rows), Decimal(0))


def text(moment: datetime) -> str:
    """As the API spells instants."""
    return moment.isoformat(timespec="milliseconds") + "Z"
