"""Page cursors: opaque, exact, and good for the question they came from only."""

import base64
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.catalogue.model import Catalogue, Grain
from graphql_api.errors import InvalidQueryError
from graphql_api.query import cursor
from graphql_api.query.paging import total_order
from graphql_api.query.request import Condition, Operator, OrderTerm, QueryRequest, Role, Scope
from tests.api.unit.asking import ADMIN, NOW, Api, sql_of

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
KEYS = st.lists(st.none() | TEXTS, max_size=8)
MARK = "0123456789ab"


def damaged(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(KEYS)
def test_a_cursor_gives_back_the_keys_it_was_made_of(keys: list[str | None]):
    made = cursor.encode(list(keys), MARK)
    assert cursor.decode(made, MARK, len(keys)) == keys


@given(KEYS)
def test_a_cursor_fits_into_a_url(keys: list[str | None]):
    assert set(cursor.encode(list(keys), MARK)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: damaged(raw.decode("latin1"))))
def test_any_other_text_is_refused(text: str):
    with pytest.raises(InvalidQueryError) as refusal:
        cursor.decode(text, MARK, 1)
    assert refusal.value.code == "INVALID_CURSOR"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "!",
        "é",
        "A" * 5,
        damaged("null"),
        damaged("[]"),
        damaged(f'["{MARK}"]'),
        damaged(f'["{MARK}", null]'),
        damaged(f'["{MARK}", ["a", "b"]]'),
        damaged(f'["{MARK}", [1]]'),
        damaged(f'["{MARK}", [["a"]]]'),
        damaged(f'["{MARK}", {{"a": 1}}]'),
        damaged(f'["{MARK}", "a"]'),
        damaged(f'["{MARK}", ["\\u0000"]]'),
        damaged(f'["{MARK}", ["\\ud800"]]'),
        damaged(f'["{MARK}", ["a"]'),
        damaged("[" * 100_000),
        damaged(f'["{MARK}", [{"9" * 5000}]]'),
    ],
)
def test_a_damaged_cursor_is_refused(text: str):
    with pytest.raises(InvalidQueryError, match="after: this cursor cannot be read") as refusal:
        cursor.decode(text, MARK, 1)
    assert refusal.value.code == "INVALID_CURSOR"
    assert refusal.value.extensions["argument"] == "after"


def test_a_cursor_of_another_question_is_refused():
    with pytest.raises(InvalidQueryError, match="belongs to another groupBy, orderBy"):
        cursor.decode(cursor.encode(["a"], "another"), MARK, 1)


class TestFingerprint:
    @pytest.fixture
    def question(self, catalogue: Catalogue) -> QueryRequest:
        return QueryRequest(catalogue.marts["fct_requests"], ADMIN, NOW, group_by=("provider",))

    def mark(self, question: QueryRequest) -> str:
        return cursor.fingerprint(question, total_order(question))

    @pytest.mark.parametrize(
        "change",
        [
            {"group_by": ("model",)},
            {"group_by": ("provider", "model")},
            {"group_by": ()},
            {"group_by": None},
            {"group_by": ("requested_at",), "time_grain": Grain.DAY},
            {"timezone": "Asia/Kathmandu"},
            {"order_by": (OrderTerm("requests"),)},
            {"order_by": (OrderTerm("provider", descending=True),)},
        ],
    )
    def test_tells_questions_apart_that_order_rows_otherwise(
        self, question: QueryRequest, change: dict[str, object]
    ):
        assert self.mark(replace(question, **change)) != self.mark(question)

    def test_tells_marts_apart(self, question: QueryRequest, catalogue: Catalogue):
        other = replace(question, mart=catalogue.marts["fct_evaluation_runs"])
        assert self.mark(other) != self.mark(question)

    @pytest.mark.parametrize(
        "change",
        [
            {"first": 7},
            {"metrics": ("requests",), "with_total_count": True},
            {"where": Condition("model", Operator.EQ, ("gpt-4o",))},
            {"as_of": datetime(2027, 1, 1)},
            {"scope": Scope(Role.MEMBER, "kaapi", "1")},
        ],
    )
    def test_is_the_same_while_the_order_is(
        self, question: QueryRequest, change: dict[str, object]
    ):
        assert self.mark(replace(question, **change)) == self.mark(question)


class TestTotalOrder:
    def test_of_groups_ends_with_the_group_keys(self, catalogue: Catalogue):
        question = QueryRequest(
            catalogue.marts["fct_requests"],
            ADMIN,
            NOW,
            group_by=("provider", "model"),
            order_by=(OrderTerm("requests", True), OrderTerm("model", True), OrderTerm("requests")),
        )
        assert total_order(question) == (
            OrderTerm("requests", True),
            OrderTerm("model", True),
            OrderTerm("provider"),
        )

    def test_of_own_rows_ends_with_time_and_key(self, catalogue: Catalogue):
        question = QueryRequest(catalogue.marts["fct_requests"], ADMIN, NOW)
        names = [term.name for term in total_order(question)]
        assert names[0] == "requested_at"
        assert {"source_system", "request_kind", "request_id"} <= set(names)

    def test_of_one_grand_total_is_empty(self, catalogue: Catalogue):
        question = QueryRequest(catalogue.marts["fct_requests"], ADMIN, NOW, group_by=())
        assert total_order(question) == ()


class TestKeysOfEachType:
    """What Postgres writes as text comes back as the same value of the column's type."""

    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("provider", "open ai", "open ai"),
            ("provider", "", ""),
            ("is_priced", "true", True),
            ("is_priced", "false", False),
            ("requested_at", "2026-01-31 12:00:00.000001", datetime(2026, 1, 31, 12, 0, 0, 1)),
            ("requested_at", "0001-01-01 00:00:00", datetime(1, 1, 1)),
            ("requests", "9007199254740993", 9007199254740993),
            ("cost_usd", "0.1000000000000000000001", Decimal("0.1000000000000000000001")),
            ("tokens_per_request", "12.5000000000000000", Decimal("12.5")),
        ],
    )
    def test_are_bound_typed(self, catalogue: Catalogue, name: str, text: str, value: object):
        question = self.ordered_by(catalogue, name)
        mark = cursor.fingerprint(question, total_order(question))
        after = cursor.encode([text, *[None] * (len(total_order(question)) - 1)], mark)
        _, bound = sql_of(replace(question, after=after, with_nodes=True))
        assert value in bound.values()

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("is_priced", "maybe"),
            ("requested_at", "yesterday"),
            ("requests", "many"),
            ("requests", "9" * 5000),
            ("cost_usd", "0.1 USD"),
        ],
    )
    def test_that_were_forged_are_refused(self, catalogue: Catalogue, name: str, text: str):
        question = self.ordered_by(catalogue, name)
        mark = cursor.fingerprint(question, total_order(question))
        after = cursor.encode([text, *[None] * (len(total_order(question)) - 1)], mark)
        with pytest.raises(InvalidQueryError) as refusal:
            sql_of(replace(question, after=after, with_nodes=True))
        assert refusal.value.code == "INVALID_CURSOR"

    @staticmethod
    def ordered_by(catalogue: Catalogue, name: str) -> QueryRequest:
        mart = catalogue.marts["fct_requests"]
        groups = (name,) if name in mart.dimensions else ("provider",)
        return QueryRequest(mart, ADMIN, NOW, group_by=groups, order_by=(OrderTerm(name),))


def test_a_cursor_is_refused_before_the_database_is_asked(api: Api):
    # The executor compiles the statement first, so the recording executor never sees the refusal.
    question = api.question('{ requests(after: "x") { nodes { requestId } } }')
    with pytest.raises(InvalidQueryError, match="cannot be read"):
        sql_of(question)
