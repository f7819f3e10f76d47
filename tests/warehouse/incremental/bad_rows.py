"""Bad rows, hundreds of kinds: each ugly value in each column of each raw table.

A row is a copy of an ordinary row of its table, under a key of its own, with one column changed.
What a build has to say of it is computed here from the raw rows alone, by the rule *Rejected or
kept* of docs/decisions/sources.md.
"""

import hashlib
import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import psycopg
import yaml
from psycopg import sql

from warehouse.project import PROJECT_ROOT

Connection = psycopg.Connection[Any]


class Table(NamedTuple):
    """A raw table as its properties file declares it."""

    system: str
    name: str
    identifier: str
    columns: dict[str, str]
    meta: dict[str, Any]
    units: dict[str, str]
    measures: dict[str, dict[str, str]]

    @property
    def key(self) -> str:
        key: str = self.meta["key"]
        return key

    @property
    def sql_name(self) -> sql.Identifier:
        return sql.Identifier(self.system, self.identifier)


@cache
def tables() -> list[Table]:
    """The keyed raw tables of all systems."""
    found = []
    for path in sorted(PROJECT_ROOT.glob("models/staging/*/_*__sources.yml")):
        for source in yaml.safe_load(path.read_text())["sources"]:
            for table in source["tables"]:
                meta = table.get("config", {}).get("meta", {})
                columns = {each["name"]: each["data_type"] for each in table["columns"]}
                said = {
                    each["name"]: each.get("config", {}).get("meta", {})
                    for each in table["columns"]
                }
                units = {name: said[name]["unit"] for name in said if "unit" in said[name]}
                measures = {
                    name: said[name]["measures"] for name in said if "measures" in said[name]
                }
                identifier = table.get("identifier", table["name"])
                found.append(
                    Table(source["name"], table["name"], identifier, columns, meta, units, measures)
                )
    return [table for table in found if "key" in table.meta]


def _random_text(length: int) -> str:
    """Text that does not compress, as an index would have it."""
    dice = random.Random(length)
    return "".join(
        dice.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=length)
    )


TEXT_TYPES = ("text", "character varying")
JSON_TEXTS = [
    "null",
    "true",
    "0",
    "-1",
    '""',
    '"x"',
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "[{}]",
    '[""]',
    '{"": null}',
    "1e400",
    "-1e400",
    "1e-400",
    "123456789012345678901234567890.5",
    "[1, [2, [3, [4]]]]",
    '{"input_tokens": "NaN", "output_tokens": 1e300}',
    '{"input_tokens": -5, "output_tokens": 1.5}',
    '{"input_tokens": 9223372036854775807, "output_tokens": 9223372036854775807}',
    '{"input_tokens": {"a": [1]}, "output_tokens": []}',
    '{"input_tokens": true, "output_tokens": null}',
    '{"input_tokens": "12", "output_tokens": "\\u0663"}',
    '{"total_cost_usd": 1e300}',
    '{"total_cost_usd": 1e15}',
    '{"total_cost_usd": "NaN"}',
    '{"total_cost_usd": -1}',
    '{"total_cost_usd": [1]}',
    '{"response": 7}',
    '{"response": {"input_token_cost": 1e300}}',
    '{"response": {"input_token_cost": -1, "output_token_cost": "x"}}',
    '{"additional_usage_values": {"user_id": 5}}',
    '{"usage_object": [1, 2]}',
    '{"usage_object": {"prompt_tokens_details": "none"}}',
    '{"a": 1, "a": 2}',
    '{"completion": {"params": [1]}}',
    '{"completion": "text"}',
    '{"usage": null, "cost": {}}',
    "[" * 60 + "]" * 60,
    '{"k": "' + "v" * 5000 + '"}',
    '["' + "x" * 5000 + '"]',
]
TEXTS = [
    "",
    " ",
    "\t\n",
    "\u00a0",
    "null",
    "NULL",
    "NaN",
    "unknown",
    "'",
    '"',
    "\\",
    "\\x00",
    "%s",
    "{{ x }}",
    "$$",
    "a\u0301" * 250,
    "\U0001f600" * 200,
    "\u202ertl",
    "\ufeffx",
    "x" * 512,
    "x" * 513,
    "\u00e9" * 512,
    "\u4e2d" * 256,
    "\u4e2d" * 257,
    "\U0001f600" * 192,
    "\U0001f600" * 193,
    "2026-02-30",
    "infinity",
    "1e400",
    "-0",
    "0x1F",
    "{",
    "[1,",
    '{"a":}',
    *JSON_TEXTS[:16],
    _random_text(4_000),
    _random_text(1_000_000),
]
WHOLE_NUMBERS = {
    "smallint": [0, -1, 2**15 - 1, -(2**15)],
    "integer": [0, -1, 2**31 - 1, 2**31 - 1, -(2**31)],
    "bigint": [0, -1, 2**63 - 1, 2**63 - 1, -(2**63), 10**15],
}
DOUBLES = [
    "NaN",
    "Infinity",
    "-Infinity",
    "0",
    "-0",
    "-2",
    "1e-320",
    "1e308",
    "-1e308",
    "9e15",
    "9e15",
    "1e15",
    "1e12",
    "-1e12",
    "999999999999.9999",
    "0.1",
    "1e-10",
]
TIMES = [
    "infinity",
    "-infinity",
    "0001-01-01",
    "0044-03-15 BC",
    "1970-01-01",
    "1999-12-31 23:59:59.999",
    "2000-01-01",
    "2099-12-31 23:59:59.999",
    "2100-01-01",
    "2262-04-11 23:47:16",
    "9999-12-31",
    "20000-01-01",
    "2090-06-01 12:00",
]


def values(data_type: str) -> Sequence[Any]:
    """Ugly values of a type of Postgres; null is one of each."""
    if data_type in WHOLE_NUMBERS:
        return [None, *WHOLE_NUMBERS[data_type]]
    if data_type in ("double precision", "numeric", "real"):
        return [None, *DOUBLES]
    if data_type.startswith("timestamp"):
        return [None, *TIMES]
    if data_type == "jsonb":
        return [None, *JSON_TEXTS]
    if data_type == "boolean":
        return [None, True, False]
    if data_type.split("(")[0] in TEXT_TYPES:
        return [None, *TEXTS]
    return [None]


def write(connection: Connection) -> int:
    """Insert the bad rows of every keyed table; how many."""
    return sum(_write_rows_of(connection, table) for table in tables())


def _write_rows_of(connection: Connection, table: Table) -> int:
    types = dict(
        connection.execute(
            "select attname::text, format_type(atttypid, atttypmod) from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped order by attnum",
            [f'{table.system}."{table.identifier}"'],
        ).fetchall()
    )
    named = connection.execute(
        "select conname from pg_constraint"
        " where conrelid = %s::regclass and contype in ('p', 'u', 'f', 'c')",
        [f'{table.system}."{table.identifier}"'],
    ).fetchall()
    for (name,) in named:
        connection.execute(
            sql.SQL("alter table {} drop constraint {} cascade").format(
                table.sql_name, sql.Identifier(name)
            )
        )
    for name in types:
        connection.execute(
            sql.SQL("alter table {} alter {} drop not null").format(
                table.sql_name, sql.Identifier(name)
            )
        )
    keys = _new_keys(types[table.key])
    written = 0
    for name, data_type in types.items():
        for value in values(data_type):
            changed = {table.key: next(keys)} | _apart(table, next(keys)) | {name: value}
            if name == table.key and data_type not in TEXT_TYPES:
                changed[name] = None
            _insert(connection, table, types, changed)
            written += 1
    return written + _repeat(connection, table, types, keys)


def _repeat(
    connection: Connection, table: Table, types: dict[str, str], keys: Iterator[Any]
) -> int:
    """Copies of a row, and rows of one key that differ: the newest by the source's order last."""
    copied, differing = next(keys), next(keys)
    order = table.meta.get("ordered_by") or table.meta["cursor_column"]
    event = table.meta.get("event_column", table.meta.get("cursor_column"))
    for _ in range(3):
        _insert(connection, table, types, {table.key: copied} | _apart(table, copied))
    for number in range(3):
        changed = {table.key: differing} | _apart(table, differing)
        if order != event or "request_kind" not in table.meta:
            changed[order] = f"2024-03-1{number}"
        _insert(connection, table, types, changed)
    return 6


def _apart(table: Table, key: Any) -> dict[str, Any]:
    """What keeps a row of a list from changing what ordinary rows mean."""
    return {
        "model_config": {"model_name": f"bad {key}"},
        "config_version": {"config_id": str(uuid.UUID(int=hash(str(key)) % 2**128))},
        "llm_call": {"chain_id": None},
    }.get(table.name, {})


def _new_keys(data_type: str) -> Iterator[Any]:
    number = 900_000
    while True:
        number += 1
        if data_type == "uuid":
            yield str(uuid.UUID(int=number))
        elif data_type in TEXT_TYPES:
            yield f"bad-{number}"
        else:
            yield number


def _insert(
    connection: Connection, table: Table, types: dict[str, str], changed: dict[str, Any]
) -> None:
    rest = [name for name in types if name not in changed]
    connection.execute(
        sql.SQL(
            "insert into {table} ({changed}, {rest}) select {values}, {rest} from {table}"
            " where {key} is not null and {key}::text not like 'bad%' order by {key} limit 1"
        ).format(
            table=table.sql_name,
            changed=sql.SQL(", ").join(map(sql.Identifier, changed)),
            rest=sql.SQL(", ").join(map(sql.Identifier, rest)),
            key=sql.Identifier(table.key),
            values=sql.SQL(", ").join(
                sql.SQL("{}::text::{}").format(
                    sql.Literal(None if value is None else str(value)), sql.SQL(types[name])
                )
                for name, value in changed.items()
            ),
        )
    )


# --- what a build has to say of raw rows ---------------------------------------------------------

# What people wrote, which may be long.
LONG_TEXTS = {"content", "initial_code", "latest_code", "failed_agents", "error_messages"}


def expected_issues(
    connection: Connection, table: Table, now: datetime
) -> Counter[tuple[str | None, str]]:
    """Keys and issues of the rows of a raw table, with how many raw rows have them."""
    connection.execute("set extra_float_digits = 1")
    names = list(table.columns)
    listed = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names)
    rows = [
        dict(zip(names, row, strict=True))
        for row in connection.execute(
            sql.SQL("select {} from {}").format(listed, table.sql_name)
        ).fetchall()
    ]
    found: Counter[tuple[str | None, str]] = Counter()
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        if row[table.key] is None:
            found[None, "no_key"] += 1
        else:
            groups.setdefault((row[table.key], _time_in_key(table, row)), []).append(row)
    order = table.meta.get("ordered_by") or table.meta["cursor_column"]
    for (key, _), group in groups.items():
        newest = max(group, key=lambda row: _sortable(row[order]))
        for row in group:
            if row is newest:
                for issue in _marks(table, row, now):
                    found[shown_key(key), issue] += 1
            else:
                found[shown_key(key), "copy" if row == newest else "superseded"] += 1
    return found


def _time_in_key(table: Table, row: dict[str, Any]) -> Any:
    if "day_column" in table.meta:
        return row[table.meta["day_column"]]
    if "request_kind" not in table.meta:
        return None
    return instant(row[table.meta.get("event_column") or table.meta["cursor_column"]])


def _sortable(text: str | None) -> tuple[int, str]:
    """Times as Postgres sorts them, nulls first."""
    if text is None:
        return (0, "")
    if text == "-infinity" or text.endswith("BC"):
        return (1, text)
    if text == "infinity" or text[4] != "-":
        return (3, text)
    return (2, text)


def instant(text: str | None) -> datetime | None:
    """A raw time of the years 2000 to 2099; else none."""
    if text is None or not (text[:2] == "20" and text[4:5] == "-") or text.endswith("BC"):
        return None
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def is_long(text: str) -> bool:
    return len(text) > 512 or len(text.encode()) > 768


def shown_key(key: str) -> str:
    """A key as the marts have it: cut, ending in its md5, where it is long."""
    return (
        key[:96] + hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
        if is_long(key)
        else key
    )


def _marks(table: Table, row: dict[str, Any], now: datetime) -> set[str]:
    found = set()
    for name, unit in table.units.items():
        if row[name] is not None:
            found |= _marks_of_amount(row[name], unit)
    for name, measures in table.measures.items():
        for key, unit in measures.items():
            found |= _marks_of_json(row[name], key, unit)
    event = table.meta.get("event_column", table.meta.get("cursor_column"))
    if event and "day_column" not in table.meta:
        at = instant(row[event])
        if at is None and table.meta.get("needs_time"):
            found.add("no_time")
        elif at is None and row[event] is not None:
            found.add("time_out_of_range")
        elif at and at > now:
            found.add("time_in_the_future")
    for name, data_type in table.columns.items():
        is_text = data_type.split("(")[0] in ("varchar", "text", "uuid", "char")
        if is_text and name not in LONG_TEXTS and row[name] is not None and is_long(row[name]):
            found.add("text_too_long")
    return found


def _marks_of_amount(text: str, unit: str) -> set[str]:
    kind = "count" if unit == "count" else "amount"
    amount = Decimal(text)
    if not amount.is_finite():
        return {"amount_not_a_number"}
    if abs(amount) >= {"usd": 10**12, "cents": 10**14, "count": 10**15}[unit]:
        return {f"{kind}_too_large"}
    return {f"{kind}_negative"} if amount < 0 else set()


def _marks_of_json(text: str | None, key: str, unit: str) -> set[str]:
    value = json.loads(text, parse_int=Decimal, parse_float=Decimal) if text else None
    found = value.get(key) if isinstance(value, dict) else None
    if found is None:
        return set()
    if unit == "count":
        count = _whole_number(found)
        return {"count_unreadable"} if count is None else {"count_negative"} if count < 0 else set()
    amount = found if isinstance(found, Decimal) else _spelled_amount(found)
    if amount is None or abs(amount) >= 10**12 or 0 < abs(amount) < Decimal("5e-23"):
        return {"amount_unreadable"}
    return {"amount_negative"} if amount < 0 else set()


def _spelled_amount(found: object) -> Decimal | None:
    """What a plain decimal text says, if it is neither too long nor of an absurd exponent."""
    spelled = re.fullmatch(r"([+-]?[0-9]+(?:[.][0-9]+)?)(?:[eE][+-]?([0-9]+))?", str(found))
    if not isinstance(found, str) or spelled is None:
        return None
    if set(spelled[1]) <= set("+-0."):
        return Decimal(0)
    if len(found) > 4000 or len((spelled[2] or "").lstrip("0")) > 4:
        return None
    return Decimal(found)


def _whole_number(found: object) -> int | None:
    if isinstance(found, str) and re.fullmatch("[0-9]+", found) and len(found.lstrip("0")) <= 15:
        return int(found.lstrip("0") or 0)
    if isinstance(found, Decimal) and abs(found) < 10**15:
        # 12.0 is no JSON integer.
        return None if int(found.as_tuple().exponent) < 0 else int(found)
    return None
