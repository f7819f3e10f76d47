"""How a question is spelt in GraphQL, and how expected values are spelt in its answer."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from .json_values import decimal_text
from .kaapi import Chart, Row
from .questions import Answer, Conditions, Question

# Columns with a closed set of values are GraphQL enums.
ENUMS = ("modality", "request_kind", "cost_source", "usage_source", "source_system")
MOST_NODES = 10_000
MONEY = re.compile(r".*_usd$")
# Quotients are rounded by whoever divides; everything else is exact.
RATIO_TOLERANCE = Fraction(1, 10**13)


def document(question: Question, *, paged: bool = False) -> str:
    """The operation of a question; its arguments are variables."""
    mart = question.mart
    kind = mart.name[0].upper() + mart.name[1:]
    types = {
        "filter": f"{kind}Filter",
        "groupBy": f"[{kind}Dimension!]",
        "having": f"{kind}Having",
        "orderBy": f"[{kind}Order!]",
        "first": "Int!",
        "offset": "Int!",
        "after": "String",
        "top": f"{kind}Top",
        "compareTo": "[Comparison!]",
        "asOf": "DateTime",
        "fill": "Fill",
        "timeGrain": "TimeGrain",
    }
    if not mart.holds_months:
        types["timezone"] = "String"
    head = ", ".join(f"${name}: {type_}" for name, type_ in types.items())
    arguments = ", ".join(f"{name}: ${name}" for name in types)
    measures = " ".join(map(camel, (*mart.sums, *mart.ratios)))
    columns = f"{' '.join(map(camel, _shown(question)))} {measures}"
    earlier = ""
    if question.compare_to:
        fields = [f"{camel(n)} {{ value delta percentage }}" for n in (*mart.sums, *mart.ratios)]
        earlier = f"comparisons {{ to {' '.join(fields)} }}"
    parts = [f"nodes {{ {columns} {earlier} }}"]
    if not paged:
        totals = f"totals {{ {measures} {earlier} }}"
        parts += ["totalCount", totals, *_chart_selections(question)]
    parts.append("pageInfo { hasNextPage hasPreviousPage endCursor }")
    return f"query({head}) {{ answer: {mart.name}({arguments}) {{ {' '.join(parts)} }} }}"


def _shown(question: Question) -> tuple[str, ...]:
    """The dimensions that nodes show."""
    if question.group_by is None:
        return (*question.mart.dimensions, *question.mart.parts)
    return question.keys


def _chart_selections(question: Question) -> list[str]:
    tokens = "totals { inputTokens outputTokens totalTokens }"
    fields = f"name data total {tokens if 'input_tokens' in question.mart.sums else ''}"
    return [
        f"{measure}: chart(measure: {measure.upper()}) {{ labels series {{ {fields} }} }}"
        for measure in question.charts
    ]


def variables(question: Question, **more: Any) -> dict[str, Any]:
    """The arguments of a question as JSON; what was not asked is left out."""
    given: dict[str, Any] = {"asOf": question.as_of.isoformat(), "first": MOST_NODES, "offset": 0}
    if question.where:
        given["filter"] = _conditions(question.where)
    if question.having:
        given["having"] = _conditions(question.having)
    if question.group_by is not None:
        given["groupBy"] = [name.upper() for name in question.group_by]
    if question.order_by:
        given["orderBy"] = [
            {"field": name.upper(), "direction": "DESC" if descending else "ASC"}
            for name, descending in question.order_by
        ]
    if question.offset:
        given["offset"] = question.offset
    if question.top:
        given["top"] = {
            "dimension": question.top.dimension.upper(),
            "count": question.top.count,
            "by": question.top.by.upper(),
            "other": question.top.other,
        }
    if question.compare_to:
        given["compareTo"] = list(question.compare_to)
    if question.fill:
        given["fill"] = question.fill
    if question.time_grain:
        given["timeGrain"] = question.time_grain
    if question.timezone:
        given["timezone"] = question.timezone
    return given | more


def _conditions(conditions: Conditions) -> dict[str, Any]:
    spelt: dict[str, Any] = {}
    for name, given in conditions.items():
        if name in ("and", "or"):
            spelt[name] = [_conditions(each) for each in given]
        elif name == "not":
            spelt[name] = _conditions(given)
        else:
            operators = {camel(key): _argument(name, value) for key, value in given.items()}
            spelt[camel(name)] = operators
    return spelt


def _argument(column: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _argument(column, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_argument(column, each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return scalar(column, value)


def scalar(column: str, value: Any) -> Any:
    """A value as the API spells it."""
    if value is None or isinstance(value, bool):
        return value
    if column in ENUMS:
        return re.sub(r"\W+", "_", value).upper()
    if MONEY.match(column):
        return decimal_text(Fraction(value))
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds") + "Z"
    return value.isoformat() if isinstance(value, date) else value


def camel(name: str) -> str:
    """A column name as a GraphQL field name."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def differences(answer: Answer, question: Question, got: Mapping[str, Any]) -> list[str]:
    """What the API says otherwise than expected; paging is checked by whoever walks pages."""
    mart = question.mart
    page = answer.nodes[question.offset :][:MOST_NODES]
    found = nodes_differ(page, question, got["nodes"])
    if got["totalCount"] != len(answer.nodes):
        found.append(f"totalCount: {got['totalCount']}, expected {len(answer.nodes)}")
    found += _row_differs("totals", answer.totals, got["totals"], (*mart.sums, *mart.ratios))
    found += _comparisons_differ("totals", answer.totals, got["totals"])
    for measure, chart in answer.charts.items():
        found += _chart_differs(chart_text(chart, mart.time, measure), got[measure])
    return found


def _chart_differs(expected: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    found = []
    if got["labels"] != expected["labels"]:
        found.append(f"chart.labels: {got['labels']}, expected {expected['labels']}")
    names, expected_names = ([line["name"] for line in c["series"]] for c in (got, expected))
    if names != expected_names:
        found.append(f"chart.series: {names}, expected {expected_names}")
    lines = zip(got["series"], expected["series"], strict=False)
    found += [
        f"chart.series: {line}, expected {wanted}" for line, wanted in lines if line != wanted
    ]
    return found[:3]


def nodes_differ(
    expected: list[Row], question: Question, got: list[Mapping[str, Any]]
) -> list[str]:
    """The rows of an answer that are missing, unexpected, wrong, or in another place."""
    mart = question.mart
    names = (*_shown(question), *mart.sums, *mart.ratios)
    found = [] if len(expected) == len(got) else [f"{len(got)} nodes, expected {len(expected)}"]
    for number, (row, node) in enumerate(zip(expected, got, strict=False)):
        found += _row_differs(f"nodes[{number}]", row, node, names)
        found += _comparisons_differ(f"nodes[{number}]", row, node)
        if len(found) > 5:  # one misplaced row moves all that follow
            break
    return found


def _row_differs(place: str, row: Row, got: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    return [
        f"{place}.{camel(name)}: {got[camel(name)]!r}, expected {row[name]!r}"
        for name in names
        if not _is_same(name, row[name], got[camel(name)])
    ]


def _comparisons_differ(place: str, row: Row, got: Mapping[str, Any]) -> list[str]:
    expected = row.get("comparisons", [])
    entries = got.get("comparisons", [])
    if [each["to"] for each in entries] != [each["to"] for each in expected]:
        return [f"{place}.comparisons: {entries}, expected {expected}"]
    return [
        f"{place}.comparisons.{wanted['to']}.{name}: {entry[camel(name)]}, expected {wanted[name]}"
        for wanted, entry in zip(expected, entries, strict=True)
        for name in wanted
        if name != "to" and not _is_same_difference(name, wanted[name], row, entry[camel(name)])
    ]


def _is_same_difference(name: str, expected: Row, row: Row, got: Mapping[str, Any]) -> bool:
    if (expected["percentage"] is None) is not (got["percentage"] is None):
        return False
    if not _is_same(name, expected["value"], got["value"]):
        return False
    before, percentage = Fraction(expected["value"]), expected["percentage"]
    if "_per_" not in name:
        if not _is_same(name, expected["delta"], got["delta"]):
            return False
        # A quotient has at least 20 decimals.
        return percentage is None or abs(Fraction(got["percentage"]) - percentage) < 10**-19
    if expected["delta"] is None:
        return got["delta"] is None
    # Both quotients are rounded, so their difference is as far off as the larger of them.
    error = RATIO_TOLERANCE * max(abs(before), abs(row[name]))
    if abs(Fraction(str(got["delta"])) - expected["delta"]) > error:
        return False
    if percentage is None:
        return True
    return bool(abs(Fraction(got["percentage"]) - percentage) <= 400 * error / abs(before))


def _is_same(name: str, expected: Any, got: Any) -> bool:
    if "_per_" in name and expected is not None and got is not None:
        return bool(abs(Fraction(str(got)) - expected) <= abs(expected) * RATIO_TOLERANCE)
    is_same_type = isinstance(got, bool) == isinstance(expected, bool)
    return bool(is_same_type and got == scalar(name, expected))


def chart_text(chart: Chart, time: str, measure: str) -> dict[str, Any]:
    """A chart of a measure over a time dimension, as the API spells it."""
    series = []
    for line in chart.series:
        spelt: dict[str, Any] = {
            "name": line.name,
            "data": [scalar(measure, value) for value in line.data],
            "total": scalar(measure, line.total),
        }
        if line.tokens:
            spelt["totals"] = {camel(name): value for name, value in line.tokens.items()}
        series.append(spelt)
    return {"labels": [scalar(time, label) for label in chart.labels], "series": series}
