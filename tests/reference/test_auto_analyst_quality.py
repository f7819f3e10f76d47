"""Hand-computed Auto-Analyst figures: code executions, their errors, and feedback."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from . import auto_analyst, random_auto_analyst
from .auto_analyst_executions import ERROR_CATEGORIES, error_category, readable
from .raw_auto_analyst import CodeExecution, Message, MessageFeedback, RawAutoAnalyst
from .windows import instant

AS_OF = datetime(2026, 3, 15, 12, 30, tzinfo=UTC)
NOW = instant(AS_OF)
TICK, DAY = timedelta(microseconds=1), timedelta(days=1)


def run(number=1, ago=timedelta(0), **changes):
    moment = None if ago is None else NOW - ago
    return CodeExecution(**{"execution_id": number, "created_at": moment} | changes)


def rating(number=1, stars=5, ago=timedelta(0), **changes):
    base = {"feedback_id": number, "rating": stars, "message_id": number, "created_at": NOW - ago}
    return MessageFeedback(**base | changes)


def of_runs(name, *rows, **parameters):
    raw = RawAutoAnalyst(code_executions=[*rows])
    return auto_analyst.FIGURES[f"auto_analyst.{name}"](raw, AS_OF, **parameters)


def of_ratings(name, *rows, messages=(), **parameters):
    raw = RawAutoAnalyst(message_feedback=[*rows], messages=[*messages])
    return auto_analyst.FIGURES[f"auto_analyst.{name}"](raw, AS_OF, **parameters)


def test_executions_by_hand():
    found = of_runs(
        "code_executions_summary",
        run(is_successful=True, model_name="m", user_id=1, chat_id=1, failed_agents='["a"]'),
        run(is_successful=None, model_name="m", user_id=1, failed_agents='["a", "b", "a", 5]'),
        run(ago=30 * DAY, is_successful=False, model_name="M", failed_agents='"abc"'),
        run(model_name=None, failed_agents='["B"'),
        run(ago=30 * DAY + TICK, model_name="m"),
        run(ago=-TICK, model_name="m"),
        run(ago=None, model_name="m"),
    )
    assert found["overall_stats"] == {
        "total_executions": 4,
        "successful_executions": 1,
        "failed_executions": 3,
        "success_rate": Fraction(1, 4),
        "total_users": 1,
        "total_chats": 1,
    }
    assert found["model_performance"] == [
        {
            "model_name": "m",
            "total_executions": 2,
            "successful_executions": 1,
            "success_rate": Fraction(1, 2),
            "user_count": 1,
        },
        {
            "model_name": "M",
            "total_executions": 1,
            "successful_executions": 0,
            "success_rate": 0,
            "user_count": 0,
        },
    ]
    assert found["failed_agents"] == [
        {"agent_name": "a", "failure_count": 2},
        {"agent_name": "b", "failure_count": 1},
    ]
    assert (found["start_date"], found["end_date"]) == (date(2026, 2, 13), date(2026, 3, 15))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (None, None),
        ("", None),
        ("{", None),
        ("[NaN]", None),
        ('{"a": -Infinity}', None),
        ('["\\u0000"]', None),
        ('{"\\u0000": 1}', None),
        ('["\\ud83d"]', None),
        ('["\\ud83d\\ude42"]', ["🙂"]),
        ('[1.50, 2, "x", null]', [Decimal("1.50"), 2, "x", None]),
        (' {"a": 1, "a": 2} ', {"a": 2}),
        ('["a", 1e400]', ["a", Decimal("1e400")]),
        ('["a", 1e1000]', None),
        ('["a", 1e-1000]', None),
        ('["a", 1e0999]', ["a", Decimal("1e999")]),
        ("[" + "9" * 999 + "]", [10**999 - 1]),
        ("[" + "9" * 1000 + "]", None),
        ('["' + "9" * 1000 + '"]', ["9" * 1000]),
        ("[" * 101 + "]" * 101, None),
        ("[" * 100_000, None),
    ],
)
def test_what_can_be_read(text, value):
    assert readable(text) == value


def test_a_hundred_levels_can_be_read():
    assert readable("[" * 100 + "]" * 100) is not None


def test_records_by_hand():
    (record,) = of_runs(
        "code_executions_detailed",
        run(
            7,
            initial_code="é" * 500,
            latest_code="é" * 501,
            failed_agents="{}",
            error_messages='{"a": [1]}',
            model_temperature=0.1,
            user_id=3,
        ),
    )["executions"]
    assert record == {
        "execution_id": 7,
        "message_id": None,
        "chat_id": None,
        "user_id": 3,
        "created_at": NOW,
        "updated_at": None,
        "is_successful": False,
        "model_info": {"provider": None, "name": None, "temperature": 0.1, "max_tokens": None},
        "failed_agents": [],
        "error_messages": {"a": [1]},
        "initial_code_preview": "é" * 500,
        "latest_code_preview": "é" * 500 + "...",
    }
    (other,) = of_runs("code_executions_detailed", run(failed_agents="[5]", error_messages="x"))[
        "executions"
    ]
    assert (other["failed_agents"], other["error_messages"]) == ([5], {})
    assert other["latest_code_preview"] is None


def test_records_are_filtered_and_the_latest_first():
    rows = [
        run(1, is_successful=True, user_id=1, model_name="m"),
        run(2, is_successful=None, user_id=1, model_name="M"),
        run(3, DAY, is_successful=False, user_id=2, model_name="m"),
        run(4, DAY + TICK, is_successful=False),
        run(5, 7 * DAY + TICK),
    ]

    def ids(**parameters):
        found = of_runs("code_executions_detailed", *rows, period="7d", **parameters)
        assert found["count"] == len(found["executions"])
        return [row["execution_id"] for row in found["executions"]]

    assert ids() == [2, 1, 3, 4]
    assert ids(limit=2) == [2, 1]
    assert ids(success_filter=True) == [1]
    assert ids(success_filter=False) == [2, 3, 4]
    assert ids(user_id=1) == [2, 1]
    assert ids(user_id=1, model_name="m") == [1]
    assert ids(user_id=9) == []


def test_users_of_executions():
    rows = [run(n, user_id=user) for n, user in enumerate((10, 9, None, 2, 2))]
    rows += [run(8, DAY, user_id=2, is_successful=True), run(9, 31 * DAY, user_id=10)]
    found = of_runs("code_executions_users", *rows)["users"]
    assert [row["user_id"] for row in found] == [2, 9, 10]
    assert found[0] == {
        "user_id": 2,
        "total_executions": 3,
        "successful_executions": 1,
        "failed_executions": 2,
        "success_rate": Fraction(1, 3),
        "first_execution": NOW - DAY,
        "latest_execution": NOW,
    }
    assert len(of_runs("code_executions_users", *rows, limit=2)["users"]) == 2


@pytest.mark.parametrize(
    ("error", "category"),
    [
        ("NameError: name 'x' is not defined", "NameError"),
        ("ImportError: cannot import name 'x' from 'y'", "NameError"),
        ("ImportError: cannot import name x", "ImportError"),
        ("filename 'x' TypeError", "NameError"),
        ("TypeError: unsupported operand type(s)", "TypeError"),
        ("unsupported operand", "OperationError"),
        ("SyntaxError: unexpected indent", "SyntaxError"),
        ("Unexpected INDENT", "IndentationError"),
        ("keyerror", "IndexError/KeyError"),
        ("ModuleNotFoundError", "ImportError"),
        ("Permission denied: out of memory", "PermissionError"),
        ("FileNotFoundError: memory", "FileNotFoundError"),
        ("timed out", "TimeoutError"),
        ("timed  out", "OtherError"),
        ("", "OtherError"),
        (None, "OtherError"),
        (5, "OtherError"),
        (True, "OtherError"),
        ({"type": "ValueError"}, "ValueError"),
        ({"timeout": Decimal("1.5")}, "TimeoutError"),
        (["x", "AttributeError"], "AttributeError"),
    ],
)
def test_error_categories(error, category):
    assert error_category(error) == category


@pytest.mark.parametrize("place", range(len(ERROR_CATEGORIES)))
def test_each_category_gives_way_to_the_ones_before(place):
    category, words = ERROR_CATEGORIES[place]
    for word in words:
        assert error_category(f"... {word.upper()} ...") == category
        for earlier, earlier_words in ERROR_CATEGORIES[:place]:
            assert error_category(f"{word} {earlier_words[0]}") == earlier


def test_errors_by_hand():
    found = of_runs(
        "error_analysis",
        run(error_messages='{"a": "TypeError", "b": "timeout"}', failed_agents="{"),
        run(is_successful=None, error_messages='{"a": "keyerror", "B": null}'),
        run(is_successful=False, error_messages='{"a": "typeerror"}'),
        run(error_messages="not json"),
        run(error_messages='["TypeError"]'),
        run(error_messages=None),
        run(is_successful=True, error_messages='{"a": "TypeError"}'),
        run(ago=31 * DAY, error_messages='{"a": "TypeError"}'),
    )
    assert found["total_failed_executions"] == 5
    assert found["error_types"] == [
        {"error_type": "TypeError", "count": 2},
        {"error_type": "IndexError/KeyError", "count": 1},
        {"error_type": "OtherError", "count": 1},
        {"error_type": "TimeoutError", "count": 1},
    ]
    assert found["error_by_agent"] == [
        {
            "agent_name": "a",
            "error_count": 3,
            "common_errors": [
                {"error_type": "TypeError", "count": 2},
                {"error_type": "IndexError/KeyError", "count": 1},
            ],
        },
        {
            "agent_name": "B",
            "error_count": 1,
            "common_errors": [{"error_type": "OtherError", "count": 1}],
        },
        {
            "agent_name": "b",
            "error_count": 1,
            "common_errors": [{"error_type": "TimeoutError", "count": 1}],
        },
    ]


def test_feedback_by_hand():
    found = of_ratings(
        "feedback_summary",
        rating(1, 5, model_name="m"),
        rating(2, 2, 7 * DAY, model_name="m"),
        rating(3, 4, DAY, model_name="M"),
        rating(4, 5, DAY),
        rating(5, None),
        rating(6, 1, 7 * DAY + TICK),
        rating(7, 1, -TICK),
        messages=[
            Message(message_id=number, chat_id=chat)
            for number, chat in ((1, 1), (2, 1), (3, None), (5, 5))
        ],
        period="7d",
    )
    assert found["total_feedback"] == 4
    assert found["avg_rating"] == 4
    assert found["chats_with_feedback"] == 1
    assert [row["count"] for row in found["ratings_distribution"]] == [0, 1, 0, 1, 2]
    assert found["models_data"] == [
        {"model_name": "M", "total_feedback": 1, "avg_rating": 4},
        {"model_name": "m", "total_feedback": 2, "avg_rating": Fraction(7, 2)},
    ]
    trend = found["feedback_trend"]
    assert len(trend) == 8
    assert trend[0] == {"date": date(2026, 3, 8), "avg_rating": 2, "count": 1}
    assert trend[1] == {"date": date(2026, 3, 9), "avg_rating": None, "count": 0}
    assert trend[6] == {"date": date(2026, 3, 14), "avg_rating": Fraction(9, 2), "count": 2}


def test_no_feedback_is_zero():
    found = of_ratings("feedback_summary")
    assert (found["avg_rating"], found["total_feedback"]) == (0, 0)
    assert [row["rating"] for row in found["ratings_distribution"]] == [1, 2, 3, 4, 5]


def test_rated_messages_by_hand():
    rows = [rating(n, stars, model_name="m") for n, stars in enumerate((1, 2, 3, None, 5), 1)]
    rows.append(rating(9, 4, DAY))
    messages = [
        Message(message_id=5, chat_id=8, sender="ai", content="é" * 201),
        Message(message_id=3, chat_id=8, sender="user", content="é" * 200),
        Message(message_id=2, chat_id=8, sender="ai"),
    ]

    def ids(**parameters):
        found = of_ratings("feedback_detailed", *rows, messages=messages, **parameters)
        assert found["count"] == len(found["feedback"])
        return found["total"], [row["feedback_id"] for row in found["feedback"]]

    assert ids() == (5, [5, 3, 2, 1, 9])
    assert ids(limit=2, offset=1) == (5, [3, 2])
    assert ids(offset=9) == (5, [])
    assert ids(min_rating=2, max_rating=4) == (3, [3, 2, 9])
    assert ids(model_name="m", min_rating=5) == (1, [5])
    found = of_ratings("feedback_detailed", *rows, messages=messages)["feedback"]
    shown = [(row["chat_id"], row["message_sender"], row["message_preview"]) for row in found]
    assert shown == [
        (8, "ai", "é" * 200 + "..."),
        (8, "user", "é" * 200),
        (8, "ai", None),
        (None, None, None),
        (None, None, None),
    ]


@pytest.fixture(scope="module")
def samples():
    return [random_auto_analyst.generate(seed) for seed in range(6)]


def test_random_errors_are_of_every_category(samples):
    found = [auto_analyst.error_analysis(raw, AS_OF, period="90d") for raw in samples]
    types = {row["error_type"] for figure in found for row in figure["error_types"]}
    assert len(types) == len(ERROR_CATEGORIES) + 1
    for figure in found:
        counted = sum(row["error_count"] for row in figure["error_by_agent"])
        assert counted == sum(row["count"] for row in figure["error_types"])


def test_random_texts_are_cut_and_whole(samples):
    records = [
        row
        for raw in samples
        for row in auto_analyst.code_executions_detailed(raw, random_auto_analyst.AS_OF)[
            "executions"
        ]
    ]
    lengths = {len(row["latest_code_preview"] or "") for row in records}
    assert {499, 500, 503} <= lengths
    agents = [type(row["failed_agents"]) for row in records]
    assert set(agents) == {list}


def test_random_feedback_adds_up(samples):
    for raw in samples:
        for period in ("7d", "30d", "90d"):
            whole = auto_analyst.feedback_summary(raw, random_auto_analyst.AS_OF, period=period)
            listed = auto_analyst.feedback_detailed(raw, random_auto_analyst.AS_OF, period=period)
            assert whole["total_feedback"] == listed["total"]
            assert sum(day["count"] for day in whole["feedback_trend"]) == listed["total"]
