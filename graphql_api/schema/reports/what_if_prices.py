"""What sums of tokens cost at a listed price: linear, so that sums cost what their requests do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from graphql_api.schema.reports.listing import Row
from graphql_api.schema.reports.values import amount, count, instant, text, times, total

# Seconds.
DAY = 86_400

# What the warehouse writes for a price that has no beginning.
ALWAYS = datetime(1, 1, 1)  # noqa: DTZ001 - UTC by convention

# Each part of a request's tokens has a price; where none is listed, the price of what it is a part
# of.
_PRICED_AS: Mapping[str, tuple[str, ...]] = {
    "input": ("input",),
    "cached_input": ("cached_input", "input"),
    "cache_write": ("cache_write", "input"),
    "cache_write_1h": ("cache_write_1h", "cache_write", "input"),
    "audio_input": ("audio_input", "input"),
    "cached_audio_input": ("cached_audio_input", "cached_input", "audio_input", "input"),
    "output": ("output",),
    "audio_output": ("audio_output", "output"),
    "reasoning": ("reasoning", "output"),
}
CALLS = "llm_call_requests"
_WHOLES = ("input", "output")
PART_METRICS = tuple(f"{part}_tokens" for part in _PRICED_AS)


@dataclass(frozen=True, slots=True)
class Line:
    """Where prices are listed: a model and processing in a list of prices.

    ``source_system`` is whose own list it is; None for the price book.
    """

    price_list: str
    source_system: str | None
    provider: str
    model: str
    processing: str


@dataclass(frozen=True, slots=True)
class Extent:
    """Which requests a price is for: half-open in time, prompt size and second of the day (UTC).

    A start of None has always been, an end of None is still to come. ``unpriced`` are columns of
    tokens that have no price: what has any of them is not free, but has no price either.
    ``only_counted`` leaves out requests without a token count, where each request has a price.
    """

    valid_from: datetime | None = None
    valid_to: datetime | None = None
    from_tokens: int = 0
    to_tokens: int | None = None
    from_second: int = 0
    to_second: int = DAY
    unpriced: tuple[str, ...] = ()
    only_counted: bool = False

    @property
    def depends_on_time(self) -> bool:
        """Whether requests of some time, or time of the day, have another price."""
        is_always = self.valid_from is None and self.valid_to is None
        return not (is_always and self.from_second == 0 and self.to_second == DAY)

    @property
    def is_last(self) -> bool:
        """Whether it is the price of the last moment of all."""
        return self.valid_to is None and self.to_second == DAY

    def holds_at(self, moment: datetime) -> bool:
        """Whether the price is valid at an instant."""
        return (self.valid_from or ALWAYS) <= moment and (
            self.valid_to is None or moment < self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Price:
    """One row of `modelPrices`."""

    line: Line
    extent: Extent
    source: str
    list_version: str | None
    per_token: tuple[tuple[str, Decimal], ...]
    per_request: Decimal

    def cost_of(self, sums: Row) -> Decimal:
        """What the requests cost whose tokens add up to these.

        ``sums`` has ``PART_METRICS`` as requests say them, the cached tokens among the inputs, and
        the number of requests.
        """
        prices = dict(self.per_token)
        costs = [
            times(number, next((prices[name] for name in _PRICED_AS[part] if name in prices), 0))
            for part, number in _parts(sums).items()
        ]
        return total([*costs, times(count(sums, CALLS), self.per_request)])


def _parts(sums: Row) -> dict[str, int]:
    """Tokens by the part they are priced as, each once."""
    found = {part: count(sums, f"{part}_tokens") for part in _PRICED_AS}
    audio, cached_audio = found["audio_input"], found["cached_audio_input"]
    uncached_audio = audio - cached_audio
    cached, written = found["cached_input"], found["cache_write"] + found["cache_write_1h"]
    return {
        **found,
        "input": found["input"] - cached - written - uncached_audio,
        "cached_input": cached - cached_audio,
        "audio_input": uncached_audio,
        "output": found["output"] - found["audio_output"] - found["reasoning"],
    }


def price_of(row: Row) -> Price:
    """The price that a row of `modelPrices` lists."""
    named = {part: row.get(f"{part}_price_usd_per_token") for part in _PRICED_AS}
    since = instant(row, "valid_from_at")
    line = Line(
        price_list=str(row["price_list"]),
        source_system=text(row, "source_system"),
        provider=str(row["provider"]),
        model=str(row["model"]),
        processing=str(row["processing"]),
    )
    per_request = amount(row, "request_price_usd")
    return Price(
        line=line,
        extent=Extent(
            valid_from=None if since == ALWAYS else since,
            valid_to=instant(row, "valid_to_at"),
            from_tokens=count(row, "from_input_tokens"),
            to_tokens=_number(row, "to_input_tokens"),
            from_second=count(row, "from_second_of_day"),
            to_second=count(row, "to_second_of_day"),
            unpriced=tuple(f"{whole}_tokens" for whole in _WHOLES if named[whole] is None),
            only_counted=per_request != 0,
        ),
        source=str(row["price_source"]),
        list_version=text(row, "price_list_version"),
        per_token=tuple((k, Decimal(str(v))) for k, v in named.items() if v is not None),
        per_request=per_request,
    )


def _number(row: Row, name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) else None
