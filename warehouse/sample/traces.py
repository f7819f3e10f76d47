"""Reads public request traces, CSV files of real LLM traffic, as a stream; knows no database.

Two layouts are recognised by their header, in any column order:

* the Azure LLM inference trace: ``TIMESTAMP`` (UTC), ``ContextTokens``, ``GeneratedTokens``;
* BurstGPT: ``Timestamp`` (seconds since the first midnight), ``Model``, ``Request tokens``,
  ``Response tokens``, ``Total tokens``, ``Log Type`` and, in newer files, ``Session ID`` and
  ``Elapsed time``.

Instants are cut to microseconds, never rounded: rounding could carry a request over midnight into
a day or month in which it did not happen.
"""

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from warehouse.errors import WarehouseError

# BurstGPT says how many seconds after the first midnight, but not of which day.
DEFAULT_TRACE_START = datetime(2024, 1, 1)  # noqa: DTZ001 - raw timestamps are UTC without zone

# The Azure trace names no model; this one was current in the month it was recorded.
AZURE_MODEL = "gpt-3.5-turbo-1106"

# Spreadsheet programs put a byte order mark before the first column's name.
_ENCODING = "utf-8-sig"

_LONGEST_TOKEN_COUNT = 15
_LONGEST_SECONDS = 10


@dataclass(frozen=True, slots=True)
class TraceRequest:
    """One request of a trace."""

    line_number: int
    requested_at: datetime  # UTC, without zone
    model: str
    input_tokens: int
    output_tokens: int
    total_tokens: int
    session_id: str | None


@dataclass(frozen=True, slots=True)
class TraceLayout:
    """The columns of a kind of trace, and how a row of it reads."""

    name: str
    columns: tuple[str, ...]
    optional_columns: tuple[str, ...]
    counts_from_start: bool  # instants are given as seconds since a day the file does not name
    parse: Callable[[Mapping[str, str], datetime, int], TraceRequest]

    def fits(self, header: list[str]) -> bool:
        """Whether a file with this header has this layout."""
        found = set(header)
        known = {*self.columns, *self.optional_columns}
        return len(found) == len(header) and set(self.columns) <= found <= known


class _BadValueError(ValueError):
    """A value that its column cannot hold."""


def _token_count(row: Mapping[str, str], column: str) -> int:
    text = row[column].strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_TOKEN_COUNT):
        raise _BadValueError(f"{column} {row[column]!r} is not a number of tokens")
    return int(text)


def _utc_instant(row: Mapping[str, str], column: str) -> datetime:
    text = row[column].strip()
    try:
        # Digits beyond the sixth are dropped by the parser itself.
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or len(text) < len("2023-11-16 18:17:03"):
        raise _BadValueError(f"{column} {row[column]!r} is not an instant like 2023-11-16 18:17:03")
    return instant if instant.tzinfo is None else instant.astimezone(UTC).replace(tzinfo=None)


def _elapsed(row: Mapping[str, str], column: str) -> timedelta:
    text = row[column].strip()
    whole, _, fraction = text.partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit() and 0 < len(whole) <= _LONGEST_SECONDS):
        raise _BadValueError(f"{column} {row[column]!r} is not a number of seconds")
    return timedelta(microseconds=int(Decimal(text) * 1_000_000))


def _azure_request(row: Mapping[str, str], starts_at: datetime, line_number: int) -> TraceRequest:
    input_tokens = _token_count(row, "ContextTokens")
    output_tokens = _token_count(row, "GeneratedTokens")
    return TraceRequest(
        line_number=line_number,
        requested_at=_utc_instant(row, "TIMESTAMP"),
        model=AZURE_MODEL,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        total_tokens=input_tokens + output_tokens,
        session_id=None,
    )


def _burstgpt_request(
    row: Mapping[str, str], starts_at: datetime, line_number: int
) -> TraceRequest:
    if row.get("Elapsed time", "").strip():
        _elapsed(row, "Elapsed time")
    return TraceRequest(
        line_number=line_number,
        requested_at=starts_at + _elapsed(row, "Timestamp"),
        model=row["Model"].strip(),
        input_tokens=_token_count(row, "Request tokens"),
        output_tokens=_token_count(row, "Response tokens"),
        total_tokens=_token_count(row, "Total tokens"),
        session_id=row.get("Session ID", "").strip() or None,
    )


AZURE = TraceLayout(
    "Azure LLM inference trace",
    ("TIMESTAMP", "ContextTokens", "GeneratedTokens"),
    (),
    False,
    _azure_request,
)
BURSTGPT = TraceLayout(
    "BurstGPT",
    ("Timestamp", "Model", "Request tokens", "Response tokens", "Total tokens", "Log Type"),
    ("Session ID", "Elapsed time"),
    True,
    _burstgpt_request,
)
LAYOUTS = (AZURE, BURSTGPT)


@dataclass(frozen=True, slots=True)
class Trace:
    """One trace file whose header was recognised."""

    path: Path
    layout: TraceLayout
    sha256: str
    size: int
    starts_at: datetime = field(default=DEFAULT_TRACE_START)

    @property
    def name(self) -> str:
        """The file's name without folder and ending."""
        return self.path.stem

    def requests(self, progress: Callable[[int], None]) -> Iterator[TraceRequest]:
        """The requests in file order; ``progress`` is told how many bytes have been read."""
        with (
            self.path.open("rb") as file,
            TextIOWrapper(file, encoding=_ENCODING, newline="") as text,
        ):
            lines = csv.reader(text, strict=True)
            header = [name.strip() for name in next(lines)]
            try:
                for row in lines:
                    # A blank line holds no request; an editor may have left one at the end.
                    if row:
                        yield self._request(header, row, lines.line_num)
                    if lines.line_num % 10_000 == 0:
                        progress(file.tell())
            except (_BadValueError, csv.Error, UnicodeDecodeError) as error:
                raise self._fault(lines.line_num, error) from error
        progress(self.size)

    def _request(self, header: list[str], row: list[str], line_number: int) -> TraceRequest:
        if len(row) != len(header):
            raise _BadValueError(f"{len(row)} values for {len(header)} columns")
        if any("\0" in value for value in row):
            raise _BadValueError("a zero byte")
        values = dict(zip(header, row, strict=True))
        return self.layout.parse(values, self.starts_at, line_number)

    def _fault(self, line_number: int, error: Exception) -> WarehouseError:
        # The decoder reads ahead, so that only a parsed row knows its line exactly.
        place = "after line" if isinstance(error, UnicodeDecodeError) else "line"
        reason = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        return WarehouseError(
            "BAD_TRACE_ROW",
            f"trace {self.path.name}, {place} {line_number}: {reason}; nothing was loaded, "
            "correct or remove the line",
        )


def open_trace(path: Path, starts_at: datetime = DEFAULT_TRACE_START) -> Trace:
    """Recognise the layout of a trace file and take its fingerprint."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        with path.open(encoding=_ENCODING, newline="") as text:
            header = [name.strip() for name in next(csv.reader(text, strict=True), [])]
    except OSError as error:
        raise WarehouseError(
            "UNREADABLE_TRACE", f"trace {path} cannot be read: {error.strerror}"
        ) from error
    except (csv.Error, UnicodeDecodeError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise WarehouseError(
            "UNKNOWN_TRACE_LAYOUT", f"the header of trace {path.name} cannot be read: {reason}"
        ) from error
    for layout in LAYOUTS:
        if layout.fits(header):
            return Trace(path, layout, sha256, size, starts_at)
    raise WarehouseError(
        "UNKNOWN_TRACE_LAYOUT",
        f"trace {path.name} has the columns {_listed(header)}, which is neither of the known "
        f"layouts: {'; '.join(_described(layout) for layout in LAYOUTS)}",
    )


def _listed(columns: list[str]) -> str:
    return ", ".join(map(repr, columns)) if columns else "(none)"


def _described(layout: TraceLayout) -> str:
    optional = f" (optional: {', '.join(layout.optional_columns)})"
    return f"{layout.name}: {', '.join(layout.columns)}{optional * bool(layout.optional_columns)}"


def refuse_traces(source_system: str) -> NoReturn:
    """Say that a source system takes no traces."""
    raise WarehouseError(
        "TRACES_NOT_TAKEN",
        f"traces cannot be replayed as requests of {source_system}: replay them with "
        "--source-system kaapi",
    )
