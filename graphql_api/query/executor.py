"""Runs statements for a caller: one connection per question, scoped, read only, in time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from graphql_api.catalogue.model import Catalogue, camel_case
from graphql_api.errors import InvalidQueryError
from graphql_api.query import cursor
from graphql_api.query.charts import MAX_POINTS
from graphql_api.query.compiler import (
    compile_known_values,
    compile_request,
    compile_value_count,
    resolved,
)
from graphql_api.query.faults import DATABASE_ERRORS, translate
from graphql_api.query.fill import MAX_FILLED_GROUPS
from graphql_api.query.known import holders, named_values
from graphql_api.query.legs import estimating, exactly
from graphql_api.query.paging import total_order
from graphql_api.query.request import PercentileMethod, QueryRequest, Scope
from graphql_api.query.sql import Rows
from graphql_api.query.window import bounds

Json = dict[str, object]

_SCOPE_SETTINGS = sa.text(
    "select set_config('usage_warehouse.scope', :role, true),"
    " set_config('usage_warehouse.source_system', :source_system, true),"
    " set_config('usage_warehouse.organization_id', :organization_id, true)"
)

# How many values that do not exist a message names; the caller has the list it sent.
MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """The parts of an answer that were asked for; the others are None.

    ``window`` holds the first and the last moment that the question is about; None where open.
    """

    nodes: list[Json] | None = None
    total_count: int | None = None
    totals: Json | None = None
    chart: Json | None = None
    freshness: Json | None = None
    has_next_page: bool | None = None
    end_cursor: str | None = None
    window: tuple[date | None, date | None] = (None, None)
    percentiles: PercentileMethod = PercentileMethod.EXACT


# A question, or any number of them, that follow from the answers so far.
FollowUp = Callable[[Sequence[Answer]], QueryRequest | Sequence[QueryRequest]]


class Executor:
    """Answers questions over one database."""

    def __init__(self, engine: AsyncEngine, catalogue: Catalogue, most_exact_values: int) -> None:
        """Keep the engine, not a connection: root fields of one operation run concurrently.

        Percentiles of more than ``most_exact_values`` values are estimated where they can be.
        """
        self._engine = engine
        self._catalogue = catalogue
        self._exactly, self._estimating = exactly(catalogue), estimating(catalogue)
        self._most_exact_values = most_exact_values

    async def run(self, request: QueryRequest) -> Answer:
        """Answer one question.

        Raises:
            InvalidQueryError: the question is at fault.
            QueryTimeoutError: the statement ran too long.
            UnavailableError: the database, or a published build, is not there.
        """
        (answer,) = await self.run_all([request])
        return answer

    async def run_all(self, requests: Sequence[QueryRequest | FollowUp]) -> list[Answer]:
        """Answer several questions of one caller from one snapshot: the same published build.

        The first is a question; each of the others may be made from the answers before it, or
        become several, whose answers take its place.

        Raises:
            InvalidQueryError: a question is at fault.
            QueryTimeoutError: a statement ran too long.
            UnavailableError: the database, or a published build, is not there.
        """
        # What is refused is refused before anything is connected to.
        ready = [self._compiled(r) if isinstance(r, QueryRequest) else r for r in requests]
        answers: list[Answer] = []
        try:
            async with self._engine.connect() as connection:
                if len(requests) > 1:
                    await connection.execution_options(isolation_level="REPEATABLE READ")
                for each in ready:
                    following = [each] if isinstance(each, tuple) else self._made(each, answers)
                    for request, statement in following:
                        if not answers:
                            await set_scope(connection, request.scope)
                        answers.append(await self._answered(connection, request, statement))
        except DATABASE_ERRORS as error:
            raise translate(error) from error
        return answers

    def _made(
        self, follow_up: FollowUp, answers: Sequence[Answer]
    ) -> list[tuple[QueryRequest, Rows]]:
        made = follow_up(answers)
        return [self._compiled(r) for r in ([made] if isinstance(made, QueryRequest) else made)]

    async def _answered(
        self, connection: AsyncConnection, request: QueryRequest, statement: Rows
    ) -> Answer:
        await self._refuse_unknown_values(connection, request)
        method = await self._percentile_method(connection, request)
        if method is PercentileMethod.SKETCH:
            statement = compile_request(request, self._estimating)
        row = (await connection.execute(statement)).mappings().one()
        return _answer(request, dict(row), method)

    async def _percentile_method(
        self, connection: AsyncConnection, request: QueryRequest
    ) -> PercentileMethod:
        """Exact wherever the values are few enough to be sorted, or nothing else is possible."""
        counted = compile_value_count(request, self._catalogue)
        if counted is None:
            return PercentileMethod.EXACT
        values: int = (await connection.execute(counted)).scalar_one()
        is_small = values <= self._most_exact_values
        return PercentileMethod.EXACT if is_small else PercentileMethod.SKETCH

    def _compiled(self, request: QueryRequest) -> tuple[QueryRequest, Rows]:
        return request, compile_request(request, self._exactly)

    async def _refuse_unknown_values(
        self, connection: AsyncConnection, request: QueryRequest
    ) -> None:
        for name, values in named_values(request).items():
            known_to = self._catalogue.marts[request.mart.dimensions[name].reference or ""]
            known: set[str] = set()
            for mart in holders(request, name, self._catalogue):
                statement = compile_known_values(request, name, known_to, mart)
                known.update(str(row[0]) for row in await connection.execute(statement))
                unknown = sorted(values - known)
                if not unknown:
                    break
            else:
                raise _unknown_value(f"filter.{camel_case(name)}", unknown, sorted(known))


async def set_scope(connection: AsyncConnection, scope: Scope) -> None:
    """Tell row-level security who is asking, for this transaction only."""
    await connection.execute(
        _SCOPE_SETTINGS,
        {
            "role": scope.role.value,
            "source_system": scope.source_system or "",
            "organization_id": scope.organization_id or "",
        },
    )


def _unknown_value(
    argument: str, unknown: Sequence[str], known: Sequence[str]
) -> InvalidQueryError:
    named = ", ".join(map(repr, unknown[:MAX_NAMED]))
    more = len(unknown) - MAX_NAMED
    return InvalidQueryError(
        f"{argument}: unknown {named}{f' and {more} more' if more > 0 else ''}; "
        f"known are {', '.join(map(repr, known))}",
        code="UNKNOWN_VALUE",
        argument=argument,
        allowed=known,
    )


def _answer(request: QueryRequest, row: Json, percentiles: PercentileMethod) -> Answer:
    filled = row.get("filled_groups")
    if isinstance(filled, int) and filled > MAX_FILLED_GROUPS:
        raise InvalidQueryError(
            f"fill: more than {MAX_FILLED_GROUPS:,} periods and groups between the first and the "
            "last row; narrow the window, take a coarser timeGrain or group by less",
            code="TOO_MANY_PERIODS",
            argument="fill",
        )
    chart, page = row.get("chart"), row.get("page")
    points = chart.get("points") if isinstance(chart, dict) else None
    if isinstance(points, int) and points > MAX_POINTS:
        raise InvalidQueryError(
            f"chart: {points:,} points, at most {MAX_POINTS:,} are drawn; filter or group by less",
            code="CHART_TOO_LARGE",
        )
    question = resolved(request)
    has_page = isinstance(page, dict)
    return Answer(
        nodes=row.get("nodes"),  # type: ignore[arg-type]
        total_count=row.get("total_count"),  # type: ignore[arg-type]
        totals=row.get("totals"),  # type: ignore[arg-type]
        chart=chart,  # type: ignore[arg-type]
        freshness=row.get("freshness"),  # type: ignore[arg-type]
        has_next_page=bool(page["has_next"]) if has_page else None,  # type: ignore[index]
        end_cursor=end_cursor(question, page["end_keys"]) if has_page else None,  # type: ignore[index]
        window=bounds(question),
        percentiles=percentiles,
    )


def end_cursor(question: QueryRequest, keys: Sequence[object] | None) -> str | None:
    """The cursor after a row with these sort keys; ``question`` is resolved. None: no row."""
    if keys is None:
        return None
    return cursor.encode(list(keys), cursor.fingerprint(question, total_order(question)))
