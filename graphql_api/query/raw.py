"""Answers as Postgres wrote them: JSON that is passed on as it is, and the little around it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from graphql_api.query.compiler import resolved
from graphql_api.query.executor import Json, end_cursor
from graphql_api.query.fill import MAX_FILLED_GROUPS
from graphql_api.query.request import QueryRequest
from graphql_api.query.window import bounds

_FALSE = (b"f", b"false")  # as a value of its own, and cast to text


class NotAnsweredHereError(Exception):
    """Whoever knows every way of answering must be asked: this way does not know this question."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """The columns of one question's answer, each as JSON text; None: null."""

    request: QueryRequest
    columns: Mapping[str, bytes | None]

    def refuse_what_is_refused(self) -> None:
        """Leave to others what is no answer but an error, which they put into words.

        Raises:
            NotAnsweredHereError: it is one.
        """
        filled = self.columns.get("filled_groups")
        if self.columns.get("are_known") in _FALSE or int(filled or b"0") > MAX_FILLED_GROUPS:
            raise NotAnsweredHereError

    def part(self, name: str) -> bytes:
        """A part of the answer.

        Raises:
            NotAnsweredHereError: it is null, as no part ever is.
        """
        found = self.columns[name]
        if found is None:
            raise NotAnsweredHereError
        return found

    def page_info(self) -> Json:
        """Where the page lies."""
        page = json.loads(self.part("page"))
        return {
            "has_next_page": page["has_next"],
            "has_previous_page": self.request.after is not None or self.request.offset > 0,
            "end_cursor": end_cursor(resolved(self.request), page["end_keys"]),
        }

    def freshness(self) -> Json:
        """How old it is."""
        found: Json = json.loads(self.part("freshness"))
        return found

    def window(self) -> Mapping[str, date | None]:
        """The first and the last moment that it is about."""
        start, end = bounds(resolved(self.request))
        return {"start": start, "end": end}
