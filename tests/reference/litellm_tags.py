"""The figures of LiteLLM's tag activity (definitions, section 3) in plain Python, from raw rows."""

import re
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .aggregates import Number, Row, distinct, grouped, known, money, total
from .kaapi import Refused
from .raw_litellm import DailyTagSpend, RawLiteLlm
from .refusals import require_between
from .windows import today

USER_AGENT = "User-Agent:"
LISTED_TAGS = 250
PERIODS = 7
LARGEST_PAGE = 1000

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class _Spend:
    """A row with its date read and its user found."""

    row: DailyTagSpend
    day: date | None
    user: str | None

    @property
    def tag(self) -> str:
        return self.row.tag or ""


def distinct_tags(raw: RawLiteLlm, as_of: datetime) -> list[Row]:
    """litellm_tags.distinct"""
    tags = [row.tag for row in raw.daily_tag_spend if row.tag is not None]
    counts = grouped((t for t in tags if t.startswith(USER_AGENT) or ":" not in t), str)
    ranked = sorted(counts.items(), key=lambda item: (-len(item[1]), item[0]))
    return [{"tag": tag, "usage_count": len(found)} for tag, found in ranked[:LISTED_TAGS]]


def dau(
    raw: RawLiteLlm,
    as_of: datetime,
    *,
    tag_filter: str | None = None,
    tag_filters: Sequence[str] | None = None,
) -> list[Row]:
    """litellm_tags.dau"""
    rows = _active(raw, as_of, 7, tag_filter, tag_filters)
    groups = grouped(_tagged(rows), lambda spend: (spend.day, spend.tag))
    found = [
        {"tag": tag, "date": day, "active_users": distinct(spend.user for spend in members)}
        for (day, tag), members in groups.items()
    ]
    return sorted(found, key=lambda row: (-row["date"].toordinal(), *_most_active(row)))


def wau(
    raw: RawLiteLlm,
    as_of: datetime,
    *,
    tag_filter: str | None = None,
    tag_filters: Sequence[str] | None = None,
) -> list[Row]:
    """litellm_tags.wau"""
    rows = _active(raw, as_of, 7 * PERIODS, tag_filter, tag_filters)
    return _per_period(rows, as_of, 7, _week_label)


def mau(
    raw: RawLiteLlm,
    as_of: datetime,
    *,
    tag_filter: str | None = None,
    tag_filters: Sequence[str] | None = None,
) -> list[Row]:
    """litellm_tags.mau"""
    rows = _active(raw, as_of, 30 * PERIODS, tag_filter, tag_filters)
    return _per_period(rows, as_of, 30, _month_label)


def summary(
    raw: RawLiteLlm,
    as_of: datetime,
    *,
    start_date: str | None = None,
    end_date: str | None = None,
    tag_filter: str | None = None,
    tag_filters: Sequence[str] | None = None,
) -> list[Row]:
    """litellm_tags.summary"""
    first, last = _required_date("start_date", start_date), _required_date("end_date", end_date)
    if first > last:
        raise Refused("start_date", f"{first} is later than end_date {last}")
    rows = _between(raw, first, last, _matcher(tag_filter, tag_filters))
    groups = grouped(_tagged(rows), lambda spend: spend.tag)
    found = [
        {
            "tag": tag,
            "unique_users": distinct(spend.user for spend in members),
            **_sums(members),
        }
        for tag, members in groups.items()
    ]
    for row in found:
        row["total_spend"] = row.pop("spend")
    return sorted(found, key=lambda row: (-row["total_requests"], row["tag"]))


def per_user(
    raw: RawLiteLlm,
    as_of: datetime,
    *,
    tag_filter: str | None = None,
    tag_filters: Sequence[str] | None = None,
    page: int = 1,
    page_size: int = 50,
) -> Row:
    """litellm_tags.per_user"""
    require_between("page", page, 1)
    require_between("page_size", page_size, 1, LARGEST_PAGE)
    emails = {user.user_id: user.user_email or None for user in raw.users}
    groups = grouped(_active(raw, as_of, 30, tag_filter, tag_filters), lambda spend: spend.user)
    found = [
        {
            "user_id": user,
            "user_email": emails.get(known(user)),
            "user_agent": _user_agent(members),
            **_sums(members),
        }
        for user, members in groups.items()
    ]
    found.sort(key=lambda row: (-row["successful_requests"], row["user_id"]))
    return {
        "results": found[(page - 1) * page_size : page * page_size],
        "total_count": len(found),
        "page": page,
        "page_size": page_size,
        "total_pages": (len(found) + page_size - 1) // page_size,
    }


FIGURES = {
    "litellm_tags.distinct": distinct_tags,
    "litellm_tags.dau": dau,
    "litellm_tags.wau": wau,
    "litellm_tags.mau": mau,
    "litellm_tags.summary": summary,
    "litellm_tags.per_user": per_user,
}

_Matcher = Callable[[str | None], bool]


def _end_date(as_of: datetime) -> date:
    return today(as_of) + timedelta(days=1)


def _date(text: str | None) -> date | None:
    """The day a text names as YYYY-MM-DD; a row without one belongs to no date (C5)."""
    if text is None or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _required_date(argument: str, text: str | None) -> date:
    day = _date(text)
    if day is None:
        raise Refused(argument, f"{text!r} is not a YYYY-MM-DD date")
    return day


def _ascii_lower(text: str) -> str:
    return text.translate(_ASCII_LOWER)


def _matcher(tag_filter: str | None, tag_filters: Sequence[str] | None) -> _Matcher:
    if tag_filters:
        return lambda tag: tag in tag_filters
    if tag_filter is not None:
        wanted = _ascii_lower(tag_filter)
        return lambda tag: tag is not None and wanted in _ascii_lower(tag)
    return lambda _: True


def _between(raw: RawLiteLlm, first: date, last: date, matches: _Matcher) -> list[_Spend]:
    owners = {token.token: token.user_id or None for token in raw.verification_tokens}
    spends = [
        _Spend(row, _date(row.date), None if row.api_key is None else owners.get(row.api_key))
        for row in raw.daily_tag_spend
        if matches(row.tag)
    ]
    return [spend for spend in spends if spend.day is not None and first <= spend.day <= last]


def _active(
    raw: RawLiteLlm,
    as_of: datetime,
    days: int,
    tag_filter: str | None,
    tag_filters: Sequence[str] | None,
) -> list[_Spend]:
    """Rows that have a user, tagged or not, of the last so many dates."""
    last = _end_date(as_of)
    first = last - timedelta(days=days - 1)
    rows = _between(raw, first, last, _matcher(tag_filter, tag_filters))
    return [spend for spend in rows if spend.user is not None]


def _tagged(spends: Iterable[_Spend]) -> list[_Spend]:
    return [spend for spend in spends if spend.row.tag is not None]


def _most_active(row: Row) -> tuple[int, str]:
    return -row["active_users"], row["tag"]


def _per_period(
    rows: list[_Spend], as_of: datetime, length: int, label: Callable[[int, date], str]
) -> list[Row]:
    last = _end_date(as_of)
    groups = grouped(
        _tagged(rows), lambda spend: ((last - known(spend.day)).days // length, spend.tag)
    )
    found = []
    for (periods_back, tag), members in groups.items():
        end = last - timedelta(days=periods_back * length)
        start = end - timedelta(days=length - 1)
        found.append(
            {
                "tag": tag,
                "active_users": distinct(spend.user for spend in members),
                "date": label(PERIODS - periods_back, start),
                "period_start": start,
                "period_end": end,
            }
        )
    return sorted(found, key=lambda row: (row["period_start"], *_most_active(row)))


def _week_label(number: int, start: date) -> str:
    return f"Week {number} ({_MONTHS[start.month - 1]} {start.day:02d})"


def _month_label(number: int, start: date) -> str:
    return f"Month {number} ({_MONTHS[start.month - 1]})"


def _sums(spends: list[_Spend]) -> Row:
    rows = [spend.row for spend in spends]
    return {
        "successful_requests": total(row.successful_requests for row in rows),
        "failed_requests": total(row.failed_requests for row in rows),
        "total_requests": total(row.api_requests for row in rows),
        "total_tokens": total(row.prompt_tokens for row in rows)
        + total(row.completion_tokens for row in rows),
        "spend": total(money(row.spend) for row in rows),
    }


def _user_agent(spends: list[_Spend]) -> str | None:
    groups = grouped((spend for spend in spends if spend.tag), lambda spend: spend.tag)
    requests: dict[str, Number] = {
        tag: total(spend.row.api_requests for spend in members) for tag, members in groups.items()
    }
    agents = [tag for tag in requests if tag.startswith(USER_AGENT)] or list(requests)
    return min(agents, key=lambda tag: (-requests[tag], tag), default=None)
