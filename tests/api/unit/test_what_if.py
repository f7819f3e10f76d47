"""What the same tokens would have cost: the pieces of a question, and the arithmetic of sums.

Its numbers over real rows are held against an independent calculator in
`tests/api/integration/test_what_if.py`.
"""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from graphql_api.query.criteria import PROMPT, SECOND_OF_DAY
from graphql_api.query.request import (
    And,
    Condition,
    Not,
    Operator,
    Or,
    Predicate,
    conditions,
)
from graphql_api.schema.inputs import SortDirection
from graphql_api.schema.reports.what_if_pieces import Window, pieces
from graphql_api.schema.reports.what_if_prices import Extent, Line, Price, price_of
from graphql_api.schema.reports.what_if_sums import Comparison
from graphql_api.schema.reports.what_if_types import WhatIfOrder

LINE = Line("price_book", None, "openai", "gpt", "standard")
SINCE = datetime(2026, 1, 1)


def price(extent: Extent = Extent(), line: Line = LINE, **per_token: str) -> Price:  # noqa: B008 - frozen
    prices = tuple((name, Decimal(value)) for name, value in per_token.items())
    return Price(line, extent, "price_book", "1", prices, Decimal(0))


class TestArithmetic:
    def test_each_token_is_paid_once_at_the_price_of_its_part(self):
        listed = price(
            input="1",
            cached_input="0.1",
            cache_write="1.25",
            cache_write_1h="2",
            audio_input="10",
            cached_audio_input="3",
            output="5",
            audio_output="50",
            reasoning="7",
        )
        sums: dict[str, object] = {
            "input_tokens": 1_000_000,
            "cached_input_tokens": 200_000,
            "cache_write_tokens": 30_000,
            "cache_write_1h_tokens": 4_000,
            "audio_input_tokens": 500,
            "cached_audio_input_tokens": 60,
            "output_tokens": 70_000,
            "audio_output_tokens": 8_000,
            "reasoning_tokens": 900,
        }
        uncached = 1_000_000 - 200_000 - 30_000 - 4_000 - (500 - 60)
        expected = (
            uncached
            + Decimal("0.1") * (200_000 - 60)
            + Decimal("1.25") * 30_000
            + 2 * 4_000
            + 10 * (500 - 60)
            + 3 * 60
            + 5 * (70_000 - 8_000 - 900)
            + 50 * 8_000
            + 7 * 900
        )
        assert listed.cost_of(sums) == expected

    @pytest.mark.parametrize(
        ("part", "whole", "prices", "expected"),
        [
            ("cached_input", "input", {"input": "3"}, 3),
            ("cache_write", "input", {"input": "3"}, 3),
            ("cache_write_1h", "input", {"input": "3"}, 3),
            ("cache_write_1h", "input", {"input": "3", "cache_write": "4"}, 4),
            ("audio_input", "input", {"input": "3"}, 3),
            ("cached_input", "input", {"input": "3", "cached_input": "0"}, 0),
            ("audio_output", "output", {"output": "3"}, 3),
            ("reasoning", "output", {"output": "3"}, 3),
            ("reasoning", "output", {"output": "3", "reasoning": "4"}, 4),
        ],
    )
    def test_without_a_price_of_its_own_a_part_costs_what_the_whole_does(
        self, part: str, whole: str, prices: dict[str, str], expected: int
    ):
        sums: dict[str, object] = {f"{part}_tokens": 1, f"{whole}_tokens": 1}
        assert price(**prices).cost_of(sums) == expected

    @pytest.mark.parametrize(
        ("prices", "expected"),
        [
            ({"input": "1"}, 1),
            ({"input": "1", "audio_input": "2"}, 2),
            ({"input": "1", "audio_input": "2", "cached_input": "3"}, 3),
            ({"input": "1", "audio_input": "2", "cached_input": "3", "cached_audio_input": "4"}, 4),
        ],
    )
    def test_cached_audio_costs_what_is_cached_before_what_is_audio(
        self, prices: dict[str, str], expected: int
    ):
        names = ("input", "cached_input", "audio_input", "cached_audio_input")
        assert price(**prices).cost_of({f"{name}_tokens": 1 for name in names}) == expected

    def test_no_digit_is_lost(self):
        tiny = "0.0000000000000000000001"
        assert price(input=tiny).cost_of({"input_tokens": 10**18 + 1}) == Decimal(tiny) * (
            10**18 + 1
        )

    def test_a_price_per_request_is_paid_for_each_that_has_a_count(self):
        row: dict[str, object] = dict.fromkeys(
            ("price_list", "price_source", "provider", "model", "processing"), "x"
        )
        listed = price_of(
            row
            | {"request_price_usd": "0.005", "to_second_of_day": 86_400}
            | {f"{part}_price_usd_per_token": "0.000001" for part in ("input", "output")}
        )
        assert listed.cost_of({"input_tokens": 10, "llm_call_requests": 4}) == Decimal("0.02001")
        (piece,) = pieces([listed], Window(), None)
        no_count = (Condition(n, Operator.IS_NULL, (True,)) for n in (PROMPT, "output_tokens"))
        assert piece.condition("requested_at") == And((Not(And(tuple(no_count))),))

    def test_a_row_that_begins_with_the_calendar_has_no_beginning(self):
        row: dict[str, object] = {
            "price_list": "model_config",
            "source_system": "kaapi",
            "price_source": "model_config",
            "provider": "openai",
            "model": "gpt",
            "processing": "standard",
            "valid_from_at": "0001-01-01T00:00:00",
            "valid_to_at": "2026-01-05T10:00:00.123456",
            "from_input_tokens": 0,
            "to_input_tokens": None,
            "from_second_of_day": 0,
            "to_second_of_day": 86_400,
        }
        listed = price_of(row)
        assert listed.extent.valid_from is None
        assert listed.extent.valid_to == datetime(2026, 1, 5, 10, 0, 0, 123_456)
        assert listed.line.source_system == "kaapi"


@dataclass(frozen=True)
class Request:
    """What prices go by."""

    at: datetime | None
    tokens: int | None

    def is_in(self, predicate: Predicate) -> bool:
        match predicate:
            case And(terms):
                return all(map(self.is_in, terms))
            case Or(terms):
                return any(map(self.is_in, terms))
            case Not(term):
                return not self.is_in(term)
            case Condition(name, operator, (value,)):
                found = self.value(name)
                if operator is Operator.IS_NULL:
                    return (found is None) is value
                if found is None:
                    return False
                return bool(
                    found >= value if operator is Operator.GTE else found < value  # type: ignore[operator]
                )
        raise TypeError(predicate)

    def value(self, name: str) -> datetime | int | None:
        if name == PROMPT:
            return self.tokens
        if name == SECOND_OF_DAY:
            return None if self.at is None else self.at.hour * 3600 + self.at.minute * 60
        assert name == "requested_at"
        return self.at


def cut(random: Random, values: list[int], most: int) -> list[int]:
    return sorted(random.sample(values, random.randint(0, most)))


def random_prices(random: Random, line: Line) -> list[Price]:
    """Rows as the price list has them: no gaps from the first on, no overlaps."""
    days = cut(random, list(range(40)), 3)
    starts: list[datetime | None] = [SINCE + timedelta(days=day) for day in days]
    if not starts or random.random() < 0.5:
        starts = [None, *starts]
    found = []
    for start, end in pairwise([*starts, None]):
        bands = [0, *cut(random, [10, 20, 30], 2), None]
        seconds = [0, *cut(random, [3600, 30 * 60, 8 * 3600], 2), 86_400]
        for from_tokens, to_tokens in pairwise(bands):
            for from_second, to_second in pairwise(seconds):
                assert from_tokens is not None
                extent = Extent(start, end, from_tokens, to_tokens, from_second, to_second)
                found.append(price(extent, line, input=str(len(found) + 1)))
    return found


def expected_price(listed: list[Price], request: Request, at: datetime | None) -> Price | None:
    """By looking at every row, at the moment that counts."""
    found = []
    for each in listed:
        extent = each.extent
        moment = at or request.at
        is_valid = extent.valid_to is None if moment is None else extent.holds_at(moment)
        tokens, second = request.tokens or 0, request.value(SECOND_OF_DAY)
        is_for_size = extent.from_tokens <= tokens < (extent.to_tokens or 10**9)
        # Without a time it is the last moment of all.
        last = second if isinstance(second, int) else 86_399
        is_for_size &= extent.from_second <= last < extent.to_second
        if is_valid and is_for_size:
            found.append(each)
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("seed", range(300))
def test_every_request_is_in_the_one_piece_that_has_its_price(seed: int):
    random = Random(seed)
    lines = [LINE, Line("price_book", None, "openai", "other", "standard")]
    listed = {line: random_prices(random, line) for line in lines}
    first, last = sorted(SINCE + timedelta(hours=random.randrange(-50, 1000)) for _ in range(2))
    window = random.choice(
        [Window(), Window(first), Window(last=last), Window(first, last), Window(first, first)]
    )
    at = random.choice([None, None, first])
    found = pieces([each for rows in listed.values() for each in rows], window, at)
    for _ in range(30):
        moment = SINCE + timedelta(minutes=30 * random.randrange(-100, 2100))
        request = Request(
            random.choice([moment, moment, moment, None]), random.choice([None, 0, 9, 10, 25, 99])
        )
        is_inside = window.is_open or (
            request.at is not None
            and (window.first is None or window.first <= request.at)
            and (window.last is None or request.at <= window.last)
        )
        if not is_inside:
            continue
        for line in lines:
            holding = [
                piece
                for piece in found
                if line in piece.prices and request.is_in(piece.condition("requested_at"))
            ]
            prices = [piece.prices[line] for piece in holding]
            expected = expected_price(listed[line], request, at)
            assert prices == ([expected] if expected else []), (request, line, window, at)


def test_a_price_since_ever_and_for_ever_asks_nothing_of_a_request():
    (piece,) = pieces([price(input="1")], Window(), None)
    assert piece.condition("requested_at") == And(())


def test_a_price_that_holds_all_the_window_long_sets_no_bounds():
    """So that roll-ups answer, whose periods are not cut."""
    extent = Extent(SINCE, SINCE + timedelta(days=100))
    window = Window(SINCE, SINCE + timedelta(days=99))
    (piece,) = pieces([price(extent, input="1")], window, None)
    assert piece.condition("requested_at") == And(())


NEXT = SINCE + timedelta(days=1)


@pytest.mark.parametrize(
    ("window", "bounds"),
    [
        # Both ends of a window are in it, of a price only the first.
        (Window(SINCE, SINCE), [(None, None)]),
        (Window(NEXT, NEXT), []),
        (Window(SINCE - timedelta(days=1), SINCE), [(SINCE, None)]),
        (Window(NEXT - timedelta(microseconds=1), NEXT), [(None, NEXT)]),
        (Window(NEXT, NEXT + timedelta(days=1)), []),
        (Window(SINCE - timedelta(days=1), SINCE - timedelta(microseconds=1)), []),
    ],
)
def test_a_window_that_touches_a_price_asks_for_what_both_hold(
    window: Window, bounds: list[tuple[datetime | None, datetime | None]]
):
    """Where they share nothing nothing is asked: such a question would be refused as inverted."""
    found = pieces([price(Extent(SINCE, NEXT), input="1")], window, None)
    assert [(each.extent.valid_from, each.extent.valid_to) for each in found] == bounds


@pytest.mark.parametrize(
    ("prices", "conditions_on"),
    [
        ({"input": "1", "output": "2"}, set()),
        ({"input": "1", "output": "0"}, set()),
        ({"input": "1"}, {"output_tokens"}),
        ({"input": "1", "cached_input": "1"}, {"output_tokens"}),
        ({"output": "1"}, {"input_tokens"}),
    ],
)
def test_tokens_without_any_price_leave_their_requests_without_a_price(
    prices: dict[str, str], conditions_on: set[str]
):
    columns = {f"{part}_price_usd_per_token": value for part, value in prices.items()}
    names = dict.fromkeys(("price_list", "price_source", "provider", "model", "processing"), "x")
    (piece,) = pieces([price_of({**names, **columns, "to_second_of_day": 86_400})], Window(), None)
    condition = piece.condition("requested_at")
    assert {each.name for each in conditions(condition)} == conditions_on
    for name in conditions_on:
        assert condition == And((Not(Condition(name, Operator.GT, (0,))),))


def test_prices_of_models_with_the_same_extent_are_one_piece():
    other = Line("price_book", None, "openai", "other", "standard")
    (piece,) = pieces([price(input="1"), price(line=other, input="2")], Window(), None)
    assert piece.prices.keys() == {LINE, other}


class TestFigures:
    def row(self, **values: object) -> dict[str, object]:
        usual = {"llm_call_requests": 1, "token_counted_requests": 1, "total_tokens": 10}
        return {**usual, "cost_usd": "1", "input_tokens": 10, **values}

    def test_only_requests_with_a_price_are_compared(self):
        found = Comparison(("model",), "requested_at")
        for model, cost in (("a", "1"), ("b", "40")):
            found.add_every(self.row(model=model, cost_usd=cost))
        found.add_priced(self.row(model="a"), price(input="0.2"))
        figures = found.totals.figures
        assert (figures.requests, figures.requests_without_price) == (2, 1)
        assert (figures.total_tokens, figures.tokens_without_price) == (20, 10)
        assert (figures.actual_cost_usd, figures.cost_without_price_usd) == (1, 40)
        assert (figures.what_if_cost_usd, figures.difference_usd) == (2, 1)
        assert figures.difference_percentage == 100

    def test_what_a_cache_answered_costs_nothing_and_is_not_without_price(self):
        found = Comparison((), "requested_at")
        found.add_every(self.row(cost_usd="0"))
        found.add_free(self.row(cost_usd="0"))
        figures = found.totals.figures
        assert (figures.what_if_cost_usd, figures.requests_without_price) == (0, 0)
        assert figures.difference_percentage is None

    def test_requests_without_a_count_are_told(self):
        found = Comparison((), "requested_at")
        chains = {"llm_chain_requests": 3, "token_counted_requests": 5, "llm_call_requests": 4}
        found.add_priced(self.row(**chains), price(input="1"))
        assert found.totals.figures.requests_without_tokens == 2

    def test_a_group_without_a_value_is_last_either_way(self):
        found = Comparison(("model",), "requested_at")
        for model, cost in (("a", "1"), ("b", "0"), ("c", "2"), ("d", "1")):
            found.add_every(self.row(model=model, cost_usd=cost))
            found.add_priced(self.row(model=model, cost_usd=cost), price(input="0.1"))
        order = WhatIfOrder.DIFFERENCE_PERCENTAGE
        assert [g.model for g in found.listed(order, SortDirection.ASC)] == ["c", "a", "d", "b"]
        assert [g.model for g in found.listed(order, SortDirection.DESC)] == ["a", "d", "c", "b"]

    def test_prices_that_priced_nothing_are_not_listed(self):
        found = Comparison((), "requested_at")
        found.add_priced(self.row(llm_call_requests=0), price(input="1"))
        found.add_priced(self.row(), price(Extent(from_tokens=5), input="2"))
        assert [each.from_input_tokens for each in found.used_prices()] == [5]
