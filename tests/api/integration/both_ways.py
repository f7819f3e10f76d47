"""The same questions along the hot path and without it: the answers must not differ."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from graphql_api import hot
from tests.api.integration.callers import Reply

# With a single connection there is no hot path: the GraphQL library answers everything.
WITHOUT_HOT_PATH = {"pool_size": 1}


@dataclass
class Answered:
    """How many requests the hot path answered, and how many it handed on."""

    hot: int = 0
    handed_on: int = 0
    defects: list[BaseException] = field(default_factory=list)


@contextmanager
def counted() -> Iterator[Answered]:
    """Count, and keep what should never be raised."""
    made, answer = Answered(), hot.Answering.answer

    async def counting(self: hot.Answering, *given: Any) -> Any:
        try:
            found = await answer(self, *given)
        except Exception as error:
            made.handed_on += 1
            if not isinstance(error, hot.HANDED_ON):
                made.defects.append(error)
            raise
        made.hot += 1
        return found

    with patch.object(hot.Answering, "answer", counting):
        yield made


def same_text(reply: Reply) -> str:
    """The body with the spaces, escapes and numbers of one writer of JSON; keys in their order.

    Postgres writes the double 2 as ``2``, Python as ``2.0``.
    """
    is_json = reply.status == 200
    return json.dumps(json.loads(reply.text, parse_float=_number)) if is_json else reply.text


def _number(digits: str) -> float | int:
    number = float(digits)
    return int(number) if number.is_integer() else number
