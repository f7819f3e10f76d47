"""Price lists that change at random between builds, against a computation of our own.

The statement that a build appends observations with is dbt's; the clock is the test's, so that
hundreds of builds take seconds. Prices are asked of the model and of the audit, at every moment at
which anything happened and in between.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from tests.reference.raw_kaapi import RawKaapi, write
from tests.support.dbt import dbt
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.database

SEQUENCES = 12
LONG_SEQUENCES = 150
STEPS = 14
ALWAYS = datetime.fromisoformat("0001-01-01T00:00Z")
START = datetime.fromisoformat("2026-01-01T00:00Z")
MILLION = 1_000_000

CLOCK = "now()"
AUDIT = ("audit_kaapi__raw_corrections", "audit_kaapi__raw_list", "audit_kaapi__raw_prices")
OBSERVED = ("hist_kaapi__model_configs", "hist_kaapi__price_corrections")
MODELS = ("int_kaapi__model_prices", "audit_kaapi__raw_prices")
COLUMNS = (
    "source_system, model_config_id, raw_provider, raw_model, is_active,"
    " input_price_usd_per_token, output_price_usd_per_token, valid_from_at, observed_at, build_id"
)

Key = tuple[str, str]
Price = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Row:
    """What the list says in one of its rows."""

    provider: str
    model: str
    is_active: bool
    price: Price | None
    updated_at: datetime | None

    def says(self, other: "Row") -> bool:
        return replace(self, updated_at=None) == replace(other, updated_at=None)

    @property
    def key(self) -> Key:
        return self.provider.removesuffix("-native"), self.model


@dataclass(frozen=True)
class Seen:
    row_id: int
    row: Row
    valid_from: datetime
    order: int


@dataclass(frozen=True)
class Correction:
    correction_id: str
    key: Key
    price: Price
    from_at: datetime
    to_at: datetime


@dataclass
class Expected:
    """The rules once more, as they would be told: from one instant and model to a price."""

    seen: list[Seen] = field(default_factory=list)
    seen_until: datetime = ALWAYS
    published_until: datetime = ALWAYS
    corrections: list[Correction] = field(default_factory=list)

    def look(self, rows: dict[int, Row], now: datetime) -> None:
        is_first, unseen_since = not self.seen, self.seen_until + timedelta(microseconds=1)
        latest = {each.row_id: each for each in self.seen}
        for row_id in sorted({*rows, *latest}):
            before = latest.get(row_id)
            if row_id in rows:
                row = rows[row_id]
            else:
                assert before
                row = replace(before.row, is_active=False, price=None, updated_at=None)
            if before and row.says(before.row):
                continue
            since = min(row.updated_at or now, now)
            since = ALWAYS if is_first else max(since, self.published_until, unseen_since)
            self.seen_until = max(self.seen_until, since, now)
            self.seen.append(Seen(row_id, row, since, len(self.seen)))

    def listed(self, key: Key, at: datetime) -> Price | None:
        """What the list said then, if it is known."""
        states: dict[int, Seen] = {}
        for each in sorted(self.seen, key=lambda each: (each.valid_from, each.order)):
            if each.valid_from <= at:
                states[each.row_id] = each
        speaking = [each for each in states.values() if each.row.is_active and each.row.key == key]
        if not speaking:
            return None
        canonical = [each for each in speaking if each.row.provider == key[0]] or speaking
        newest = max(each.valid_from for each in canonical)
        return min(
            (each for each in canonical if each.valid_from == newest),
            key=lambda each: str(each.row_id),
        ).row.price

    def price(self, key: Key, at: datetime) -> Price | None:
        for correction in reversed(self.corrections):
            if correction.key == key and correction.from_at <= at < correction.to_at:
                return correction.price
        moments = sorted({each.valid_from for each in self.seen})
        priced = [moment for moment in moments if self.listed(key, moment)]
        return self.listed(key, max(at, priced[0])) if priced else None


@dataclass(frozen=True)
class Warehouse:
    connection: psycopg.Connection[Any]
    append: str

    def clear(self) -> None:
        self.connection.execute(
            "truncate kaapi.model_config, usage.publication,"
            " usage_history.hist_kaapi__model_configs, usage_history.hist_kaapi__price_corrections"
        )

    def fill(self, rows: dict[int, Row]) -> None:
        self.connection.execute("truncate kaapi.model_config")
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "insert into kaapi.model_config (id, provider, model_name, is_active, pricing,"
                " updated_at) values (%s, %s, %s, %s, jsonb_build_object('response',"
                " jsonb_build_object('input_token_cost', %s::numeric, 'output_token_cost',"
                " %s::numeric)), %s::timestamptz at time zone 'UTC')",
                [
                    (
                        *(row_id, row.provider, row.model, row.is_active),
                        *(*_per_million(row.price), row.updated_at),
                    )
                    for row_id, row in rows.items()
                ],
            )

    def look(self, now: datetime) -> int:
        self.connection.execute("select set_config('test.now', %s, false)", [str(now)])
        return self.connection.execute(self.append.encode()).rowcount

    def publish(self, until: datetime) -> None:
        self.connection.execute("insert into usage.publication values (%s)", [until])

    def correct(self, number: int, correction: Correction) -> None:
        self.connection.execute(
            "insert into usage_history.hist_kaapi__price_corrections (correction_id, provider,"
            " raw_model, input_price_usd_per_token, output_price_usd_per_token, valid_from_at,"
            " valid_to_at, corrected_at) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                *(correction.correction_id, *correction.key, *correction.price),
                *(correction.from_at, correction.to_at, START + timedelta(seconds=number)),
            ],
        )

    def withdraw(self, number: int, correction: Correction) -> None:
        self.connection.execute(
            "insert into usage_history.hist_kaapi__price_corrections (correction_id,"
            " withdrawn_correction_id, corrected_at) values (%s, %s, %s)",
            [f"w{number}", correction.correction_id, START + timedelta(seconds=number)],
        )

    def periods(self, model: str) -> dict[Key, list[tuple[datetime, datetime, Price]]]:
        rows = self.connection.execute(
            "select provider, raw_model, valid_from_at,"
            " coalesce(valid_to_at, timestamptz '9999-12-31'), input_price_usd_per_token,"
            f" output_price_usd_per_token from usage_build.{model} order by 1, 2, 3"
        ).fetchall()
        found: dict[Key, list[tuple[datetime, datetime, Price]]] = {}
        for provider, name, from_at, to_at, input_price, output_price in rows:
            period = (from_at, to_at, (input_price, output_price))
            found.setdefault((provider, name), []).append(period)
        return found


def _per_million(price: Price | None) -> tuple[Decimal | None, Decimal | None]:
    return (price[0] * MILLION, price[1] * MILLION) if price else (None, None)


def price_in(periods: list[tuple[datetime, datetime, Price]], at: datetime) -> Price | None:
    found = [price for from_at, to_at, price in periods if from_at <= at < to_at]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.fixture(scope="module")
def warehouse(
    postgres_server: PostgresServer,
    module_database: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    name, target = module_database("price_history"), tmp_path_factory.mktemp("history") / "target"
    env = postgres_server.env(name)
    with postgres_server.connect(name) as connection:
        write(connection, "kaapi", RawKaapi())
        connection.execute("set timezone to 'UTC'")
        # What is published is the test's to say.
        connection.execute(
            "create schema usage; create table usage.publication (build_started_at timestamptz)"
        )
        listed = ["providers", "stg_kaapi__model_configs", *OBSERVED]
        priced = ["int_kaapi__listed_prices", "int_kaapi__model_prices", *AUDIT]
        arguments = ["build", "--exclude-resource-type", "test", "--select", *listed, *priced]
        dbt(arguments, env, target)
        dbt(["compile", "--select", *OBSERVED, *AUDIT], env, target)
        compiled = {path.stem: path.read_text() for path in target.glob("compiled/**/*.sql")}
        for model in AUDIT:
            connection.execute(f"drop table usage_build.{model} cascade")
        for model in AUDIT:
            statement = f"create view usage_build.{model} as {compiled[model]}"
            connection.execute(statement.encode())
        reading = compiled["hist_kaapi__model_configs"]
        assert reading.count(CLOCK) == 1
        reading = reading.replace(CLOCK, "cast(current_setting('test.now') as timestamptz)")
        table = "usage_history.hist_kaapi__model_configs"
        yield Warehouse(connection, f"insert into {table} ({COLUMNS}) {reading}")


class Sequence:
    """Changes, builds, publications and corrections, drawn from a seed."""

    def __init__(self, seed: int, warehouse: Warehouse) -> None:
        self.dice = random.Random(seed)
        self.warehouse = warehouse
        self.expected = Expected()
        self.rows: dict[int, Row] = {}
        self.now = START
        self.number = 0
        self.moments = {ALWAYS, START}
        warehouse.clear()

    def later(self) -> None:
        self.now += timedelta(minutes=self.dice.randint(1, 60))
        self.moments.add(self.now)

    def price(self) -> Price | None:
        if self.dice.random() < 0.25:
            return None
        return Decimal(self.dice.randint(0, 3)) / MILLION, Decimal(self.number % 7) / MILLION

    def changed_at(self) -> datetime | None:
        """When the source says so: mostly the truth, else long ago, in the future, or nothing."""
        drawn = self.dice.random()
        if drawn < 0.7:
            return self.now
        if drawn < 0.9:
            return self.now + timedelta(minutes=self.dice.randint(-500, 100))
        return None

    def edit(self) -> None:
        self.number += 1
        row_id = self.dice.randint(1, 12)
        if row_id in self.rows and self.dice.random() < 0.25:
            del self.rows[row_id]
            return
        provider = self.dice.choice(["openai", "openai-native", "google"])
        model = self.dice.choice(["a", "b"])
        # The source has one row per spelling and model.
        taken = [
            each
            for each, row in self.rows.items()
            if (row.provider, row.model) == (provider, model) and each != row_id
        ]
        for each in taken:
            del self.rows[each]
        is_active = self.dice.random() < 0.8
        self.rows[row_id] = Row(provider, model, is_active, self.price(), self.changed_at())

    def build(self) -> None:
        self.warehouse.fill(self.rows)
        started = self.now
        self.later()
        before = len(self.expected.seen)
        self.expected.look(self.rows, self.now)
        assert self.warehouse.look(self.now) == len(self.expected.seen) - before
        assert self.warehouse.look(self.now) == 0
        self.moments |= {each.valid_from for each in self.expected.seen}
        if self.dice.random() < 0.6:
            self.warehouse.publish(started)
            self.expected.published_until = started

    def correct(self) -> None:
        self.number += 1
        if self.expected.corrections and self.dice.random() < 0.4:
            gone = self.dice.choice(self.expected.corrections)
            self.expected.corrections.remove(gone)
            self.warehouse.withdraw(self.number, gone)
            return
        first = START + timedelta(minutes=self.dice.randint(-100, 400))
        last = first + timedelta(minutes=self.dice.randint(1, 200))
        self.moments |= {first, last}
        key = self.dice.choice(["openai", "google"]), self.dice.choice(["a", "b"])
        price = Decimal(self.number) / MILLION, Decimal(1) / MILLION
        correction = Correction(f"c{self.number}", key, price, first, last)
        self.expected.corrections.append(correction)
        self.warehouse.correct(self.number, correction)

    def asked(self) -> list[datetime]:
        near = timedelta(microseconds=1)
        return sorted(
            {at + by for at in self.moments for by in (timedelta(), near)}
            | {at - near for at in self.moments if at > ALWAYS}
        )


KEYS = [(provider, model) for provider in ("openai", "google") for model in ("a", "b")]


def test_a_price_is_what_the_list_said_when_the_call_was_made(warehouse: Warehouse, long_run: bool):
    for seed in range(LONG_SEQUENCES if long_run else SEQUENCES):
        drawn = Sequence(seed, warehouse)
        for _ in range(STEPS):
            for _ in range(drawn.dice.randint(0, 3)):
                drawn.later()
                drawn.edit()
            if drawn.dice.random() < 0.3:
                drawn.correct()
            drawn.later()
            drawn.build()
        for model in MODELS:
            periods = warehouse.periods(model)
            for key in KEYS:
                for at in drawn.asked():
                    expected = drawn.expected.price(key, at)
                    assert price_in(periods.get(key, []), at) == expected, (seed, model, key, at)


def test_what_is_published_keeps_its_price_whatever_the_list_says_later(
    warehouse: Warehouse, long_run: bool
):
    """But for a model that had no price yet: its first one holds for all time before it."""
    for seed in range(LONG_SEQUENCES if long_run else SEQUENCES):
        drawn = Sequence(seed, warehouse)
        published: dict[tuple[Key, datetime], Price] = {}
        for _ in range(STEPS):
            drawn.later()
            # What is published reaches further than what was seen to change.
            if drawn.dice.random() < 0.5:
                drawn.edit()
            drawn.build()
            periods = warehouse.periods("int_kaapi__model_prices")
            for (key, at), price in published.items():
                assert price_in(periods.get(key, []), at) == price, (seed, key, at)
            for key in KEYS:
                for at in drawn.asked():
                    price = price_in(periods.get(key, []), at)
                    if at < drawn.expected.published_until and price:
                        published[key, at] = price


def test_a_period_is_not_cut_where_its_price_goes_on(warehouse: Warehouse, long_run: bool):
    for seed in range(LONG_SEQUENCES if long_run else SEQUENCES):
        drawn = Sequence(seed, warehouse)
        for _ in range(STEPS):
            drawn.later()
            drawn.edit()
            drawn.build()
        for periods in warehouse.periods("int_kaapi__model_prices").values():
            for (_, to_at, price), (from_at, _, next_price) in pairwise(periods):
                assert to_at < from_at or price != next_price, seed
