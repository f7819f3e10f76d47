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
ENUMS = ("modality", "request_kind", "cost_source", "source_system")
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
        "after": "String",
        "asOf": "DateTime",
        "fill": "Fill",
        "timeGrain": "TimeGrain",
    }
    if not mart.holds_months:
        types["timezone"] = "String"
    head = ", ".join(f"${name}: {type_}" for name, type_ in types.items())
    arguments = ", ".join(f"{name}: ${name}" for name in types)
    measures = " ".join(map(camel, (*mart.sums, *mart.ratios)))
    dimensions = mart.dimensions if question.group_by is None else question.group_by
    parts = [f"nodes {{ {' '.join(map(camel, dimensions))} {measures} }}"]
    if not paged:
        parts += ["totalCount", f"totals {{ {measures} }}", *_chart_selections(question)]
    parts.append("pageInfo { hasNextPage hasPreviousPage endCursor }")
    return f"query({head}) {{ answer: {mart.name}({arguments}) {{ {' '.join(parts)} }} }}"


def _chart_selections(question: Question) -> list[str]:
    tokens = "totals { inputTokens outputTokens totalTokens }"
    fields = f"name data total {tokens if 'input_tokens' in question.mart.sums else ''}"
    return [
        f"{measure}: chart(measure: {measure.upper()}) {{ labels series {{ {fields} }} }}"
        for measure in question.charts
    ]


def variables(question: Question, **more: Any) -> dict[str, Any]:
    """The arguments of a question as JSON; what was not asked is left out."""
    given: dict[str, Any] = {"asOf": question.as_of.isoformat(), "first": MOST_NODES}
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
    found = nodes_differ(answer.nodes[:MOST_NODES], question, got["nodes"])
    if got["totalCount"] != len(answer.nodes):
        found.append(f"totalCount: {got['totalCount']}, expected {len(answer.nodes)}")
    found += _row_differs("totals", answer.totals, got["totals"], (*mart.sums, *mart.ratios))
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
    dimensions = mart.dimensions if question.group_by is None else question.group_by
    names = (*dimensions, *mart.sums, *mart.ratios)
    found = [] if len(expected) == len(got) else [f"{len(got)} nodes, expected {len(expected)}"]
    for number, (row, node) in enumerate(zip(expected, got, strict=False)):
        found += _row_differs(f"nodes[{number}]", row, node, names)
        if len(found) > 5:  # one misplaced row moves all that follow
            break
    return found


def _row_differs(place: str, row: Row, got: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    return [
        f"{place}.{camel(name)}: {got[camel(name)]!r}, expected {row[name]!r}"
        for name in names
        if not _is_same(name, row[name], got[camel(name)])
    ]


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
