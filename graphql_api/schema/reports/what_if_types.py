"""The types of `whatIf`."""

from datetime import datetime
from decimal import Decimal
from enum import Enum

import strawberry

from graphql_api.schema.inputs import Freshness
from graphql_api.schema.scalars import BigInt


@strawberry.enum(description="How a request is served, where prices differ by it.")
class WhatIfProcessing(Enum):
    """Values of the column `processing`."""

    STANDARD = "standard"
    BATCH = "batch"
    FLEX = "flex"
    PRIORITY = "priority"
    FAST = "fast"


@strawberry.enum(
    description="Where prices are listed: the price book with what overrides it, or a source "
    "system's own list."
)
class WhatIfPriceList(Enum):
    """Values of the column `price_list`."""

    PRICE_BOOK = "price_book"
    MODEL_CONFIG = "model_config"


@strawberry.input(description="A model, by the names under which `modelPrices` lists it.")
class PricedModel:
    """The model that prices are taken of."""

    provider: str = strawberry.field(description="Provider in the price list.")
    model: str = strawberry.field(description="Name in the price list.")
    price_list: WhatIfPriceList | None = strawberry.field(
        default=None,
        description="Which list; by default the price book, or the only one that has the model.",
    )


@strawberry.enum(description="Keys of groups, besides the periods of `timeGrain`.")
class WhatIfDimension(Enum):
    """Dimensions of requests."""

    SOURCE_SYSTEM = "source_system"
    ORGANIZATION_ID = "organization_id"
    PROJECT_ID = "project_id"
    USER_ID = "user_id"
    API_KEY_ID = "api_key_id"
    PROVIDER = "provider"
    MODEL = "model"
    ENDPOINT = "endpoint"


@strawberry.enum(description="What groups are sorted by; ties by their keys.")
class WhatIfOrder(Enum):
    """The values name fields of `WhatIfFigures`; ``period`` the key."""

    PERIOD = "period"
    REQUESTS = "requests"
    ACTUAL_COST_USD = "actual_cost_usd"
    WHAT_IF_COST_USD = "what_if_cost_usd"
    DIFFERENCE_USD = "difference_usd"
    DIFFERENCE_PERCENTAGE = "difference_percentage"


@strawberry.type(description="What requests cost, and what they would have cost.")
class WhatIfFigures:
    """Actual cost next to the other one, of the same requests."""

    requests: BigInt = strawberry.field(
        description="Calls to models. Chains of calls have no tokens of their own and are left "
        "out. Unit: count."
    )
    total_tokens: BigInt = strawberry.field(description="Their tokens. Unit: tokens.")
    actual_cost_usd: Decimal = strawberry.field(
        description="Cost (`costUsd`) of the requests that have a price here. Unit: usd."
    )
    what_if_cost_usd: Decimal = strawberry.field(
        description="What the tokens of the same requests would have cost. Unit: usd."
    )
    difference_usd: Decimal = strawberry.field(
        description="`whatIfCostUsd` less `actualCostUsd`: negative where it would have been "
        "cheaper. Unit: usd."
    )
    difference_percentage: Decimal | None = strawberry.field(
        description="The difference in percent of `actualCostUsd`; null where that is 0."
    )
    requests_without_price: BigInt = strawberry.field(
        description="Requests for which no price is listed: they are in `requests` and "
        "`totalTokens`, and in neither cost. Unit: count."
    )
    tokens_without_price: BigInt = strawberry.field(description="Their tokens. Unit: tokens.")
    cost_without_price_usd: Decimal = strawberry.field(description="What they did cost. Unit: usd.")
    requests_without_actual_cost: BigInt = strawberry.field(
        description="Requests that have a price here, but of which no actual cost is known: it "
        "counts 0 in `actualCostUsd`. Unit: count."
    )
    requests_without_tokens: BigInt = strawberry.field(
        description="Requests that have a price here, but of which nobody counted the tokens: they "
        "count 0 in `whatIfCostUsd`. Unit: count."
    )


@strawberry.type(description="A group of requests.")
class WhatIfGroup:
    """The keys that were not asked for are null."""

    period: datetime | None = strawberry.field(
        default=None, description="Start of the period of `timeGrain`; null without one."
    )
    source_system: str | None = strawberry.field(
        default=None, description="Source system; null where not grouped by."
    )
    organization_id: str | None = strawberry.field(
        default=None, description="Organisation; null where not grouped by."
    )
    project_id: str | None = strawberry.field(
        default=None, description="Project; null where not grouped by."
    )
    user_id: str | None = strawberry.field(
        default=None, description="User; null where unknown or not grouped by."
    )
    api_key_id: str | None = strawberry.field(
        default=None, description="API key; null where unknown or not grouped by."
    )
    provider: str | None = strawberry.field(
        default=None, description="Provider that served; null where not grouped by."
    )
    model: str | None = strawberry.field(
        default=None, description="Model that served; null where not grouped by."
    )
    endpoint: str | None = strawberry.field(
        default=None, description="Path or kind of call; null where unknown or not grouped by."
    )
    figures: WhatIfFigures = strawberry.field(description="What they cost, and would have cost.")


@strawberry.type(description="A row of `modelPrices` that some requests were priced by.")
class UsedPrice:
    """Which price, for which requests."""

    price_source: str = strawberry.field(
        description="`price_book`, `price_override`, or `model_config`."
    )
    price_list_version: str | None = strawberry.field(
        description="Version of the price book; null of a source system's own list."
    )
    provider: str = strawberry.field(description="Provider in the price list.")
    model: str = strawberry.field(description="Name in the price list.")
    processing: str = strawberry.field(description="How requests are served at this price.")
    valid_from_at: datetime | None = strawberry.field(
        description="Since when it holds; null: always."
    )
    valid_to_at: datetime | None = strawberry.field(
        description="Until when, not included; null: still."
    )
    from_input_tokens: BigInt = strawberry.field(description="The smallest prompt it is for.")
    to_input_tokens: BigInt | None = strawberry.field(
        description="The first prompt that is too large for it; null: none is."
    )
    from_second_of_day: int = strawberry.field(description="First second of the day (UTC).")
    to_second_of_day: int = strawberry.field(description="Last second, not included.")
    input_price_usd_per_token: Decimal | None = strawberry.field(
        description="Price of an input token; null where none is listed. Unit: usd_per_token."
    )
    output_price_usd_per_token: Decimal | None = strawberry.field(
        description="Price of an output token; null where none is listed. Unit: usd_per_token."
    )
    requests: BigInt = strawberry.field(description="Requests priced by it. Unit: count.")
    what_if_cost_usd: Decimal = strawberry.field(description="What they would cost. Unit: usd.")


@strawberry.type(description="What the same tokens would have cost at other prices.")
class WhatIf:
    """An answer of `what_if`."""

    groups: list[WhatIfGroup] = strawberry.field(
        description="One per combination of `groupBy` and period, in the order asked for."
    )
    group_count: BigInt = strawberry.field(description="Number of groups, listed or not.")
    totals: WhatIfFigures = strawberry.field(description="All groups, listed or not.")
    prices: list[UsedPrice] = strawberry.field(
        description="Every price that was used, by provider, model, and what it is for."
    )
    freshness: Freshness = strawberry.field(description="How old this answer is.")
    as_of: datetime = strawberry.field(description="The end of relative windows, UTC.")
