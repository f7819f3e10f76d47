"""Cuts a question into pieces in each of which every request has one price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from graphql_api.query.criteria import ANSWER, PROMPT, SECOND_OF_DAY
from graphql_api.query.request import And, Condition, Not, Operator, Predicate
from graphql_api.schema.reports.what_if_prices import DAY, Extent, Line, Price


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last moment that a question is about; None: open, untimed rows count."""

    first: datetime | None = None
    last: datetime | None = None

    def cut(self, extent: Extent) -> Extent | None:
        """The extent without bounds that the window has anyhow; None where they do not meet."""
        start, end = extent.valid_from, extent.valid_to
        if self.first is not None and end is not None and end <= self.first:
            return None
        if self.last is not None and start is not None and start > self.last:
            return None
        is_since_before = start is not None and self.first is not None and start <= self.first
        is_until_after = end is not None and self.last is not None and end > self.last
        return replace(
            extent,
            valid_from=None if is_since_before else start,
            valid_to=None if is_until_after else end,
        )

    @property
    def is_open(self) -> bool:
        """Whether requests without a time are in it."""
        return self.first is None and self.last is None


@dataclass(frozen=True, slots=True)
class Piece:
    """Requests of one extent, and the price of each line there.

    ``is_untimed``: those without a time, which cost what holds at last, at the end of the day.
    """

    extent: Extent
    prices: Mapping[Line, Price]
    is_untimed: bool = False

    def condition(self, time: str) -> Predicate:
        """Which requests are in it; ``time`` is their time dimension."""
        extent = self.extent
        terms: list[Predicate] = []
        if self.is_untimed:
            terms.append(Condition(time, Operator.IS_NULL, (True,)))
        if extent.valid_from is not None:
            terms.append(Condition(time, Operator.GTE, (extent.valid_from,)))
        if extent.valid_to is not None:
            terms.append(Condition(time, Operator.LT, (extent.valid_to,)))
        if extent.from_tokens > 0:
            terms.append(Condition(PROMPT, Operator.GTE, (extent.from_tokens,)))
        if extent.to_tokens is not None:
            # Without a count a prompt is of the lowest band.
            terms.append(Not(Condition(PROMPT, Operator.GTE, (extent.to_tokens,))))
        if extent.from_second > 0:
            terms.append(Condition(SECOND_OF_DAY, Operator.GTE, (extent.from_second,)))
        if extent.to_second < DAY:
            terms.append(Condition(SECOND_OF_DAY, Operator.LT, (extent.to_second,)))
        terms += [Not(Condition(name, Operator.GT, (0,))) for name in extent.unpriced]
        if extent.only_counted:
            has_none = (Condition(name, Operator.IS_NULL, (True,)) for name in (PROMPT, ANSWER))
            terms.append(Not(And(tuple(has_none))))
        return And(tuple(terms))


def pieces(prices: Iterable[Price], window: Window, at: datetime | None) -> list[Piece]:
    """Pieces that together hold each request that has a price once per line.

    ``at`` is whose day's prices are taken; None: those of each request's own time.
    """
    listed = [(price.extent, price) for price in prices]
    if at is not None:
        valid = [(extent, price) for extent, price in listed if extent.holds_at(at)]
        listed = [(replace(e, valid_from=None, valid_to=None), price) for e, price in valid]
    cut = [(window.cut(extent), price) for extent, price in listed]
    found = _pieces((extent, price) for extent, price in cut if extent is not None)
    if not window.is_open:
        return found
    # What depends on no time is asked of requests without one too, and needs no other piece.
    last = [
        (replace(extent, valid_from=None, from_second=0), price)
        for extent, price in listed
        if extent.is_last and extent.depends_on_time
    ]
    return [*found, *(replace(each, is_untimed=True) for each in _pieces(last))]


def _pieces(priced: Iterable[tuple[Extent, Price]]) -> list[Piece]:
    found: dict[Extent, dict[Line, Price]] = {}
    for extent, price in priced:
        found.setdefault(extent, {})[price.line] = price
    return [Piece(extent, prices) for extent, prices in found.items()]
