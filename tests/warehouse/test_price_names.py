"""Models are found by their names in SQL as the list itself finds them, but for stated rules."""

import csv
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from genai_prices.data import providers
from genai_prices.data_snapshot import DataSnapshot
from genai_prices.types import (
    ClauseAnd,
    ClauseContains,
    ClauseEndsWith,
    ClauseEquals,
    ClauseOr,
    ClauseRegex,
    ClauseStartsWith,
    MatchLogic,
    ModelInfo,
    ModelPrice,
    Provider,
)

from tests.support.dbt import dbt
from tests.support.postgres import PostgresServer
from warehouse.prices.cli import SEED_FOLDER
from warehouse.prices.names import NameRow, name_rows, provider_rows
from warehouse.sample import load_sample

LIST = DataSnapshot(providers=list(providers), from_auto_update=False)


def names_of(*rules: tuple[str, MatchLogic]) -> list[NameRow]:
    models = [ModelInfo(id=name, match=rule, prices=ModelPrice()) for name, rule in rules]
    return list(name_rows(Provider("p", "P", "", models=models)))


class TestRows:
    def test_each_alternative_is_a_row(self):
        rule = ClauseOr([ClauseEquals("A"), ClauseOr([ClauseStartsWith("B"), ClauseEndsWith("c")])])
        assert [(row.match_kind, row.match_text) for row in names_of(("m", rule))] == [
            ("ends_with", "c"),
            ("equals", "a"),
            ("starts_with", "b"),
        ]

    def test_what_must_hold_at_once_is_one_pattern(self):
        rule = ClauseAnd(
            [
                ClauseStartsWith("a.b"),
                ClauseContains("+"),
                ClauseOr([ClauseEndsWith("x"), ClauseEndsWith("y")]),
                ClauseRegex("^(?!.*tts)"),
            ]
        )
        ((_, _, _, kind, pattern),) = [
            (r.provider, r.position, r.model, r.match_kind, r.match_text)
            for r in names_of(("m", rule))
        ]
        assert kind == "regex"
        for name in ("a.b+x", "a.b-+-y", "aXb+x", "a.bx", "a.b+z", "a.b+tts-x", "-a.b+x"):
            assert bool(re.search(pattern, name)) is rule.is_match(name), name

    def test_a_list_in_order_is_tried_in_one_turn(self):
        rows = names_of(("A", ClauseEquals("x")), ("a", ClauseEquals("y")))
        assert [row.position for row in rows] == [1, 1]

    def test_what_stands_out_of_order_is_tried_in_a_later_turn(self):
        rows = names_of(
            ("b", ClauseEquals("x")), ("a", ClauseEquals("y")), ("c", ClauseEquals("z"))
        )
        assert [(row.model, row.position) for row in rows] == [("b", 1), ("a", 2), ("c", 2)]

    def test_the_id_of_a_provider_goes_before_the_rules_of_all(self):
        listed = [
            Provider("a", "A", "", provider_match=ClauseContains("b")),
            Provider("b", "B", "", model_match=ClauseStartsWith("B-")),
        ]
        rows = [
            (r.matched_name, r.position, r.provider, r.match_text) for r in provider_rows(listed)
        ]
        assert rows == [
            ("provider", 0, "a", "a"),
            ("provider", 1, "a", "b"),
            ("provider", 0, "b", "b"),
            ("model", 1, "b", "b-"),
        ]


@dataclass(frozen=True)
class Found:
    provider: str
    model: str
    alias_text: str | None


Name = tuple[str, str]


def asked() -> Iterator[Name]:
    """Every id of the list as written, and many of them as gateways and people write them."""
    dice = random.Random(20261121)
    for provider in providers:
        for model in provider.models:
            yield provider.id, model.id
            if dice.random() < 0.15:
                yield provider.id, dice.choice(ODD_SPELLINGS)(model.id)
                yield "unknown", dice.choice([model.id, f"{provider.id}/{model.id}"])
                yield dice.choice(providers).id, model.id
    for name in ("", " ", "nobody", "gpt", "gpt-", "gpt-5\n", "x" * 500, "[", "(?", "\\", "claude"):
        for provider_name in ("openai", "unknown", "azure", "nobody"):
            yield provider_name, name
    for spelling in ("OpenAI", " openai ", "vertex_ai", "gemini", "bedrock", "xai", "together_ai"):
        yield spelling, "gpt-4o"
        yield spelling, "gemini-2.5-pro-tts"
        yield spelling, "grok-4"


ODD_SPELLINGS: list[Callable[[str], str]] = [
    str.upper,
    lambda name: f"{name}-20251211",
    lambda name: f"{name}-2025-12-11",
    lambda name: f"{name}-20251399",
    lambda name: f"{name}@20251211",
    lambda name: f"{name}-latest",
    lambda name: f"{name}-preview",
    lambda name: f"{name}:free",
    lambda name: f"openai/{name}",
    lambda name: f"x{name}",
    lambda name: name[:-1],
    lambda name: f"us.{name}",
]


@pytest.fixture(scope="module")
def found(
    postgres_server: PostgresServer,
    module_database: Callable[..., str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[Name, Found]:
    """What the models find, rules of model_aliases included; requests are these names only."""
    database = module_database("price_names")
    target = tmp_path_factory.mktemp("names") / "target"
    with postgres_server.connect(database) as connection:
        load_sample(connection, "kaapi", 1_000, 1)
        dbt(["seed"], postgres_server.env(database), target)
        connection.execute(
            "create table usage_build.int_requests_reported"
            " (source_system text, provider text, raw_model text, processing text)"
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into usage_build.int_requests_reported values ('litellm', %s, %s, null)",
                list(asked()),
            )
        chosen = ["int_price_names", "int_price_name_candidates", "int_price_name_findings"]
        dbt(["run", "--select", *chosen], postgres_server.env(database), target)
        rows = connection.execute(
            "select provider, raw_model, price_provider, price_model, alias_text"
            " from usage_build.int_price_name_findings"
        ).fetchall()
    return {(row[0], row[1]): Found(*row[2:]) for row in rows}


def of_the_list(provider_name: str, name: str) -> tuple[str, str] | None:
    """Whose model the list takes a name for; it takes a nameless provider's from the name."""
    named = None if provider_name == "unknown" else provider_name
    try:
        provider, model = LIST.find_provider_model(name, None, named, None)
    except LookupError:
        return None
    owner = next(each for each in providers if any(model is listed for listed in each.models))
    # The same entry may stand under several providers' objects: the searched one goes first.
    owner = provider if any(model is listed for listed in provider.models) else owner
    return owner.id, model.id


@pytest.mark.database
def test_what_the_list_finds_is_found_in_sql_by_the_name_as_written(found: dict[Name, Found]):
    """But for compact dates, which the list spells anew where we have a rule that says so."""
    differing = {}
    for name in set(asked()):
        expected, answer = of_the_list(*name), found.get(name)
        if answer is not None and answer.alias_text is not None:
            continue
        if expected != (answer and (answer.provider, answer.model)):
            differing[name] = (expected, answer)
    assert not differing


@pytest.mark.database
def test_rules_are_only_tried_where_the_list_finds_nothing(found: dict[Name, Found]):
    with (SEED_FOLDER / "model_aliases.csv").open() as file:
        rules = [row["text"] for row in csv.DictReader(file)]
    compact_date = rules[0]
    by_rule = {name: answer for name, answer in found.items() if answer.alias_text is not None}
    assert len(by_rule) > 50
    for name, answer in by_rule.items():
        expected = of_the_list(*name)
        if expected is None:
            assert set(answer.alias_text.split(" ")) <= set(rules), name
        else:
            # The list's own second try: a date as 20251211 is one as 2025-12-11.
            assert answer == Found(*expected, compact_date), name
