"""Random questions to marts that have roll-ups, as the query layer gets them.

Most are such that a roll-up can answer them, with windows that start and end at, just before and
just after the edges of its periods; the others are there so that no route answers too much.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from graphql_api.catalogue.model import Catalogue, Dimension, Grain, Mart, ValueType
from graphql_api.query.periods import start_of
from graphql_api.query.request import (
    And,
    Condition,
    Fill,
    Not,
    Operator,
    Or,
    OrderTerm,
    Predicate,
    QueryRequest,
    Scope,
    Top,
)

T = TypeVar("T")
Values = Mapping[tuple[str, str], Sequence[Any]]

MICROSECOND = timedelta(microseconds=1)
# Whole hours, half and quarter hours, summer time, whole hours only since 1986, and half of summer.
# Mostly such that days end in the midst of UTC's hours, in both hemispheres.
ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
]


class Asker:
    """Draws questions about one catalogue; ``values`` are those of each mart's dimensions."""

    def __init__(
        self, rng: Random, catalogue: Catalogue, values: Values, scopes: Sequence[Scope]
    ) -> None:
        self.rng, self.catalogue, self.values, self.scopes = rng, catalogue, values, scopes
        # As often as a mart has roll-ups.
        self.asked = [mart for mart in catalogue.marts.values() for _ in self.coarser(mart)]

    def coarser(self, mart: Mart) -> Iterator[Mart]:
        return (each for each in self.catalogue.rollups_of(mart) if each.name != mart.name)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def some(self, names: Sequence[T], most: int) -> tuple[T, ...]:
        return tuple(self.rng.sample(names, min(len(names), self.rng.randrange(most + 1))))

    def request(self) -> QueryRequest:
        mart = self.rng.choice(self.asked)
        like = self.rng.choice(list(self.coarser(mart))) if self.chance(0.9) else mart
        time = mart.time
        assert time is not None
        dimensions = [name for name in mart.dimensions if name in like.dimensions]
        metrics = [name for name in mart.metrics if name in like.metrics]
        if like is not mart and self.chance(0.2):
            metrics += [name for name in mart.metrics if name not in metrics]
        group_by = self.some([name for name in dimensions if name != time.name], 3)
        grain = None
        if self.chance(0.5):
            group_by = (*group_by[:1], time.name, *group_by[1:])
            grain = self.grain(time, like)
        shown, charted = self.some(metrics, 4), self.some(metrics, 2)
        has_periods = time.name in group_by and (grain or time.grain) is not None
        is_long = grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
        return QueryRequest(
            mart=mart,
            scope=self.rng.choice(self.scopes),
            as_of=self.moment(mart, like),
            group_by=group_by,
            time_grain=grain,
            timezone=self.rng.choice(ZONES) if self.is_in_zone(time, grain) else None,
            where=self.where(mart, like, dimensions),
            having=self.having(mart, metrics) if metrics and self.chance(0.2) else None,
            order_by=tuple(
                OrderTerm(name, self.chance(0.5)) for name in self.some([*group_by, *metrics], 2)
            ),
            first=self.rng.choice([1, 3, 50, 10_000]),
            top=self.top(mart, group_by, metrics),
            fill=self.rng.choice([Fill.ZERO, Fill.NULL]) if is_long and self.chance(0.3) else None,
            dimensions=group_by,
            metrics=shown,
            with_nodes=True,
            with_page_info=self.chance(0.3),
            with_total_count=self.chance(0.3),
            total_metrics=(self.some(metrics, 4) or None) if self.chance(0.5) else None,
            chart_metrics=charted if has_periods else (),
            chart_total_metrics=self.some(metrics, 2) if has_periods and charted else (),
            with_freshness=self.chance(0.2),
        )

    def grain(self, time: Dimension, like: Mart) -> Grain | None:
        held = (like.time.grain if like.time else None) or Grain.HOUR
        if time.grain and self.chance(0.2):
            return None
        finer = time.grain or Grain.HOUR
        usual = [each for each in Grain if held.can_be_cut_into(each)]
        return self.rng.choice(usual if self.chance(0.9) else [finer, *usual])

    def top(self, mart: Mart, group_by: Sequence[str], metrics: Sequence[str]) -> Top | None:
        names = [name for name in group_by if name != (mart.time and mart.time.name)]
        if not names or not metrics or self.chance(0.7):
            return None
        by = self.rng.choice(metrics)
        return Top(self.rng.choice(names), self.rng.randrange(1, 4), by, self.chance(0.6))

    def is_in_zone(self, time: Dimension, grain: Grain | None) -> bool:
        is_instant = time.type is ValueType.TIMESTAMP
        return is_instant and grain is not None and self.chance(0.9)

    # Conditions.

    def where(self, mart: Mart, like: Mart, dimensions: Sequence[str]) -> Predicate | None:
        assert mart.time is not None
        others = [name for name in dimensions if name != mart.time.name]
        terms: list[Predicate] = list(self.window(mart, like))
        for name in self.some(others, 2):
            terms.append(self.condition(mart, name))
        if self.chance(0.15):
            names = [mart.time.name if self.chance(0.2) else self.rng.choice(others)]
            either = [self.condition(mart, name) for name in (*names, self.rng.choice(others))]
            terms.append(Or(tuple(either)) if self.chance(0.5) else Not(And(tuple(either))))
        self.rng.shuffle(terms)
        if not terms:
            return None
        return terms[0] if len(terms) == 1 and self.chance(0.5) else And(tuple(terms))

    def window(self, mart: Mart, like: Mart) -> Iterator[Predicate]:
        """Bounds of the time, none, either or both; sometimes an instant, rarely anything else."""
        assert mart.time is not None
        name = mart.time.name
        first, last = sorted(self.moment(mart, like) for _ in range(2))
        lower = Condition(
            name, self.rng.choice([Operator.GT, Operator.GTE]), (self.as_value(mart, first),)
        )
        upper = Condition(
            name, self.rng.choice([Operator.LT, Operator.LTE]), (self.as_value(mart, last),)
        )
        kind = self.rng.randrange(20)
        if kind < 9:
            yield from (lower, upper)
        elif kind < 12:
            yield lower
        elif kind < 14:
            yield upper
        elif kind == 14:
            yield Condition(name, Operator.EQ, lower.values)
        elif kind == 15:
            yield Condition(name, self.rng.choice(list(_ODD_ON_TIME)), lower.values)
        elif kind == 16:
            yield Condition(name, Operator.IS_NULL, (self.chance(0.5),))

    def moment(self, mart: Mart, like: Mart) -> datetime:
        """The time of a row, the start of the period it lies in, or the neighbour of either."""
        assert mart.time is not None
        held = self.rng.choice(self.values[mart.name, mart.time.name])
        moment = held if isinstance(held, datetime) else datetime(held.year, held.month, held.day)  # noqa: DTZ001
        if self.chance(0.6):
            grains = [like.time.grain if like.time else None, Grain.HOUR, Grain.DAY, Grain.MONTH]
            moment = start_of(moment, self.rng.choice(grains) or Grain.HOUR)
        return moment + self.rng.choice([0, 0, 0, 1, -1]) * MICROSECOND

    def as_value(self, mart: Mart, moment: datetime) -> date:
        is_date = mart.time is not None and mart.time.type is ValueType.DATE
        return moment.date() if is_date else moment

    def condition(self, mart: Mart, name: str) -> Condition:
        held = self.values[mart.name, name]
        if not held or self.chance(0.2):
            return Condition(name, Operator.IS_NULL, (self.chance(0.5),))
        several = tuple(self.rng.choice(held) for _ in range(3))
        operators = [Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN]
        if isinstance(several[0], str):
            operators += [Operator.CONTAINS, Operator.GTE]
        operator = self.rng.choice(operators)
        is_list = operator in (Operator.IN, Operator.NOT_IN)
        return Condition(name, operator, several if is_list else several[:1])

    def having(self, mart: Mart, metrics: Sequence[str]) -> Predicate:
        metric = mart.metrics[self.rng.choice(metrics)]
        if metric.type is ValueType.TIMESTAMP:
            return Condition(metric.name, Operator.IS_NULL, (self.chance(0.5),))
        operator = self.rng.choice([Operator.GT, Operator.LTE, Operator.NE])
        condition = Condition(metric.name, operator, (self.rng.choice([0, 1, 2, 500]),))
        return Not(condition) if self.chance(0.3) else condition


def told(request: QueryRequest) -> str:
    """The question in a line: the mart by its name."""
    return f"{request.mart.label}: {replace(request, mart=None)}"  # type: ignore[arg-type]


_ODD_ON_TIME = (Operator.NE, Operator.IN, Operator.NOT_IN)
