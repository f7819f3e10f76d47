"""Which errors agents met in runs of generated code."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated

import strawberry

from graphql_api.catalogue.model import Mart, camel_case
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import And, Condition, Operator, Predicate, conditions
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.values import count, text
from graphql_api.schema.reports.windows import date_of, days_of, start, trailing
from graphql_api.schema.scalars import BigInt

# Agents times categories, more than anybody has: a list that is cut would look like a whole one.
MOST_GROUPS = 1_000_000

Period = Annotated[str, strawberry.argument(description="`7d`, `30d` or `90d`.")]


@strawberry.type(description="How many errors are of one category.")
class ErrorCount:
    """A category of `errorCategories` and its errors."""

    error_category: str = strawberry.field(description="Category of the errors.")
    agent_errors: BigInt = strawberry.field(description="Number of errors. Unit: count.")


@strawberry.type(description="The errors that one agent met.")
class AgentErrors:
    """An agent and its errors by category."""

    agent_name: str = strawberry.field(description="Name of the agent, as the source spells it.")
    agent_errors: BigInt = strawberry.field(description="Number of its errors. Unit: count.")
    categories: list[ErrorCount] = strawberry.field(
        description="Its errors by category, the most frequent first."
    )


@strawberry.type(description="Errors in runs of generated code, by category and by agent.")
class ErrorAnalysis:
    """SEMANTICS 5.6 `error_analysis`."""

    start_date: date = strawberry.field(
        description="Date on which the window starts, in `timezone`."
    )
    end_date: date = strawberry.field(description="Date on which the window ends, in `timezone`.")
    failed_executions_with_errors: BigInt = strawberry.field(
        description="Runs that did not succeed and have error messages, readable or not. "
        "Unit: count."
    )
    categories: list[ErrorCount] = strawberry.field(
        description="Errors by category, the most frequent first."
    )
    agents: list[AgentErrors] = strawberry.field(
        description="Errors by agent, the one with the most first."
    )


@report("code_executions", also_reads=("code_execution_errors",))
async def error_analysis(ask: Ask, *, period: Period = "30d") -> ErrorAnalysis:
    """Errors of the runs of code that did not succeed within a period that ends at `asOf`.

    What the filter names must be known of errors too: who, where, which model.
    """
    days = days_of(period)
    window, errors = trailing(ask, days=days), ask.mart_named("code_execution_errors")
    _refuse_unknown_to(errors, ask.where)
    is_error = Condition("error_kind", Operator.EQ, ("error",))
    narrowed = And(tuple(each for each in (ask.where, window, is_error) if each is not None))
    groups = ("agent_name", "error_category")
    failed, found = await ask(
        ask.question(window, group_by=(), total_metrics=("failed_executions_with_errors",)),
        ask.question_of(
            errors,
            narrowed,
            group_by=groups,
            dimensions=groups,
            metrics=("agent_errors",),
            with_nodes=True,
            first=MOST_GROUPS,
        ),
    )
    by_agent: dict[str, Counter[str]] = {}
    for row in found.nodes or ():
        agent, category = (text(row, name) or "" for name in groups)
        by_agent.setdefault(agent, Counter())[category] += count(row, "agent_errors")
    totals = {agent: counts.total() for agent, counts in by_agent.items()}
    return ErrorAnalysis(
        start_date=date_of(ask, start(ask, days=days)),
        end_date=date_of(ask, ask.as_of),
        failed_executions_with_errors=BigInt(count(failed.totals, "failed_executions_with_errors")),
        categories=_counted(sum(by_agent.values(), Counter())),
        agents=[
            AgentErrors(
                agent_name=agent, agent_errors=BigInt(total), categories=_counted(by_agent[agent])
            )
            for agent, total in _most_first(totals)
        ],
    )


def _counted(counts: Mapping[str, int]) -> list[ErrorCount]:
    return [
        ErrorCount(error_category=category, agent_errors=BigInt(number))
        for category, number in _most_first(counts)
    ]


def _most_first(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """Equal counts in order of their names, by code point."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _refuse_unknown_to(mart: Mart, where: Predicate | None) -> None:
    for each in conditions(where):
        if each.name not in mart.dimensions:
            raise InvalidQueryError(
                f"filter.{camel_case(each.name)}: errors are not told apart by it",
                argument=f"filter.{camel_case(each.name)}",
            )
