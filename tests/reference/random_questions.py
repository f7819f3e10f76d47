"""Random questions that a client may ask and that have an answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from . import edge_values, kaapi, wire
from .canonical import PRICED_PROVIDERS
from .kaapi import Row
from .lags import COMPARISONS, lag
from .marts import Mart
from .questions import MONTHS_OF, Question, Top, window_asked
from .time_parts import local, to_utc

AS_OF = edge_values.AROUND.replace(hour=12, tzinfo=UTC)
# Offsets of whole, half and quarter hours, with and without summer time, and a skipped midnight.
ZONES = [
    None,
    None,
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/New_York",
    "Europe/Berlin",
    "Africa/Cairo",
]
_GRAINS = {
    True: ["MONTH", "QUARTER", "YEAR"],
    False: ["HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR"],
}
TOP_DIMENSIONS = ("provider", "model", "modality", "status", "project_id", "organization_id")
TEXT_PIECES = ["a", "-native", "unknown", "%", "_", "\\", "'", " ", "·", "o", "gpt", "GPT", "🙂"]


def random_question(rng: Random, mart: Mart, visible: Sequence[Row]) -> Question:
    """A question whose values mostly come from rows that the caller may see."""
    return _Asker(rng, mart, visible).question()


class _Asker:
    def __init__(self, rng: Random, mart: Mart, visible: Sequence[Row]) -> None:
        self.rng, self.mart, self.visible = rng, mart, visible

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def question(self) -> Question:
        time = self.mart.time
        group_by = self.group_by()
        is_by_time = group_by is not None and time in group_by
        grain = self.rng.choice([None, *_GRAINS[self.mart.holds_months]]) if is_by_time else None
        zone = None if self.mart.holds_months else self.rng.choice(ZONES)
        has_periods = is_by_time and (self.mart.holds_months or grain is not None)
        fills = has_periods and zone is None and (grain or "MONTH") in MONTHS_OF
        fill = self.rng.choice([None, "ZERO", "NULL"]) if fills else None
        having = self.having() if self.chance(0.35) else {}
        has_charts = has_periods and "source_updated_at" not in (group_by or ())
        if fill is not None:
            # Filling many years makes more points than a chart may have.
            has_charts = has_charts and self.mart.holds_months
        top = self.top(group_by)
        question = Question(
            mart=self.mart,
            as_of=self.as_of(),
            where=self.where(zone),
            group_by=group_by,
            time_grain=grain,
            having=having,
            order_by=self.order_by(group_by),
            timezone=zone,
            fill=fill,
            charts=self.charts() if has_charts else (),
            offset=self.rng.choice([0, 0, 0, 1, 3, 20]),
            top=top,
        )
        if group_by is None or self.chance(0.5):
            return question
        return replace(question, compare_to=self.comparisons(question))

    def top(self, group_by: tuple[str, ...] | None) -> Top | None:
        texts = [n for n in group_by or () if n in TOP_DIMENSIONS]
        if not texts or self.chance(0.6):
            return None
        by = self.rng.choice([*self.mart.sums, *self.mart.ratios])
        return Top(self.rng.choice(texts), self.rng.choice([1, 1, 2, 3, 50]), by, self.chance(0.7))

    def comparisons(self, question: Question) -> tuple[str, ...]:
        """Some of those that the window and the periods allow."""
        window = window_asked(question)
        if window is None:
            return ()
        is_by_time = self.mart.time in (question.group_by or ())
        grain = question.time_grain if is_by_time else None
        if self.mart.holds_months:
            grain = grain or "MONTH"
        possible = []
        for name in COMPARISONS:
            by = lag(name, window, question.timezone)
            if by is not None and by.suits(grain):
                possible.append(name)
        return tuple(self.rng.sample(possible, self.rng.randrange(len(possible) + 1)))

    def charts(self) -> tuple[str, ...]:
        return tuple(self.rng.sample(self.mart.sums, self.rng.randrange(0, 3)))

    def as_of(self) -> datetime:
        return AS_OF + timedelta(days=self.rng.choice([0, 0, 0, 17, -45, 400, -800]))

    def group_by(self) -> tuple[str, ...] | None:
        if self.chance(0.15):
            return None
        names = [name for name in self.mart.dimensions if name not in self.mart.key[1:]]
        names += [*self.mart.parts, *self.mart.parts]
        names += [self.mart.time, *self.mart.key[-3:], "provider", "modality"]
        return tuple(dict.fromkeys(self.rng.sample(names, self.rng.choice([0, 1, 1, 2, 2, 3, 4]))))

    def where(self, zone: str | None) -> dict[str, Any]:
        where: dict[str, Any] = {}
        for _ in range(self.rng.choice([0, 0, 1, 1, 2])):
            where |= self.condition()
        if self.chance(0.3):
            several = [self.condition() for _ in range(self.rng.randrange(1, 4))]
            where[self.rng.choice(["and", "or"])] = several
        if self.chance(0.2):
            where["not"] = self.condition()
        return where | self.window(zone)

    def window(self, zone: str | None) -> dict[str, Any]:
        if self.chance(0.4):
            return {}
        if not self.mart.holds_months and self.chance(0.5):
            return {self.mart.time: self.whole_periods(zone)}
        moments = sorted(self.moment() for _ in range(2))
        start, end = moments
        return {
            self.mart.time: self.rng.choice(
                [
                    {"gte": start},
                    {"lte": end},
                    {"gte": start, "lte": end},
                    {"between": {"start": start, "end": end}},
                    {"eq": start},
                ]
            )
        }

    def whole_periods(self, zone: str | None) -> dict[str, Any]:
        """Some whole months or days of the zone's calendar, or a week to the instant."""
        start = local(self.moment(), zone).replace(hour=0, minute=0, second=0, microsecond=0)
        days = self.rng.choice([1, 2, 7, 30])
        if self.chance(0.2):
            moment = self.moment()
            return {"gte": moment - timedelta(days=days), "lte": moment}
        end = start + timedelta(days=days)
        if self.chance(0.5):
            start = start.replace(day=1)
            months = start.year * 12 + start.month - 1 + self.rng.choice([1, 1, 2, 3, 12])
            end = start.replace(year=months // 12, month=months % 12 + 1)
        return {"gte": to_utc(start, zone), "lt": to_utc(end, zone)}

    def moment(self) -> Any:
        """A moment of a row, or near one: any date of a month means the month."""
        moment = self.rng.choice(self.visible)[self.mart.time] if self.visible else AS_OF.date()
        if not self.mart.holds_months:
            return moment if isinstance(moment, datetime) else edge_values.AROUND
        return moment + timedelta(days=self.rng.choice([0, 0, 14, 27, -1]))

    def condition(self) -> dict[str, Any]:
        """One column compared; never the time, whose bounds decide the window."""
        if self.mart.parts and self.chance(0.15):
            return self.part_condition()
        name = self.rng.choice([n for n in self.mart.dimensions if n != self.mart.time])
        value = self.value(name)
        if value is None:
            return {name: {"is_null": self.chance(0.5)}}
        return {name: self.comparison(name, value)}

    def part_condition(self) -> dict[str, Any]:
        name = self.rng.choice(self.mart.parts)
        values = range(24) if name == "hour_of_day" else range(1, 8)
        start, end = sorted(self.rng.choices(values, k=2))
        conditions = [
            {"between": {"start": start, "end": end}},
            {"in": [start, end]},
            {"not_in": [end]},
            {"ne": start},
            {"gte": start},
            {"is_null": False},
        ]
        return {name: self.rng.choice(conditions)}

    def value(self, name: str) -> Any:
        if name == "provider" and (not self.visible or self.chance(0.3)):
            return self.rng.choice(PRICED_PROVIDERS)
        if name == "modality":
            return self.rng.choice(kaapi.MODALITIES)
        return self.rng.choice(self.visible)[name] if self.visible else None

    def comparison(self, name: str, value: Any) -> dict[str, Any]:
        others = [each for each in (self.value(name), self.value(name)) if each is not None]
        operators: dict[str, Any] = {"eq": value, "ne": value}
        if not isinstance(value, bool):
            operators |= {"in": [value, *others], "not_in": [value, *others]}
        if isinstance(value, datetime) or (isinstance(value, str) and _is_open(name)):
            operators |= {"gt": value, "gte": value, "lt": value, "lte": value}
        if isinstance(value, str) and _is_open(name):
            piece = self.rng.choice([*TEXT_PIECES, value[:2], value[1:4], value])
            operators |= {"contains": piece, "starts_with": value[:3], "ends_with": value[-3:]}
            operators["contains_insensitive"] = piece.swapcase() if piece.isascii() else piece
        operator = self.rng.choice(list(operators))
        return {operator: operators[operator]}

    def having(self) -> dict[str, Any]:
        name = self.rng.choice(self.mart.sums)
        seen = [row[name] for row in self.visible if row[name] is not None]
        value = self.rng.choice([*self.rng.sample(seen, min(3, len(seen))), 0, 1, 2])
        operator = self.rng.choice(["gt", "gte", "lt", "lte", "ne", "eq"])
        condition = {name: {operator: value}}
        return condition if self.chance(0.7) else {"not": condition}

    def order_by(self, group_by: tuple[str, ...] | None) -> tuple[tuple[str, bool], ...]:
        rows = (*self.mart.dimensions, *self.mart.parts)
        names = [*(rows if group_by is None else group_by), *self.mart.sums]
        chosen = self.rng.sample(names, self.rng.choice([0, 0, 1, 2]))
        return tuple((name, self.chance(0.5)) for name in chosen)


def _is_open(name: str) -> bool:
    """Whether a text column is free text rather than an enum."""
    return name not in wire.ENUMS
