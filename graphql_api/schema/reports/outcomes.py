"""What an outcome costs: a successful request, a session, a good rating, a run of code."""

from dataclasses import replace
from typing import Annotated

import strawberry

from graphql_api.catalogue.model import camel_case
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import And, Condition, Not, Or, Predicate, QueryRequest, conditions
from graphql_api.schema.reports.listing import MOST_LISTED, all_rows
from graphql_api.schema.reports.outcome_tallies import Kind, Tallies
from graphql_api.schema.reports.outcome_types import OutcomeCosts, OutcomeDimension
from graphql_api.schema.reports.report import Ask, report
from graphql_api.schema.reports.windows import refuse_outside
from graphql_api.schema.scalars import BigInt

GOOD_RATING = 4
MOST_GROUPS = 1_000

# What requests, ratings and runs of code all have, and mean alike.
_SHARED = (
    *("source_system", "organization_id", "project_id", "session_id"),
    *("provider", "model", "has_model", "hour_of_day", "day_of_week"),
)
_USAGE = ("requests", "cost_usd", "successful_requests", "failed_requests")
_RUNS = ("code_executions", "successful_executions")

GroupBy = Annotated[
    list[OutcomeDimension] | None,
    strawberry.argument(description="Keys of the groups; without any, only totals are given."),
]
GoodRating = Annotated[
    int, strawberry.argument(description="The least number of stars of a good rating, 1 to 5.")
]
First = Annotated[
    int, strawberry.argument(description="How many groups are listed, from 1 to 1000.")
]


@report("requests", also_reads=("feedback", "code_executions"))
async def outcome_costs(
    ask: Ask,
    *,
    group_by: GroupBy = None,
    good_rating: GoodRating = GOOD_RATING,
    first: First = 100,
) -> OutcomeCosts:
    """What an outcome costs: cost of all requests, divided by outcomes of the same time and group.

    The cost is that of every request within the filter, not only of those that led to an outcome:
    failed requests and unrated answers are part of what a success costs. Outcomes are those of the
    same tenants, models and window: a rating counts when it was given, a run of code when it ran.

    The filter may name only what requests, ratings and runs of code all have.
    """
    refuse_outside("goodRating", good_rating, 1, 5)
    refuse_outside("first", first, 1, MOST_GROUPS)
    keys = tuple(dict.fromkeys(each.value for each in group_by or ()))
    feedback, executions = (_alike(ask, name) for name in ("feedback", "code_executions"))
    answers = await ask(
        _by_system(ask, keys, _USAGE),
        _by_system(ask, keys, ("sessions",)),
        _by_system(ask, (), ("sessions",)),
        _by_system(feedback, (*keys, "rating"), ("feedbacks",)),
        _by_system(executions, keys, _RUNS),
    )
    usage, sessions, all_sessions, ratings, runs = (all_rows(each, "groups") for each in answers)
    grouped, everything = Tallies(keys), Tallies(())
    for tallies, own_sessions in ((grouped, sessions), (everything, all_sessions)):
        tallies.add_usage(usage)
        tallies.add(Kind.SESSION, own_sessions, good="sessions", of="sessions")
        tallies.add_ratings(ratings, good_rating)
        tallies.add(Kind.SUCCESSFUL_EXECUTION, runs, good=_RUNS[1], of=_RUNS[0])
    groups = grouped.listed() if keys else []
    return OutcomeCosts(
        groups=groups[:first],
        group_count=BigInt(len(groups)),
        totals=everything.costs_per_outcome(everything.groups[()]),
        good_rating=good_rating,
        as_of=ask.as_of,
    )


def _by_system(ask: Ask, keys: tuple[str, ...], metrics: tuple[str, ...]) -> QueryRequest:
    """A question for every group, told apart by source system too."""
    group_by = tuple(dict.fromkeys(("source_system", *keys)))
    return ask.question(
        group_by=group_by,
        dimensions=group_by,
        metrics=metrics,
        first=MOST_LISTED + 1,
        with_nodes=True,
    )


def _alike(ask: Ask, public_name: str) -> Ask:
    """The same caller with the same filter, whose window is about another mart's own time.

    Raises:
        InvalidQueryError: the filter names what outcomes do not have.
    """
    time = ask.mart.time_dimension or ""
    allowed = (time, *_SHARED)
    for each in conditions(ask.where):
        if each.name not in allowed:
            argument = f"filter.{camel_case(each.name)}"
            raise InvalidQueryError(
                f"{argument}: ratings and runs of code are not told apart by it; choose from "
                f"{', '.join(map(camel_case, allowed))}",
                argument=argument,
                allowed=[camel_case(name) for name in allowed],
            )
    mart = ask.mart_named(public_name)
    where = _renamed(ask.where or And(()), time, mart.time_dimension or "")
    return replace(ask, mart=mart, where=where)


def _renamed(where: Predicate, old: str, new: str) -> Predicate:
    match where:
        case And(terms):
            return And(tuple(_renamed(term, old, new) for term in terms))
        case Or(terms):
            return Or(tuple(_renamed(term, old, new) for term in terms))
        case Not(term):
            return Not(_renamed(term, old, new))
        case Condition(name):
            return replace(where, name=new) if name == old else where
