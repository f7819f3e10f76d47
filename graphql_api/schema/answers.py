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
from graphql_api.query.statements import NODES, Prepared, Statements, in_pieces
from graphql_api.query.wire import Row, Statement
from graphql_api.schema.documents import Bound

LARGEST_HELD = 10_000  # rows of a page
_HERE = b"the nodes"


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

    @property
    def is_large(self) -> bool:
        """Whether the answer may be too large to be held: then it is passed on in pieces."""
        return (
            len(self.requests) == 1
            and self.requests[0].first > LARGEST_HELD
            and NODES in self.prepared.columns[0]
        )

    @property
    def statement_in_pieces(self) -> Statement:
        """The statement of a large answer: rows of a number and a piece, in the first the rest."""
        return in_pieces(self.statement, self.prepared.columns[0])

    def written_around(self, rest: Row) -> tuple[bytes, bytes]:
        """What stands before and after the nodes of a large answer.

        Raises:
            NotAnsweredHereError: it is an error, which others put into words.
        """
        (columns,) = self.prepared.columns
        at = columns.index(NODES)
        written = self.written([(*rest[:at], _HERE, *rest[at:])])
        # The very object, as no caller can write it.
        place = next(number for number, each in enumerate(written) if each is _HERE)
        return b"".join(written[:place]), b"".join(written[place + 1 :])

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
