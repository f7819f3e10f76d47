"""Hand-computed worth of single JSON values."""

from fractions import Fraction

import pytest

from . import json_values as jv


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("0", 0),
        ("1200", 1200),
        ('"350"', 350),
        ('"007"', 7),
        ("-3", -3),
        ("1e3", 1000),
        ("1.5e1", 15),
        ("1.50e1", 0),  # kept as 15.0, which is no integer
        ("10e-1", 0),
        ("12.0", 0),
        ('"12.0"', 0),
        ('"1e3"', 0),
        ('"-3"', 0),
        ('"+3"', 0),
        ('"12 "', 0),
        ('"12\\n"', 0),
        ('"٣٤"', 0),
        ('"1²"', 0),
        ('""', 0),
        ("true", 0),
        ("null", 0),
        ("[5]", 0),
        ("999999999999999", 999_999_999_999_999),
        ('"0000999999999999999"', 999_999_999_999_999),
        ("-999999999999999", -999_999_999_999_999),
        ("1000000000000000", 0),
        ("-1000000000000000", 0),
        ('"1000000000000000"', 0),
        ("1e14", 10**14),
        ("1e15", 0),
        ("1e400", 0),
        ('"' + "9" * 5000 + '"', 0),
        ('"' + "0" * 5000 + '7"', 7),
    ],
)
def test_token_value(text, tokens):
    assert jv.token_value(jv.parse(text)) == tokens


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("0", Fraction(0)),
        ("2.50", Fraction(5, 2)),
        ("1E2", Fraction(100)),
        ("1e-16", Fraction(1, 10**16)),
        ("2.500000000000000000000", Fraction(5, 2)),
        ("999999.9999999999999999", Fraction(10**22 - 1, 10**16)),
        ("1e-17", Fraction(0)),
        ("5e-17", Fraction(1, 10**16)),
        ("1e-400", Fraction(0)),
        ("0.12345678901234567", Fraction(1234567890123457, 10**16)),
        ("999999.99999999999999999", None),
        ("1000000", None),
        ("1e400", None),
        ('"2.5"', None),
        ("null", None),
        ("true", None),
        ("{}", None),
        ("-0.5", Fraction(-1, 2)),
    ],
)
def test_price_value(text, price):
    assert jv.price_value(jv.parse(text)) == price


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("0.1", "0.1"),
        ("1e-5", "0.00001"),
        ("-0.3", "-0.3"),
        ('"0.5"', "0.5"),
        ('"1e5"', "100000"),
        ('"+1.5"', "1.5"),
        ('"1E-2"', "0.01"),
        ('"0001.5"', "1.5"),
        ("1.23456789012345678901234567", "1.2345678901234567890123"),
        ("0.00000000000000000000005", "0.0000000000000000000001"),
        ("-0.00000000000000000000005", "-0.0000000000000000000001"),
        ("0.000000000000000000000049", "0"),
        ("1e-300", "0"),
        ('"999999999999.9999999999999999999999"', "999999999999.9999999999999999999999"),
        ('"999999999999.99999999999999999999999"', "0"),  # rounds up to what no column holds
        ("1e16", "0"),
        ("1e400", "0"),
        ('"1e99999999999999999999"', "0"),
        ('"0e99999999999999999999"', "0"),
        ('"1e-99999999999999999999"', "0"),
        ('"0.' + "0" * 400 + '15e402"', "15"),
        ('"15' + "0" * 400 + 'e-400"', "15"),
        ('" 1"', "0"),
        ('"1 "', "0"),
        ('"1.5\\n"', "0"),
        ('".5"', "0"),
        ('"5."', "0"),
        ('"1e"', "0"),
        ('"--1"', "0"),
        ('"1,5"', "0"),
        ('"NaN"', "0"),
        ('"Infinity"', "0"),
        ('"١.٥"', "0"),  # noqa: RUF001
        ('""', "0"),
        ("true", "0"),
        ("null", "0"),
        ("[1]", "0"),
    ],
)
def test_evaluation_cost(text, cost):
    assert jv.decimal_text(jv.evaluation_cost(jv.parse(text))) == cost


def test_members_and_elements_of_unexpected_json_are_none():
    assert jv.member(jv.parse('"{}"'), "a") is None
    assert jv.member(jv.parse('[{"a": 1}]'), "a") is None
    assert jv.member(None, "a") is None
    assert jv.first_element(jv.parse('"abc"')) is None
    assert jv.first_element(jv.parse('{"0": "a"}')) is None
    assert jv.first_element([]) is None
    assert jv.first_element(jv.parse('["a", "b"]')) == "a"


def test_the_last_of_repeated_keys_counts():
    usage = jv.parse('{"input_tokens": 1, "input_tokens": 2}')
    assert jv.token_value(jv.member(usage, "input_tokens")) == 2


@pytest.mark.parametrize("text", ["NaN", "Infinity", "{", "01"])
def test_what_is_not_json_is_not_read_as_json(text):
    with pytest.raises(ValueError, match=r"."):
        jv.parse(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(-1, 4), "-0.25"),
        (Fraction(100), "100"),
        (Fraction(1, 10**22), "0." + "0" * 21 + "1"),
        (Fraction(12345, 100), "123.45"),
    ],
)
def test_decimal_text(value, text):
    assert jv.decimal_text(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [("12.5", 0, "13"), ("-0.25", 1, "-0.3"), ("0.24", 1, "0.2"), ("-12.4", 0, "-12")],
)
def test_a_half_is_rounded_away_from_zero(value, decimals, rounded):
    assert jv.round_half_away(Fraction(value), decimals) == Fraction(rounded)
