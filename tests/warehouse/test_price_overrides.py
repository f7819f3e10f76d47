"""Overrides cut into the price book, at random: at every moment exactly what should hold, holds.

Several overrides of a model and processing, which meet, lie apart, begin always, end never, cut one
period of the book or many, have other sizes of prompt than the book, or name what it does not have.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.dbt import dbt, run_dbt
from tests.support.postgres import PostgresServer
from warehouse.sample import load_sample

pytestmark = pytest.mark.database

FIRST_DAY = date(2026, 1, 1)
DAYS = 12
MODELS = 60
PROCESSINGS = ("standard", "batch")
TIERS = ([], [200_001], [32_001, 128_001])
NOON = ([], [43_200])
COLUMNS = (
    *("model", "processing", "valid_from", "valid_to", "from_input_tokens", "to_input_tokens"),
    *("from_second_of_day", "to_second_of_day", "input_usd_per_mtok"),
)


@dataclass(frozen=True)
class Row:
    model: str
    processing: str
    valid_from: date | None
    valid_to: date | None
    from_input_tokens: int
    to_input_tokens: int | None
    from_second_of_day: int
    to_second_of_day: int
    input_usd_per_mtok: Decimal

    def holds(self, day: date, second: int, tokens: int) -> bool:
        return (
            (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day < self.valid_to)
            and self.from_second_of_day <= second < self.to_second_of_day
            and self.from_input_tokens <= tokens
            and (self.to_input_tokens is None or tokens < self.to_input_tokens)
        )


@dataclass(frozen=True)
class Prices:
    book: list[Row]
    overrides: list[Row]
    cut: list[Row]


class Dealer:
    """Prices drawn from a seed; no two rows have the same price, so that a mix-up shows."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.price = 0

    def days(self, most: int) -> list[date]:
        chosen = self.dice.sample(range(1, DAYS), self.dice.randint(0, most))
        return [FIRST_DAY + timedelta(days=day) for day in sorted(chosen)]

    def period(
        self, model: str, processing: str, first: date | None, end: date | None
    ) -> list[Row]:
        """Every part of the day and size of prompt in a period."""
        sizes = [0, *self.dice.choice(TIERS)]
        seconds = [0, *self.dice.choice(NOON)]
        rows = []
        for second, next_second in zip(seconds, [*seconds[1:], 86_400], strict=True):
            for size, next_size in zip(sizes, [*sizes[1:], None], strict=True):
                self.price += 1
                rows.append(
                    Row(
                        *(model, processing, first, end),
                        *(size, next_size, second, next_second, Decimal(self.price)),
                    )
                )
        return rows

    def book(self, model: str, processing: str) -> list[Row]:
        edges = [None, *self.days(3), None]
        return [
            row
            for first, end in pairwise(edges)
            for row in self.period(model, processing, first, end)
        ]

    def overrides(self, model: str, processing: str) -> list[Row]:
        """Any of the periods between some days: neighbours meet, what is skipped is a pause."""
        edges = [None, *self.days(5), None]
        return [
            row
            for first, end in pairwise(edges)
            if self.dice.random() < 0.5
            for row in self.period(model, processing, first, end)
        ]


@dataclass(frozen=True)
class Book:
    """A database in which a test says what the seeds hold."""

    server: PostgresServer
    database: str
    target: Path

    def fill(self, seed: str, rows: Sequence[Row]) -> None:
        with self.server.connect(self.database) as connection, connection.cursor() as cursor:
            cursor.execute(f"truncate usage_build.{seed}")
            cursor.executemany(
                f"insert into usage_build.{seed} (provider, {', '.join(COLUMNS)})"
                f" values ('p'{', %s' * len(COLUMNS)})",
                [astuple(row) for row in rows],
            )

    def cut(self) -> list[Row]:
        self.run("run", "int_price_periods_left", "int_price_book_prices", "int_model_prices")
        with self.server.connect(self.database) as connection:
            found = connection.execute(
                f"select {', '.join(COLUMNS[:2])},"
                " nullif(valid_from_at, '0001-01-01'), valid_to_at,"
                f" {', '.join(COLUMNS[4:8])}, input_price_usd_per_token * 1000000"
                " from usage_build.int_model_prices where price_list = 'price_book'"
            ).fetchall()
        return [Row(*row[:2], *map(_day, row[2:4]), *row[4:]) for row in found]

    def run(self, verb: str, *models: str) -> None:
        dbt([verb, "--select", *models], self.server.env(self.database), self.target)

    def models_at_fault(self, *tables: str) -> dict[str, set[str]]:
        """Whose prices the data test of each table finds fault with."""
        chosen = [f"{table},test_name:has_one_price_for_each_request" for table in tables]
        arguments = ["test", "--store-failures", "--select", *chosen]
        assert not run_dbt(arguments, self.server.env(self.database), self.target).success
        manifest = json.loads((self.target / "manifest.json").read_text())
        names = {
            table: node["alias"]
            for node in manifest["nodes"].values()
            for table in tables
            if node["name"].startswith(f"has_one_price_for_each_request_{table}_")
        }
        with self.server.connect(self.database) as connection:
            return {
                table: {
                    model
                    for (model,) in connection.execute(f"select model from usage_build.{name}")
                }
                for table, name in names.items()
            }


def _day(instant: datetime | None) -> date | None:
    assert instant is None or instant.time() == time()
    return None if instant is None else instant.date()


@pytest.fixture(scope="module")
def book(
    postgres_server: PostgresServer,
    module_database: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Book:
    made = Book(
        postgres_server,
        module_database("price_overrides"),
        tmp_path_factory.mktemp("overrides") / "target",
    )
    with postgres_server.connect(made.database) as connection:
        load_sample(connection, "kaapi", 1_000, 1)
    made.run("seed", "providers", "price_lists", "price_book", "price_overrides")
    made.run(
        "run",
        "stg_kaapi__model_configs",
        "hist_kaapi__model_configs",
        "hist_kaapi__price_corrections",
    )
    made.run("run", "int_kaapi__listed_prices", "int_kaapi__model_prices")
    return made


@pytest.fixture(scope="module")
def prices(book: Book, long_run: bool) -> Prices:
    dealer = Dealer(seed=4)
    models = [f"m{number}" for number in range(MODELS * (10 if long_run else 1))]
    listed = [
        row
        for model in models
        for processing in PROCESSINGS
        if dealer.dice.random() < (0.9 if processing == "standard" else 0.4)
        for row in dealer.book(model, processing)
    ]
    overrides = [
        row
        for model in models
        for processing in PROCESSINGS
        if dealer.dice.random() < 0.7
        for row in dealer.overrides(model, processing)
    ]
    book.fill("price_book", listed)
    book.fill("price_overrides", overrides)
    return Prices(listed, overrides, book.cut())


def test_what_holds_is_the_override_else_the_book_else_its_standard_price(prices: Prices):
    book, overrides, cut = (
        _by_model_and_processing(rows) for rows in (prices.book, prices.overrides, prices.cut)
    )
    assert set(cut) == {key for key in {*book, *overrides} if book[key] or overrides[key]}
    for model, processing in cut:
        # A processing that the book does not have, but an override.
        base = book[model, processing] or book[model, "standard"]
        for day in (FIRST_DAY + timedelta(days=number) for number in range(-1, DAYS + 1)):
            for second in (0, 43_199, 43_200, 86_399):
                for tokens in (0, 32_000, 32_001, 128_001, 200_000, 200_001):
                    asked = (day, second, tokens)
                    expected = [
                        row.input_usd_per_mtok
                        for row in overrides[model, processing]
                        if row.holds(*asked)
                    ] or [row.input_usd_per_mtok for row in base if row.holds(*asked)]
                    found = [
                        row.input_usd_per_mtok
                        for row in cut[model, processing]
                        if row.holds(*asked)
                    ]
                    assert found == expected, (model, processing, *asked)
                    assert len(found) <= 1


def _by_model_and_processing(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.model, row.processing].append(row)
    return found


def always(model: str, price: int) -> Row:
    return Row(model, "standard", None, None, 0, None, 0, 86_400, Decimal(price))


def pair(model: str, first: dict[str, object], second: dict[str, object]) -> list[Row]:
    return [replace(always(model, 1), **first), replace(always(model, 2), **second)]


JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
FAULTS = [
    *pair("overlapping days", {"valid_to": FEBRUARY}, {"valid_from": JANUARY}),
    *pair("one period in another", {}, {"valid_from": JANUARY}),
    replace(always("ends before it begins", 1), valid_from=FEBRUARY, valid_to=JANUARY),
    replace(always("no long prompts", 1), to_input_tokens=10),
    replace(always("no short prompts", 1), from_input_tokens=10),
    *pair("no prompts between", {"to_input_tokens": 10}, {"from_input_tokens": 11}),
    *pair("some prompts twice", {"to_input_tokens": 11}, {"from_input_tokens": 10}),
    replace(always("no evening", 1), to_second_of_day=3600),
    replace(always("no morning", 1), from_second_of_day=3600),
    *pair("a second twice", {"to_second_of_day": 60}, {"from_second_of_day": 59}),
    *pair("no second between", {"to_second_of_day": 60}, {"from_second_of_day": 61}),
]
PAUSE = pair("a pause", {"valid_to": JANUARY}, {"valid_from": FEBRUARY})
RIGHT = [
    always("one price", 1),
    *pair("periods that meet", {"valid_to": JANUARY}, {"valid_from": JANUARY}),
    *pair("sizes that meet", {"to_input_tokens": 10}, {"from_input_tokens": 10}),
    *pair("seconds that meet", {"to_second_of_day": 60}, {"from_second_of_day": 60}),
]


def test_two_prices_or_none_for_a_request_stop_the_build(book: Book, prices: Prices):
    """Overrides may pause, for the book goes on; a model that only they know may not."""
    book.fill("price_book", [])
    book.fill("price_overrides", [*FAULTS, *PAUSE, *RIGHT])
    book.cut()
    faulty = {row.model for row in FAULTS}
    found = book.models_at_fault("price_overrides", "int_model_prices")
    assert found["price_overrides"] == faulty
    assert found["int_model_prices"] == {*faulty, "a pause"}
