"""The raw tables that builds read, and a cheap way to tell whether their rows changed.

Postgres counts every inserted, updated and deleted row, and a truncated or remade table gets a new
file; so that a change is seen without reading a row. After a crash the counters start again from
nothing, which at worst means one more build.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import yaml

from graphql_api.settings import PROJECT_ROOT
from warehouse.project import ProjectNames

Connection = psycopg.Connection[tuple[Any, ...]]

# Of a partitioned table the partitions are counted. Rows of views and foreign tables are not
# counted here, and counting may be switched off.
STATES = """
select
    md5(coalesce(min(columns.listed), '')) || ': ' || string_agg(
        concat_ws(
            ' ', part.oid, part.relfilenode, pg_stat_get_tuples_inserted(part.oid),
            pg_stat_get_tuples_updated(part.oid), pg_stat_get_tuples_deleted(part.oid)
        ),
        ', ' order by part.oid
    ),
    coalesce(bool_and(part.relkind in ('r', 'p')), true)
        and current_setting('track_counts') = 'on'
from unnest(cast(%s as text[]), cast(%s as text[])) with ordinality
    as wanted (schema_name, table_name, position)
left join pg_namespace as schema on wanted.schema_name = schema.nspname
left join pg_class as named
    on schema.oid = named.relnamespace and wanted.table_name = named.relname
left join lateral (
    select named.oid
    union
    select tree.relid from pg_partition_tree(named.oid) as tree
) as tree on true
left join pg_class as part on tree.oid = part.oid
left join lateral (
    select string_agg(attname || ' ' || atttypid, ', ' order by attnum) as listed
    from pg_attribute
    where attrelid = named.oid and attnum > 0 and not attisdropped
) as columns on true
group by wanted.position
order by wanted.position
"""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table of a source system, and the column that tells its new and changed rows, if any."""

    schema: str
    name: str
    cursor_column: str | None = None
    source: str = ""  # as dbt names it: its source and its table

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


def raw_tables(names: ProjectNames, root: Path = PROJECT_ROOT) -> tuple[RawTable, ...]:
    """The tables that the sources of the dbt project declare, of the systems that are built."""
    found = []
    for sheet in sorted((root / "models" / "staging").rglob("*__sources.yml")):
        for source in _read(sheet)["sources"]:
            schema = names.raw_schemas.get(source["name"])
            for table in source["tables"] if schema else ():
                meta = table.get("config", {}).get("meta", {})
                dbt_name = f"{source['name']}.{table['name']}"
                usual = f"{schema}.{table.get('identifier', table['name'])}"
                lies_in, _, name = names.raw_tables.get(dbt_name, usual).partition(".")
                found.append(RawTable(lies_in, name, meta.get("cursor_column"), dbt_name))
    return tuple(found)


def _read(sheet: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it exists
    return yaml.load(sheet.read_text(), Loader=loader)


def states(connection: Connection, tables: Sequence[RawTable]) -> list[str | None]:
    """What changes whenever columns (before the colon) or rows of a table do.

    ``None`` where that would go unseen.
    """
    wanted = [[table.schema for table in tables], [table.name for table in tables]]
    rows = connection.execute(STATES, wanted).fetchall()
    return [(state or "missing") if is_counted else None for state, is_counted in rows]
