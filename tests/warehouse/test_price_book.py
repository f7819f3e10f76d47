"""Rows of the price book: what they say is what the list itself answers, for every request."""

import csv
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from genai_prices.data import providers
from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    PriceVariant,
    Provider,
    StartDateConstraint,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)

from warehouse.errors import WarehouseError
from warehouse.prices.book import (
    LISTED_PRICES,
    PROCESSINGS,
    PriceRow,
    left_out,
    price_rows,
    round_price,
    rounded_prices,
    unused_prices,
)
from warehouse.prices.cli import SEED_FOLDER
from warehouse.prices.listed import installed_version

INPUT, OUTPUT = LISTED_PRICES.index("input_mtok"), LISTED_PRICES.index("output_mtok")


def model(prices: object, variants: list[PriceVariant] | None = None) -> ModelInfo:
    return ModelInfo(id="m", match=ClauseEquals("m"), prices=prices, price_variants=variants)


def rows_of(prices: object, variants: list[PriceVariant] | None = None) -> list[PriceRow]:
    made = model(prices, variants)
    return price_rows(Provider("p", "P", "", models=[made]), made)


def inputs(rows: list[PriceRow], *columns: str) -> list[tuple[object, ...]]:
    """Some columns of the rows, and their price of input."""
    return [(*(getattr(row, column) for column in columns), row.prices[INPUT]) for row in rows]


def price(amount: str | TieredPrices) -> ModelPrice:
    return ModelPrice(input_mtok=Decimal(amount) if isinstance(amount, str) else amount)


def from_day(day: date, prices: ModelPrice) -> ConditionalPrice:
    return ConditionalPrice(StartDateConstraint(day), prices=prices)


class TestRows:
    def test_a_price_that_never_changed_is_one_row_without_limits(self):
        assert rows_of(price("1.50")) == [
            PriceRow(
                *("p", "m", "standard", None, None, 0, None, 0, 86_400),
                (Decimal("1.5"), *[None] * (len(LISTED_PRICES) - 1)),
            )
        ]

    def test_a_price_per_thousand_requests_is_one_per_request(self):
        (row,) = rows_of(ModelPrice(output_mtok=Decimal(2), requests_kcount=Decimal(5)))
        assert row.prices[-1] == Decimal("0.005")
        assert row.prices[OUTPUT] == Decimal(2)

    def test_a_period_ends_where_the_next_begins(self):
        rows = rows_of(
            [
                ConditionalPrice(prices=price("1")),
                from_day(date(2026, 1, 1), price("2")),
                from_day(date(2026, 3, 1), price("3")),
            ]
        )
        assert inputs(rows, "valid_from", "valid_to") == [
            (None, date(2026, 1, 1), Decimal(1)),
            (date(2026, 1, 1), date(2026, 3, 1), Decimal(2)),
            (date(2026, 3, 1), None, Decimal(3)),
        ]

    def test_a_change_that_changes_nothing_begins_no_period(self):
        rows = rows_of(
            [ConditionalPrice(prices=price("1")), from_day(date(2026, 1, 1), price("1.0"))]
        )
        assert inputs(rows, "valid_from", "valid_to") == [(None, None, Decimal(1))]

    def test_a_tier_holds_from_one_token_beyond_its_start(self):
        tiers = TieredPrices(Decimal(1), [Tier(200_000, Decimal(2)), Tier(300_000, Decimal(3))])
        assert inputs(rows_of(price(tiers)), "from_input_tokens", "to_input_tokens") == [
            (0, 200_001, Decimal(1)),
            (200_001, 300_001, Decimal(2)),
            (300_001, None, Decimal(3)),
        ]

    def test_prices_of_different_tiers_make_the_bands_of_both(self):
        rows = rows_of(
            ModelPrice(
                input_mtok=TieredPrices(Decimal(1), [Tier(10, Decimal(2))]),
                output_mtok=TieredPrices(Decimal(5), [Tier(20, Decimal(6))]),
            )
        )
        assert [(r.from_input_tokens, r.prices[INPUT], r.prices[OUTPUT]) for r in rows] == [
            (0, Decimal(1), Decimal(5)),
            (11, Decimal(2), Decimal(5)),
            (21, Decimal(2), Decimal(6)),
        ]

    def test_a_part_of_the_day_over_midnight_is_two_rows(self):
        night = TimeOfDateConstraint(time(22, 0, tzinfo=UTC), time(1, 30, tzinfo=UTC))
        rows = rows_of(
            [ConditionalPrice(prices=price("2")), ConditionalPrice(night, prices=price("1"))]
        )
        assert inputs(rows, "from_second_of_day", "to_second_of_day") == [
            (0, 5_400, Decimal(1)),
            (5_400, 79_200, Decimal(2)),
            (79_200, 86_400, Decimal(1)),
        ]

    def test_a_variant_is_rows_of_its_own_that_keep_what_it_does_not_name(self):
        standard = ModelPrice(input_mtok=Decimal(4), output_mtok=Decimal(8))
        batch = PriceVariant({"processing": "batch"}, price("2"))
        rows = rows_of(standard, [batch])
        assert [(r.processing, r.prices[INPUT], r.prices[OUTPUT]) for r in rows] == [
            ("standard", Decimal(4), Decimal(8)),
            ("batch", Decimal(2), Decimal(8)),
        ]

    def test_before_a_variant_began_its_rows_have_the_standard_price(self):
        began = StartDateConstraint(date(2026, 10, 1))
        rows = rows_of(price("4"), [PriceVariant({"service_tier": "flex"}, price("2"), began)])
        assert inputs(rows, "processing", "valid_from", "valid_to") == [
            ("standard", None, None, Decimal(4)),
            ("flex", None, date(2026, 10, 1), Decimal(4)),
            ("flex", date(2026, 10, 1), None, Decimal(2)),
        ]

    def test_fast_is_what_one_provider_calls_a_speed_and_another_a_service_tier(self):
        for when in ({"speed": "fast"}, {"service_tier": "fast"}):
            rows = rows_of(price("4"), [PriceVariant(when, price("9"))])
            assert inputs(rows, "processing") == [("standard", Decimal(4)), ("fast", Decimal(9))]

    def test_a_variant_without_prices_says_that_the_standard_ones_hold(self):
        rows = rows_of(price("4"), [PriceVariant({"service_tier": "default"}, ModelPrice())])
        assert inputs(rows, "processing") == [("standard", Decimal(4))]

    def test_a_finer_price_is_rounded_half_up(self):
        assert inputs(rows_of(price("0.18000000000000002"))) == [(Decimal("0.18"),)]
        assert inputs(rows_of(price("0.00000000000000005"))) == [(Decimal("1e-16"),)]
        assert rounded_prices(model(price("0.18000000000000002"))) == ["input_mtok"]
        assert rounded_prices(model(price("0.1800000000000000"))) == []

    @pytest.mark.parametrize("amount", ["1000000", "999999.99999999999999999", "-1"])
    def test_a_price_that_no_column_can_hold_is_refused(self, amount: str):
        with pytest.raises(WarehouseError) as refused:
            rows_of(price(amount))
        assert refused.value.code == "PRICE_RANGE"
        assert "input_mtok of p m" in refused.value.message

    def test_a_part_of_the_day_that_begins_within_a_second_is_refused(self):
        odd = TimeOfDateConstraint(time(1, 0, 0, 500_000, tzinfo=UTC), time(2, tzinfo=UTC))
        with pytest.raises(WarehouseError) as refused:
            rows_of([ConditionalPrice(odd, prices=price("1"))])
        assert refused.value.code == "PRICE_RANGE"


class TestLeftOut:
    @pytest.mark.parametrize(
        ("prices", "reason"),
        [
            (ModelPrice(), "without any price"),
            (ModelPrice(audio_hours=Decimal(1)), "priced by audio_hours only"),
        ],
    )
    def test_a_model_without_a_token_price_is_left_out(self, prices: ModelPrice, reason: str):
        made = model(prices)
        provider = Provider("p", "P", "", models=[made])
        assert price_rows(provider, made) == []
        assert [each.reason for each in left_out(provider, made, has_rows=False)] == [reason]

    def test_a_variant_that_is_no_processing_is_named(self):
        made = model(price("1"), [PriceVariant({"route": "eu"}, price("2"))])
        provider = Provider("p", "P", "", models=[made])
        (row,) = price_rows(provider, made)
        assert row.processing == "standard"
        (found,) = left_out(provider, made, has_rows=True)
        assert found.reason == "variants of route=eu, which is no processing"

    def test_of_the_installed_list_only_what_has_no_price_per_token(self):
        """Free models included: the list gives them no price, and no price is not a price of 0."""
        for provider in providers:
            for listed in provider.models:
                named = {name for prices in price_sets(listed) for name in vars(prices)}
                has_token_price = bool(named & set(LISTED_PRICES[:-1]))
                assert bool(price_rows(provider, listed)) is has_token_price, listed.id

    def test_prices_without_a_column_are_named(self):
        made = model(ModelPrice(input_mtok=Decimal(1), web_searches_kcount=Decimal(10)))
        assert unused_prices(made) == ["web_searches_kcount"]


def price_sets(listed: ModelInfo) -> list[ModelPrice]:
    if isinstance(listed.prices, ModelPrice):
        standard = [listed.prices]
    else:
        standard = [each.prices for each in listed.prices]
    return [*standard, *(each.prices for each in listed.price_variants or [])]


Key = tuple[str, str, str]


@pytest.fixture(scope="module")
def committed() -> dict[Key, list[dict[str, str]]]:
    """Rows of the committed price book by model and processing."""
    with (SEED_FOLDER / "price_lists.csv").open() as file:
        (listed,) = csv.DictReader(file)
    if listed["version"] != installed_version():
        pytest.skip(
            f"the price book is of genai-prices {listed['version']}, installed is "
            f"{installed_version()}: run `usage-warehouse prices refresh`"
        )
    found: dict[Key, list[dict[str, str]]] = defaultdict(list)
    with (SEED_FOLDER / "price_book.csv").open() as file:
        for row in csv.DictReader(file):
            found[row["provider"], row["model"], row["processing"]].append(row)
    return found


def test_the_committed_book_answers_as_the_list_does(committed: dict[Key, list[dict[str, str]]]):
    """Each model and processing, just before and at each moment and size at which it may change."""
    asked = 0
    for provider in providers:
        for listed in provider.models:
            for processing, context in PROCESSINGS.items():
                rows = committed.get((provider.id, listed.id, processing))
                if rows is None:
                    continue
                for moment, tokens in questions(listed):
                    expected = answer_of_the_list(listed, moment, tokens, context)
                    assert answer_of_the_book(rows, moment, tokens) == expected, (
                        f"{provider.id} {listed.id} {processing} {moment} {tokens}"
                    )
                    asked += 1
    assert asked > 10_000


def questions(listed: ModelInfo) -> Iterator[tuple[datetime, int]]:
    conditional = [] if isinstance(listed.prices, ModelPrice) else listed.prices
    found = [each.constraint for each in (*conditional, *(listed.price_variants or []))]
    days = {c.start_date for c in found if isinstance(c, StartDateConstraint)}
    limits = {
        limit
        for c in found
        if isinstance(c, TimeOfDateConstraint)
        for limit in (c.start_time, c.end_time)
    }
    starts = {
        tier.start
        for prices in price_sets(listed)
        for value in vars(prices).values()
        if isinstance(value, TieredPrices)
        for tier in value.tiers
    }
    midnights = [datetime.combine(day, time(), UTC) for day in (*days, date(2025, 6, 15))]
    moments = [*midnights, *(datetime.combine(m, limit) for m in midnights for limit in limits)]
    sizes = {0, 1, *(size + step for size in starts for step in (-1, 0, 1))}
    for moment in moments:
        for step in (timedelta(0), timedelta(microseconds=-1)):
            yield from ((moment + step, size) for size in sizes)


def answer_of_the_list(
    listed: ModelInfo, moment: datetime, tokens: int, context: dict[str, str]
) -> list[Decimal | None]:
    """Written anew: a tier's price is that of the last start which the prompt exceeds."""
    prices = listed.get_prices(moment, context)
    answer: list[Decimal | None] = []
    for name in LISTED_PRICES:
        value = getattr(prices, name)
        if isinstance(value, TieredPrices):
            reached = bisect_right([tier.start for tier in value.tiers], tokens - 1)
            value = value.tiers[reached - 1].price if reached else value.base
        if value is not None and name == "requests_kcount":
            value /= 1000
        answer.append(None if value is None else round_price(value))
    return answer


def answer_of_the_book(
    rows: list[dict[str, str]], moment: datetime, tokens: int
) -> list[Decimal | None]:
    """The prices of the one row that fits."""
    day = moment.date().isoformat()
    second = moment.hour * 3600 + moment.minute * 60 + moment.second
    (row,) = [
        row
        for row in rows
        if row["valid_from"] <= day
        and (not row["valid_to"] or day < row["valid_to"])
        and int(row["from_input_tokens"]) <= tokens
        and (not row["to_input_tokens"] or tokens < int(row["to_input_tokens"]))
        and int(row["from_second_of_day"]) <= second < int(row["to_second_of_day"])
    ]
    return [Decimal(row[name]) if row[name] else None for name in list(row)[9:]]
