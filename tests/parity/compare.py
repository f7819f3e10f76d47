"""Whether a figure that came over the wire is the figure of the definitions."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

# A quotient that need not end is sent with sixteen significant digits or more.
_TOLERANCE = Fraction(1, 10**15)


def differences(
    expected: Any, found: Any, quotients: frozenset[str], path: str = "figure"
) -> Iterator[str]:
    """Where the two differ, in words; nothing when they are the same."""
    if is_dataclass(expected) and not isinstance(expected, type):
        expected = asdict(expected)
    if isinstance(expected, Mapping):
        yield from _objects(expected, found, quotients, path)
    elif isinstance(expected, (list, tuple)):
        yield from _lists(list(expected), found, quotients, path)
    elif not _same(expected, found, _is_quotient(path, quotients)):
        yield f"{path}: {_shown(expected)} expected, found {found!r}"


def _objects(
    expected: Mapping[Any, Any], found: Any, quotients: frozenset[str], path: str
) -> Iterator[str]:
    if not isinstance(found, dict):
        yield f"{path}: an object expected, found {found!r}"
        return
    spelt = {_key(key): value for key, value in expected.items()}
    if spelt.keys() != found.keys():
        missing, more = sorted(spelt.keys() - found.keys()), sorted(found.keys() - spelt.keys())
        yield f"{path}: without {missing[:5]}, with {more[:5]}"
    for key in spelt.keys() & found.keys():
        yield from differences(spelt[key], found[key], quotients, f"{path}.{key}")


def _lists(expected: list[Any], found: Any, quotients: frozenset[str], path: str) -> Iterator[str]:
    if not isinstance(found, list):
        yield f"{path}: a list expected, found {found!r}"
        return
    if len(expected) != len(found):
        yield f"{path}: {len(expected)} entries expected, found {len(found)}"
    for position, (one, other) in enumerate(zip(expected, found, strict=False)):
        # An entry is named by where it stands, but a list's name says what its numbers are.
        yield from differences(one, other, quotients, f"{path}[{position}]")


def _is_quotient(path: str, quotients: frozenset[str]) -> bool:
    """A name may be the end of a path; an entry of a list has the name of the list."""
    named = path.rpartition("[")[0] if path.endswith("]") else path
    return any(named.endswith(f".{name}") for name in quotients)


def _key(key: object) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def _same(expected: Any, found: Any, is_quotient: bool) -> bool:
    match expected:
        case None | bool() | str():
            return type(expected) is type(found) and expected == found
        case datetime():
            return bool(found == instant_text(expected))
        case date():
            return bool(found == expected.isoformat())
        case float():
            # The decimal that its shortest text names, as everywhere.
            return _same_number(Fraction(str(expected)), found, is_quotient)
        case int() | Fraction() | Decimal():
            return _same_number(Fraction(expected), found, is_quotient)
        case _:
            raise TypeError(f"the definitions have no {type(expected).__name__}")


def _same_number(expected: Fraction, found: Any, is_quotient: bool) -> bool:
    if isinstance(found, bool) or not isinstance(found, (int, Decimal, Fraction, str)):
        return False
    try:
        value = Fraction(found)
    except ValueError:
        return False
    off = abs(value - expected)
    return off == 0 or (is_quotient and off <= abs(expected) * _TOLERANCE)


def instant_text(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, cut and not rounded (C10)."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return utc.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, Fraction) else repr(value)
