"""What a correction changes: the calls in its range, before and after, as readers see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import LiteralString

from psycopg import sql

from warehouse.project import ProjectNames
from warehouse.repricing.corrections import MILLION, Correction
from warehouse.tenants import Connection, require_published

# In three statements: the calls of a range, now and later.
CALLS = """
select source_system, organization_id, request_id, requested_at, cost_usd, cost_source,
    input_tokens, output_tokens
from {}
where
    source_system = %s and request_kind = 'call' and provider = %s and model = %s and has_model
    and requested_at >= %s and requested_at < %s
"""

COUNTED = """
select
    count(*),
    count(*) filter (where is_changed),
    count(distinct cast(timezone('UTC', requested_at) as date)) filter (where is_changed),
    count(distinct (source_system, organization_id)) filter (where is_changed),
    coalesce(sum(cost_usd) filter (where is_changed), 0),
    coalesce(sum(new_cost_usd) filter (where is_changed), 0)
from compared
"""

# Kaapi counts input and output and nothing else.
FORESEEN = """
with

compared as (
    select
        *,
        cost_usd <> new_cost_usd or cost_source <> 'model_config' as is_changed
    from (
        select
            calls.*,
            cast(input_tokens * %s + output_tokens * %s as numeric(38, 22)) as new_cost_usd
        from ({calls}) as calls
    ) as priced
)
"""

SEEN = """
with

compared as (
    select
        before.*,
        later.cost_usd as new_cost_usd,
        later.cost_usd <> before.cost_usd or later.cost_source <> before.cost_source as is_changed
    from calls_before as before
    inner join ({calls}) as later on before.request_id = later.request_id
)
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """How many calls lie in the range, and what changes among them."""

    calls: int
    repriced: int
    days: int
    tenants: int
    before_usd: Decimal
    after_usd: Decimal


def foresee(connection: Connection, names: ProjectNames, correction: Correction) -> Effect:
    """What a correction will change, of the calls that are published now."""
    prices = (correction.input_usd_per_mtok, correction.output_usd_per_mtok)
    per_token = [price / MILLION for price in prices]
    return _effect(connection, names, FORESEEN, [*per_token, *_range(correction)])


def remember(connection: Connection, names: ProjectNames, correction: Correction) -> None:
    """Keep what the calls in the range cost now, for as long as the connection lasts."""
    require_published(connection, names.serving_schema, "fct_requests")
    connection.execute(
        "create temporary table calls_before (source_system text, organization_id text, "
        "request_id text primary key, requested_at timestamptz, cost_usd numeric(38, 22), "
        "cost_source text, input_tokens bigint, output_tokens bigint)"
    )
    calls = _calls(names)
    connection.execute(sql.SQL("insert into calls_before {}").format(calls), _range(correction))


def see(connection: Connection, names: ProjectNames, correction: Correction) -> Effect:
    """What has changed of the calls that were remembered."""
    return _effect(connection, names, SEEN, _range(correction))


def _effect(
    connection: Connection, names: ProjectNames, compared: LiteralString, values: Sequence[object]
) -> Effect:
    query = sql.SQL(compared + COUNTED).format(calls=_calls(names))
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return Effect(*row)


def _calls(names: ProjectNames) -> sql.Composed:
    return sql.SQL(CALLS).format(sql.Identifier(names.serving_schema, "fct_requests"))


def _range(correction: Correction) -> list[object]:
    return [
        correction.source_system,
        correction.provider,
        correction.model,
        correction.from_at,
        correction.to_at,
    ]
