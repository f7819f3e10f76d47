"""Questions as SQL text, made once for all that differ in nothing but texts.

Making a statement costs several times what Postgres takes to answer a small question. So its text
is kept under the question's *shape*: all of it but the tenant and the texts that the filter
compares for equality, which no statement depends on but for their number. Those are put in again
for each caller. That a text is nothing but a bound value is not assumed but seen: it is replaced by
a mark nobody can guess, and where the mark is found anywhere but alone, nothing is kept.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import attrgetter
from typing import TypeAlias

from sqlalchemy.dialects.postgresql import psycopg as dialect

from graphql_api.bounded import BoundedCache
from graphql_api.catalogue.model import Catalogue, ValueType
from graphql_api.query.compiler import compile_request
from graphql_api.query.known import are_known
from graphql_api.query.layout import Layout
from graphql_api.query.legs import exactly
from graphql_api.query.periods import at_midnight
from graphql_api.query.request import (
    And,
    Condition,
    Not,
    Operator,
    Or,
    Predicate,
    QueryRequest,
    Scope,
)
from graphql_api.query.sql import Rows, zoned
from graphql_api.query.wire import Statement

KEPT_BYTES = 16_000_000

# How Postgres plans them: for the values at hand. A plan for any dates costs up to twice.
PLANS = "force_custom_plan"
NODES = "nodes"  # the column of an answer's rows
PIECE_BYTES = 65_536

_EXACT = frozenset({Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN})
_MARK = secrets.token_hex(16)
_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]
_PLACEHOLDER = re.compile(r"%%|%\((\w+)\)s")
_shape_of = attrgetter(*(each.name for each in fields(QueryRequest) if each.name != "mart"))

Asked: TypeAlias = tuple[QueryRequest, Layout]


@dataclass(frozen=True, slots=True)
class _Slot:
    """Which text of a question goes here."""

    number: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """SQL whose values are known but for the slots; ``columns`` of each question, in order."""

    sql: bytes
    values: tuple[object, ...]
    columns: tuple[tuple[str, ...], ...]

    def statement(self, texts: Sequence[str]) -> Statement:
        """The statement for one caller's texts."""
        return Statement(self.sql, [_filled(each, texts) for each in self.values])


def in_pieces(statement: Statement, columns: Sequence[str]) -> Statement:
    """The statement of one question whose ``nodes`` come in as many rows as they need.

    Each row has a number from 0, a piece of the nodes' UTF-8, and as text the other columns, which
    the first row has only. What is cut is bytes, where the place of any of them is known: cutting
    characters would count them anew for every piece.
    """
    others = [name for name in columns if name != NODES]
    texts = "".join(f", cast({name} as text) as {name}" for name in others)
    firsts = "".join(f", case when number = 0 then {name} end" for name in others)
    # A single row stands outside of the series, so that pieces come in its order.
    sql = (
        f"with whole as ({statement.sql.decode()}), encoded as materialized ("
        f"select convert_to(cast({NODES} as text), 'UTF8') as {NODES}{texts} from whole) "
        f"select number, substring({NODES} from number * {PIECE_BYTES} + 1 for {PIECE_BYTES})"
        f"{firsts} from encoded, "
        f"generate_series(0, (length({NODES}) - 1) / {PIECE_BYTES}) as number"
    )
    return Statement(sql.encode(), statement.values)


class Statements:
    """Makes and keeps them."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Questions are routed through the catalogue's marts."""
        self._catalogue = catalogue
        self._locate = exactly(catalogue)
        self._kept: BoundedCache[object, Prepared] = BoundedCache(KEPT_BYTES)

    def of(self, asked: Sequence[Asked]) -> tuple[Prepared, Statement]:
        """One statement that answers all questions, in one row.

        Raises:
            InvalidQueryError: a question contradicts itself; the message says how.
        """
        texts: list[str] = []
        marked = [(_marked(request, texts), layout) for request, layout in asked]
        key = tuple((r.mart.name, _shape_of(r), layout) for r, layout in marked)
        prepared = self._kept.get(key)
        if prepared is None:
            made = self._prepared(marked)
            if made is None:
                made = self._prepared(asked)
                assert made is not None, "the question itself has no marks"
                return made, made.statement(())
            prepared = made
            # The key holds about as much as the statement.
            self._kept.put(key, prepared, 2 * len(prepared.sql))
        return prepared, prepared.statement(texts)

    def _prepared(self, asked: Sequence[Asked]) -> Prepared | None:
        """None where a mark stands in any other place than alone as a value."""
        parts = [self._select(*each) for each in asked]
        values: list[object] = []
        texts = [_numbered(part, values) for part in parts]
        slots = [_with_slots(each) for each in values]
        if any(_MARK in repr(each) for each in slots) or any(_MARK in text for text in texts):
            return None
        columns = tuple(tuple(part.selected_columns.keys()) for part in parts)
        # Each is one row, so that all of them side by side are one.
        tables = ", ".join(f"({text}) as answer_{number}" for number, text in enumerate(texts))
        sql = texts[0] if len(texts) == 1 else f"select * from {tables}"
        return Prepared(sql.encode(), tuple(slots), columns)

    def _select(self, request: QueryRequest, layout: Layout) -> Rows:
        select = compile_request(request, self._locate, layout)
        known = are_known(request, self._catalogue)
        return select if known is None else select.add_columns(known.label("are_known"))


def _marked(request: QueryRequest, texts: list[str]) -> QueryRequest:
    """The question with marks for its texts, which are collected.

    Its clock shows the day only, wherever no statement depends on the time of day.
    """
    scope = request.scope
    marked = Scope(
        scope.role,
        _mark(scope.source_system, texts),
        _mark(scope.organization_id, texts),
        _mark(scope.project_id, texts),
    )
    is_by_day = not request.mart.has_instants or not (
        request.fill or request.compare_to or request.timezone
    )
    as_of = at_midnight(request.as_of.date()) if is_by_day else request.as_of
    where = _marked_predicate(request.where, request, texts)
    return replace(request, scope=marked, where=where, as_of=as_of)


def _mark(text: str | None, texts: list[str]) -> str | None:
    if text is None:
        return None
    texts.append(text)
    return f"{_MARK}{len(texts) - 1}"


def _marked_predicate(
    predicate: Predicate | None, request: QueryRequest, texts: list[str]
) -> Predicate | None:
    match predicate:
        case And(terms):
            return And(tuple(_marked_term(each, request, texts) for each in terms))
        case Or(terms):
            return Or(tuple(_marked_term(each, request, texts) for each in terms))
        case Not(term):
            return Not(_marked_term(term, request, texts))
        case Condition(name, operator, values) if operator in _EXACT:
            if request.mart.dimensions[name].type is ValueType.STRING:
                return Condition(name, operator, tuple(_mark(str(v), texts) or "" for v in values))
    return predicate


def _marked_term(term: Predicate, request: QueryRequest, texts: list[str]) -> Predicate:
    marked = _marked_predicate(term, request, texts)
    assert marked is not None
    return marked


def _numbered(select: Rows, values: list[object]) -> str:
    """The SQL text with ``$n`` for its values, which are added to those of other statements."""
    compiled = select.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    parameters = compiled.params  # made anew whenever it is asked for
    numbers: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "%"
        if name not in numbers:
            values.append(parameters[name])
            numbers[name] = len(values)
        return f"${numbers[name]}"

    return _PLACEHOLDER.sub(place, str(compiled))


def _with_slots(value: object) -> object:
    if isinstance(value, list):
        return [_with_slots(each) for each in value]
    if isinstance(value, str) and value.startswith(_MARK):
        return _Slot(int(value.removeprefix(_MARK)))
    return zoned(value) if isinstance(value, datetime) else value


def _filled(value: object, texts: Sequence[str]) -> object:
    match value:
        case _Slot(number):
            return texts[number]
        case list():
            return [_filled(each, texts) for each in value]
        case _:
            return value
