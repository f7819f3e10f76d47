"""Calendar arithmetic against counting days one by one."""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.catalogue.model import Grain
from graphql_api.query.periods import month_start, period_start, shift

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31))
COUNTS = st.integers(-60, 60)

# Whether a day is the first of its period, said once more without any arithmetic.
IS_FIRST = {
    Grain.DAY: lambda day: True,
    Grain.WEEK: lambda day: day.strftime("%A") == "Monday",
    Grain.MONTH: lambda day: day.day == 1,
    Grain.QUARTER: lambda day: (day.month, day.day) in ((1, 1), (4, 1), (7, 1), (10, 1)),
    Grain.YEAR: lambda day: (day.month, day.day) == (1, 1),
}


def walk_back(day: date, grain: Grain) -> date:
    while not IS_FIRST[grain](day):
        day -= timedelta(days=1)
    return day


@given(DAYS, st.sampled_from(list(IS_FIRST)))
def test_a_period_starts_on_the_last_first_day(day: date, grain: Grain):
    assert period_start(day, grain) == walk_back(day, grain)


@given(st.dates(date(100, 1, 1), date(9900, 12, 31)), st.integers(-1000, 1000))
def test_the_month_some_months_away_is_so_many_months_away(day: date, months: int):
    start = month_start(day, months)
    assert start.day == 1
    assert (start.year - day.year) * 12 + start.month - day.month == months


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 2, 15), 0, date(2026, 2, 1)),
        (date(2026, 2, 15), -24, date(2024, 2, 1)),
        (date(2026, 1, 31), -1, date(2025, 12, 1)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(1, 1, 1), -24, date(1, 1, 1)),
        (date(9999, 12, 31), 24, date(9999, 12, 1)),
    ],
)
def test_months_end_with_the_calendar(day: date, months: int, expected: date):
    assert month_start(day, months) == expected


@given(MOMENTS, COUNTS)
def test_short_periods_have_a_fixed_length(moment: datetime, count: int):
    assert shift(moment, Grain.HOUR, count) - moment == timedelta(hours=count)
    assert shift(moment, Grain.DAY, count) - moment == timedelta(days=count)
    assert shift(moment, Grain.WEEK, count) - moment == timedelta(days=7 * count)


@given(MOMENTS, COUNTS)
def test_long_periods_keep_day_and_time_where_the_month_has_them(moment: datetime, count: int):
    for grain, months in ((Grain.MONTH, 1), (Grain.QUARTER, 3), (Grain.YEAR, 12)):
        moved = shift(moment, grain, count)
        assert (moved.year - moment.year) * 12 + moved.month - moment.month == count * months
        assert moved.time() == moment.time()
        if moved.day != moment.day:
            assert moved.day < moment.day
            assert (moved + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("moment", "grain", "count", "expected"),
    [
        (datetime(2024, 2, 29, 8), Grain.YEAR, 1, datetime(2025, 2, 28, 8)),
        (datetime(2026, 1, 31), Grain.MONTH, 1, datetime(2026, 2, 28)),
        (datetime(2026, 3, 31), Grain.QUARTER, -1, datetime(2025, 12, 31)),
        (datetime(2026, 12, 31), Grain.MONTH, 1, datetime(2027, 1, 31)),
        (datetime(9999, 11, 30), Grain.MONTH, 1, datetime(9999, 12, 30)),
        (datetime(1, 2, 1), Grain.MONTH, -1, datetime(1, 1, 1)),
    ],
)
def test_the_moment_some_periods_away(
    moment: datetime, grain: Grain, count: int, expected: datetime
):
    assert shift(moment, grain, count) == expected


@pytest.mark.parametrize("grain", list(Grain))
@pytest.mark.parametrize(
    ("moment", "count"),
    [
        (datetime(9999, 12, 31, 23), 1),
        (datetime(1, 1, 1), -1),
        (datetime(2026, 1, 1), 10**9),
        (datetime(2026, 1, 1), -(10**9)),
    ],
)
def test_there_is_nothing_outside_the_calendar(grain: Grain, moment: datetime, count: int):
    with pytest.raises(OverflowError):
        shift(moment, grain, count)


@given(st.sampled_from(list(Grain)), st.sampled_from(list(Grain)), DAYS)
def test_periods_add_up_where_they_are_said_to(fine: Grain, coarse: Grain, day: date):
    if Grain.HOUR in (fine, coarse):
        return
    if fine.can_be_cut_into(coarse):
        # Every coarse period starts with a fine one, so no fine one lies in two.
        assert IS_FIRST[fine](walk_back(day, coarse))


def test_weeks_and_months_do_not_add_up():
    assert not Grain.WEEK.can_be_cut_into(Grain.MONTH)
    assert not Grain.MONTH.can_be_cut_into(Grain.DAY)
    assert Grain.HOUR.can_be_cut_into(Grain.WEEK)
    assert Grain.DAY.can_be_cut_into(Grain.WEEK)
    assert Grain.WEEK.can_be_cut_into(Grain.WEEK)
