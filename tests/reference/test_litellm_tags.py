"""Hand-computed figures of LiteLLM's tag activity."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count

import pytest

from . import litellm_tags, random_litellm
from .kaapi import Refused
from .raw_litellm import DailyTagSpend, RawLiteLlm, User, VerificationToken

AS_OF = datetime(2026, 3, 14, 23, 59, 59, 999_999, tzinfo=UTC)
END = date(2026, 3, 15)
NUMBERS = count()
KEYS = {"k1": "ann", "k2": "bob", "k3": "", "k4": None, "k5": "ann", "k6": "Zoe"}
TOKENS = [VerificationToken(token=key, user_id=user) for key, user in KEYS.items()]
AGENT = "User-Agent: cli"


def spend(tag, days_back=0, key="k1", **changes):
    day = END - timedelta(days=days_back)
    base = {"id": f"r{next(NUMBERS)}", "tag": tag, "date": day.isoformat(), "api_key": key}
    return DailyTagSpend(**base | changes)


def raw_of(*rows, users=()):
    return RawLiteLlm(
        daily_tag_spend=[*rows], verification_tokens=[*TOKENS], users=[User(**u) for u in users]
    )


def figure(name, *rows, users=(), **parameters):
    raw = raw_of(*rows, users=users)
    return litellm_tags.FIGURES[f"litellm_tags.{name}"](raw, AS_OF, **parameters)


def test_distinct_tags():
    tags = ["b", "b", "a", "B", None, "team:x", AGENT, "user-agent: cli", ""]
    found = figure("distinct", *(spend(tag, 999, key=None) for tag in tags))
    assert [(row["tag"], row["usage_count"]) for row in found] == [
        ("b", 2),
        ("", 1),
        ("B", 1),
        (AGENT, 1),
        ("a", 1),
    ]


def test_250_distinct_tags_at_most():
    found = figure("distinct", *(spend(f"t{n:03d}") for n in range(260)))
    assert [row["tag"] for row in found] == [f"t{n:03d}" for n in range(250)]


def test_daily_users_of_seven_dates_up_to_tomorrow():
    rows = [spend("a", n) for n in (-1, 0, 6, 7)]
    rows += [spend("a", 0, "k5"), spend("a", 0, "k2"), spend("b", 0, "k2"), spend("B", 0, "k1")]
    rows += [spend("a", 0, key) for key in ("k3", "k4", "gone", None)]
    rows += [spend(None), spend("a", date=None), spend("a", date="2026-02-30")]
    found = figure("dau", *rows)
    assert [(row["date"], row["tag"], row["active_users"]) for row in found] == [
        (END, "a", 2),
        (END, "B", 1),
        (END, "b", 1),
        (END - timedelta(days=6), "a", 1),
    ]


def test_weeks_count_back_from_tomorrow():
    rows = [spend("a", n) for n in (0, 6, 7, 48, 49, -1)]
    rows += [spend("a", 3, "k2"), spend("b", 10, "k1"), spend("b", 10, "k2")]
    assert figure("wau", *rows) == [
        {
            "tag": "a",
            "active_users": 1,
            "date": "Week 1 (Jan 26)",
            "period_start": date(2026, 1, 26),
            "period_end": date(2026, 2, 1),
        },
        {
            "tag": "b",
            "active_users": 2,
            "date": "Week 6 (Mar 02)",
            "period_start": date(2026, 3, 2),
            "period_end": date(2026, 3, 8),
        },
        {
            "tag": "a",
            "active_users": 1,
            "date": "Week 6 (Mar 02)",
            "period_start": date(2026, 3, 2),
            "period_end": date(2026, 3, 8),
        },
        {
            "tag": "a",
            "active_users": 2,
            "date": "Week 7 (Mar 09)",
            "period_start": date(2026, 3, 9),
            "period_end": END,
        },
    ]


def test_months_are_thirty_days():
    found = figure("mau", *(spend("a", n) for n in (0, 29, 30, 209, 210)))
    assert [(row["date"], row["period_start"], row["period_end"]) for row in found] == [
        ("Month 1 (Aug)", date(2025, 8, 18), date(2025, 9, 16)),
        ("Month 6 (Jan)", date(2026, 1, 15), date(2026, 2, 13)),
        ("Month 7 (Feb)", date(2026, 2, 14), END),
    ]


@pytest.mark.parametrize(
    ("filters", "tags"),
    [
        ({}, ["50%", "A_b", "a\\b", "axb", "Ünï"]),
        ({"tag_filter": "A"}, ["A_b", "a\\b", "axb"]),
        ({"tag_filter": "a_B"}, ["A_b"]),
        ({"tag_filter": "%"}, ["50%"]),
        ({"tag_filter": "\\"}, ["a\\b"]),
        ({"tag_filter": "ü"}, []),
        ({"tag_filter": "NÏ"}, []),
        ({"tag_filter": "Nï"}, ["Ünï"]),
        ({"tag_filter": "zzz", "tag_filters": ["axb", "a_b"]}, ["axb"]),
        ({"tag_filter": "x", "tag_filters": []}, ["axb"]),
    ],
)
def test_filters_are_literal(filters, tags):
    rows = [spend(tag) for tag in ("A_b", "axb", "50%", "a\\b", "Ünï", None)]
    assert [row["tag"] for row in figure("dau", *rows, **filters)] == tags
    dates = {"start_date": END.isoformat(), "end_date": END.isoformat()}
    assert [row["tag"] for row in figure("summary", *rows, **filters, **dates)] == tags
    # A row without a tag counts per user, unless there is any filter.
    total = {"api_requests": 1}
    rows = [spend(row.tag, **total) for row in rows]
    (user,) = figure("per_user", *rows, **filters)["results"] or [{"total_requests": 0}]
    assert user["total_requests"] == len(tags) + (filters == {})


def test_summary_by_hand():
    rows = [
        spend("a", 0, "k1", api_requests=2, prompt_tokens=3, completion_tokens=4, spend=0.1),
        spend("a", 9, "k2", api_requests=None, prompt_tokens=None, completion_tokens=1, spend=0.2),
        spend("a", 10, api_requests=100),
        spend("B", 5, "gone", successful_requests=5, failed_requests=6, api_requests=2),
        spend(None, 5, api_requests=99),
    ]
    found = figure("summary", *rows, start_date="2026-03-06", end_date="2026-03-15")
    zeros = {"successful_requests": 0, "failed_requests": 0, "total_tokens": 0, "total_spend": 0}
    assert found == [
        {"tag": "B", "unique_users": 0, "total_requests": 2, **zeros}
        | {"successful_requests": 5, "failed_requests": 6},
        {"tag": "a", "unique_users": 2, "total_requests": 2, **zeros}
        | {"total_tokens": 8, "total_spend": Fraction(3, 10)},
    ]


@pytest.mark.parametrize(
    ("argument", "first", "last"),
    [
        ("start_date", None, "2026-03-01"),
        ("end_date", "2026-03-01", None),
        ("start_date", "2026-02-29", "2026-03-01"),
        ("start_date", "20260301", "2026-03-01"),
        ("start_date", "2026-3-1", "2026-03-01"),
        ("start_date", "0000-01-01", "2026-03-01"),
        ("end_date", "2026-03-01", "2026-03-01T00:00:00"),
        ("end_date", "2026-03-01", "2026-03-01\n"),
        ("end_date", "2026-03-01", "２０２６-03-01"),  # noqa: RUF001
        ("end_date", "2026-03-01", ""),
        ("start_date", "2026-03-02", "2026-03-01"),
    ],
)
def test_dates_that_are_none_are_refused(argument, first, last):
    with pytest.raises(Refused) as refusal:
        figure("summary", start_date=first, end_date=last)
    assert refusal.value.argument == argument


def test_users_by_hand():
    counts = {"api_requests": 3, "successful_requests": 2, "failed_requests": 1}
    rows = [
        spend("plain", api_requests=9, successful_requests=1),
        spend(AGENT, 29, "k5", **counts, prompt_tokens=1, completion_tokens=2, spend=0.1),
        spend("User-Agent: Cli", 3, api_requests=3, spend=0.2),
        spend(AGENT, 30, api_requests=50, successful_requests=50),
        spend("b", 1, "k2", api_requests=None),
        spend("a", 1, "k2", api_requests=0),
        spend("", 1, "k2", api_requests=8),
        spend(None, 0, "k6", successful_requests=3),
        spend("a", 0, "k3", successful_requests=3),
    ]
    users = [
        {"user_id": "ann", "user_email": "ann@x.org"},
        {"user_id": "bob", "user_email": None},
        {"user_id": "nobody", "user_email": "x"},
    ]
    found = figure("per_user", *rows, users=users)
    zeros = {"failed_requests": 0, "total_requests": 0, "total_tokens": 0, "spend": 0}
    assert found["results"] == [
        {
            "user_id": "Zoe",
            "user_email": None,
            "user_agent": None,
            "successful_requests": 3,
            **zeros,
        },
        {
            "user_id": "ann",
            "user_email": "ann@x.org",
            "user_agent": "User-Agent: Cli",
            "successful_requests": 3,
            "failed_requests": 1,
            "total_requests": 15,
            "total_tokens": 3,
            "spend": Fraction(3, 10),
        },
        {
            "user_id": "bob",
            "user_email": None,
            "user_agent": "a",
            "successful_requests": 0,
            **zeros,
            "total_requests": 8,
        },
    ]
    assert (found["total_count"], found["total_pages"]) == (3, 1)


@pytest.mark.parametrize(
    ("requests", "agent"),
    [
        ([("User-Agent: a", 1), ("User-Agent: b", 2), ("c", 9)], "User-Agent: b"),
        ([("User-Agent: a", 2), ("User-Agent: b", 1), ("User-Agent: b", 2)], "User-Agent: b"),
        ([("User-Agent: b", 2), ("User-Agent: a", 2)], "User-Agent: a"),
        ([("User-Agent: a", None), ("c", 9)], "User-Agent: a"),
        ([("user-agent: a", 1), ("c", 9), ("", 10), (None, 11)], "c"),
        ([("", 1), (None, 1)], None),
    ],
)
def test_a_users_agent_is_the_one_asked_most(requests, agent):
    rows = [spend(tag, api_requests=number) for tag, number in requests]
    (user,) = figure("per_user", *rows)["results"]
    assert user["user_agent"] == agent


def test_pages_of_users():
    rows = [spend("a", key=key) for key in ("k1", "k2", "k6")]

    def page(**parameters):
        found = figure("per_user", *rows, **parameters)
        return [row["user_id"] for row in found["results"]], found["total_pages"]

    assert page(page_size=2) == (["Zoe", "ann"], 2)
    assert page(page_size=2, page=2) == (["bob"], 2)
    assert page(page_size=3, page=2) == ([], 1)
    empty = figure("per_user")
    assert (empty["results"], empty["total_count"], empty["total_pages"]) == ([], 0, 0)


@pytest.mark.parametrize(
    ("argument", "value"), [("page", 0), ("page", -1), ("page_size", 0), ("page_size", 1001)]
)
def test_pages_out_of_bounds_are_refused(argument, value):
    with pytest.raises(Refused) as refusal:
        figure("per_user", **{argument: value})
    assert refusal.value.argument == argument


@pytest.fixture(scope="module")
def samples():
    return [random_litellm.generate(seed) for seed in range(6)]


def test_random_rows_fill_every_period(samples):
    for raw in samples:
        for name, periods in (("wau", 7), ("mau", 7)):
            rows = litellm_tags.FIGURES[f"litellm_tags.{name}"](raw, random_litellm.AS_OF)
            assert len({row["date"] for row in rows}) == periods
            assert rows == sorted(rows, key=lambda row: row["period_start"])


def test_random_filters_agree_with_their_lists(samples):
    raw, as_of = samples[0], random_litellm.AS_OF
    for text in random_litellm.FILTER_TEXTS:
        matching = [tag for tag in random_litellm.TAGS if text.lower() in tag.lower()]
        matching = [tag for tag in matching if text.isascii() or text in tag]
        expected = litellm_tags.mau(raw, as_of, tag_filters=matching) if matching else []
        assert litellm_tags.mau(raw, as_of, tag_filter=text) == expected


def test_random_users_have_agents_ties_and_no_tags(samples):
    found = [litellm_tags.per_user(raw, random_litellm.AS_OF) for raw in samples]
    agents = [row["user_agent"] for page in found for row in page["results"]]
    assert any(agent.startswith(litellm_tags.USER_AGENT) for agent in agents if agent)
    emails = {row["user_email"] is None for page in found for row in page["results"]}
    assert emails == {True, False}
