"""Scalars keep every digit, and refuse what they cannot hold."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.query.executor import Answer
from graphql_api.query.request import And, Condition, Operator
from graphql_api.schema.scalars import (
    SCALARS,
    BigInt,
    Duration,
    JsonText,
    MeasureValue,
    Period,
    duration_text,
)
from tests.api.unit.asking import Api

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse


COST_ABOVE = "{ monthlyUsage(groupBy: [], having: { costUsd: { gt: NUMBER } }) { totalCount } }"

NO_BIG_INTS = (
    *(2**63, -(2**63), "9" * 20, 1.0, 1.5, True, None, []),
    *("1.0", "1e3", " 1", "+1", "\uff11", ""),
)
NO_DECIMALS = (
    *("NaN", "Infinity", "-inf", "1e64", "1e-64", "1e99999999999", "1_000", "0x1", "--1"),
    *("\uff11", " 1", "1 ", "", "abc", True, None, [], float("nan"), float("inf")),
)
NO_DATES = (
    *("2026-02-30", "2026-2-3", "20260203", "2026-02-03T00:00", "2026-W01-1", "", " 2026-02-03"),
    *("0000-01-01", "\uff12\uff10\uff12\uff16-01-01", 20260203, None, True, []),
)
NO_INSTANTS = (
    *("2026-01-31", "2026-01-31 12:00:00", "2026-01-31T25:00:00", "2026-02-30T00:00:00Z", "T"),
    *("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "now", 0, None, True),
)


def parse(scalar: object, value: object) -> Any:
    read = SCALARS[scalar].parse_value
    assert read is not None
    return read(value)


def serialize(scalar: object, value: object) -> Any:
    write = SCALARS[scalar].serialize
    assert write is not None
    return write(value)


class TestBigInt:
    @given(st.integers(-(2**63) + 1, 2**63 - 1))
    def test_is_read_from_a_number_or_its_text(self, number: int):
        assert parse(BigInt, number) == number
        assert parse(BigInt, str(number)) == number

    @pytest.mark.parametrize("value", NO_BIG_INTS)
    def test_is_nothing_else(self, value: object):
        with pytest.raises(GraphQLError, match=r"BigInt cannot represent .*64 bits"):
            parse(BigInt, value)

    @given(st.integers(-(2**63), 2**63 - 1))
    def test_is_written_as_a_number(self, number: int):
        assert json.loads(json.dumps(serialize(BigInt, number))) == number


class TestDecimal:
    @given(st.decimals(-(10**16), 10**16, places=22))
    def test_keeps_every_digit_of_a_text(self, number: Decimal):
        assert parse(Decimal, str(number)) == number
        assert parse(Decimal, str(number)).as_tuple() == number.as_tuple()

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (1, "1"),
            (0.1, "0.1"),
            (1e22, "1e22"),
            ("1.50", "1.50"),
            ("-.5", "-0.5"),
            ("5.", "5"),
            ("+2e-3", "0.002"),
            (10**40, str(10**40)),
        ],
    )
    def test_is_read_from_numbers_and_texts(self, value: object, expected: str):
        assert parse(Decimal, value) == Decimal(expected)

    @pytest.mark.parametrize(
        "value",
        NO_DECIMALS,
    )
    def test_is_nothing_else(self, value: object):
        with pytest.raises(GraphQLError, match=r"Decimal cannot represent .*0.25"):
            parse(Decimal, value)

    def test_is_written_as_postgres_rendered_it(self):
        assert serialize(Decimal, "0.1000000000000000000001") == "0.1000000000000000000001"

    @given(st.integers(0, 10**22))
    def test_keeps_the_digits_of_a_number_in_a_document(self, api: Api, digits: int):
        number = f"0.{digits:022d}"
        asked = api.question(COST_ABOVE.replace("NUMBER", number))
        assert asked.having == Condition("cost_usd", Operator.GT, (Decimal(number),))

    @pytest.mark.parametrize("literal", ["true", "NAN", '"NaN"', "[1]", "{a: 1}"])
    def test_is_no_other_literal(self, api: Api, literal: str):
        result, requests = api.execute(COST_ABOVE.replace("NUMBER", literal))
        assert not requests
        assert result.errors


class TestDate:
    @given(st.dates())
    def test_is_read_from_its_iso_text(self, day: date):
        assert parse(date, day.isoformat()) == day

    @pytest.mark.parametrize(
        "value",
        NO_DATES,
    )
    def test_is_nothing_else(self, value: object):
        with pytest.raises(GraphQLError, match=r"Date cannot represent .*YYYY-MM-DD"):
            parse(date, value)


class TestDateTime:
    @given(st.datetimes())
    def test_without_offset_is_utc(self, moment: datetime):
        assert parse(datetime, moment.isoformat()) == moment
        assert parse(datetime, moment.isoformat() + "Z") == moment

    @given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))
    def test_with_offset_is_that_instant(self, moment: datetime):
        read = parse(datetime, moment.isoformat())
        offset = moment.utcoffset()
        assert offset is not None
        assert read == moment.replace(tzinfo=None) - offset
        assert read.tzinfo is None

    @pytest.mark.parametrize(
        "value",
        NO_INSTANTS,
    )
    def test_is_nothing_else(self, value: object):
        with pytest.raises(GraphQLError, match=r"DateTime cannot represent .*2026-01-31T12:00:00Z"):
            parse(datetime, value)


def test_the_value_of_a_measure_is_output_only():
    with pytest.raises(GraphQLError, match="output type"):
        parse(MeasureValue, 1)
    assert serialize(MeasureValue, "0.5") == "0.5"
    assert serialize(MeasureValue, 5) == 5


def test_values_that_postgres_rendered_reach_the_client_unchanged(api: Api):
    node = {
        "request_id": "r-1",
        "request_kind": "call",
        "modality": "T-FS-T",
        "requests": 9007199254740993,
        "cost_usd": "0.1000000000000000000001",
        "requested_at": "2026-01-31T12:00:00.000Z",
        "is_priced": True,
        "tokens_per_request": 0.5,
        "session_id": None,
    }
    result, _ = api.execute(
        "{ requests { nodes { requestId requestKind modality requests costUsd requestedAt isPriced"
        " tokensPerRequest sessionId } } }",
        answer=Answer(nodes=[node]),
    )
    assert not result.errors
    assert result.data == {
        "requests": {
            "nodes": [
                {
                    "requestId": "r-1",
                    "requestKind": "CALL",
                    "modality": "T_FS_T",
                    "requests": 9007199254740993,
                    "costUsd": "0.1000000000000000000001",
                    "requestedAt": "2026-01-31T12:00:00.000Z",
                    "isPriced": True,
                    "tokensPerRequest": 0.5,
                    "sessionId": None,
                }
            ]
        }
    }


def test_arguments_reach_the_question_as_typed_values(api: Api):
    asked = api.question(
        """
        query ($since: DateTime!, $tokens: BigInt!, $cost: Decimal!) {
          requests(
            filter: { requestedAt: { gte: $since } }
            having: { totalTokens: { gte: $tokens }, costUsd: { lt: $cost } }
          ) { totalCount }
        }
        """,
        {"since": "2026-01-01T01:00:00+01:00", "tokens": 2**53 + 1, "cost": "0.3"},
    )
    assert asked.where == Condition("requested_at", Operator.GTE, (datetime(2026, 1, 1),))
    assert isinstance(asked.having, And)
    assert set(asked.having.terms) == {
        Condition("total_tokens", Operator.GTE, (2**53 + 1,)),
        Condition("cost_usd", Operator.LT, (Decimal("0.3"),)),
    }


class TestDuration:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("1h", timedelta(hours=1)),
            ("24h", timedelta(days=1)),
            ("7d", timedelta(days=7)),
            ("4w", timedelta(days=28)),
            ("36525d", timedelta(days=36_525)),
        ],
    )
    def test_is_a_number_of_hours_days_or_weeks(self, text: str, length: timedelta):
        assert parse(Duration, text) == length
        assert parse(Duration, duration_text(length)) == length

    @pytest.mark.parametrize(
        "value",
        [
            *("0d", "00d", "-1d", "+1d", "1.5d", "7", "d", "7 d", "7D", "1m", "P7D", "7d ", ""),
            *("36526d", "876601h", "5218w", "9999999h", "\uff17d", 7, None, True, []),
        ],
    )
    def test_is_nothing_else(self, value: object):
        with pytest.raises(GraphQLError, match=r"Duration cannot represent .* 100 years"):
            parse(Duration, value)


class TestPeriod:
    @pytest.mark.parametrize(("text", "days"), [("7d", 7), ("30d", 30), ("90d", 90)])
    def test_is_one_of_three(self, text: str, days: int):
        assert parse(Period, text) == timedelta(days=days)

    @pytest.mark.parametrize(
        "value", ["", "1d", "365d", "30", "30D", " 30d", "4w", "24h", 30, None, True, ["30d"]]
    )
    def test_is_nothing_else(self, value: object):
        with pytest.raises(GraphQLError, match=r"Period cannot represent .* 7d, 30d, 90d"):
            parse(Period, value)


class TestJson:
    @pytest.mark.parametrize("value", [{"a": [1, None, True, "ü"]}, [], "text", 7, None, 0.1])
    def test_is_what_the_text_says(self, value: object):
        assert serialize(JsonText, json.dumps(value)) == value

    @pytest.mark.parametrize(
        "text",
        ["", "{", "NaN", "[Infinity]", "1e400", '{"a": -1e999}', "[" * 100_000, "1" * 5_000],
    )
    def test_is_the_text_where_clients_could_not_read_it(self, text: str):
        assert serialize(JsonText, text) == text

    def test_is_not_read(self):
        with pytest.raises(GraphQLError, match="output type"):
            parse(JsonText, "{}")
