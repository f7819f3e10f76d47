"""JMESPath as the cookbook uses it: numbers stay exact, and a few functions more.

docs/cookbook/README.md says what they do.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import jmespath
from jmespath import functions

Number = int | Fraction


def figure_of(expression: str, data: Any, variables: Mapping[str, Any]) -> Any:
    """The figure that a cookbook document's answer stands for."""
    options = jmespath.Options(custom_functions=_Functions())
    return jmespath.search(expression, {"data": data, "variables": dict(variables)}, options)


def read_json(text: str) -> Any:
    """An answer with every digit that was sent."""
    return json.loads(text, parse_float=Decimal)


def number(value: Any) -> Number:
    """A number, or money's decimal text, exactly."""
    return value if isinstance(value, int) else Fraction(value)


_ANY: dict[str, list[str]] = {"types": []}


class _Functions(functions.Functions):  # type: ignore[misc]
    @functions.signature(_ANY, _ANY)
    def _func_round(self, value: Any, places: int) -> Decimal | None:
        """Half away from zero."""
        if value is None:
            return None
        exact = Fraction(number(value))
        step = Decimal(1).scaleb(-places)
        scaled = abs(exact) * 10**places
        whole = int(scaled + Fraction(1, 2))
        return (Decimal(whole) * step).quantize(step, ROUND_HALF_UP) * (-1 if exact < 0 else 1)

    @functions.signature(_ANY, _ANY)
    def _func_times(self, value: Any, factor: Any) -> Number | None:
        return None if value is None else number(value) * number(factor)

    @functions.signature(_ANY, _ANY)
    def _func_ratio(self, value: Any, divisor: Any) -> Number | None:
        if value is None:
            return None
        return Fraction(number(value)) / number(divisor) if number(divisor) else 0

    @functions.signature(_ANY, _ANY)
    def _func_minus(self, value: Any, other: Any) -> Number:
        return number(value) - number(other)

    @functions.signature(_ANY, _ANY, _ANY)
    def _func_of(self, rows: Any, key: str, value: str | None) -> dict[str, Any]:
        """An object with an entry per row; the whole row where no value is named."""
        return {str(row[key]): row if value is None else row[value] for row in rows}

    @functions.signature(_ANY, _ANY, _ANY, _ANY)
    def _func_nest(self, rows: Any, key: str, name: str, members: Any) -> list[dict[str, Any]]:
        """Each row with the members that share its key, without it, in their order."""
        return [
            {
                **row,
                name: [
                    {k: v for k, v in member.items() if k != key}
                    for member in members
                    if member[key] == row[key]
                ],
            }
            for row in rows
        ]

    @functions.signature(_ANY)
    def _func_days(self, window: Any) -> Number:
        """The length of a window in days."""
        start, end = (datetime.fromisoformat(window[name]) for name in ("start", "end"))
        return Fraction((end - start) // timedelta(microseconds=1), 86_400_000_000)

    @functions.signature(_ANY, _ANY)
    def _func_default(self, value: Any, other: Any) -> Any:
        return other if value is None else value

    @functions.signature(_ANY)
    def _func_date(self, instant: Any) -> str | None:
        """The UTC date of an instant."""
        return None if instant is None else str(instant)[:10]

    @functions.signature(_ANY, _ANY)
    def _func_spelt(self, value: Any, spellings: dict[str, Any]) -> Any:
        """What an object says for a text; the text itself where it says nothing."""
        return spellings.get(value, value)

    @functions.signature(_ANY)
    def _func_lower(self, text: Any) -> str | None:
        return None if text is None else str(text).lower()

    @functions.signature(_ANY)
    def _func_hour(self, instant: Any) -> int:
        """The UTC hour of an instant."""
        return int(str(instant)[11:13])

    @functions.signature(_ANY)
    def _func_whole(self, text: Any) -> int | None:
        """An id that is a number there and a text here; a quotient, cut."""
        return None if text is None else int(number(text))
