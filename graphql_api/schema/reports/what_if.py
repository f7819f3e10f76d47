"""What the same tokens would have cost on another model, or at another day's prices."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

import strawberry

from graphql_api.catalogue.model import Grain
from graphql_api.errors import InvalidQueryError
from graphql_api.query.criteria import with_price_criteria
from graphql_api.query.executor import Answer
from graphql_api.query.request import And, Condition, Not, Operator, Predicate, QueryRequest
from graphql_api.query.window import bounds
from graphql_api.schema.conditions import refuse_unstorable
from graphql_api.schema.inputs import SortDirection, TimeGrain
from graphql_api.schema.reports.listing import MOST_LISTED, all_rows
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import count
from graphql_api.schema.reports.what_if_lines import Lines, OfOneModel, OfTheirOwnModels
from graphql_api.schema.reports.what_if_pieces import Piece, Window, pieces
from graphql_api.schema.reports.what_if_prices import CALLS, PART_METRICS
from graphql_api.schema.reports.what_if_sums import Comparison
from graphql_api.schema.reports.what_if_types import (
    PricedModel,
    WhatIf,
    WhatIfDimension,
    WhatIfOrder,
    WhatIfProcessing,
)
from graphql_api.schema.reports.windows import refuse_outside
from graphql_api.schema.scalars import BigInt

MOST_GROUPS = 1_000
# Each piece is a statement of its own, one after the other.
MOST_PIECES = 200

_METRICS = (
    *(CALLS, "llm_chain_requests", "token_counted_requests", "total_tokens"),
    *("cost_usd", "unpriced_requests", "cache_hits", *PART_METRICS),
)
_IS_HIT = Condition("is_cache_hit", Operator.EQ, (True,))
Model = Annotated[
    PricedModel | None,
    strawberry.argument(
        description="Whose prices are taken, for every request; without it those of each request's "
        "own model, as the price lists name it."
    ),
]
PricesOf = Annotated[
    datetime | None,
    strawberry.argument(
        description="The instant whose prices are taken, for every request; without it those that "
        "held when each request was made."
    ),
]
Processing = Annotated[
    WhatIfProcessing | None,
    strawberry.argument(
        description="As if all requests had been served so; without it as each was, and as "
        "standard where no other price is listed."
    ),
]
GroupBy = Annotated[
    list[WhatIfDimension] | None, strawberry.argument(description="Keys of the groups.")
]
Period = Annotated[
    TimeGrain | None,  # type: ignore[valid-type]
    strawberry.argument(
        description="Also group by the periods (of `timezone`) in which requests were made."
    ),
]
First = Annotated[
    int, strawberry.argument(description="How many groups are listed, from 1 to 1000.")
]


@report("requests", also_reads=("model_prices",))
async def what_if(
    ask: Ask,
    *,
    model: Model = None,
    prices_of: PricesOf = None,
    processing: Processing = None,
    group_by: GroupBy = None,
    time_grain: Period = None,
    first: First = 100,
    order_by: WhatIfOrder = WhatIfOrder.ACTUAL_COST_USD,
    direction: SortDirection = SortDirection.DESC,
) -> WhatIf:
    """What the same tokens would have cost on another model, or at another instant's prices.

    Each part of the tokens (uncached, read from a cache, written to one, audio, output, reasoning)
    is multiplied by its price, as `computedCostUsd` is: at the price for prompts of that size, at
    that time of the day. What is compared are tokens as they were counted: another model might have
    needed more or fewer of them. What a gateway's own cache answered costs nothing anywhere.

    Requests for which no price is listed are counted apart, and are in neither cost.
    """
    refuse_outside("first", first, 1, MOST_GROUPS)
    refuse_unstorable((model.provider, model.model) if model else (), "model")
    time = ask.mart.time_dimension or ""
    keys = (*((time,) if time_grain else ()), *(each.value for each in group_by or ()))
    question = _Question(
        replace(ask, mart=with_price_criteria(ask.mart)),
        OfOneModel(model, processing) if model else OfTheirOwnModels(processing),
        tuple(dict.fromkeys(keys)),
        time_grain,
        prices_of,
    )
    answers = await ask(
        question.about(()),
        ask.question(group_by=(), with_freshness=True),
        *question.lines.questions(question.ask),
        lambda answers: [each for _, each in question.pieces(answers)],
    )
    found = question.compared(answers)
    groups = found.listed(order_by, direction) if keys else []
    return WhatIf(
        groups=groups[:first],
        group_count=BigInt(len(groups)),
        totals=found.totals.figures,
        prices=found.used_prices(),
        freshness=answers[1].freshness,  # type: ignore[arg-type]
        as_of=ask.as_of,
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """A call of the report."""

    ask: Ask
    lines: Lines
    keys: tuple[str, ...]
    time_grain: Grain | None
    at: datetime | None

    def about(self, more_keys: tuple[str, ...], *where: Predicate | None) -> QueryRequest:
        """A question for the sums of every group."""
        group_by = tuple(dict.fromkeys((*self.keys, *more_keys)))
        asked = self.ask.question(
            And(tuple(each for each in where if each is not None)),
            group_by=group_by,
            dimensions=group_by,
            metrics=_METRICS,
            first=MOST_LISTED + 1,
            with_nodes=True,
        )
        return replace(asked, time_grain=self.time_grain)

    def pieces(self, answers: Sequence[Answer]) -> list[tuple[Piece | None, QueryRequest]]:
        """A question per piece, and without one for what a cache answered.

        Raises:
            InvalidQueryError: there are too many.
        """
        prices = self.lines.prices(answers[2:])
        found = pieces(prices, self._window(), self.at)
        if len(found) > MOST_PIECES:
            raise InvalidQueryError(
                f"filter: {len(found):,} different periods, sizes and times of day have prices of "
                f"their own, at most {MOST_PIECES} are asked for; filter for fewer models or a "
                "shorter window, or give pricesOf",
                code="QUERY_TOO_LARGE",
                argument="filter",
            )
        # Where no cache answered, nothing but sums is needed, which roll-ups have.
        has_hits = any(count(row, "cache_hits") for row in all_rows(answers[0], "groups"))
        keys, time = self.lines.keys(prices), self.ask.mart.time_dimension or ""
        billed = Not(_IS_HIT) if has_hits else None
        asked: list[tuple[Piece | None, QueryRequest]] = [
            (
                each,
                self.about(keys, each.condition(time), self.lines.condition(each.prices), billed),
            )
            for each in found
        ]
        return [*asked, *([(None, self.about((), _IS_HIT))] if has_hits else [])]

    def compared(self, answers: Sequence[Answer]) -> Comparison:
        """All answers, added up."""
        found = Comparison(self.keys, self.ask.mart.time_dimension or "")
        for row in all_rows(answers[0], "groups"):
            found.add_every(row)
        prices, asked = self.lines.prices(answers[2:]), self.pieces(answers)
        for (piece, _), answer in zip(asked, answers[len(answers) - len(asked) :], strict=True):
            for row in all_rows(answer, "groups"):
                if piece is None:
                    found.add_free(row)
                    continue
                line = self.lines.line_of(row, prices)
                price = piece.prices.get(line) if line else None
                if price is not None:
                    found.add_priced(row, price)
        return found

    def _window(self) -> Window:
        first, last = bounds(self.about(()))
        assert first is None or isinstance(first, datetime)
        assert last is None or isinstance(last, datetime)
        return Window(first, last)
