"""What the published build was made from, so that what has not changed need not be built again.

The record stands beside the build in the database, so that whoever builds next knows it, from
whichever machine. It is only a hint: whenever anything about it does not fit (files, raw rows,
seeds) the build is simply run again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from psycopg import sql

from graphql_api.settings import PROJECT_ROOT
from warehouse.project import ProjectNames, project_fingerprint
from warehouse.raw_tables import Connection, RawTable, raw_tables, states

MANIFESTS = ("manifest.json", "semantic_manifest.json")
MANIFESTS_RECORD = "usage_warehouse_manifests.json"


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """The states of all that a build reads; ``None`` where a change could go unseen."""

    files: str
    raw_tables: Mapping[str, str | None]  # by dbt's name of the source
    seeds: str | None
    price_corrections: int  # how many there are; they are only ever added


@dataclass(frozen=True, slots=True)
class Published:
    """The build that readers see, and what it was made from if a command of ours made it."""

    build_id: str
    made_from: MadeFrom | None


def inputs(connection: Connection, names: ProjectNames) -> MadeFrom:
    """What a build would be made from now."""
    tables = raw_tables(names)
    seeds = [
        RawTable(names.build_schema, file.stem)
        for file in sorted((PROJECT_ROOT / "seeds").rglob("*.csv"))
    ]
    return MadeFrom(
        project_fingerprint(),
        dict(zip((table.source for table in tables), states(connection, tables), strict=True)),
        digest_of_states(connection, seeds),
        _corrections(connection, names),
    )


def digest_of_states(
    connection: Connection, tables: tuple[RawTable, ...] | list[RawTable]
) -> str | None:
    """A digest of what the tables hold; ``None`` if one of them is not counted."""
    found = states(connection, tables)
    if None in found:
        return None
    text = json.dumps([[str(table) for table in tables], found])
    return hashlib.sha256(text.encode()).hexdigest()


def _corrections(connection: Connection, names: ProjectNames) -> int:
    table = sql.Identifier(names.history_schema, "hist_kaapi__price_corrections")
    found = connection.execute("select to_regclass(%s)", [table.as_string(connection)]).fetchone()
    if found is None or found[0] is None:
        return 0
    row = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    return int(row[0]) if row else 0


def published_build(connection: Connection, names: ProjectNames) -> Published | None:
    """The build that readers see now, if one was ever published here."""
    table = sql.Identifier(names.serving_schema, "publication")
    found = connection.execute("select to_regclass(%s)", [table.as_string(connection)]).fetchone()
    if found is None or found[0] is None:
        return None
    # By way of JSON: an older version published without this column.
    newest = sql.SQL(
        "select build_id, to_jsonb(publication) -> 'made_from' from {} as publication "
        "order by published_at desc limit 1"
    )
    row = connection.execute(newest.format(table)).fetchone()
    if row is None:
        return None
    return Published(row[0], _made_from(row[1]))


def _made_from(noted: dict[str, Any] | None) -> MadeFrom | None:
    """Nothing if an older version wrote it down, in other words."""
    if noted is None or noted.keys() != {field.name for field in fields(MadeFrom)}:
        return None
    return MadeFrom(**noted)


def record_build(
    connection: Connection, names: ProjectNames, build_id: str, made_from: MadeFrom
) -> None:
    """Note what a published build was made from, and the seeds as it loaded them.

    Files and raw rows are those from before the build: what changed meanwhile is the next one's.
    """
    made_from = replace(made_from, seeds=inputs(connection, names).seeds)
    statement = sql.SQL("update {} set made_from = %s where build_id = %s").format(
        sql.Identifier(names.serving_schema, "publication")
    )
    connection.execute(statement, [json.dumps(asdict(made_from)), build_id])


def is_current(published: Published | None, now: MadeFrom) -> bool:
    """Whether what readers see was made from exactly what lies here now."""
    made_from = published.made_from if published else None
    return (
        made_from is not None
        and None not in now.raw_tables.values()
        and replace(made_from, seeds=None) == replace(now, seeds=None)
    )


def has_same_seeds(published: Published | None, now: MadeFrom) -> bool:
    """Whether the seeds of these very files lie loaded, and nobody touched them since."""
    made_from = published.made_from if published else None
    return (
        made_from is not None
        and now.seeds is not None
        and (made_from.files, made_from.seeds) == (now.files, now.seeds)
    )


def changed_sources(published: Published | None, now: MadeFrom) -> list[str] | None:
    """The sources whose rows differ from those that the published build was made from.

    ``None`` if anything else does, too: files, seeds, corrections, or the columns of a source.
    """
    made_from = published.made_from if published else None
    if (
        made_from is None
        or not has_same_seeds(published, now)
        or made_from.price_corrections != now.price_corrections
        or _columns(made_from) != _columns(now)
    ):
        return None
    before = made_from.raw_tables
    return [
        source
        for source, state in now.raw_tables.items()
        if state is None or before[source] != state
    ]


def _columns(made_from: MadeFrom) -> dict[str, str]:
    return {
        source: (state or "").partition(":")[0] for source, state in made_from.raw_tables.items()
    }


def is_last_build(connection: Connection, names: ProjectNames, published: Published | None) -> bool:
    """Whether nothing was built since, so that the build schema stands as publishing left it."""
    table = sql.Identifier(names.build_schema, "build_plan")
    found = connection.execute("select to_regclass(%s)", [table.as_string(connection)]).fetchone()
    if published is None or found is None or found[0] is None:
        return False
    plan = sql.SQL("select build_id from {} where mode = 'published'").format(table)
    return connection.execute(plan).fetchone() == (published.build_id,)


def note_manifests(target_path: Path, files: str, names: ProjectNames) -> None:
    """Remember from which files, and for which schema, the manifests in dbt's folder were made."""
    (target_path / MANIFESTS_RECORD).write_text(json.dumps(_manifests(files, names)))


def _manifests(files: str, names: ProjectNames) -> dict[str, str]:
    return {"files": files, "serving_schema": names.serving_schema}


def manifests_are_current(target_path: Path, files: str, names: ProjectNames) -> bool:
    """Whether the API would find the manifests of these very files and this schema."""
    if not all((target_path / name).exists() for name in MANIFESTS):
        return False
    try:
        noted = json.loads((target_path / MANIFESTS_RECORD).read_text())
    except (OSError, ValueError):
        return False
    return bool(noted == _manifests(files, names))
