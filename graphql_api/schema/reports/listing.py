"""Lists inside reports: the largest groups, or every group."""

from dataclasses import replace
from decimal import Decimal

import strawberry

from graphql_api.catalogue.model import Grain
from graphql_api.errors import InvalidQueryError
from graphql_api.query.executor import Answer
from graphql_api.query.request import Condition, Operator, OrderTerm, Predicate, QueryRequest
from graphql_api.schema.reports.report import Ask
from graphql_api.schema.reports.values import amount, count
from graphql_api.schema.scalars import BigInt

MOST_LISTED = 10_000
HAS_MODEL = Condition("has_model", Operator.EQ, (True,))

Row = dict[str, object]


@strawberry.type(description="Requests to one model.")
class ModelUsage:
    """An entry of a list by model."""

    model: str = strawberry.field(description="Name of the model.")
    requests: BigInt = strawberry.field(description="Number of requests.")
    total_tokens: BigInt = strawberry.field(description="Tokens. Unit: tokens.")
    cost_usd: Decimal = strawberry.field(description="Cost. Unit: usd.")


MODEL_METRICS = ("requests", "total_tokens", "cost_usd")


def model_usage(row: Row) -> ModelUsage:
    """A group by model with ``MODEL_METRICS``."""
    return ModelUsage(
        model=str(row["model"]),
        requests=BigInt(count(row, "requests")),
        total_tokens=BigInt(count(row, "total_tokens")),
        cost_usd=amount(row, "cost_usd"),
    )


def largest(
    ask: Ask, where: Predicate, group_by: tuple[str, ...], metrics: tuple[str, ...], first: int
) -> QueryRequest:
    """So many groups with the most of the first metric; ties by the keys, ascending."""
    return ask.question(
        where,
        group_by=group_by,
        dimensions=group_by,
        metrics=metrics,
        order_by=(OrderTerm(metrics[0], descending=True),),
        first=first,
        with_nodes=True,
    )


def every(
    ask: Ask,
    where: Predicate,
    group_by: tuple[str, ...],
    metrics: tuple[str, ...],
    time_grain: Grain | None = None,
) -> QueryRequest:
    """Every group, ordered by the keys; read the answer with ``all_rows``."""
    asked = ask.question(
        where,
        group_by=group_by,
        dimensions=group_by,
        metrics=metrics,
        first=MOST_LISTED + 1,
        with_nodes=True,
    )
    return replace(asked, time_grain=time_grain)


def all_rows(answer: Answer, what: str) -> list[Row]:
    """The rows of an answer to ``every``.

    Raises:
        InvalidQueryError: there are too many; a list that was cut would look like a whole one.
    """
    rows = answer.nodes or []
    if len(rows) > MOST_LISTED:
        raise InvalidQueryError(
            f"filter: more than {MOST_LISTED:,} {what}; filter for fewer", argument="filter"
        )
    return rows
