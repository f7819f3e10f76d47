"""The installed list of prices, as the seeds that hold it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from genai_prices.data import providers
from genai_prices.types import Provider

from warehouse.prices.book import LeftOut, left_out, price_rows, rounded_prices, unused_prices
from warehouse.prices.names import fallback_rows, name_rows, provider_rows
from warehouse.prices.seeds import (
    Seed,
    fallback_seed,
    list_seed,
    name_seed,
    price_seed,
    provider_seed,
)

PACKAGE = "genai-prices"


@dataclass(frozen=True, slots=True)
class PriceList:
    """What a list says, and what of it the price book has no place for."""

    seeds: tuple[Seed, ...]
    left_out: tuple[LeftOut, ...]
    # How many models have each price for which the book has no column.
    unused_prices: Counter[str]
    # How many models have each price with more decimals than the book keeps.
    rounded_prices: Counter[str]


def installed_version() -> str:
    """Version of the installed list."""
    return version(PACKAGE)


def read_price_list(listed: Sequence[Provider] = providers) -> PriceList:
    """The installed list; never one from the network."""
    models = [(provider, model) for provider in listed for model in provider.models]
    by_model = [(provider, model, price_rows(provider, model)) for provider, model in models]
    priced = [model for _, model, rows in by_model if rows]
    return PriceList(
        seeds=(
            list_seed(PACKAGE, installed_version()),
            price_seed(row for _, _, rows in by_model for row in rows),
            name_seed(row for provider in listed for row in name_rows(provider)),
            provider_seed(provider_rows(listed)),
            fallback_seed(row for provider in listed for row in fallback_rows(provider)),
        ),
        left_out=tuple(
            each
            for provider, model, rows in by_model
            for each in left_out(provider, model, has_rows=bool(rows))
        ),
        unused_prices=Counter(name for model in priced for name in unused_prices(model)),
        rounded_prices=Counter(name for model in priced for name in rounded_prices(model)),
    )
