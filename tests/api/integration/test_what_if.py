"""What other models would have cost, against each request priced by itself.

The oracle is `genai-prices`, which the price book was made from, asked about one request at a time:
it knows nothing of pieces, sums or roll-ups.
"""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from typing import Any

import pytest
from genai_prices import Usage
from genai_prices.data import providers
from psycopg.rows import dict_row

from graphql_api.catalogue.load import load_catalogue
from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database

FIGURES = """
  requests totalTokens actualCostUsd whatIfCostUsd differenceUsd differencePercentage
  requestsWithoutPrice tokensWithoutPrice costWithoutPriceUsd
  requestsWithoutActualCost requestsWithoutTokens
"""
# Flat; dear long prompts; cheap nights; a price that changed; with prices of caches and audio.
TARGETS = (
    ("openai", "gpt-4o"),
    ("google", "gemini-2.5-pro"),
    ("anthropic", "claude-sonnet-4-5"),
    ("deepseek", "deepseek-chat"),
    ("openai", "o3"),
    ("openai", "gpt-4o-audio-preview"),
    ("perplexity", "sonar"),
)
LAST = datetime(9999, 12, 31, 23, 59, 59, 999_999)
Row = dict[str, Any]


def ask(sample: SampleWarehouse, arguments: str = "", **variables: Any) -> dict[str, Any]:
    document = f"""query({", ".join(f"${k}: {kind}" for k, (kind, _) in variables.items())}) {{
      whatIf{arguments} {{
        groupCount totals {{ {FIGURES} }}
        groups {{ period sourceSystem provider model userId figures {{ {FIGURES} }} }}
        prices {{
          provider model processing priceSource validFromAt validToAt fromInputTokens toInputTokens
          fromSecondOfDay toSecondOfDay requests whatIfCostUsd inputPriceUsdPerToken
        }}
        freshness {{ buildId }}
      }} }}""".replace("query()", "query")
    answer = sample.ask(document, {k: value for k, (_, value) in variables.items()})
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["whatIf"]
    return found


def select(sample: SampleWarehouse, query: str) -> list[Row]:
    schema = load_catalogue(sample.target).serving_schema
    with sample.server.connect(sample.database) as connection:
        connection.execute(f"set search_path to {schema}")
        return connection.cursor(row_factory=dict_row).execute(query).fetchall()


@pytest.fixture(scope="module")
def calls(sample: SampleWarehouse) -> list[Row]:
    return select(sample, "select * from fct_requests where request_kind = 'call'")


def price_of(row: Row, provider: str, model: str, at: datetime | None = None) -> Decimal:
    """One request at the list's standard price."""
    if row["is_cache_hit"] or (row["input_tokens"] is None and row["output_tokens"] is None):
        return Decimal(0)
    written, written_1h = (row[f"cache_write{age}_tokens"] or 0 for age in ("", "_1h"))
    counts = {
        "input_tokens": row["input_tokens"],
        "cache_read_tokens": row["cached_input_tokens"],
        "cache_write_tokens": written + written_1h,
        "cache_write_1h_tokens": written_1h,
        "input_audio_tokens": row["audio_input_tokens"],
        "cache_audio_read_tokens": row["cached_audio_input_tokens"],
        "output_tokens": row["output_tokens"],
        "output_audio_tokens": row["audio_output_tokens"],
        "output_reasoning_tokens": row["reasoning_tokens"],
    }
    usage = Usage(**{name: number for name, number in counts.items() if number})
    listed = next(each for each in providers if each.id == provider)
    moment = (at or row["requested_at"] or LAST).replace(tzinfo=UTC)
    with localcontext(prec=60):
        return (
            next(each for each in listed.models if each.id == model)
            .calc_price(usage, listed, genai_request_timestamp=moment)
            .total_price
        )


def on_the_day(row: Row, day: datetime) -> datetime:
    """The part of the day stays the request's own."""
    return datetime.combine(day, (row["requested_at"] or LAST).time())


def exact(values: Iterable[Decimal]) -> Decimal:
    with localcontext(prec=60):
        return sum(values, Decimal(0))


def of(provider: str, model: str) -> str:
    return f'model: {{ provider: "{provider}", model: "{model}" }}'


class TestAnotherModel:
    @pytest.mark.parametrize(("provider", "model"), TARGETS)
    def test_costs_what_each_request_would_have_cost_at_its_time(
        self, sample: SampleWarehouse, calls: list[Row], provider: str, model: str
    ):
        grouped = "processing: STANDARD, groupBy: [PROVIDER, MODEL], first: 1000"
        answer = ask(sample, f"({of(provider, model)}, {grouped})")
        expected: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
        for row in calls:
            expected[row["provider"], row["model"]].append(price_of(row, provider, model))
        found = {
            (each["provider"], each["model"]): Decimal(each["figures"]["whatIfCostUsd"])
            for each in answer["groups"]
        }
        assert {key: cost for key, cost in found.items() if cost} == {
            key: cost for key, costs in expected.items() if (cost := exact(costs))
        }
        totals = answer["totals"]
        assert totals["requests"] == len(calls)
        # Where each request has a price, one that nobody counted has none.
        left = [row for row in calls if row["input_tokens"] is row["output_tokens"] is None]
        uncounted = left if model == "sonar" else []
        assert totals["requestsWithoutPrice"] == len(uncounted)
        compared, left_out = (
            Decimal(totals[name]) for name in ("actualCostUsd", "costWithoutPriceUsd")
        )
        assert compared + left_out == exact(row["cost_usd"] for row in calls)
        unknown = sum(not row["is_priced"] for row in calls)
        unknown_of_uncounted = sum(not row["is_priced"] for row in uncounted)
        assert totals["requestsWithoutActualCost"] == unknown - unknown_of_uncounted

    @pytest.mark.parametrize(("provider", "model"), TARGETS)
    @pytest.mark.parametrize("at", [datetime(2025, 6, 9, 23), datetime(2025, 6, 10)])
    def test_costs_what_it_would_have_cost_on_another_day(
        self, sample: SampleWarehouse, calls: list[Row], provider: str, model: str, at: datetime
    ):
        at_ = f'pricesOf: "{at.isoformat()}Z"'
        totals = ask(sample, f"({of(provider, model)}, {at_}, processing: STANDARD)")["totals"]
        expected = exact(price_of(row, provider, model, on_the_day(row, at)) for row in calls)
        assert Decimal(totals["whatIfCostUsd"]) == expected


class TestTheSameModel:
    def test_costs_at_its_own_time_what_the_warehouse_computed(self, sample: SampleWarehouse):
        lines = select(
            sample,
            "select price_source, price_provider, price_model, sum(computed_cost_usd) as cost,"
            " count(*) as requests from fct_requests where computed_cost_usd is not null"
            " and request_kind = 'call' and price_source <> 'price_override' group by 1, 2, 3",
        )
        assert {"model_config", "price_book"} <= {line["price_source"] for line in lines}
        for line in lines:
            answer = ask(
                sample,
                "(model: $model, filter: $filter)",
                model=(
                    "PricedModel",
                    {
                        "provider": line["price_provider"],
                        "model": line["price_model"],
                        "priceList": line["price_source"].upper(),
                    },
                ),
                filter=(
                    "RequestsFilter",
                    {
                        "priceProvider": {"eq": line["price_provider"]},
                        "priceModel": {"eq": line["price_model"]},
                        "priceSource": {"eq": line["price_source"].upper()},
                    },
                ),
            )
            assert Decimal(answer["totals"]["whatIfCostUsd"]) == line["cost"], line

    def test_of_every_request_costs_what_the_warehouse_computed(
        self, sample: SampleWarehouse, calls: list[Row]
    ):
        answer = ask(sample, "(groupBy: [SOURCE_SYSTEM, MODEL], first: 1000)")
        expected: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
        for row in calls:
            if row["computed_cost_usd"] is not None:
                expected[row["source_system"], row["model"]].append(row["computed_cost_usd"])
        found = {
            (each["sourceSystem"], each["model"]): Decimal(each["figures"]["whatIfCostUsd"])
            for each in answer["groups"]
        }
        assert {key: cost for key, cost in found.items() if cost} == {
            key: cost for key, costs in expected.items() if (cost := exact(costs))
        }
        without = [r for r in calls if r["price_source"] is None and not r["is_cache_hit"]]
        totals = answer["totals"]
        assert totals["requestsWithoutPrice"] == len(without) > 0
        assert totals["tokensWithoutPrice"] == sum(row["total_tokens"] or 0 for row in without)
        assert Decimal(totals["costWithoutPriceUsd"]) == exact(row["cost_usd"] for row in without)
        used = sum(each["requests"] for each in answer["prices"])
        hits = sum(bool(row["is_cache_hit"]) for row in calls)
        assert used == totals["requests"] - totals["requestsWithoutPrice"] - hits

    def test_at_the_prices_of_one_day(self, sample: SampleWarehouse, calls: list[Row]):
        at = datetime(2026, 9, 1)
        answer = ask(
            sample,
            f'(pricesOf: "{at.isoformat()}Z", filter: $filter)',
            filter=(
                "RequestsFilter",
                {"priceSource": {"eq": "PRICE_BOOK"}, "priceProcessing": {"eq": "standard"}},
            ),
        )
        priced = [
            row
            for row in calls
            if row["price_source"] == "price_book" and row["price_processing"] == "standard"
        ]
        assert priced
        expected = exact(
            price_of(row, row["price_provider"], row["price_model"], on_the_day(row, at))
            for row in priced
        )
        assert Decimal(answer["totals"]["whatIfCostUsd"]) == expected


def added(parts: Iterable[dict[str, Any]], name: str) -> Decimal:
    return exact(Decimal(each["figures"][name]) for each in parts)


@pytest.mark.parametrize(
    "arguments",
    [
        "groupBy: [PROVIDER, MODEL, USER_ID]",
        "timeGrain: MONTH, orderBy: PERIOD, direction: ASC",
        "timeGrain: YEAR, groupBy: [MODEL]",
    ],
)
def test_groups_add_up_to_the_totals(sample: SampleWarehouse, arguments: str):
    window = 'filter: { requestedAt: { gte: "2000-01-01T00:00:00Z" } }'
    answer = ask(sample, f"({of('google', 'gemini-2.5-pro')}, {window}, {arguments}, first: 1000)")
    groups, totals = answer["groups"], answer["totals"]
    assert answer["groupCount"] == len(groups) > 1
    for name in ("requests", "totalTokens", "actualCostUsd", "whatIfCostUsd", "differenceUsd"):
        assert added(groups, name) == Decimal(totals[name])
    whole = ask(sample, f"({of('google', 'gemini-2.5-pro')}, {window})")
    assert (whole["totals"], whole["prices"]) == (totals, answer["prices"])
    priced = exact(Decimal(each["whatIfCostUsd"]) for each in answer["prices"])
    assert priced == Decimal(totals["whatIfCostUsd"])


def test_groups_come_in_the_order_asked_for(sample: SampleWarehouse):
    arguments = f"{of('openai', 'gpt-4o')}, groupBy: [MODEL]"
    every = ask(sample, f"({arguments}, first: 1000, orderBy: DIFFERENCE_USD, direction: ASC)")
    differences = [Decimal(each["figures"]["differenceUsd"]) for each in every["groups"]]
    assert differences == sorted(differences)
    few = ask(sample, f"({arguments}, first: 2, orderBy: DIFFERENCE_USD, direction: ASC)")
    assert few["groups"] == every["groups"][:2]
    assert few["totals"] == every["totals"]


@pytest.mark.parametrize(
    ("arguments", "argument", "allowed"),
    [
        (of("openai", "gtp-4o"), "model.model", "gpt-4o"),
        (of("opena", "no such model"), "model.provider", "openai"),
        (of("google", "gpt-4o"), "model.model", None),
        (f"{of('google', 'gemini-2.5-pro')}, processing: FAST", "processing", "STANDARD"),
        (f"{of('openai', 'gpt-4o')}, first: 0", "first", None),
    ],
)
def test_what_is_not_listed_is_refused_with_what_is_near(
    sample: SampleWarehouse, arguments: str, argument: str, allowed: str | None
):
    (error,) = sample.ask(f"{{ whatIf({arguments}) {{ asOf }} }}")["errors"]
    assert error["extensions"]["argument"] == argument
    assert error["extensions"]["code"] in ("UNKNOWN_VALUE", "INVALID_ARGUMENT")
    assert allowed is None or allowed in error["extensions"]["allowed"]
