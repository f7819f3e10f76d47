"""Corrections of prices: checked against what is published, written down, and taken back.

A correction is a row that is never changed. It goes before the price list within its range, and
before every earlier correction; a withdrawal is a row of its own that names it.
"""

import getpass
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, LiteralString

from psycopg import errors, sql

from warehouse.errors import WarehouseError
from warehouse.project import ProjectNames
from warehouse.tenants import Connection, require_published

TABLE = "hist_kaapi__price_corrections"
# Only Kaapi keeps a price list of its own.
SYSTEMS = ("kaapi",)
ID_BYTES = 5
MILLION = 1_000_000
# Of a price per 1,000,000 tokens, as the models read it from Kaapi's list.
DECIMALS = 16
SHOWN_IN_A_MESSAGE = 10

INSERT = """
insert into {} (
    correction_id, source_system, withdrawn_correction_id, provider, raw_model, reason,
    corrected_by, input_price_usd_per_token, output_price_usd_per_token, valid_from_at,
    valid_to_at, corrected_at
)
select
    %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
    -- The later one counts: no two may have the same instant, and a clock may be set back.
    greatest(
        clock_timestamp(), max(corrected_at) + interval '1 microsecond'
    )
from {}
"""

SELECT = """
select
    correction.correction_id, correction.source_system, correction.provider, correction.raw_model,
    correction.valid_from_at, correction.valid_to_at,
    correction.input_price_usd_per_token * 1000000,
    correction.output_price_usd_per_token * 1000000,
    correction.reason, correction.corrected_by, correction.corrected_at,
    withdrawal.corrected_at, withdrawal.reason
from {} as correction
left join {} as withdrawal on correction.correction_id = withdrawal.withdrawn_correction_id
where correction.withdrawn_correction_id is null
order by correction.corrected_at
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is corrected: calls of a model from an instant on until before another, both UTC."""

    source_system: str
    provider: str
    model: str
    from_at: datetime
    to_at: datetime
    input_usd_per_mtok: Decimal
    output_usd_per_mtok: Decimal

    def __post_init__(self) -> None:
        if self.source_system not in SYSTEMS:
            raise WarehouseError(
                "CORRECTION_SYSTEM",
                f"{self.source_system} has no price list of its own ({', '.join(SYSTEMS)} has): "
                "what it reports stands, and the price book is corrected in "
                "seeds/reference/price_overrides.csv",
            )
        if self.from_at >= self.to_at:
            raise WarehouseError(
                "CORRECTION_RANGE",
                f"the range is empty: --from {self.from_at.isoformat()} is not before "
                f"--to {self.to_at.isoformat()}",
            )
        for price in (self.input_usd_per_mtok, self.output_usd_per_mtok):
            if not price.is_finite() or not 0 <= price < MILLION or _decimals(price) > DECIMALS:
                raise WarehouseError(
                    "CORRECTION_PRICE",
                    f"{price} is no price of 1,000,000 tokens: give USD from 0 to below 1000000 "
                    f"with at most {DECIMALS} decimals",
                )


@dataclass(frozen=True, slots=True)
class Recorded:
    """A correction as it stands in the history."""

    correction_id: str
    correction: Correction
    reason: str
    corrected_by: str
    corrected_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str | None

    @property
    def status(self) -> Literal["active", "withdrawn"]:
        """Whether it holds."""
        return "active" if self.withdrawn_at is None else "withdrawn"


def require_priced_model(
    connection: Connection, names: ProjectNames, correction: Correction
) -> None:
    """Raise unless the published build has calls of this model, to a provider that is priced."""
    require_published(connection, names.serving_schema, "fct_daily_usage")
    require_published(connection, names.history_schema, TABLE)
    providers = _texts(
        connection, names, "dim_providers", "select provider from {} where is_priced order by 1"
    )
    if correction.provider not in providers:
        raise WarehouseError(
            "UNKNOWN_PROVIDER",
            f"calls to {correction.provider!r} are given no price ({_known(providers)} are)",
        )
    models = _texts(
        connection,
        names,
        "fct_daily_usage",
        "select distinct model from {} where source_system = %s and provider = %s order by 1",
        [correction.source_system, correction.provider],
    )
    if correction.model not in models:
        raise WarehouseError(
            "UNKNOWN_MODEL",
            f"{correction.source_system} has no calls to {correction.provider} "
            f"{correction.model!r} in the published build (it has {_known(models)})",
        )


def record(connection: Connection, names: ProjectNames, correction: Correction, reason: str) -> str:
    """Write a correction down, in the caller's transaction; returns its id."""
    prices = [correction.input_usd_per_mtok, correction.output_usd_per_mtok]
    values = [correction.source_system, None, correction.provider, correction.model, reason]
    values += [getpass.getuser()]
    return _append(
        connection,
        names,
        [*values, *(price / MILLION for price in prices), correction.from_at, correction.to_at],
    )


def withdraw(
    connection: Connection, names: ProjectNames, correction_id: str, reason: str
) -> Correction:
    """Write down that a correction no longer holds; returns what it was."""
    known = {each.correction_id: each for each in recorded(connection, names)}
    if correction_id not in known:
        raise WarehouseError(
            "UNKNOWN_CORRECTION",
            f"there is no correction {correction_id!r}: `usage-warehouse reprice list` shows all",
        )
    found = known[correction_id]
    if found.withdrawn_at is not None:
        raise WarehouseError(
            "CORRECTION_WITHDRAWN",
            f"correction {correction_id} was withdrawn before, at {found.withdrawn_at:%Y-%m-%d}: "
            "record a new one if it should hold again",
        )
    system = found.correction.source_system
    values = [system, correction_id, None, None, reason, getpass.getuser(), *[None] * 4]
    _append(connection, names, values)
    return found.correction


def recorded(connection: Connection, names: ProjectNames) -> list[Recorded]:
    """Every correction ever made, the oldest first."""
    require_published(connection, names.history_schema, TABLE)
    table = sql.Identifier(names.history_schema, TABLE)
    rows = connection.execute(sql.SQL(SELECT).format(table, table)).fetchall()
    shown = [[_in_utc(each) for each in row] for row in rows]
    return [Recorded(row[0], Correction(*row[1:8]), *row[8:]) for row in shown]


def _in_utc(value: Any) -> Any:
    """A value of the history, whose instants the session shows in a zone of its own."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _append(connection: Connection, names: ProjectNames, values: Sequence[object]) -> str:
    table = sql.Identifier(names.history_schema, TABLE)
    correction_id = secrets.token_hex(ID_BYTES)
    try:
        connection.execute(sql.SQL("lock table {} in share row exclusive mode").format(table))
        connection.execute(sql.SQL(INSERT).format(table, table), [correction_id, *values])
    except errors.InsufficientPrivilege:
        raise WarehouseError(
            "HISTORY_NOT_YOURS",
            f"{connection.info.user} may not write into {names.history_schema}: connect as the "
            "login that runs `dbt build` (set PGUSER)",
        ) from None
    return correction_id


def _texts(
    connection: Connection,
    names: ProjectNames,
    mart: str,
    query: LiteralString,
    values: Sequence[str] = (),
) -> list[str]:
    table = sql.Identifier(names.serving_schema, mart)
    return [text for (text,) in connection.execute(sql.SQL(query).format(table), values)]


def _known(texts: Sequence[str]) -> str:
    more = len(texts) - SHOWN_IN_A_MESSAGE
    listed = ", ".join(texts[:SHOWN_IN_A_MESSAGE]) or "none"
    return f"{listed} and {more} more" if more > 0 else listed


def _decimals(price: Decimal) -> int:
    exponent = price.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
