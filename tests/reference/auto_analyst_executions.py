"""Auto-Analyst's code executions and their errors (definitions 5.6)."""

import json
import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from hashlib import md5
from typing import Any

from .aggregates import Row, distinct, grouped, known, ratio
from .auto_analyst_periods import DEFAULT_PERIOD, bounds, window_of
from .raw_auto_analyst import CodeExecution, RawAutoAnalyst
from .refusals import require_between
from .windows import Window

PREVIEWED = 500
# JSON beyond these would exhaust whoever reads it, so it is unreadable.
MOST_LEVELS = 100
MOST_DIGITS = 999
# Of a name: longer ones are cut.
MOST_CHARACTERS = 512
MOST_BYTES = 768
ERROR_CATEGORIES = (
    ("NameError", ("nameerror", "name '")),
    ("SyntaxError", ("syntaxerror",)),
    ("TypeError", ("typeerror",)),
    ("AttributeError", ("attributeerror",)),
    ("IndexError/KeyError", ("indexerror", "keyerror")),
    ("ImportError", ("importerror", "modulenotfounderror")),
    ("ValueError", ("valueerror",)),
    ("OperationError", ("unsupported operand",)),
    ("IndentationError", ("indent",)),
    ("PermissionError", ("permission",)),
    ("FileNotFoundError", ("filenotfound",)),
    ("MemoryError", ("memory",)),
    ("TimeoutError", ("timeout", "timed out")),
)
OTHER_ERROR = "OtherError"

_Rows = list[CodeExecution]


def code_executions_summary(
    raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD
) -> Row:
    """auto_analyst.code_executions_summary"""
    window = window_of(period, as_of)
    rows = _executed(raw, window)
    agents = Counter(agent for row in rows for agent in _failed_agents(row))
    return {
        "period": period,
        **bounds(window),
        "overall_stats": {
            **_outcomes(rows),
            "total_users": distinct(row.user_id for row in rows),
            "total_chats": distinct(row.chat_id for row in rows),
        },
        "model_performance": _model_performance(rows),
        "failed_agents": _ranked(agents, "agent_name", "failure_count"),
    }


def code_executions_detailed(
    raw: RawAutoAnalyst,
    as_of: datetime,
    *,
    period: str = DEFAULT_PERIOD,
    success_filter: bool | None = None,
    user_id: int | None = None,
    model_name: str | None = None,
    limit: int = 100,
) -> Row:
    """auto_analyst.code_executions_detailed"""
    require_between("limit", limit, 1)
    window = window_of(period, as_of)
    rows = [
        row
        for row in _executed(raw, window)
        if (success_filter is None or (row.is_successful is True) == success_filter)
        and (user_id is None or row.user_id == user_id)
        and (model_name is None or row.model_name == model_name)
    ]
    latest = sorted(rows, key=lambda row: (row.created_at, row.execution_id), reverse=True)[:limit]
    executions = [_record(row) for row in latest]
    return {
        "period": period,
        **bounds(window),
        "count": len(executions),
        "executions": executions,
    }


def code_executions_users(
    raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD, limit: int = 50
) -> Row:
    """auto_analyst.code_executions_users"""
    require_between("limit", limit, 1)
    window = window_of(period, as_of)
    rows = [row for row in _executed(raw, window) if row.user_id is not None]
    users = [
        {
            "user_id": user,
            **_outcomes(members),
            "first_execution": min(known(row.created_at) for row in members),
            "latest_execution": max(known(row.created_at) for row in members),
        }
        for user, members in grouped(rows, lambda row: row.user_id).items()
    ]
    users.sort(key=lambda row: (-row["total_executions"], row["user_id"]))
    return {"period": period, **bounds(window), "users": users[:limit]}


def error_analysis(raw: RawAutoAnalyst, as_of: datetime, *, period: str = DEFAULT_PERIOD) -> Row:
    """auto_analyst.error_analysis"""
    window = window_of(period, as_of)
    failed = [row for row in _executed(raw, window) if row.is_successful is not True]
    errors = [
        (_short(agent), error_category(error))
        for row in failed
        for agent, error in _object(row.error_messages).items()
    ]
    agents = grouped(errors, lambda error: error[0])
    by_agent = [
        {
            "agent_name": agent,
            "error_count": len(members),
            "common_errors": _ranked(Counter(c for _, c in members), "error_type", "count"),
        }
        for agent, members in agents.items()
    ]
    return {
        "period": period,
        **bounds(window),
        "total_failed_executions": sum(1 for row in failed if row.error_messages is not None),
        "error_types": _ranked(Counter(c for _, c in errors), "error_type", "count"),
        "error_by_agent": sorted(
            by_agent, key=lambda row: (-row["error_count"], row["agent_name"])
        ),
    }


def error_category(error: Any) -> str:
    """The first category whose words the error's text holds, whatever their letter case."""
    text = error if isinstance(error, str) else json.dumps(error, ensure_ascii=False, default=str)
    lowered = text.lower()
    for category, words in ERROR_CATEGORIES:
        if any(word in lowered for word in words):
            return category
    return OTHER_ERROR


def readable(text: str | None) -> Any:
    """The JSON value of a text; ``None`` for text that is no JSON that a database can hold.

    A zero character and half a surrogate pair can be spelt in JSON but stored in no text column;
    numbers of a thousand digits and a hundred levels stop those who read them.
    """
    try:
        value = json.loads(
            text or "", parse_int=_number, parse_float=_number, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        return None
    return value if _is_storable(value) else None


def preview(text: str | None, length: int) -> str | None:
    return text if text is None or len(text) <= length else text[:length] + "..."


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> int | Decimal:
    digits, _, exponent = text.lower().partition("e")
    longest = max(map(len, re.split(r"\D+", digits)))
    if longest > MOST_DIGITS or len(exponent.lstrip("+-0")) > len(str(MOST_DIGITS)):
        raise ValueError(f"{text[:20]}… is a number of a thousand digits")
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _is_storable(value: Any, level: int = 0) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if isinstance(value, list | dict) and level == MOST_LEVELS:
        return False
    if isinstance(value, list):
        return all(_is_storable(each, level + 1) for each in value)
    if isinstance(value, dict):
        return all(_is_storable(each, level + 1) for each in (*value, *value.values()))
    return True


def _object(text: str | None) -> dict[str, Any]:
    value = readable(text)
    return value if isinstance(value, dict) else {}


def _array(text: str | None) -> list[Any]:
    value = readable(text)
    return value if isinstance(value, list) else []


def _executed(raw: RawAutoAnalyst, window: Window) -> _Rows:
    return window.rows(raw.code_executions, lambda row: row.created_at)


def _failed_agents(row: CodeExecution) -> list[str]:
    if row.is_successful is True:
        return []
    return [_short(agent) for agent in _array(row.failed_agents) if isinstance(agent, str)]


def _short(name: str) -> str:
    """A name that is longer than any: its beginning, and the MD5 of all of it."""
    if len(name) <= MOST_CHARACTERS and len(name.encode()) <= MOST_BYTES:
        return name
    return name[:96] + md5(name.encode(), usedforsecurity=False).hexdigest()


def _outcomes(rows: _Rows) -> Row:
    successful = sum(1 for row in rows if row.is_successful is True)
    return {
        "total_executions": len(rows),
        "successful_executions": successful,
        "failed_executions": len(rows) - successful,
        "success_rate": ratio(successful, len(rows)),
    }


def _model_performance(rows: _Rows) -> list[Row]:
    named = [row for row in rows if row.model_name is not None]
    found = []
    for model, members in grouped(named, lambda row: row.model_name).items():
        outcomes = _outcomes(members)
        del outcomes["failed_executions"]
        users = distinct(row.user_id for row in members)
        found.append({"model_name": model, **outcomes, "user_count": users})
    return sorted(found, key=lambda row: (-row["total_executions"], row["model_name"]))


def _ranked(counts: Counter[str], name: str, count: str) -> list[Row]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{name: key, count: number} for key, number in ranked]


def _record(row: CodeExecution) -> Row:
    return {
        "execution_id": row.execution_id,
        "message_id": row.message_id,
        "chat_id": row.chat_id,
        "user_id": row.user_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "is_successful": row.is_successful is True,
        "model_info": {
            "provider": row.model_provider,
            "name": row.model_name,
            "temperature": row.model_temperature,
            "max_tokens": row.model_max_tokens,
        },
        "failed_agents": _array(row.failed_agents),
        "error_messages": _object(row.error_messages),
        "initial_code_preview": preview(row.initial_code, PREVIEWED),
        "latest_code_preview": preview(row.latest_code, PREVIEWED),
    }
