"""Adds up cost and outcomes, by group and source system."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto

from graphql_api.schema.reports.listing import Row
from graphql_api.schema.reports.outcome_types import CostPerOutcome, CostsPerOutcome, OutcomeGroup
from graphql_api.schema.reports.values import amount, count, ratio, total
from graphql_api.schema.scalars import BigInt


class Kind(Enum):
    """A kind of outcome."""

    SUCCESSFUL_REQUEST = auto()
    SESSION = auto()
    GOOD_RATING = auto()
    SUCCESSFUL_EXECUTION = auto()


Key = tuple[str, ...]


@dataclass
class Tally:
    """What one group adds up to, by source system."""

    requests: int = 0
    costs: dict[str, Decimal] = field(default_factory=dict)
    outcomes: dict[Kind, int] = field(default_factory=lambda: defaultdict(int))


@dataclass
class Tallies:
    """All groups, and which source systems keep account of which outcomes."""

    keys: tuple[str, ...]
    groups: dict[Key, Tally] = field(default_factory=lambda: defaultdict(Tally))
    known_to: dict[Kind, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add_usage(self, rows: Iterable[Row]) -> None:
        """Cost and successes of requests."""
        for row in rows:
            tally, system = self._group(row), str(row["source_system"])
            tally.requests += count(row, "requests")
            tally.costs[system] = total(
                (tally.costs.get(system, Decimal(0)), amount(row, "cost_usd"))
            )
            succeeded, failed = (
                count(row, name) for name in ("successful_requests", "failed_requests")
            )
            self._add(Kind.SUCCESSFUL_REQUEST, row, good=succeeded, of=succeeded + failed)

    def add(self, kind: Kind, rows: Iterable[Row], good: str, of: str) -> None:
        """Outcomes, of which the column ``good`` counts the good ones and ``of`` all."""
        for row in rows:
            self._add(kind, row, good=count(row, good), of=count(row, of))

    def add_ratings(self, rows: Iterable[Row], least: int) -> None:
        """Feedback by its number of stars; without stars it is no rating."""
        for row in rows:
            stars, number = row["rating"], count(row, "feedbacks")
            if isinstance(stars, int):
                good = number if stars >= least else 0
                self._add(Kind.GOOD_RATING, row, good=good, of=number)

    def costs_per_outcome(self, tally: Tally) -> CostsPerOutcome:
        """The quotients of one group."""
        return CostsPerOutcome(
            requests=BigInt(tally.requests),
            cost_usd=total(tally.costs.values()),
            per_successful_request=self._cost_per(Kind.SUCCESSFUL_REQUEST, tally),
            per_session=self._cost_per(Kind.SESSION, tally),
            per_good_rating=self._cost_per(Kind.GOOD_RATING, tally),
            per_successful_execution=self._cost_per(Kind.SUCCESSFUL_EXECUTION, tally),
        )

    def listed(self) -> list[OutcomeGroup]:
        """Every group, highest cost first, then by the keys."""
        costs = {key: self.costs_per_outcome(tally) for key, tally in self.groups.items()}
        order = sorted(costs, key=lambda key: (-costs[key].cost_usd, key))
        named = ((dict(zip(self.keys, key, strict=True)), costs[key]) for key in order)
        return [OutcomeGroup(**keys, costs=each) for keys, each in named]

    def _group(self, row: Row) -> Tally:
        return self.groups[tuple(str(row[name]) for name in self.keys)]

    def _add(self, kind: Kind, row: Row, *, good: int, of: int) -> None:
        if of:
            self._group(row).outcomes[kind] += good
            self.known_to[kind].add(str(row["source_system"]))

    def _cost_per(self, kind: Kind, tally: Tally) -> CostPerOutcome:
        systems, outcomes = sorted(self.known_to[kind]), tally.outcomes[kind]
        cost = total(tally.costs.get(each, Decimal(0)) for each in systems)
        return CostPerOutcome(
            cost_usd=cost,
            outcomes=BigInt(outcomes),
            cost_usd_per_outcome=ratio(cost, outcomes) if outcomes else None,
            source_systems=systems,
        )
