"""How long an answer stays the answer, as far as the clock goes."""

from graphql_api.query.request import QueryRequest, conditions


def holds_all_day(request: QueryRequest) -> bool:
    """Whether the same words ask the same question until the UTC day is over.

    ``as_of`` is the clock's. Windows of dates end with its day; windows of instants end with
    itself, and then it stands among the values that are compared with. Filled gaps and compared
    windows of instants may reach up to it, too.
    """
    if request.mart.has_instants and (request.fill or request.compare_to):
        return False
    both = (*conditions(request.where), *conditions(request.having))
    return not any(value == request.as_of for each in both for value in each.values)
