"""Windows that end tomorrow, and tags that are asked for literally."""

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from graphql_api.errors import InvalidQueryError
from graphql_api.query.filters import to_sql
from graphql_api.schema.reports.report import Ask
from graphql_api.schema.reports.tag_windows import (
    days_until_tomorrow,
    of_tags,
    periods_until_tomorrow,
)


@dataclass(frozen=True)
class Caller:
    """As much of a caller as windows need."""

    as_of: datetime


def asked(*moment: int) -> Ask:
    return cast("Ask", Caller(datetime(*moment)))  # type: ignore[arg-type]


def shown(ask: Ask, *, weekly: bool) -> list[tuple[str, str, str]]:
    periods = periods_until_tomorrow(ask, weekly=weekly)
    return [(each.label, str(each.start), str(each.end)) for each in periods]


def test_the_last_of_seven_weeks_ends_tomorrow():
    weeks = shown(asked(2026, 3, 14, 23, 59, 59, 999_999), weekly=True)
    assert len(weeks) == 7
    assert weeks[0] == ("Week 1 (Jan 26)", "2026-01-26", "2026-02-01")
    assert weeks[-1] == ("Week 7 (Mar 09)", "2026-03-09", "2026-03-15")


def test_months_are_thirty_days():
    months = shown(asked(2026, 3, 14), weekly=False)
    assert months[0] == ("Month 1 (Aug)", "2025-08-18", "2025-09-16")
    assert months[-1] == ("Month 7 (Feb)", "2026-02-14", "2026-03-15")


def test_seven_days_are_seven_dates():
    window = days_until_tomorrow(asked(2026, 3, 14), 7)
    assert (window.start, window.end) == (date(2026, 3, 9), date(2026, 3, 15))


@pytest.mark.parametrize("moment", [(9999, 12, 31), (1, 1, 5)])
def test_a_window_beyond_the_calendar_is_refused(moment: tuple[int, ...]):
    with pytest.raises(InvalidQueryError) as refusal:
        days_until_tomorrow(asked(*moment), 7)
    assert refusal.value.extensions["argument"] == "asOf"


def sql_of(containing: str | None, exactly: list[str] | None) -> str:
    predicate = of_tags(containing, exactly)
    assert predicate is not None
    columns = {"tag": sa.column("tag", sa.Text()), "has_tag": sa.column("has_tag", sa.Boolean())}
    return str(to_sql(predicate, columns.__getitem__).compile(dialect=postgresql.dialect()))


def test_a_text_is_compared_without_the_case_of_ascii_letters_and_bound():
    """Under the collation C no locale of the server lowers further letters."""
    sql = sql_of("a'%", None)
    assert 'lower(tag COLLATE "C")' in sql
    assert "a'%" not in sql
    assert "LIKE" not in sql


def test_a_list_goes_before_a_text():
    assert "lower" not in sql_of("a", ["b"])
    assert "lower" in sql_of("a", [])
    assert of_tags(None, []) is None


@pytest.mark.parametrize(("containing", "exactly"), [("\0", None), (None, ["a", "\ud800"])])
def test_what_no_tag_can_hold_is_refused(containing: str | None, exactly: list[str] | None):
    with pytest.raises(InvalidQueryError) as refusal:
        of_tags(containing, exactly)
    assert refusal.value.extensions["argument"] in ("tagFilter", "tagFilters")
