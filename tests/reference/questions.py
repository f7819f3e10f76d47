"""What a question to a mart means, answered in plain Python over the mart's rows.

A question is what a client may send: conditions, group keys, conditions on measures, an order,
gap filling, a chart. Values are Python values under column names; `wire` knows the spelling.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from . import kaapi
from .kaapi import Row
from .lags import Lag, Window, lag, window_of
from .marts import RATIOS, Mart
from .time_parts import fixed_parts, parts

Conditions = Mapping[str, Any]
Moment = TypeVar("Moment", date, datetime)
FILLED = "is_filled"  # marks groups that have no rows
MONTHS_OF = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an admin has no organization; a member may have a current project."""

    organization_id: str | None = None
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Top:
    """The `count` values with most of a measure; the others together, or left out."""

    dimension: str
    count: int
    by: str
    other: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """`group_by` None asks for the mart's own rows, () for the grand total."""

    mart: Mart
    as_of: datetime
    where: Conditions = field(default_factory=dict)
    group_by: tuple[str, ...] | None = None
    time_grain: str | None = None
    timezone: str | None = None
    having: Conditions = field(default_factory=dict)
    order_by: tuple[tuple[str, bool], ...] = ()  # name, descending
    fill: str | None = None
    charts: tuple[str, ...] = ()  # a chart of each measure
    offset: int = 0
    top: Top | None = None
    compare_to: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """What tells groups apart: the group of all others has no value but is none of null."""
        other = ("is_other",) if self.top and self.top.other else ()
        return (*(self.group_by or ()), *other)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows and totals have `comparisons`: what each earlier window has in their place."""

    nodes: list[Row]
    totals: Row
    charts: dict[str, kaapi.Chart]


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, given: value == given,
    "in": lambda value, given: value in given,
    "gt": lambda value, given: value > given,
    "gte": lambda value, given: value >= given,
    "lt": lambda value, given: value < given,
    "lte": lambda value, given: value <= given,
    "between": lambda value, given: given["start"] <= value <= given["end"],
    "contains": lambda value, given: given in value,
    "contains_insensitive": lambda value, given: given.lower() in value.lower(),
    "starts_with": lambda value, given: value.startswith(given),
    "ends_with": lambda value, given: value.endswith(given),
}


def holds(conditions: Conditions, row: Row) -> bool:
    """Whether all conditions hold; null satisfies no comparison but `ne` and `not_in`."""
    return all(_holds_named(name, given, row) for name, given in conditions.items())


def _holds_named(name: str, given: Any, row: Row) -> bool:
    match name:
        case "and":
            return all(holds(each, row) for each in given)
        case "or":
            return any(holds(each, row) for each in given)
        case "not":
            return not holds(given, row)
    return all(_compares(operator, row[name], value) for operator, value in given.items())


def _compares(operator: str, value: Any, given: Any) -> bool:
    match operator:
        case "is_null":
            return (value is None) is bool(given)
        case "ne":
            return value is None or bool(value != given)
        case "not_in":
            return value is None or bool(value not in given)
    return value is not None and bool(_COMPARISONS[operator](value, given))


def answer(question: Question, rows: Iterable[Row], caller: Caller) -> Answer:
    """The answer over the mart's rows of every tenant."""
    mart = question.mart
    where = _snapped(question.where, mart)
    window = _window(question, where)
    visible = [row for row in _rows_with_parts(rows, question) if _is_visible(row, where, caller)]
    chosen = [row for row in visible if holds(where, row)]
    if mart.holds_months:
        assert window is not None
        chosen = [r for r in chosen if r[mart.time] >= window.start]
    chosen = _with_a_time(chosen, question)
    best = _best(chosen, question)
    chosen = _told_apart(chosen, question, best)
    groups = _grouped(chosen, question)
    if question.group_by is not None and question.fill:
        groups = _filled(groups, question, where)
    groups = [_with_ratios(group, mart) for group in groups]
    kept = [group for group in groups if holds(question.having, group)]
    rows_kept = _rows_of(kept, chosen, question)
    totals = _with_ratios(kaapi.group(rows_kept, (), mart.sums)[0], mart)
    charts = {measure: _chart(kept, rows_kept, question, measure) for measure in question.charts}
    if question.compare_to:
        assert window is not None
        earlier = _Earlier(question, window, where, visible, best)
        kept = [group | {"comparisons": earlier.of_group(group)} for group in kept]
        totals["comparisons"] = earlier.of_totals(totals, kept)
    return Answer(_ordered(kept, question), totals, charts)


def _rows_with_parts(rows: Iterable[Row], question: Question) -> Iterable[Row]:
    mart = question.mart
    if not mart.parts:
        return rows
    return (row | parts(row[mart.time], question.timezone) for row in rows)


def _with_a_time(rows: list[Row], question: Question) -> list[Row]:
    """A row without a time belongs to no period and no hour of the day (C5)."""
    time = question.mart.time
    if not {time, *question.mart.parts} & {*(question.group_by or ())}:
        return rows
    return [row for row in rows if row[time] is not None]


def _best(rows: list[Row], question: Question) -> list[Any]:
    """The values in the top: most first, ties by value, null last."""
    top = question.top
    if top is None:
        return []
    groups = kaapi.group(rows, (top.dimension,), question.mart.sums)
    ranked = [_with_ratios(group, question.mart) for group in groups]
    ranked.sort(key=lambda group: -group[top.by])  # stable, and in order of the values before
    return [group[top.dimension] for group in ranked[: top.count]]


def _told_apart(rows: list[Row], question: Question, best: list[Any]) -> list[Row]:
    top = question.top
    if top is None:
        return rows
    if not top.other:
        return [row for row in rows if row[top.dimension] in best]
    other = {top.dimension: None, "is_other": True}
    return [row | ({"is_other": False} if row[top.dimension] in best else other) for row in rows]


def _grouped(rows: list[Row], question: Question) -> list[Row]:
    if question.group_by is None:
        return rows
    if question.mart.time in question.group_by:
        rows[:] = [_truncated(row, question) for row in rows]
    return kaapi.group(rows, question.keys, question.mart.sums)


def _window(question: Question, where: Conditions) -> Window | None:
    mart = question.mart
    start = kaapi.window(question.as_of, None, None)[0] if mart.holds_months else None
    given = where.get(mart.time, {})
    if mart.holds_months:
        last = time_bounds(where, mart)[1]
        start = kaapi.window(question.as_of, None, last)[0]
    return window_of(given, question.as_of, start)


def window_asked(question: Question) -> Window | None:
    """The window to compare with an earlier one; None: it has no start."""
    return _window(question, _snapped(question.where, question.mart))


class _Earlier:
    """What each comparison of a question finds in its earlier window."""

    def __init__(
        self,
        question: Question,
        window: Window,
        where: Conditions,
        visible: list[Row],
        best: list[Any],
    ) -> None:
        self.question = question
        self.lags = {name: lag(name, window, question.timezone) for name in question.compare_to}
        others = {name: given for name, given in where.items() if name != question.mart.time}
        candidates = [row for row in visible if holds(others, row)]
        self.rows = {
            name: _told_apart(
                _truncate_all(self._within(candidates, window, each), question), question, best
            )
            for name, each in self.lags.items()
        }

    def _within(self, rows: list[Row], window: Window, by: Lag | None) -> list[Row]:
        assert by is not None
        time, zone = self.question.mart.time, self.question.timezone
        start, end = (by.before(each, zone) for each in (window.start, window.end))
        return [
            row
            for row in rows
            if row[time] is not None
            and start <= row[time]
            and (row[time] <= end if window.with_end else row[time] < end)
        ]

    def _keys(self) -> list[str]:
        """Keys other than what the period says by itself."""
        question = self.question
        is_by_time = question.mart.time in (question.group_by or ())
        fixed = fixed_parts(question.time_grain) if is_by_time else ()
        return [key for key in question.keys if key not in fixed]

    def _before(self, group: Row, by: Lag | None) -> tuple[Any, ...]:
        """The keys of the group that a group is compared with."""
        assert by is not None
        time, zone = self.question.mart.time, self.question.timezone
        return tuple(
            _truncated({time: by.before(group[time], zone)}, self.question)[time]
            if key == time
            else group[key]
            for key in self._keys()
        )

    def of_group(self, group: Row) -> list[Row]:
        found = []
        for name, by in self.lags.items():
            key = self._before(group, by)
            rows = [r for r in self.rows[name] if tuple(r[k] for k in self._keys()) == key]
            found.append(self._entry(name, group, rows))
        return found

    def of_totals(self, totals: Row, kept: list[Row]) -> list[Row]:
        found = []
        for name, by in self.lags.items():
            rows = self.rows[name]
            if self.question.having:
                wanted = {self._before(group, by) for group in kept}
                rows = [r for r in rows if tuple(r[k] for k in self._keys()) in wanted]
            found.append(self._entry(name, totals, rows))
        return found

    def _entry(self, name: str, now: Row, rows: list[Row]) -> Row:
        mart = self.question.mart
        before = _with_ratios(kaapi.group(rows, (), mart.sums)[0], mart)
        entry: Row = {"to": name}
        for measure in (*mart.sums, *mart.ratios):
            entry[measure] = difference(now[measure], before[measure])
        return entry


def _truncate_all(rows: list[Row], question: Question) -> list[Row]:
    is_by_time = question.mart.time in (question.group_by or ())
    return [_truncated(row, question) for row in rows] if is_by_time else rows


def difference(now: Any, before: Any) -> Row:
    """The earlier value, the difference, and that in percent; null where it cannot be told."""
    delta = None if now is None else now - before
    percentage = Fraction(delta) / Fraction(before) * 100 if delta is not None and before else None
    return {"value": before, "delta": delta, "percentage": percentage}


def _is_visible(row: Row, where: Conditions, caller: Caller) -> bool:
    if caller.organization_id is not None and row["organization_id"] != caller.organization_id:
        return False
    is_narrowed = caller.project_id is not None and not mentions(where, "project_id")
    return not is_narrowed or row["project_id"] == caller.project_id


def mentions(conditions: Conditions, column: str) -> bool:
    """Whether a column is named anywhere in the conditions."""
    for name, given in conditions.items():
        if name == column:
            return True
        nested = given if name in ("and", "or") else [given] if name == "not" else []
        if any(mentions(each, column) for each in nested):
            return True
    return False


def _snapped(conditions: Conditions, mart: Mart) -> Conditions:
    """In a mart of months any date means its month."""
    if not mart.holds_months:
        return conditions
    return {
        name: _snapped_value(given) if name == mart.time else _snapped_nested(name, given, mart)
        for name, given in conditions.items()
    }


def _snapped_nested(name: str, given: Any, mart: Mart) -> Any:
    if name in ("and", "or"):
        return [_snapped(each, mart) for each in given]
    return _snapped(given, mart) if name == "not" else given


def _snapped_value(given: Any) -> Any:
    if isinstance(given, date):
        return kaapi.first_of_month(given)
    if isinstance(given, Mapping):
        return {key: _snapped_value(value) for key, value in given.items()}
    return [_snapped_value(each) for each in given] if isinstance(given, list) else given


def time_bounds(where: Conditions, mart: Mart) -> tuple[Any, Any]:
    """First and last moment that the conditions on the time allow; None where open."""
    given = where.get(mart.time, {})
    between = given.get("between", {})
    first = given.get("gte", given.get("eq", between.get("start")))
    if "lt" in given:
        return first, given["lt"] - timedelta(microseconds=1)
    last = given.get("lte", given.get("eq", between.get("end")))
    return first, last


def _window_start(question: Question, where: Conditions) -> date:
    window = _window(question, where)
    assert window is not None
    start: date = window.start
    return start


def _truncated(row: Row, question: Question) -> Row:
    time, grain = question.mart.time, question.time_grain
    if question.timezone is None or grain is None:
        return row | {time: period_start(row[time], grain)}
    local = row[time].replace(tzinfo=UTC).astimezone(ZoneInfo(question.timezone))
    start = period_start(local, grain)
    # Only an hour may lie in the repeated part of a day; days and longer start before it.
    start = start if grain == "HOUR" else start.replace(fold=0)
    return row | {time: start.astimezone(UTC).replace(tzinfo=None)}


def period_start(moment: Moment, grain: str | None) -> Moment:
    """Start of the period that holds the moment; weeks start on Monday."""
    if isinstance(moment, datetime) and grain is not None:
        moment = moment.replace(minute=0, second=0, microsecond=0)
        if grain != "HOUR":
            moment = moment.replace(hour=0)
    match grain:
        case "WEEK":
            return moment - timedelta(days=moment.weekday())
        case "MONTH":
            return moment.replace(day=1)
        case "QUARTER":
            return moment.replace(month=(moment.month - 1) // 3 * 3 + 1, day=1)
        case "YEAR":
            return moment.replace(month=1, day=1)
    return moment


def _with_ratios(group: Row, mart: Mart) -> Row:
    ratios: Row = {}
    for name in mart.ratios:
        top, bottom, factor = RATIOS[name]
        if mart.sums[0] in group and group[mart.sums[0]] is None and group.get(FILLED):
            ratios[name] = None
            continue
        ratios[name] = Fraction(group[top]) * factor / group[bottom] if group[bottom] else 0
    return group | ratios


def _filled(groups: list[Row], question: Question, where: Conditions) -> list[Row]:
    """Every period of the window for every combination of the other keys."""
    mart, keys = question.mart, question.keys
    fixed = fixed_parts(question.time_grain)
    others = [key for key in keys if key != mart.time and key not in fixed]
    known = {tuple(group[key] for key in keys): group for group in groups}
    combinations = dict.fromkeys(tuple(group[key] for key in others) for group in groups)
    nothing: Any = 0 if question.fill == "ZERO" else None
    empty = {**dict.fromkeys(mart.sums, nothing), FILLED: True}
    filled = []
    for period in _periods(groups, question, where):
        for combination in combinations if others else [()]:
            named = dict(zip(others, combination, strict=True)) | {mart.time: period}
            if fixed:
                named = parts(period, question.timezone) | named
            filled.append(known.get(tuple(named[key] for key in keys), named | empty))
    return filled


def _periods(groups: list[Row], question: Question, where: Conditions) -> list[Any]:
    """From the lower bound or first row to the upper bound or now, and later ones with rows."""
    mart, grain = question.mart, question.time_grain or "MONTH"
    first, last = time_bounds(where, mart)
    present = sorted(group[mart.time] for group in groups)
    if first is None:
        if not mart.holds_months and not present:
            return []
        first = _window_start(question, where) if mart.holds_months else present[0]
    is_open = last is None
    if last is None:
        now = question.as_of.astimezone(UTC).replace(tzinfo=None)
        last = now.date() if mart.holds_months else now
    period, periods = period_start(first, grain), []
    while period <= last:
        periods.append(period)
        month = period.year * 12 + period.month - 1 + MONTHS_OF[grain]
        period = period.replace(year=month // 12, month=month % 12 + 1)
    return periods + (sorted({each for each in present if each > last}) if is_open else [])


def _rows_of(groups: list[Row], rows: list[Row], question: Question) -> list[Row]:
    """The rows that make up the groups that were kept."""
    if not question.having:
        return rows
    if question.group_by is None:
        return groups
    kept = {tuple(group[key] for key in question.keys) for group in groups}
    return [row for row in rows if tuple(row[key] for key in question.keys) in kept]


def _ordered(groups: list[Row], question: Question) -> list[Row]:
    """By what was asked, then by the keys; null comes last either way."""
    mart = question.mart
    keys = (mart.time, *mart.key) if question.group_by is None else question.keys
    ordered = list(groups)
    for name, descending in reversed([*question.order_by, *((key, False) for key in keys)]):
        valued = [group for group in ordered if group[name] is not None]
        valued.sort(key=lambda group, name=name: group[name], reverse=descending)  # type: ignore[misc]
        ordered = [*valued, *(group for group in ordered if group[name] is None)]
    return ordered


def _chart(groups: list[Row], rows: list[Row], question: Question, measure: str) -> kaapi.Chart:
    mart = question.mart
    others = tuple(key for key in question.keys if key != mart.time)
    labels = sorted({group[mart.time] for group in groups})
    series = []
    for combination in dict.fromkeys(tuple(group[key] for key in others) for group in groups):
        own = {g[mart.time]: g[measure] for g in groups if _has(g, others, combination)}
        totals = kaapi.group([r for r in rows if _has(r, others, combination)], (), mart.sums)[0]
        line = kaapi.Series(
            name=_line_name(question, others, combination),
            data=[own.get(label) or 0 for label in labels],
            total=totals[measure],
            tokens={token: totals[token] for token in kaapi.TOKENS if token in mart.sums},
        )
        series.append((line.name, [(key is None, key) for key in combination], line))
    series.sort(key=lambda each: each[:2])
    return kaapi.Chart(labels, [line for *_, line in series])


def _has(row: Row, keys: Sequence[str], combination: tuple[Any, ...]) -> bool:
    return all(row[key] == value for key, value in zip(keys, combination, strict=True))


def _line_name(question: Question, keys: Sequence[str], combination: tuple[Any, ...]) -> str:
    named = dict(zip(keys, combination, strict=True))
    if named.pop("is_other", False):
        assert question.top is not None
        named[question.top.dimension] = "other"
    return series_name(list(named.values()))


def series_name(combination: Sequence[Any]) -> str:
    """The keys joined by ` · `; without keys it is the total."""
    return " · ".join(_key_text(value) for value in combination) if combination else "total"


def _key_text(value: Any) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
