"""Queries about the health of the database: its newest build, its columns, failed builds."""

import sqlalchemy as sa

# On a connection without the API's role: the login, and whether the role is there and may be taken.
MAY_BECOME = """
select current_user, to_regrole(%(name)s) is not null,
    to_regrole(%(name)s) is not null and pg_has_role(to_regrole(%(name)s), 'set')
"""

_COLUMNS = """
select relation.relname, attribute.attname
from pg_catalog.pg_class as relation
inner join pg_catalog.pg_attribute as attribute on relation.oid = attribute.attrelid
inner join pg_catalog.pg_namespace as schema on relation.relnamespace = schema.oid
where schema.nspname = :schema and attribute.attnum > 0 and not attribute.attisdropped
"""


def newest_build(schema: str) -> sa.Executable:
    """The build that readers see: ``build_id``, ``published_at``."""
    publication = sa.table(
        "publication", sa.column("build_id"), sa.column("published_at"), schema=schema
    )
    return sa.select(publication).order_by(publication.c.published_at.desc()).limit(1)


def failures_table(schema: str) -> sa.TextClause:
    """The table of failed builds, or null: older versions published without it."""
    return sa.text(
        "select to_regclass(format('%I.publication_failures', cast(:schema as text)))"
    ).bindparams(schema=schema)


def failures_since(schema: str) -> sa.Executable:
    """The number of builds that failed after the instant ``published_at``, and the newest."""
    failures = sa.table("publication_failures", sa.column("failed_at"), schema=schema)
    return sa.select(
        sa.func.count().label("failures"), sa.func.max(failures.c.failed_at).label("failed_at")
    ).where(failures.c.failed_at > sa.bindparam("published_at"))


def published_columns(schema: str) -> sa.TextClause:
    """Every table and column of the serving schema."""
    return sa.text(_COLUMNS).bindparams(schema=schema)
