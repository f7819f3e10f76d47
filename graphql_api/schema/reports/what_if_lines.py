"""Whose prices are asked for: those of one model for all requests, or of each request's own."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from graphql_api.errors import InvalidQueryError
from graphql_api.query.criteria import to_the_microsecond
from graphql_api.query.executor import Answer, FollowUp
from graphql_api.query.request import Condition, Operator, Predicate, QueryRequest
from graphql_api.schema.reports.listing import MOST_LISTED, Row, all_rows
from graphql_api.schema.reports.report import Ask
from graphql_api.schema.reports.values import text
from graphql_api.schema.reports.what_if_prices import Line, Price, price_of
from graphql_api.schema.reports.what_if_types import (
    PricedModel,
    WhatIfPriceList,
    WhatIfProcessing,
)

_STANDARD = WhatIfProcessing.STANDARD.value
_BOOK, _OWN = (each.value for each in (WhatIfPriceList.PRICE_BOOK, WhatIfPriceList.MODEL_CONFIG))
_NEAREST = 5


class Lines(ABC):
    """Tells which prices are needed, and by which of them a request is priced."""

    @abstractmethod
    def questions(self, ask: Ask) -> list[QueryRequest | FollowUp]:
        """What to ask before the prices are known; ``prices`` reads the answers."""

    @abstractmethod
    def prices(self, answers: Sequence[Answer]) -> list[Price]:
        """The prices that may be needed, from the answers to ``questions``.

        Raises:
            InvalidQueryError: there are none of what was asked for.
        """

    @abstractmethod
    def keys(self, prices: Sequence[Price]) -> tuple[str, ...]:
        """What requests must be told apart by, so that each group has one line."""

    @abstractmethod
    def line_of(self, row: Row, prices: Sequence[Price]) -> Line | None:
        """The line of a group of requests by ``keys``; None where none is listed."""

    @abstractmethod
    def condition(self, lines: Iterable[Line]) -> Predicate | None:
        """Leaves out requests of other lines, as far as a filter can tell."""


@dataclass(frozen=True, slots=True)
class OfOneModel(Lines):
    """All requests as if this model had served them, at their own processing or the one given.

    A processing without prices of its own is priced as standard, as the warehouse does it.
    """

    model: PricedModel
    processing: WhatIfProcessing | None

    def questions(self, ask: Ask) -> list[QueryRequest | FollowUp]:
        """Its prices; where there are none, all names that are listed."""
        return [
            price_rows(ask, Condition("model", Operator.EQ, (self.model.model,))),
            lambda answers: [] if self._listed(answers[-1]) else [_names(ask)],
        ]

    def prices(self, answers: Sequence[Answer]) -> list[Price]:
        """Those of the price book, else of the list that has the model."""
        listed = self._listed(answers[0])
        if not listed:
            raise self._unknown(all_rows(answers[1], "names"))
        if self.processing is None:
            return listed
        chosen = [each for each in listed if each.line.processing == self.processing.value]
        if not chosen:
            known = sorted({each.line.processing for each in listed})
            raise InvalidQueryError(
                f"processing: no price of {self.model.model!r} is listed for "
                f"{self.processing.name}; choose from {', '.join(map(str.upper, known))}",
                argument="processing",
                allowed=[each.upper() for each in known],
            )
        return chosen

    def keys(self, prices: Sequence[Price]) -> tuple[str, ...]:
        """The processing, where prices differ by it."""
        is_one = len({each.line.processing for each in prices}) == 1
        return () if is_one else ("processing",)

    def line_of(self, row: Row, prices: Sequence[Price]) -> Line | None:
        """The model's, for the processing of the group."""
        lines = {price.line.processing: price.line for price in prices}
        if len(lines) == 1:
            return next(iter(lines.values()))
        return lines.get(text(row, "processing") or _STANDARD, lines.get(_STANDARD))

    def condition(self, lines: Iterable[Line]) -> Predicate | None:
        """Every request is priced."""
        return None

    def _listed(self, answer: Answer) -> list[Price]:
        found = [price_of(row) for row in all_rows(answer, "prices")]
        found = [each for each in found if each.line.provider == self.model.provider]
        lists = {each.line.price_list for each in found}
        wanted = self.model.price_list.value if self.model.price_list else None
        chosen = wanted or (_BOOK if _BOOK in lists else _OWN)
        return [each for each in found if each.line.price_list == chosen]

    def _unknown(self, names: Sequence[Row]) -> InvalidQueryError:
        provider, model = self.model.provider, self.model.model
        if self.model.price_list is not None:
            names = [row for row in names if row["price_list"] == self.model.price_list.value]
        of_provider = {str(row["model"]) for row in names if row["provider"] == provider}
        if of_provider:
            return _unknown_name("model.model", model, of_provider, f"of {provider!r} ")
        having = {str(row["provider"]) for row in names if row["model"] == model}
        known = having or {str(row["provider"]) for row in names}
        return _unknown_name("model.provider", provider, known, "")


@dataclass(frozen=True, slots=True)
class OfTheirOwnModels(Lines):
    """Each request at prices of the model that served it, as the warehouse found it in a list."""

    processing: WhatIfProcessing | None

    def questions(self, ask: Ask) -> list[QueryRequest | FollowUp]:
        """Which models served, then their prices."""
        keys = self.keys(())
        served = ask.question(
            _has_line(), group_by=keys, dimensions=keys, with_nodes=True, first=MOST_LISTED + 1
        )
        return [
            served,
            lambda answers: price_rows(
                ask,
                Condition(
                    "model",
                    Operator.IN,
                    tuple(sorted({str(r["price_model"]) for r in all_rows(answers[-1], "models")})),
                ),
            ),
        ]

    def prices(self, answers: Sequence[Answer]) -> list[Price]:
        """Those of the models that served."""
        served = {self.line_of(row, ()) for row in all_rows(answers[0], "models")}
        found = [price_of(row) for row in all_rows(answers[1], "prices")]
        return [price for price in found if price.line in served]

    def keys(self, prices: Sequence[Price]) -> tuple[str, ...]:
        """Where the price of a request is listed."""
        names = ("source_system", "price_source", "price_provider", "price_model")
        return names if self.processing else (*names, "price_processing")

    def line_of(self, row: Row, prices: Sequence[Price]) -> Line | None:
        """The line that the warehouse found; an override stands in the price book."""
        if row["price_model"] is None:
            return None
        is_own = row["price_source"] == _OWN
        return Line(
            price_list=_OWN if is_own else _BOOK,
            source_system=text(row, "source_system") if is_own else None,
            provider=str(row["price_provider"]),
            model=str(row["price_model"]),
            processing=self.processing.value if self.processing else str(row["price_processing"]),
        )

    def condition(self, lines: Iterable[Line]) -> Predicate | None:
        """Requests of the models."""
        models = sorted({line.model for line in lines})
        return Condition("price_model", Operator.IN, tuple(models))


def price_rows(ask: Ask, where: Predicate) -> QueryRequest:
    """A question for rows of `modelPrices`, whole."""
    mart = to_the_microsecond(ask.mart_named("model_prices"))
    return ask.question_of(
        mart, where, dimensions=tuple(mart.dimensions), with_nodes=True, first=MOST_LISTED + 1
    )


def _names(ask: Ask) -> QueryRequest:
    keys = ("price_list", "provider", "model")
    return ask.question_of(
        "model_prices",
        group_by=keys,
        dimensions=keys,
        with_nodes=True,
        first=MOST_LISTED + 1,
    )


def _has_line() -> Predicate:
    return Condition("price_model", Operator.IS_NULL, (False,))


def _unknown_name(
    argument: str, name: str, known: Iterable[str], of_whom: str
) -> InvalidQueryError:
    names = sorted(known)
    nearest = get_close_matches(name, names, _NEAREST, 0.0)
    return InvalidQueryError(
        f"{argument}: no price {of_whom}is listed for {name!r}; the nearest names are "
        f"{', '.join(map(repr, nearest))}, and modelPrices lists all",
        code="UNKNOWN_VALUE",
        argument=argument,
        allowed=nearest,
    )
