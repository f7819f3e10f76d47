"""Adds up what requests cost and would have cost, by group and by price."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from graphql_api.schema.inputs import SortDirection
from graphql_api.schema.reports.listing import Row
from graphql_api.schema.reports.values import amount, count, instant, ratio, times, total
from graphql_api.schema.reports.what_if_prices import ALWAYS, CALLS, Price
from graphql_api.schema.reports.what_if_types import (
    UsedPrice,
    WhatIfFigures,
    WhatIfGroup,
    WhatIfOrder,
)
from graphql_api.schema.scalars import BigInt


@dataclass
class Tally:
    """Requests with their tokens, cost, and cost at other prices."""

    requests: int = 0
    tokens: int = 0
    unpriced: int = 0
    counted: int = 0
    cost: Decimal = Decimal(0)
    what_if: Decimal = Decimal(0)

    def add(self, row: Row, what_if: Decimal = Decimal(0)) -> None:
        """Add a group of requests, and what they would have cost."""
        self.requests += count(row, CALLS)
        # Chains have none, which is a count too.
        self.counted += count(row, "token_counted_requests") - count(row, "llm_chain_requests")
        self.tokens += count(row, "total_tokens")
        self.unpriced += count(row, "unpriced_requests")
        self.cost = total((self.cost, amount(row, "cost_usd")))
        self.what_if = total((self.what_if, what_if))


@dataclass
class Sums:
    """All requests of a group, and those of them that have a price."""

    every: Tally = field(default_factory=Tally)
    priced: Tally = field(default_factory=Tally)

    @property
    def figures(self) -> WhatIfFigures:
        """What is served of them."""
        every, priced = self.every, self.priced
        difference = total((priced.what_if, times(-1, priced.cost)))
        return WhatIfFigures(
            requests=BigInt(every.requests),
            total_tokens=BigInt(every.tokens),
            actual_cost_usd=priced.cost,
            what_if_cost_usd=priced.what_if,
            difference_usd=difference,
            difference_percentage=ratio(times(100, difference), priced.cost)
            if priced.cost
            else None,
            requests_without_price=BigInt(every.requests - priced.requests),
            tokens_without_price=BigInt(every.tokens - priced.tokens),
            cost_without_price_usd=total((every.cost, times(-1, priced.cost))),
            requests_without_actual_cost=BigInt(priced.unpriced),
            requests_without_tokens=BigInt(priced.requests - priced.counted),
        )


@dataclass
class Comparison:
    """The groups of an answer; ``keys`` are columns of rows, ``time`` the one of periods."""

    keys: tuple[str, ...]
    time: str
    groups: dict[tuple[object, ...], Sums] = field(default_factory=lambda: defaultdict(Sums))
    totals: Sums = field(default_factory=Sums)
    used: dict[Price, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add_every(self, row: Row) -> None:
        """Requests, whether they have a price or not."""
        for sums in (self._group(row), self.totals):
            sums.every.add(row)

    def add_free(self, row: Row) -> None:
        """Requests that cost nothing at any price."""
        for sums in (self._group(row), self.totals):
            sums.priced.add(row)

    def add_priced(self, row: Row, price: Price) -> None:
        """Requests that have a price."""
        cost = price.cost_of(row)
        for tally in (self._group(row).priced, self.totals.priced, self.used[price]):
            tally.add(row, cost)

    def listed(self, order: WhatIfOrder, direction: SortDirection) -> list[WhatIfGroup]:
        """Every group in order; without a value last, ties by the keys."""
        found = [self._listed(key, sums) for key, sums in sorted(self.groups.items(), key=_by_key)]

        ranked = [(_rank(group, order), group) for group in found]
        valued = [(rank, group) for rank, group in ranked if rank is not None]
        valued.sort(key=lambda each: each[0], reverse=direction is SortDirection.DESC)
        return [*(group for _, group in valued), *(group for rank, group in ranked if rank is None)]

    def used_prices(self) -> list[UsedPrice]:
        """Prices of which there were any requests, by name and by what they are for."""
        used = [(price, tally) for price, tally in self.used.items() if tally.requests]
        return [
            _used(price, tally) for price, tally in sorted(used, key=lambda each: _place(each[0]))
        ]

    def _group(self, row: Row) -> Sums:
        return self.groups[tuple(row[name] for name in self.keys)]

    def _listed(self, key: tuple[object, ...], sums: Sums) -> WhatIfGroup:
        columns = dict(zip(self.keys, key, strict=True))
        period = instant(columns, self.time) if self.time in columns else None
        texts = {k: v if v is None else str(v) for k, v in columns.items() if k != self.time}
        return WhatIfGroup(period=period, figures=sums.figures, **texts)


def _rank(group: WhatIfGroup, order: WhatIfOrder) -> Decimal | int | datetime | None:
    figures = group.figures
    match order:
        case WhatIfOrder.PERIOD:
            return group.period
        case WhatIfOrder.REQUESTS:
            return figures.requests
        case WhatIfOrder.ACTUAL_COST_USD:
            return figures.actual_cost_usd
        case WhatIfOrder.WHAT_IF_COST_USD:
            return figures.what_if_cost_usd
        case WhatIfOrder.DIFFERENCE_USD:
            return figures.difference_usd
        case WhatIfOrder.DIFFERENCE_PERCENTAGE:
            return figures.difference_percentage


def _by_key(group: tuple[tuple[object, ...], Sums]) -> list[tuple[bool, str]]:
    return [(value is None, str(value)) for value in group[0]]


def _place(price: Price) -> tuple[object, ...]:
    line, extent = price.line, price.extent
    return (
        *(line.provider, line.model, line.processing, line.price_list),
        *(extent.valid_from or ALWAYS, extent.from_tokens, extent.from_second),
    )


def _used(price: Price, tally: Tally) -> UsedPrice:
    per_token = dict(price.per_token)
    return UsedPrice(
        price_source=price.source,
        price_list_version=price.list_version,
        provider=price.line.provider,
        model=price.line.model,
        processing=price.line.processing,
        valid_from_at=price.extent.valid_from,
        valid_to_at=price.extent.valid_to,
        from_input_tokens=BigInt(price.extent.from_tokens),
        to_input_tokens=None if price.extent.to_tokens is None else BigInt(price.extent.to_tokens),
        from_second_of_day=price.extent.from_second,
        to_second_of_day=price.extent.to_second,
        input_price_usd_per_token=per_token.get("input"),
        output_price_usd_per_token=per_token.get("output"),
        requests=BigInt(tally.requests),
        what_if_cost_usd=tally.what_if,
    )
