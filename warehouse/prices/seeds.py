"""The seeds of the price book as files: their columns, their order, and how a refresh changed them.

Files are written so that a review sees what changed and nothing else: rows in a fixed order, no
column that says when or from what version.
"""

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from warehouse.errors import WarehouseError
from warehouse.prices.book import TOKEN_PRICES, PriceRow
from warehouse.prices.names import FallbackRow, NameRow, ProviderRow

Cell = str | int | date | Decimal | None
Row = tuple[str, ...]
RowType = TypeVar("RowType", NameRow, ProviderRow, FallbackRow)

ENCODING = "utf-8"


@dataclass(frozen=True, slots=True)
class Seed:
    """One file: its columns, those that name a row, and its rows in order."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...]

    def text(self) -> str:
        """The file's content."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return file.getvalue()


@dataclass(frozen=True, slots=True)
class Change:
    """What a refresh did to a file."""

    name: str
    added: int
    changed: int
    removed: int

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def price_seed(rows: Iterable[PriceRow]) -> Seed:
    """What models cost."""
    ordered = sorted(
        rows,
        key=lambda row: (
            *(row.provider, row.model, row.processing),
            *(row.valid_from or date.min, row.from_second_of_day, row.from_input_tokens),
        ),
    )
    return Seed(
        "price_book",
        (
            *("provider", "model", "processing", "valid_from", "valid_to"),
            *("from_input_tokens", "to_input_tokens", "from_second_of_day", "to_second_of_day"),
            *(*TOKEN_PRICES, "request_usd"),
        ),
        (
            *("provider", "model", "processing"),
            *("valid_from", "from_input_tokens", "from_second_of_day"),
        ),
        tuple(_cells((*astuple(row)[:-1], *row.prices)) for row in ordered),
    )


def name_seed(rows: Iterable[NameRow]) -> Seed:
    """By what names models are found."""
    return _plain_seed("price_book_names", NameRow, rows)


def provider_seed(rows: Iterable[ProviderRow]) -> Seed:
    """By what names providers are found."""
    return _plain_seed("price_book_providers", ProviderRow, rows)


def fallback_seed(rows: Iterable[FallbackRow]) -> Seed:
    """Where models are looked for that a provider does not list itself."""
    return _plain_seed("price_book_fallbacks", FallbackRow, rows)


def list_seed(source: str, version: str) -> Seed:
    """Which list, of which version."""
    columns = ("price_list", "source", "version")
    return Seed("price_lists", columns, columns[:1], (("price_book", source, version),))


def _plain_seed(name: str, kind: type[RowType], rows: Iterable[RowType]) -> Seed:
    """A file of rows that nothing but all of their columns tells apart."""
    columns = tuple(field.name for field in fields(kind))
    return Seed(name, columns, columns, tuple(map(_cells, sorted(map(astuple, rows)))))


def write_seeds(folder: Path, seeds: Sequence[Seed]) -> list[Change]:
    """Bring the files up to date, each at once or not at all; say what that changed."""
    changes = []
    for seed in seeds:
        file = folder / f"{seed.name}.csv"
        before = _read(file)
        if before != seed.text():
            _write(file, seed.text())
        changes.append(_change(seed, before))
    return changes


def _change(seed: Seed, text_before: str) -> Change:
    before = _by_key(seed, csv.DictReader(io.StringIO(text_before)))
    now = _by_key(seed, csv.DictReader(io.StringIO(seed.text())))
    return Change(
        seed.name,
        added=len(now.keys() - before.keys()),
        changed=sum(now[key] != before[key] for key in now.keys() & before.keys()),
        removed=len(before.keys() - now.keys()),
    )


def _by_key(
    seed: Seed, rows: Iterable[dict[str, str]]
) -> dict[tuple[str | None, ...], dict[str, str]]:
    return {tuple(row.get(name) for name in seed.key): row for row in rows}


def _cells(values: Iterable[Cell]) -> Row:
    return tuple(_cell(value) for value in values)


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode(ENCODING)
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise WarehouseError("PRICE_SEED", f"{file} cannot be read: {error}") from None


def _write(file: Path, text: str) -> None:
    """Write beside the file and put it in its place, so that no reader ever sees half of it."""
    try:
        handle, beside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError as error:
        raise _unwritable(file, error) from None
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(text.encode(ENCODING))
        # What mkstemp makes only its owner may read; a file of the checkout is for everybody.
        os.chmod(beside, 0o644)
        os.replace(beside, file)
    except OSError as error:
        Path(beside).unlink(missing_ok=True)
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError) -> WarehouseError:
    return WarehouseError(
        "PRICE_SEED", f"{file} cannot be written: {error.strerror}; refresh a writable checkout"
    )
