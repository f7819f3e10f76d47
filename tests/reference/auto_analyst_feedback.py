"""Auto-Analyst's feedback on answers (definitions 5.7)."""

from datetime import datetime

from .aggregates import Row, distinct, grouped, known, mean
from .auto_analyst_executions import preview
from .auto_analyst_periods import DEFAULT_PERIOD, bounds, window_of
from .raw_auto_analyst import Message, MessageFeedback, RawAutoAnalyst
from .refusals import require_between
from .windows import Window

RATINGS = range(1, 6)
PREVIEWED = 200

_Rows = list[MessageFeedback]


def feedback_summary(raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD) -> Row:
    """auto_analyst.feedback_summary"""
    window = window_of(period, as_of)
    rows = _rated(raw, window)
    chats = {message.message_id: message.chat_id for message in raw.messages}
    ratings = [row.rating for row in rows]
    return {
        "period": period,
        **bounds(window),
        "total_feedback": len(rows),
        "avg_rating": mean(ratings),
        "chats_with_feedback": distinct(chats.get(row.message_id) for row in rows),
        "ratings_distribution": [
            {"rating": rating, "count": ratings.count(rating)} for rating in RATINGS
        ],
        "models_data": _models(rows),
        "feedback_trend": _trend(rows, window),
    }


def feedback_detailed(
    raw: RawAutoAnalyst,
    as_of: datetime,
    *,
    period: str = DEFAULT_PERIOD,
    min_rating: int | None = None,
    max_rating: int | None = None,
    model_name: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Row:
    """auto_analyst.feedback_detailed"""
    require_between("limit", limit, 1)
    require_between("offset", offset, 0)
    window = window_of(period, as_of)
    rows = [
        row
        for row in _rated(raw, window)
        if (min_rating is None or known(row.rating) >= min_rating)
        and (max_rating is None or known(row.rating) <= max_rating)
        and (model_name is None or row.model_name == model_name)
    ]
    rows.sort(key=lambda row: (row.created_at, row.feedback_id), reverse=True)
    messages = {message.message_id: message for message in raw.messages}
    page = [_record(row, messages.get(row.message_id)) for row in rows[offset : offset + limit]]
    return {
        "period": period,
        **bounds(window),
        "total": len(rows),
        "count": len(page),
        "offset": offset,
        "limit": limit,
        "feedback": page,
    }


def _rated(raw: RawAutoAnalyst, window: Window) -> _Rows:
    rows = window.rows(raw.message_feedback, lambda row: row.created_at)
    return [row for row in rows if row.rating is not None]


def _models(rows: _Rows) -> list[Row]:
    named = [row for row in rows if row.model_name is not None]
    found = [
        {
            "model_name": model,
            "total_feedback": len(members),
            "avg_rating": mean(row.rating for row in members),
        }
        for model, members in grouped(named, lambda row: row.model_name).items()
    ]
    return sorted(found, key=lambda row: (-row["avg_rating"], row["model_name"]))


def _trend(rows: _Rows, window: Window) -> list[Row]:
    days = grouped(rows, lambda row: known(row.created_at).date())
    return [
        {
            "date": day,
            "avg_rating": mean(row.rating for row in days[day]) if day in days else None,
            "count": len(days.get(day, [])),
        }
        for day in window.dates()
    ]


def _record(row: MessageFeedback, message: Message | None) -> Row:
    return {
        "feedback_id": row.feedback_id,
        "message_id": row.message_id,
        "chat_id": None if message is None else message.chat_id,
        "rating": row.rating,
        "model_name": row.model_name,
        "model_provider": row.model_provider,
        "temperature": row.temperature,
        "max_tokens": row.max_tokens,
        "created_at": row.created_at,
        "message_preview": None if message is None else preview(message.content, PREVIEWED),
        "message_sender": None if message is None else message.sender,
    }
