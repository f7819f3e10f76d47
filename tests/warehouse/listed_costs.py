"""What requests cost by the installed list of prices, computed by the list's own calculator."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, localcontext

from genai_prices.types import (
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
    Usage,
)

# The list's words for how a request was processed.
CONTEXTS: dict[str, dict[str, str]] = {
    "standard": {},
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"service_tier": "fast", "speed": "fast"},
}
SOME_DAY = datetime(2026, 6, 15, 12, tzinfo=UTC)
LONGEST_PROMPT = 3_000_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """The counts of one request, under the names of int_requests_reported."""

    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    cache_write_1h_tokens: int
    audio_input_tokens: int
    cached_audio_input_tokens: int
    output_tokens: int
    audio_output_tokens: int
    reasoning_tokens: int

    def usage(self) -> Usage:
        """As the list counts: all writes together, and none of them audio."""
        return Usage(
            input_tokens=self.input_tokens,
            cache_read_tokens=self.cached_input_tokens,
            cache_write_tokens=self.cache_write_tokens + self.cache_write_1h_tokens,
            cache_write_1h_tokens=self.cache_write_1h_tokens,
            input_audio_tokens=self.audio_input_tokens,
            cache_audio_read_tokens=self.cached_audio_input_tokens,
            cache_audio_write_tokens=0,
            cache_audio_write_1h_tokens=0,
            output_tokens=self.output_tokens,
            output_audio_tokens=self.audio_output_tokens,
            output_reasoning_tokens=self.reasoning_tokens,
            output_audio_reasoning_tokens=0,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a model of the list."""

    provider: Provider
    model: ModelInfo
    processing: str
    moment: datetime
    tokens: Tokens

    @property
    def prices(self) -> ModelPrice:
        return self.model.get_prices(self.moment, CONTEXTS[self.processing])

    def cost(self) -> Decimal:
        """What the list's calculator says, to the last digit."""
        with localcontext() as context:
            context.prec = 60
            return self.prices.calc_price(self.tokens.usage())["total_price"]

    @property
    def is_finer_than_the_book(self) -> bool:
        """Whether the list has a price with more than the 16 decimals that the book keeps."""
        return any(
            amount.normalize().as_tuple().exponent < -16
            for price in _names(self.prices).values()
            for amount in _amounts(price)
        )

    def row(self, number: int) -> dict[str, object]:
        """As a row of int_requests_reported."""
        return asdict(self.tokens) | {
            "request_id": str(number),
            "provider": self.provider.id,
            "raw_model": self.model.id,
            "processing": self.processing,
            "requested_at": self.moment.replace(tzinfo=None),
        }


def asked_of(provider: Provider, model: ModelInfo, draw: random.Random) -> Iterator[Asked]:
    """Requests on both sides of each moment, and of each size of prompt, at which prices change."""
    moments = list(_moments(model))
    prompts = list(_prompts(model))
    for processing in _processings(model):
        for moment in moments:
            drawn = [draw.randint(0, most) for most in (2_000, 50_000, 300_000, LONGEST_PROMPT)]
            for prompt in (*prompts, *drawn):
                yield Asked(provider, model, processing, moment, _tokens(prompt, draw))


def _tokens(prompt: int, draw: random.Random) -> Tokens:
    """A prompt in parts that fit, each of them absent now and then, and an answer."""
    # Four cuts of the prompt: text, reads, writes, writes for an hour, audio.
    cuts = sorted(draw.randint(0, prompt) for _ in range(4))
    reads, writes, hour, audio = (
        0 if draw.random() < 0.3 else end - start
        for start, end in zip(cuts, [*cuts[1:], prompt], strict=True)
    )
    cached_audio = draw.randint(0, reads) if draw.random() < 0.5 else 0
    answer = draw.choice([0, draw.randint(1, 300), draw.randint(1, 100_000)])
    spoken = draw.randint(0, answer) if draw.random() < 0.4 else 0
    return Tokens(
        input_tokens=prompt,
        cached_input_tokens=reads,
        cache_write_tokens=writes,
        cache_write_1h_tokens=hour,
        audio_input_tokens=audio + cached_audio,
        cached_audio_input_tokens=cached_audio,
        output_tokens=answer,
        audio_output_tokens=spoken,
        reasoning_tokens=draw.randint(0, answer - spoken) if draw.random() < 0.5 else 0,
    )


def _processings(model: ModelInfo) -> Iterator[str]:
    for processing, context in CONTEXTS.items():
        variants = model.price_variants or []
        if not context or any(
            variant.when.items() <= context.items() and _names(variant.prices)
            for variant in variants
        ):
            yield processing


def _moments(model: ModelInfo) -> Iterator[datetime]:
    yield SOME_DAY
    conditional = [] if isinstance(model.prices, ModelPrice) else model.prices
    for each in (*conditional, *(model.price_variants or [])):
        if isinstance(each.constraint, StartDateConstraint):
            start = datetime.combine(each.constraint.start_date, time(), UTC)
            yield from (start, start - timedelta(microseconds=1))
        if isinstance(each.constraint, TimeOfDateConstraint):
            for limit in (each.constraint.start_time, each.constraint.end_time):
                moment = datetime.combine(SOME_DAY, limit, limit.tzinfo or UTC).astimezone(UTC)
                yield from (moment, moment - timedelta(microseconds=1))


def _prompts(model: ModelInfo) -> Iterator[int]:
    starts = {
        tier.start
        for prices in _price_sets(model)
        for price in vars(prices).values()
        if isinstance(price, TieredPrices)
        for tier in price.tiers
    }
    for start in sorted(starts):
        yield from (start, start + 1)


def _price_sets(model: ModelInfo) -> Iterator[ModelPrice]:
    if isinstance(model.prices, ModelPrice):
        yield model.prices
    else:
        yield from (each.prices for each in model.prices)
    yield from (variant.prices for variant in model.price_variants or [])


def _amounts(price: Decimal | TieredPrices) -> list[Decimal]:
    if isinstance(price, TieredPrices):
        return [price.base, *(tier.price for tier in price.tiers)]
    return [price]


def _names(prices: ModelPrice) -> Mapping[str, Decimal | TieredPrices]:
    return {name: price for name, price in vars(prices).items() if price is not None}
