"""Which questions `whatIf` asks, and that roll-ups answer wherever sums are enough."""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from graphql_api.query.criteria import PROMPT, SECOND_OF_DAY
from graphql_api.query.executor import Answer, FollowUp
from graphql_api.query.request import QueryRequest, conditions
from graphql_api.query.route import choose
from graphql_api.schema.reports.what_if import MOST_PIECES
from tests.api.unit.asking import NOTHING, Api, RecordingExecutor

WINDOW = 'filter: { requestedAt: { gte: "2026-01-01T00:00:00Z" } }'
GPT = 'model: { provider: "openai", model: "gpt" }'


def listed(**columns: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "price_list": "price_book",
        "price_source": "price_book",
        "price_list_version": "1",
        "source_system": None,
        "provider": "openai",
        "model": "gpt",
        "processing": "standard",
        "valid_from_at": "0001-01-01T00:00:00",
        "valid_to_at": None,
        "from_input_tokens": 0,
        "to_input_tokens": None,
        "from_second_of_day": 0,
        "to_second_of_day": 86_400,
        "input_price_usd_per_token": "0.000001",
        "output_price_usd_per_token": "0.000002",
    }
    return usual | columns


@dataclass
class Prices(RecordingExecutor):
    """Lists these prices, and answers every question about requests with the same row."""

    answer: Answer = NOTHING
    prices: Sequence[Mapping[str, object]] = ()
    row: Mapping[str, object] = field(default_factory=dict)

    async def run_all(self, requests: Sequence[QueryRequest | FollowUp]) -> list[Answer]:
        answers: list[Answer] = []
        for each in requests:
            made = each if isinstance(each, QueryRequest) else each(answers)
            for request in [made] if isinstance(made, QueryRequest) else made:
                self.requests.append(request)
                is_list = request.mart.public_name == "model_prices"
                keys = dict.fromkeys(request.group_by or ())
                rows = self.prices if is_list else [{**keys, **self.row}]
                answers.append(Answer(nodes=[dict(row) for row in rows], freshness={}))
        return answers

    @property
    def about_requests(self) -> list[QueryRequest]:
        """Questions for the sums of requests, the first for all of them."""
        return [
            each for each in self.requests if each.mart.public_name == "requests" and each.metrics
        ]


def asked(
    api: Api, arguments: str, prices: Sequence[Mapping[str, object]], **row: object
) -> list[QueryRequest]:
    executor = Prices(prices=prices, row=row)
    result = api.execute_with(executor, f"{{ whatIf({arguments}) {{ asOf }} }}")
    assert not result.errors, result.errors
    return executor.about_requests


def names(request: QueryRequest) -> set[str]:
    return {each.name for each in conditions(request.where)}


def test_a_model_with_one_price_is_answered_from_roll_ups(api: Api):
    for arguments in (GPT, f"{GPT}, {WINDOW}, groupBy: [PROVIDER], timeGrain: MONTH"):
        every, priced = asked(api, arguments, [listed()])
        for request in (every, priced):
            assert choose(request, api.catalogue) is not None
        assert every.where == priced.where or names(every) == names(priced)


def test_another_days_price_is_one_for_all_times(api: Api):
    change = "2026-02-01T00:00:00"
    prices = [listed(valid_to_at=change), listed(valid_from_at=change)]
    pieces = asked(api, f"{GPT}, {WINDOW}", prices)[1:]
    assert [names(each) for each in pieces] == [{"requested_at"}] * 2
    (piece,) = asked(api, f'{GPT}, {WINDOW}, pricesOf: "2026-01-31T23:59:59Z"', prices)[1:]
    assert choose(piece, api.catalogue) is not None


def test_prices_that_differ_by_time_are_asked_for_roll_ups_too(api: Api):
    change = "2026-02-01T00:00:00"
    prices = [listed(valid_to_at=change), listed(valid_from_at=change)]
    for piece in asked(api, f"{GPT}, {WINDOW}", prices)[1:]:
        assert choose(piece, api.catalogue) is not None


def test_what_a_cache_answered_is_told_apart_only_where_there_is_any(api: Api):
    assert all("is_cache_hit" not in names(each) for each in asked(api, GPT, [listed()]))
    _, priced, free = asked(api, GPT, [listed()], cache_hits=1)
    assert names(priced) == names(free) == {"is_cache_hit"}


def test_prompts_and_parts_of_the_day_are_asked_for_where_prices_differ_by_them(api: Api):
    sizes = [listed(to_input_tokens=200_000), listed(from_input_tokens=200_000)]
    assert [names(each) for each in asked(api, GPT, sizes)[1:]] == [{PROMPT}, {PROMPT}]
    day = [listed(to_second_of_day=1800), listed(from_second_of_day=1800)]
    # The last of the day is that of requests without a time.
    expected = [{SECOND_OF_DAY}, {SECOND_OF_DAY}, {"requested_at"}]
    assert [names(each) for each in asked(api, GPT, day)[1:]] == expected
    assert choose(asked(api, GPT, day)[1], api.catalogue) is None


def test_processing_is_told_apart_only_where_prices_differ_by_it(api: Api):
    both = [listed(), listed(processing="batch")]
    keys = [asked(api, a, p)[1].group_by for a, p in ((GPT, [listed()]), (GPT, both))]
    assert keys == [(), ("processing",)]
    assert asked(api, f"{GPT}, processing: BATCH", both)[1].group_by == ()


def test_the_price_book_goes_before_a_systems_own_list_unless_that_is_asked_for(api: Api):
    change = "2026-02-01T00:00:00"
    own = {"price_list": "model_config", "source_system": "kaapi"}
    prices = [listed(), listed(**own, valid_to_at=change), listed(**own, valid_from_at=change)]
    assert len(asked(api, f"{GPT}, {WINDOW}", prices)) == 2
    named = 'model: { provider: "openai", model: "gpt", priceList: MODEL_CONFIG }'
    assert len(asked(api, f"{named}, {WINDOW}", prices)) == 3


def test_too_many_different_prices_are_refused(api: Api):
    first = datetime(2026, 1, 2)
    days = [(first + timedelta(days=n)).isoformat() for n in range(MOST_PIECES + 1)]
    prices: list[dict[str, Any]] = [
        listed(valid_from_at=start, valid_to_at=end) for start, end in pairwise(days)
    ]
    assert len(asked(api, f"{GPT}, {WINDOW}", prices)) == MOST_PIECES + 1
    more = [*prices, listed(valid_from_at=days[-1])]
    result = api.execute_with(Prices(prices=more), f"{{ whatIf({GPT}, {WINDOW}) {{ asOf }} }}")
    assert result.errors
    assert (result.errors[0].extensions or {})["code"] == "QUERY_TOO_LARGE"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ('provider: "openai", model: "gtp"', "model.model: no price of 'openai' is listed for"),
        ('provider: "opnai", model: "gpt"', "model.provider: no price is listed for 'opnai'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(api: Api, model: str, message: str):
    class Names(Prices):
        async def run_all(self, requests: Sequence[QueryRequest | FollowUp]) -> list[Answer]:
            self.prices = [each for each in (listed(), listed(provider="google", model="gemini"))]
            answers = await super().run_all(requests[:3])
            answers[2] = Answer(nodes=[])
            follow_up = requests[3]
            assert not isinstance(follow_up, QueryRequest)
            (question,) = follow_up(answers)  # type: ignore[misc]
            assert question.group_by == ("price_list", "provider", "model")
            answers.append(Answer(nodes=[dict(row) for row in self.prices]))
            pieces = requests[4]
            assert not isinstance(pieces, QueryRequest)
            pieces(answers)
            return answers

    result = api.execute_with(Names(), f"{{ whatIf(model: {{ {model} }}) {{ asOf }} }}")
    assert result.errors
    (error,) = result.errors
    assert error.message.startswith(message)
    assert (error.extensions or {})["code"] == "UNKNOWN_VALUE"
    assert (error.extensions or {})["allowed"][0] in ("gpt", "openai")


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_text_can_be_is_refused(api: Api, name: str):
    for model in ({"provider": name, "model": "gpt"}, {"provider": "openai", "model": name}):
        _, extensions = api.refusal(
            "query($model: PricedModel) { whatIf(model: $model) { asOf } }", {"model": model}
        )
        assert extensions == {"code": "INVALID_ARGUMENT", "argument": "model"}
