"""What the last build was made from, so that a second `up` need not build again.

The record lies with what dbt wrote and is only a hint: whenever anything about it does not fit
(files, raw rows, the publication readers see, the database itself) the build is simply run again.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from graphql_api.settings import DatabaseSettings
from warehouse.database import describe
from warehouse.project import ProjectNames, project_fingerprint

RECORD_FILE = "usage_warehouse_build.json"
MANIFESTS = ("manifest.json", "semantic_manifest.json")

Connection = psycopg.Connection[tuple[Any, ...]]

# Postgres counts every inserted, updated and deleted row; a truncated or remade table gets a new
# file. After a crash the counters start again from nothing, which at worst means one more build.
RAW_COUNTERS = """
select t.schemaname, t.relname, c.relfilenode, t.n_tup_ins, t.n_tup_upd, t.n_tup_del
from pg_stat_user_tables as t
inner join pg_class as c on t.relid = c.oid
where t.schemaname = any(%s)
order by 1, 2
"""

UNCOUNTED = """
select 1 where current_setting('track_counts') <> 'on'
union all
select 1 from pg_class as c
inner join pg_namespace as n on c.relnamespace = n.oid
where n.nspname = any(%s) and c.relkind in ('v', 'm', 'f', 'p')
"""


def inputs(connection: Connection, names: ProjectNames) -> str | None:
    """A digest of all that a build reads: the project's files, raw tables, corrections of prices.

    ``None`` when a change of raw rows could go unseen: rows of views, foreign tables and partitions
    elsewhere are not counted here, and counting may be switched off.
    """
    schemas = list(names.raw_schemas.values())
    if connection.execute(UNCOUNTED, [schemas]).fetchone():
        return None
    counters = connection.execute(RAW_COUNTERS, [schemas]).fetchall()
    corrections = _corrections(connection, names)
    text = json.dumps([project_fingerprint(), schemas, counters, corrections], default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _corrections(connection: Connection, names: ProjectNames) -> int:
    """How many corrections of prices there are; they are only ever added."""
    table = sql.Identifier(names.history_schema, "hist_kaapi__price_corrections")
    found = connection.execute("select to_regclass(%s)", [table.as_string(connection)]).fetchone()
    if found is None or found[0] is None:
        return 0
    row = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    return int(row[0]) if row else 0


def published_build(connection: Connection, names: ProjectNames) -> str | None:
    """The id of the build that readers see now, if one was ever published here."""
    table = sql.Identifier(names.serving_schema, "publication")
    found = connection.execute("select to_regclass(%s)", [table.as_string(connection)]).fetchone()
    if found is None or found[0] is None:
        return None
    newest = sql.SQL("select build_id from {} order by published_at desc limit 1").format(table)
    row = connection.execute(newest).fetchone()
    return str(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """What readers of one database see, and the digest of what it was built from."""

    database: str
    published: str
    inputs: str

    def write(self, target_path: Path) -> None:
        """Keep the record in dbt's target folder, beside the manifests of the same build."""
        (target_path / RECORD_FILE).write_text(json.dumps(asdict(self)))


def is_current(
    connection: Connection, names: ProjectNames, database: DatabaseSettings, target_path: Path
) -> bool:
    """Whether what readers see was made from exactly what lies here now."""
    published = published_build(connection, names)
    manifests = [target_path / name for name in MANIFESTS]
    if published is None or not all(manifest.exists() for manifest in manifests):
        return False
    try:
        record = json.loads((target_path / RECORD_FILE).read_text())
    except (OSError, ValueError):
        return False
    made_from = inputs(connection, names)
    if made_from is None:
        return False
    return bool(record == asdict(BuildRecord(describe(database), published, made_from)))
