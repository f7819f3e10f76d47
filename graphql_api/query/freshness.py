"""How old an answer is: the published build, the newest source rows, the last period."""

import sqlalchemy as sa

from graphql_api.catalogue.model import Grain, ValueType
from graphql_api.query.expressions import truncate
from graphql_api.query.groups import Groups
from graphql_api.query.render import instant_text, row_as_json
from graphql_api.query.scope import tenant_condition
from graphql_api.query.sql import EMPTY_ARRAY, Expression, Instant, JsonPart


def freshness_select(groups: Groups) -> JsonPart:
    """One JSON object; see the GraphQL type `Freshness` for what each field means."""
    schema = groups.mart.schema
    publication = sa.table(
        "publication",
        sa.column("build_id", sa.Text()),
        sa.column("published_at", Instant()),
        sa.column("build_started_at", Instant()),
        schema=schema,
    )
    current = (
        sa.select(publication).order_by(publication.c.published_at.desc()).limit(1)
    ).subquery("current_publication")
    return row_as_json(
        sa.select(
            current.c.build_id,
            instant_text(current.c.published_at).label("published_at"),
            instant_text(current.c.build_started_at).label("data_as_of"),
            _sources(groups, current).label("sources"),
            _last_period_complete(groups, current).label("last_period_complete"),
        ),
        "freshness",
    )


def _sources(groups: Groups, current: sa.Subquery) -> JsonPart:
    sources = sa.table(
        "publication_sources",
        sa.column("build_id", sa.Text()),
        sa.column("source_system", sa.Text()),
        sa.column("organization_id", sa.Text()),
        sa.column("newest_row_at", Instant()),
        sa.column("rows_after_clock", sa.BigInteger()),
        sa.column("rejected_rows", sa.BigInteger()),
        sa.column("archived_before", sa.Date()),
        schema=groups.mart.schema,
    )
    newest = (
        sa.select(
            sources.c.source_system,
            instant_text(sa.func.max(sources.c.newest_row_at)).label("newest_row_at"),
            sa.func.sum(sources.c.rows_after_clock).label("rows_after_clock"),
            sa.func.sum(sources.c.rejected_rows).label("rejected_rows"),
            sa.func.max(sources.c.archived_before).label("archived_before"),
        )
        .where(sources.c.build_id == current.c.build_id)
        .where(tenant_condition(groups.request.scope, sources))
        .group_by(sources.c.source_system)
        .order_by(sources.c.source_system)
    )
    table = newest.correlate(current).subquery("newest").lateral("newest_row")
    return sa.select(
        sa.func.coalesce(sa.func.json_agg(table.table_valued()), EMPTY_ARRAY)
    ).scalar_subquery()


def _last_period_complete(groups: Groups, current: sa.Subquery) -> Expression:
    """Whether the newest period of the answer had ended when the build read the sources."""
    time = groups.mart.time
    if time is None:
        return sa.null()
    grain = groups.grain or Grain.DAY
    rows = sa.select(sa.func.max(groups.table.c[time.name]).label("moment")).where(groups.where)
    newest = rows.subquery("newest")
    zone = groups.request.timezone if time.type is ValueType.TIMESTAMP else None
    last_period = truncate(newest.c.moment, time, grain, zone)
    read_at: Expression = current.c.build_started_at
    if time.type is ValueType.DATE:
        read_at = sa.func.timezone("UTC", read_at, type_=sa.DateTime())
    is_over = sa.select(last_period < truncate(read_at, time, grain, zone))
    return is_over.correlate(current).scalar_subquery()
