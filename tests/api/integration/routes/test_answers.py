"""The answer never depends on the route.

Random questions over random rows of all four systems are answered by the asked mart itself and
along every route that may answer; the texts of the answers must be the same, to the last digit.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from graphql_api.errors import InvalidQueryError
from graphql_api.query import legs, needs, route
from graphql_api.query.periods import rounded_up, start_of
from graphql_api.query.zones import Hours
from tests.api.integration.routes.requests import Asker, told
from tests.api.integration.routes.warehouse import Warehouse, every_route, taking

pytestmark = pytest.mark.database

QUESTIONS, LONG_QUESTIONS = 500, 10_000
LONG_AGO = datetime(1, 1, 1)  # noqa: DTZ001 - UTC without zone


def answers_that_differ(
    warehouse: Warehouse, asker: Asker, questions: int, used: Counter[str] | None = None
) -> Iterator[str]:
    """What was asked, along which route, and both answers. ``used`` counts the legs of routes."""
    for _ in range(questions):
        request = asker.request()
        try:
            expected = warehouse.answer(request)
        except InvalidQueryError:
            continue  # a window that cannot be, too many periods
        for each in every_route(request, warehouse.catalogue):
            if used is not None:
                used.update({leg.rollup.mart.name if leg.rollup else "asked" for leg in each.legs})
                used["without time"] += any(leg.span is None for leg in each.legs)
                used["in a zone"] += each.needs.hours is not None
                used["torn hours"] += any(leg.torn for leg in each.legs)
                used["groups"] += bool(expected["nodes"])
                used["top"] += bool(request.top and expected["nodes"])
            found = warehouse.answer(request, taking(each))
            if found != expected:
                yield f"{told(request)}\nalong {each}\nis {found}\nnot {expected}"


class TestAnswers:
    def test_the_answer_never_depends_on_the_route(
        self, warehouse: Warehouse, asker: Callable[[int], Asker], long_run: bool
    ):
        used: Counter[str] = Counter()
        count = LONG_QUESTIONS if long_run else QUESTIONS
        off = list(answers_that_differ(warehouse, asker(1), count, used))
        assert not off, off[0]
        rollups = {m.name for m in warehouse.catalogue.marts.values() if "fct_requests" in m.bases}
        traits = {"asked", "without time", "in a zone", "torn hours", "groups", "top"}
        every_kind = {*rollups - {"fct_requests"}, *traits}
        assert {kind for kind, times in used.items() if times >= 5} >= every_kind, used

    @pytest.mark.parametrize(
        "defect",
        [
            "starts_too_early",
            "ends_too_late",
            "takes_the_end_in",
            "leaves_the_start_out",
            "forgets_rows_without_time",
            "counts_empty_buckets",
            "takes_any_zone",
            "forgets_torn_hours",
        ],
    )
    def test_a_router_with_a_defect_is_found_out(
        self,
        defect: str,
        warehouse: Warehouse,
        asker: Callable[[int], Asker],
        monkeypatch: pytest.MonkeyPatch,
    ):
        break_router(defect, monkeypatch)
        assert next(answers_that_differ(warehouse, asker(2), LONG_QUESTIONS), None)


def break_router(defect: str, patch: pytest.MonkeyPatch) -> None:
    def within(lower: str, upper: str) -> Callable[..., Any]:
        right = legs.within

        def wrong(span: Any, column: Any, time: Any) -> Any:
            """Bounds on the wrong side of the moments that they name."""
            if span is None or (span.start is None and span.end is None):
                return right(span, column, time)
            start = [column.op(lower)(span.start)] if span.start else []
            end = [column.op(upper)(span.end)] if span.end else []
            return sa.and_(*start, *end)

        return wrong

    match defect:
        case "starts_too_early":
            patch.setattr(route, "rounded_up", start_of)
        case "ends_too_late":
            patch.setattr(route, "start_of", rounded_up)
        case "takes_the_end_in":
            patch.setattr(legs, "within", within(">=", "<="))
        case "leaves_the_start_out":
            patch.setattr(legs, "within", within(">", "<"))
        case "forgets_rows_without_time":
            real = route.Route
            patch.setattr(
                route, "Route", lambda needs, all_: real(needs, tuple(x for x in all_ if x.span))
            )
        case "counts_empty_buckets":
            patch.setattr(route, "_counts", lambda *_: ())
        case "takes_any_zone":
            patch.setattr(needs, "hours_of", lambda *_: Hours(LONG_AGO))
        case "forgets_torn_hours":
            patch.setattr(legs, "_apart", lambda *_: sa.true())
