"""Brings everyone's answers into one form, so that they can be compared to the last digit."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from bench.asking.questions import Question

Rows = list[tuple[tuple[str, ...], tuple[Decimal, ...]]]


def from_floor(question: Question, body: bytes) -> Rows:
    """An array of objects."""
    return _of_objects(question, json.loads(body))


def from_graphql(question: Question, body: bytes) -> Rows:
    """Ours, or any answer that has the rows below ``nodes`` of its one field."""
    return _of_objects(question, _only_field(body)["nodes"])


def from_postgraphile(question: Question, body: bytes) -> Rows:
    """Groups have their keys as texts, in the order of the columns of ``groupBy``."""
    found = _only_field(body)
    if "nodes" in found:
        return _of_objects(question, found["nodes"])
    groups = found["groupedAggregates"]
    rows = [(tuple(each["keys"]), _numbers(question, each["sum"])) for each in groups]
    if question.best is not None:
        rows = sorted(rows, key=lambda row: (-row[1][0], row[0]))[: question.best]
    return sorted(rows)


def _only_field(body: bytes) -> Mapping[str, list[Mapping[str, Any]]]:
    answer = json.loads(body)
    if answer.get("errors"):
        raise RuntimeError(f"an answer has errors: {answer['errors'][0]}")
    (field,) = answer["data"].values()
    found: Mapping[str, list[Mapping[str, Any]]] = field
    return found


def _of_objects(question: Question, rows: Iterable[Mapping[str, object]]) -> Rows:
    return sorted(
        (tuple(str(row[key]) for key in question.keys), _numbers(question, row)) for row in rows
    )


def _numbers(question: Question, row: Mapping[str, object]) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(row[name])) for name in question.values)
