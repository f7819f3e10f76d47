"""int_requests computes what the list of prices computes itself, over all of the list.

The price book is made from genai-prices, which has a calculator of its own. Requests to every
model of the list, on both sides of each moment and size of prompt at which a price changes and in
every way of processing, with their tokens in random parts, must cost the same to the last digit.
"""

import random
from decimal import Decimal

import pytest
from genai_prices.data import providers
from psycopg import sql

from tests.support.dbt import dbt
from tests.warehouse.listed_costs import Asked, Tokens, asked_of
from warehouse.sample import load_sample

pytestmark = pytest.mark.database

SEED = 20_261_121
COLUMNS = (
    *("request_id", "request_kind", "source_system", "provider", "raw_model", "processing"),
    *Tokens.__annotations__,
    "requested_at",
)


def has_unlisted_kind(asked: Asked) -> bool:
    """Whether the request has tokens for which the list has no price at all.

    The list's calculator lets them cost nothing; an unknown cost that looks like a free request is
    what we promise not to show.
    """
    tokens, prices = asked.tokens, asked.prices
    return (tokens.input_tokens > 0 and prices.input_mtok is None) or (
        tokens.output_tokens > 0 and prices.output_mtok is None
    )


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    draw = random.Random(SEED)
    return [
        request
        for provider in providers
        for model in provider.models
        for request in asked_of(provider, model, draw)
    ]


@pytest.fixture(scope="module")
def computed(asked, postgres_server, module_database, tmp_path_factory) -> list[Decimal | None]:
    """computed_cost_usd of each request, by the models as they are."""
    database, target = module_database("costs"), tmp_path_factory.mktemp("target")
    environment = postgres_server.env(database)
    systems = {"source_systems": ("litellm",)}
    with postgres_server.connect(database) as connection:
        load_sample(connection, "litellm", 1_000, 1)
        dbt(["--quiet", "seed"], environment, target, **systems)
        dbt(["--quiet", "run", "--select", "+int_requests"], environment, target, **systems)
        report(connection, asked)
        rows = connection.execute(
            "select computed_cost_usd from usage_build.int_requests"
            " order by cast(request_id as int)"
        ).fetchall()
    return [cost for (cost,) in rows]


def report(connection, asked):
    """Let int_requests read these requests, each matched with the model of its name."""
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    connection.execute(
        "create table asked as select * from usage_build.int_requests_reported limit 0"
    )
    copied = sql.SQL("copy asked ({}) from stdin").format(columns)
    with connection.cursor() as cursor, cursor.copy(copied) as copy:
        for number, request in enumerate(asked):
            row = request.row(number) | {"request_kind": "call", "source_system": "litellm"}
            copy.write_row([row[column] for column in COLUMNS])
    connection.execute(
        "create or replace view usage_build.int_requests_reported as table asked;"
        " truncate usage_build.int_model_price_matches;"
        " insert into usage_build.int_model_price_matches (source_system, provider, raw_model,"
        " processing, price_list, price_provider, price_model, price_processing, matched_from_at)"
        " select distinct 'litellm', provider, model, processing, price_list, provider, model,"
        " processing, timestamp '0001-01-01' from usage_build.int_model_prices;"
        " analyze asked; analyze usage_build.int_model_price_matches"
    )


def test_the_whole_list_is_asked(asked):
    assert len(asked) > 10_000
    assert {each.model.id for each in asked} == {m.id for p in providers for m in p.models}
    assert {each.processing for each in asked} == {"standard", "batch", "flex", "priority", "fast"}


def test_every_cost_is_the_one_of_the_list(asked, computed):
    wrong = [
        (each.provider.id, each.model.id, each.processing, each.moment, each.tokens, cost, listed)
        for each, cost in zip(asked, computed, strict=True)
        if not has_unlisted_kind(each)
        and not each.is_finer_than_the_book
        and cost != (listed := each.cost())
    ]
    assert not wrong, f"{len(wrong)} of {len(asked)}, such as {wrong[:3]}"


# Prices that the list has from a division in binary, such as 0.1100000000000000118.
FINER = {"huggingface_together", "openrouter"}


def test_only_prices_of_more_decimals_than_the_book_keeps_are_rounded(asked, computed):
    """By less than half of the last digit of the price, for each token."""
    finer = [
        (each, cost)
        for each, cost in zip(asked, computed, strict=True)
        if each.is_finer_than_the_book and not has_unlisted_kind(each)
    ]
    assert {each.provider.id for each, _ in finer} == FINER
    for each, cost in finer:
        tokens = each.tokens.input_tokens + each.tokens.output_tokens
        assert cost is not None
        assert abs(cost - each.cost()) <= tokens * Decimal("0.5e-22")


def test_tokens_that_the_list_has_no_price_for_are_never_free(asked, computed):
    unlisted = [cost for each, cost in zip(asked, computed, strict=True) if has_unlisted_kind(each)]
    assert unlisted
    assert not [cost for cost in unlisted if cost is not None]
