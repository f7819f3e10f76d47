"""What a report is, and how it asks."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypedDict, Unpack

from graphql_api.catalogue.model import Catalogue, Grain, Mart, camel_case
from graphql_api.errors import InvalidQueryError
from graphql_api.query.executor import Answer, Executor, FollowUp
from graphql_api.query.request import (
    And,
    Fill,
    OrderTerm,
    Predicate,
    QueryRequest,
    Scope,
    conditions,
)


class Asked(TypedDict, total=False):
    """Parts of a question that a report may state; as in ``QueryRequest``."""

    group_by: tuple[str, ...]
    time_grain: Grain
    having: Predicate
    order_by: tuple[OrderTerm, ...]
    first: int
    offset: int
    fill: Fill
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    total_metrics: tuple[str, ...]
    with_nodes: bool
    with_total_count: bool
    with_freshness: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """The caller of one report field: who, when, about which rows.

    ``where`` is the filter that the caller gave, on the columns of the report's ``mart``.
    ``as_of`` is UTC without zone. ``timezone`` is whose days and hours are meant; None: UTC's.
    """

    mart: Mart
    catalogue: Catalogue
    executor: Executor
    scope: Scope
    as_of: datetime
    timezone: str | None = None
    where: Predicate | None = field(default=None)

    def question(self, where: Predicate | None = None, **asked: Unpack[Asked]) -> QueryRequest:
        """A question about the rows that the caller filtered for, narrowed further by ``where``."""
        both = tuple(each for each in (self.where, where) if each is not None)
        return self.question_of(self.mart, And(both) if both else None, **asked)

    def question_of(
        self, mart: Mart | str, where: Predicate | None = None, **asked: Unpack[Asked]
    ) -> QueryRequest:
        """A question about another mart, by its public name; the caller's filter is not applied."""
        known = mart if isinstance(mart, Mart) else self.mart_named(mart)
        return QueryRequest(
            mart=known,
            scope=self.scope,
            as_of=self.as_of,
            timezone=self.timezone if known.has_instants else None,
            where=where,
            **asked,
        )

    def also(self, public_name: str) -> "Ask":
        """The same caller with the same filter, about another mart.

        Raises:
            InvalidQueryError: the filter names a column that the other mart does not have.
        """
        mart = self.mart_named(public_name)
        for each in conditions(self.where):
            if each.name not in mart.dimensions:
                raise InvalidQueryError(
                    f"filter.{camel_case(each.name)}: this report also reads {mart.label}, which "
                    f"has no {camel_case(each.name)}; filter by what both have",
                    argument=f"filter.{camel_case(each.name)}",
                    allowed=[camel_case(d) for d in self.mart.dimensions if d in mart.dimensions],
                )
        return replace(self, mart=mart)

    def mart_named(self, public_name: str) -> Mart:
        """The mart of a root field's name in snake case."""
        return next(m for m in self.catalogue.marts.values() if m.public_name == public_name)

    async def __call__(self, *questions: QueryRequest | FollowUp) -> list[Answer]:
        """Answers in order, all from the same published build."""
        return await self.executor.run_all(questions)


@dataclass(frozen=True, slots=True)
class Report:
    """A root field: ``answer``'s name, docstring, keyword arguments and return type describe it.

    ``mart`` is the public name of the mart whose filter narrows the report; ``also_reads`` names
    further marts that must be served. A public report needs no key, and takes no filter. Any other
    about instants takes a zone, whose calendar the filter and the report mean.
    """

    answer: Callable[..., Awaitable[object]]
    mart: str
    also_reads: tuple[str, ...] = ()
    is_public: bool = False

    @property
    def name(self) -> str:
        """The field's name in snake case."""
        return self.answer.__name__

    @property
    def description(self) -> str:
        """The docstring as one paragraph per paragraph."""
        text = inspect.cleandoc(self.answer.__doc__ or "")
        return "\n\n".join(" ".join(each.split()) for each in text.split("\n\n"))

    @property
    def arguments(self) -> dict[str, inspect.Parameter]:
        """The report's own arguments, all given by keyword."""
        parameters = inspect.signature(self.answer).parameters
        return {k: p for k, p in parameters.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}

    @property
    def result(self) -> object:
        """The type of the answer."""
        return inspect.signature(self.answer).return_annotation

    @property
    def marts(self) -> tuple[str, ...]:
        """Public names of all marts it reads."""
        return (self.mart, *self.also_reads)


def report(
    mart: str, *, also_reads: tuple[str, ...] = (), is_public: bool = False
) -> Callable[[Callable[..., Awaitable[object]]], Report]:
    """Mark a function ``async def name(ask: Ask, *, …) -> ResultType`` as a report."""
    return lambda answer: Report(answer, mart, also_reads, is_public)
