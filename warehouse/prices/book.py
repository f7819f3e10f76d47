"""Rows of the price book, derived from a list of prices by asking the list itself.

Each model is asked for its prices at every moment and for every size of prompt at which they may
change, so that a row says what the list says; what rules the list applies is not known here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from genai_prices.types import (
    ModelInfo,
    ModelPrice,
    PriceVariant,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
    calc_unit_price,
)

from warehouse.errors import WarehouseError

DAY_SECONDS = 86_400

# The book's columns of prices, with the list's name of each price. All are per 1,000,000 tokens.
TOKEN_PRICES = {
    "input_usd_per_mtok": "input_mtok",
    "cached_input_usd_per_mtok": "cache_read_mtok",
    "cache_write_usd_per_mtok": "cache_write_mtok",
    "cache_write_1h_usd_per_mtok": "cache_write_1h_mtok",
    "audio_input_usd_per_mtok": "input_audio_mtok",
    "cached_audio_input_usd_per_mtok": "cache_audio_read_mtok",
    "output_usd_per_mtok": "output_mtok",
    "audio_output_usd_per_mtok": "output_audio_mtok",
    "reasoning_usd_per_mtok": "output_reasoning_mtok",
}
# Per 1,000 requests in the list.
REQUEST_PRICE = "requests_kcount"
LISTED_PRICES = (*TOKEN_PRICES.values(), REQUEST_PRICE)

# What the list calls a way of processing: words of the request or its answer.
PROCESSINGS: dict[str, dict[str, str]] = {
    "standard": {},
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"service_tier": "fast", "speed": "fast"},
}

# A price per token has 22 decimals and none before the point; one of 1,000,000 tokens 16 and 6.
SMALLEST_PRICE = Decimal("1e-16")
PRICE_LIMIT = Decimal(1_000_000)

Prices = tuple[Decimal | None, ...]
Constraint = StartDateConstraint | TimeOfDateConstraint
Start = TypeVar("Start")
End = TypeVar("End")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class PriceRow:
    """What one model costs in one way of processing, for some prompts in some part of the day."""

    provider: str
    model: str
    processing: str
    valid_from: date | None
    valid_to: date | None
    from_input_tokens: int
    to_input_tokens: int | None
    from_second_of_day: int
    to_second_of_day: int
    prices: Prices


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A model, or a variant of one, that the book has no place for, and why."""

    provider: str
    model: str
    reason: str


def price_rows(provider: Provider, model: ModelInfo) -> list[PriceRow]:
    """All rows of a model; none where nothing is priced by tokens."""
    rows = [
        row
        for processing, context in PROCESSINGS.items()
        if not context or any(_is_of(variant.when, context) for variant in _variants(model))
        for row in _rows_of(provider.id, model, processing)
    ]
    is_priced = any(price is not None for row in rows for price in row.prices[:-1])
    return rows if is_priced else []


def left_out(provider: Provider, model: ModelInfo, *, has_rows: bool) -> Iterator[LeftOut]:
    """What of a model did not become a row, though the list gives it."""
    if not has_rows:
        priced_by = ", ".join(unused_prices(model))
        reason = f"priced by {priced_by} only" if priced_by else "without any price"
        yield LeftOut(provider.id, model.id, reason)
        return
    for words in sorted({tuple(sorted(variant.when.items())) for variant in _variants(model)}):
        if not any(_is_of(dict(words), context) for context in PROCESSINGS.values()):
            spelt = ", ".join(f"{key}={value}" for key, value in words)
            yield LeftOut(provider.id, model.id, f"variants of {spelt}, which is no processing")


def unused_prices(model: ModelInfo) -> list[str]:
    """The list's names of prices of this model for which the book has no column."""
    named = {name for prices in _price_sets(model) for name in _named(prices)}
    return sorted(named - set(LISTED_PRICES))


def rounded_prices(model: ModelInfo) -> list[str]:
    """The list's names of prices of this model that have more decimals than the book keeps."""
    return sorted(
        {
            name
            for prices in _price_sets(model)
            for name in LISTED_PRICES
            for amount in _amounts(getattr(prices, name))
            if round_price(amount) != amount
        }
    )


def round_price(price: Decimal) -> Decimal:
    """A price of 1,000,000 tokens as the book keeps it, without trailing zeros."""
    return price.quantize(SMALLEST_PRICE, ROUND_HALF_UP).normalize()


def _rows_of(provider_id: str, model: ModelInfo, processing: str) -> Iterator[PriceRow]:
    """Rows of one processing: periods, in each parts of the day, in each bands of prompts."""
    context = PROCESSINGS[processing]
    seconds = _seconds(model)
    bands = _bands(model)

    def prices_on(day: date, second: int) -> tuple[Prices, ...]:
        moment = datetime.combine(day, time(), UTC) + timedelta(seconds=second)
        listed = model.get_prices(moment, context)
        return tuple(_prices_in_band(listed, band, provider_id, model.id) for band in bands)

    days = _days(model)
    periods = [(day, tuple(prices_on(_day_within(day, days), s) for s in seconds)) for day in days]
    for valid_from, valid_to, parts in _runs(periods, None):
        for from_second, to_second, in_bands in _runs(
            zip(seconds, parts, strict=True), DAY_SECONDS
        ):
            for from_tokens, to_tokens, prices in _runs(zip(bands, in_bands, strict=True), None):
                yield PriceRow(
                    provider_id,
                    model.id,
                    processing,
                    valid_from,
                    valid_to,
                    from_tokens,
                    to_tokens,
                    from_second,
                    to_second,
                    prices,
                )


def _runs(
    steps: Iterable[tuple[Start, Value]], end: End
) -> Iterator[tuple[Start, Start | End, Value]]:
    """From where to where each value holds; what follows with the same value is one run."""
    runs = [next(group) for _, group in groupby(steps, key=itemgetter(1))]
    ends: list[Start | End] = [*(start for start, _ in runs[1:]), end]
    for (start, value), run_end in zip(runs, ends, strict=True):
        yield start, run_end, value


def _prices_in_band(listed: ModelPrice, input_tokens: int, provider: str, model: str) -> Prices:
    """The prices for a prompt of so many tokens, in the order of the book's columns."""
    prices: list[Decimal | None] = []
    for name in LISTED_PRICES:
        price: Decimal | TieredPrices | None = getattr(listed, name)
        if price is None:
            prices.append(None)
            continue
        per_unit = calc_unit_price(price, 1, input_tokens, 1000 if name == REQUEST_PRICE else 1)
        prices.append(_storable(per_unit, f"{name} of {provider} {model}"))
    return tuple(prices)


def _storable(price: Decimal, name: str) -> Decimal:
    """The price with the decimals that the book keeps: a finer one is rounded half up."""
    plain = round_price(price)
    if not 0 <= plain < PRICE_LIMIT:
        raise WarehouseError(
            "PRICE_RANGE",
            f"the list's {name} is {price}, but the price book holds prices from 0 to less than "
            f"{PRICE_LIMIT:,} USD: install another version of genai-prices",
        )
    return plain


def _days(model: ModelInfo) -> list[date | None]:
    """First days of the periods; None is the beginning of time."""
    starts = {c.start_date for c in _constraints(model) if isinstance(c, StartDateConstraint)}
    return [None, *sorted(starts)]


def _day_within(day: date | None, days: Sequence[date | None]) -> date:
    """A day of the period that begins on ``day``."""
    if day is not None:
        return day
    first = next((start for start in days if start is not None), date(2000, 1, 1))
    return first - timedelta(days=1)


def _seconds(model: ModelInfo) -> list[int]:
    """Seconds of the UTC day at which its parts begin."""
    limits = {
        limit
        for constraint in _constraints(model)
        if isinstance(constraint, TimeOfDateConstraint)
        for limit in (constraint.start_time, constraint.end_time)
    }
    return sorted({0, *(_second_of_day(limit, model.id) for limit in limits)})


def _second_of_day(limit: time, model: str) -> int:
    moment = datetime.combine(date(2000, 1, 1), limit, limit.tzinfo or UTC).astimezone(UTC)
    if moment.microsecond:
        raise WarehouseError(
            "PRICE_RANGE",
            f"the price of {model} changes at {limit}, but the price book knows whole seconds "
            "only: install another version of genai-prices",
        )
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _bands(model: ModelInfo) -> list[int]:
    """Smallest prompts of the bands: a tier holds for what is longer than its start."""
    tiers = (
        tier
        for prices in _price_sets(model)
        for name in LISTED_PRICES
        if isinstance(price := getattr(prices, name), TieredPrices)
        for tier in price.tiers
    )
    return sorted({0, *(tier.start + 1 for tier in tiers)})


def _amounts(price: Decimal | TieredPrices | None) -> list[Decimal]:
    if isinstance(price, TieredPrices):
        return [price.base, *(tier.price for tier in price.tiers)]
    return [] if price is None else [price]


def _price_sets(model: ModelInfo) -> Iterator[ModelPrice]:
    if isinstance(model.prices, ModelPrice):
        yield model.prices
    else:
        yield from (conditional.prices for conditional in model.prices)
    yield from (variant.prices for variant in _variants(model))


def _constraints(model: ModelInfo) -> Iterator[Constraint]:
    conditional = [] if isinstance(model.prices, ModelPrice) else model.prices
    found = [*(each.constraint for each in conditional), *(v.constraint for v in _variants(model))]
    yield from (constraint for constraint in found if constraint is not None)


def _variants(model: ModelInfo) -> list[PriceVariant]:
    """Variants with a price of their own; one without says that the standard prices hold."""
    return [each for each in model.price_variants or [] if _named(each.prices)]


def _is_of(when: Mapping[str, str], context: Mapping[str, str]) -> bool:
    """Whether a variant holds in that context."""
    return when.items() <= context.items()


def _named(prices: ModelPrice) -> list[str]:
    """The list's names of the prices that are given."""
    return [name for name, price in vars(prices).items() if price is not None]
