"""Answers to operations that ask nothing but marts: one round trip, bytes put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from strawberry import UNSET

from graphql_api.catalogue.model import Aggregation, Catalogue
from graphql_api.query.clock import holds_all_day
from graphql_api.query.needs import measures_of
from graphql_api.query.raw import NotAnsweredHereError, RawAnswer
from graphql_api.query.request import QueryRequest, Scope
from graphql_api.query.statements import Prepared, Statements
from graphql_api.query.wire import Row, Statement
from graphql_api.schema.documents import Bound


@dataclass(frozen=True, slots=True)
class Question:
    """What an operation asks for one caller, and the statement that answers it.

    ``holds_all_day``: the same operation asks the same until the UTC day is over.
    """

    bound: Bound
    requests: tuple[QueryRequest, ...]
    prepared: Prepared
    statement: Statement
    holds_all_day: bool

    def written(self, rows: Sequence[Row]) -> list[bytes]:
        """The answer, in pieces.

        Raises:
            NotAnsweredHereError: it is an error, which others put into words.
        """
        (row,) = rows
        values = iter(row)
        answers = []
        for request, columns in zip(self.requests, self.prepared.columns, strict=True):
            answer = RawAnswer(request, {name: next(values) for name in columns})
            answer.refuse_what_is_refused()
            answers.append(answer)
        return self.bound.laid_out.written(answers)


class Questions:
    """Makes questions of operations."""

    def __init__(self, catalogue: Catalogue, most_rows: int) -> None:
        """A page has at most ``most_rows``."""
        self._statements = Statements(catalogue)
        self._most_rows = most_rows

    def of(self, bound: Bound, scope: Scope, now: datetime) -> Question:
        """The question of a caller at a moment.

        Raises:
            InvalidQueryError: the arguments contradict each other or the selection.
            NotAnsweredHereError: how it is answered is only known while it is answered.
        """
        requests, holds = [], True
        for root, arguments in zip(bound.laid_out.roots, bound.arguments, strict=True):
            request = root.field.request(now, self._most_rows, scope, root.selected, arguments)
            if request.mart.has_percentiles and _has_percentile(request):
                raise NotAnsweredHereError
            has_clock = arguments.get("as_of") in (None, UNSET)
            holds = holds and (not has_clock or holds_all_day(request))
            requests.append(request)
        layouts = (root.layout for root in bound.laid_out.roots)
        prepared, statement = self._statements.of(list(zip(requests, layouts, strict=True)))
        return Question(bound, tuple(requests), prepared, statement, holds)


def _has_percentile(request: QueryRequest) -> bool:
    return any(each.aggregation is Aggregation.PERCENTILE for each in measures_of(request))
