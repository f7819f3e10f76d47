"""Laws of the arithmetic, the percentile and the windows that all figures share."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from .aggregates import distinct, grouped, mean, money, ratio, total
from .json_values import MONEY_DECIMALS, MONEY_LIMIT, round_half_away
from .percentiles import MEDIAN, P95, P99, percentile
from .windows import Window, from_midnight, instant, midnight, today, trailing

FRACTIONS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
LISTS = st.lists(FRACTIONS, min_size=1, max_size=30)
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=1000)
INSTANTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
LENGTHS = st.timedeltas(min_value=timedelta(hours=1), max_value=timedelta(days=400))


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("12.5", 0, "13"),
        ("-12.5", 0, "-13"),
        ("-0.25", 1, "-0.3"),
        ("0.05", 1, "0.1"),
        ("2.675", 2, "2.68"),
        ("0.0049999", 2, "0"),
        ("99.995", 2, "100"),
    ],
)
def test_rounding_goes_away_from_zero_at_a_half(value, places, rounded):
    assert round_half_away(Fraction(value), places) == Fraction(rounded)


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_is_near_odd_and_settled(value, places):
    rounded = round_half_away(value, places)
    assert abs(rounded - value) <= Fraction(1, 2 * 10**places)
    assert (rounded * 10**places).denominator == 1
    assert round_half_away(-value, places) == -rounded
    assert round_half_away(rounded, places) == rounded
    if abs(rounded - value) == Fraction(1, 2 * 10**places):
        assert abs(rounded) > abs(value)


@given(FRACTIONS, FRACTIONS, st.integers(0, 4))
def test_rounding_keeps_the_order(one, other, places):
    assume(one <= other)
    assert round_half_away(one, places) <= round_half_away(other, places)


def test_money_is_the_shortest_decimal_text():
    assert money(0.1) + money(0.2) == Fraction(3, 10)
    assert money(1e-07) == Fraction(1, 10**7)
    assert money(5e-324) == 0
    assert [money(x) for x in (None, float("nan"), float("inf"), -float("inf"))] == [0, 0, 0, 0]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_money_reads_every_float_as_its_text(amount):
    exact = round_half_away(Fraction(Decimal(repr(amount))), MONEY_DECIMALS)
    assert money(amount) == (exact if abs(exact) < MONEY_LIMIT else 0)


def test_sums_and_averages_skip_what_is_missing():
    assert (total([]), total([None]), total([1, None, 2])) == (0, 0, 3)
    assert (mean([]), mean([None]), mean([1, None, 2])) == (0, 0, Fraction(3, 2))
    assert (ratio(1, 0), ratio(0, 0), ratio(1, 3)) == (0, 0, Fraction(1, 3))
    assert distinct([None, 1, 1, 2]) == 2
    assert grouped([3, 1, 4, 1, 5], lambda n: n % 2) == {1: [3, 1, 1, 5], 0: [4]}


@given(LISTS)
def test_the_mean_lies_between_and_balances(values):
    assert min(values) <= mean(values) <= max(values)
    assert total(value - mean(values) for value in values) == 0


def test_percentile_by_hand():
    assert percentile([10, 20], MEDIAN) == 15
    assert percentile([4, None, 1, 3, 2], MEDIAN) == Fraction(5, 2)
    assert percentile([1, 2, 3, 4, 5], P95) == Fraction(48, 10)
    assert percentile([0, 100], P99) == 99
    assert percentile([7], P99) == 7
    assert percentile([], P99) == percentile([None], MEDIAN) == 0


@given(LISTS, SHARES, SHARES)
def test_percentiles_rise_from_the_least_to_the_greatest(values, one, other):
    assume(one <= other)
    assert percentile(values, Fraction(0)) == min(values)
    assert percentile(values, Fraction(1)) == max(values)
    assert percentile(values, one) <= percentile(values, other)


@given(LISTS, SHARES, FRACTIONS)
def test_percentiles_move_and_mirror_with_their_values(values, share, shift):
    found = percentile(values, share)
    assert percentile([value + shift for value in values], share) == found + shift
    assert percentile([-value for value in values], 1 - share) == -found
    assert percentile(reversed(values), share) == found


@given(st.lists(FRACTIONS, min_size=1, max_size=20), st.data())
def test_percentiles_at_a_position_are_the_value_there(values, data):
    position = data.draw(st.integers(0, len(values) - 1))
    share = Fraction(position, max(len(values) - 1, 1))
    assert percentile(values, share) == sorted(values)[position]


@given(INSTANTS, LENGTHS)
def test_a_trailing_window_holds_both_ends_and_nothing_beyond(as_of, length):
    window, tick = trailing(as_of, length), timedelta(microseconds=1)
    assert window.start in window
    assert window.end in window
    assert window.start - tick not in window
    assert window.end + tick not in window
    assert None not in window
    assert window.end - window.start == length


@given(INSTANTS, LENGTHS)
def test_windows_side_by_side_share_no_instant(as_of, length):
    now = trailing(as_of, length)
    before = Window(now.start - length, now.start, end_included=False)
    for moment in (before.start, now.start, now.end):
        assert (moment in before) + (moment in now) == 1


@given(INSTANTS, st.integers(1, 90))
def test_a_window_of_days_touches_one_date_more(as_of, days):
    dates = trailing(as_of, timedelta(days=days)).dates()
    assert len(dates) == days + 1
    assert dates[-1] == today(as_of)
    assert dates == sorted(set(dates))


@given(INSTANTS, st.integers(0, 30))
def test_midnight_is_the_start_of_today_in_utc(as_of, days):
    assert midnight(as_of) <= instant(as_of) < midnight(as_of) + timedelta(days=1)
    window = from_midnight(as_of, days)
    assert window.start.time() == datetime.min.time()
    assert len(window.dates()) == days + 1


def test_as_of_is_read_in_utc():
    late = datetime.fromisoformat("2026-04-01T01:00:00+02:00")
    assert today(late) == date(2026, 3, 31)
