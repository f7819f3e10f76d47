"""What a published build changed, as one caller may see it.

Publishing writes it down (macros/publish): rows per day, project, provider and model, and how many
users and sessions each changed day has. Those two do not add up, so they are known of a whole
tenant and of one project, and of no other part of a day.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from graphql_api.catalogue.model import Catalogue, Mart, ValueType
from graphql_api.query.expressions import SQL_TYPES
from graphql_api.query.filters import to_sql
from graphql_api.query.render import as_json, instant_text, rows_as_json
from graphql_api.query.request import Condition, Operator, QueryRequest, conditions, conjuncts
from graphql_api.query.scope import scope_condition, tenant_condition
from graphql_api.query.sql import Expression, Instant, JsonPart, Rows

CHANNEL = "usage_warehouse_published"

# Most entries of a list in one update; the counts beside it say how many there are.
MAX_LISTED = 1_000

_DAILY_USAGE = "fct_daily_usage"
_TENANT = ("source_system", "organization_id")
_MODEL = ("provider", "model")
_ACTIVITY = ("active_users", "sessions", "user_sessions")
_DELTAS = {
    "requests_delta": ValueType.BIGINT,
    "total_tokens_delta": ValueType.BIGINT,
    "cost_usd_delta": ValueType.DECIMAL,
}


def usage_changes(catalogue: Catalogue) -> Mart | None:
    """The changes as a mart to filter; None where daily usage is not served."""
    daily = catalogue.marts.get(_DAILY_USAGE)
    if daily is None:
        return None
    names = (*_TENANT, "project_id", *_MODEL)
    return Mart(
        name="publication_changes",
        schema=catalogue.serving_schema,
        description="What published builds changed in daily usage.",
        dimensions={name: daily.dimensions[name] for name in names},
        metrics={},
        key=(),
    )


def compile_newest_build(schema: str) -> Rows:
    """The build that readers see."""
    publication = _publication(schema)
    newest = publication.c.published_at.desc()
    return sa.select(publication.c.build_id).order_by(newest).limit(1)


def compile_build(schema: str, build_id: str) -> Rows:
    """One row if such a build was ever published."""
    publication = _publication(schema)
    return sa.select(publication.c.build_id).where(publication.c.build_id == build_id)


def compile_builds_after(schema: str, build_id: str | None, limit: int) -> Rows:
    """The builds published after one, or ever, whose changes are kept: newest first."""
    publication = _publication(schema)
    comparison = sa.table(
        "publication_comparisons",
        sa.column("build_id", sa.Text()),
        sa.column("previous_build_id", sa.Text()),
        schema=schema,
    )
    builds = (
        sa.select(
            publication.c.build_id,
            comparison.c.previous_build_id,
            instant_text(publication.c.published_at).label("published_at"),
        )
        .join(comparison, comparison.c.build_id == publication.c.build_id)
        .order_by(publication.c.published_at.desc())
        .limit(limit)
    )
    if build_id is None:
        return builds
    seen = _publication(schema).alias("seen")
    since = sa.select(seen.c.published_at).where(seen.c.build_id == build_id).scalar_subquery()
    # A build that is not known any more (the database was made anew) precedes all others.
    ever: Expression = sa.literal_column("timestamptz '-infinity'")
    return builds.where(publication.c.published_at > sa.func.coalesce(since, ever))


def compile_changes(build_id: str, request: QueryRequest) -> Rows:
    """One row: sums of all changes, and the changed days and models as JSON with their numbers."""
    table = _changes(request.mart)
    where = [table.c.build_id == build_id, scope_condition(request, table)]
    if request.where is not None:
        where.append(to_sql(request.where, lambda name: table.c[name]))
    rows = sa.select(table).where(*where).cte("changed")
    days = _groups(rows.select().where(rows.c.day.is_not(None)).cte("of_days"), (*_TENANT, "day"))
    models = _groups(rows, _MODEL)
    return sa.select(
        *(
            sa.select(value).select_from(rows).scalar_subquery().label(value.name)
            for value in _sums(rows)
        ),
        (_number_of(days) + _earlier_days(rows)).label("day_count"),
        _number_of(models).label("model_count"),
        _listed_days(build_id, request, days).label("days"),
        _listed_models(models).label("models"),
    )


def _publication(schema: str) -> sa.TableClause:
    return sa.table(
        "publication",
        sa.column("build_id", sa.Text()),
        sa.column("published_at", Instant()),
        schema=schema,
    )


def _changes(mart: Mart) -> sa.TableClause:
    return sa.table(
        mart.name,
        sa.column("build_id", sa.Text()),
        sa.column("day", sa.Date()),
        sa.column("earlier_days"),
        *(sa.column(each.name, SQL_TYPES[each.type]) for each in mart.dimensions.values()),
        *(sa.column(name, SQL_TYPES[kind]) for name, kind in _DELTAS.items()),
        schema=mart.schema,
    )


def _sums(rows: sa.CTE) -> list[sa.Label[object]]:
    sums = []
    for name, kind in _DELTAS.items():
        total = sa.func.coalesce(sa.func.sum(rows.c[name]), 0)
        sums.append(as_json(sa.cast(total, SQL_TYPES[kind]), kind).label(name))
    return sums


def _groups(rows: sa.CTE, keys: Sequence[str]) -> sa.CTE:
    columns = [rows.c[key] for key in keys]
    sums = [
        sa.func.sum(rows.c[name], type_=SQL_TYPES[kind]).label(name)
        for name, kind in _DELTAS.items()
    ]
    return sa.select(*columns, *sums).group_by(*columns).cte(f"by_{keys[-1]}")


def _number_of(groups: sa.CTE) -> JsonPart:
    return sa.select(sa.func.count()).select_from(groups).scalar_subquery()


def _earlier_days(rows: sa.CTE) -> JsonPart:
    """How many days of tenants the rows add up that are about several days together."""
    of_tenants = (
        sa.select(sa.func.range_agg(rows.c.earlier_days).label("days"))
        .where(rows.c.day.is_(None))
        .group_by(*(rows.c[key] for key in _TENANT))
        .subquery("earlier")
    )
    unnested = sa.func.unnest(of_tenants.c.days).table_valued(sa.column("period"))
    periods = unnested.render_derived(name="periods")
    length = sa.func.upper(periods.c.period) - sa.func.lower(periods.c.period)
    return (
        sa.select(sa.func.coalesce(sa.func.sum(length), 0))
        .select_from(of_tenants.join(periods, sa.true()))
        .scalar_subquery()
    )


def _listed_days(build_id: str, request: QueryRequest, days: sa.CTE) -> JsonPart:
    activity = sa.table(
        "publication_activity",
        *(sa.column(name, sa.Text()) for name in ("build_id", *_TENANT, "project_id")),
        sa.column("day", sa.Date()),
        *(sa.column(name, sa.BigInteger()) for name in _ACTIVITY),
        schema=request.mart.schema,
    )
    part = _part_of_a_day(request)
    counts: list[Expression] = [
        sa.func.coalesce(activity.c[name], 0) if part else sa.null() for name in _ACTIVITY
    ]
    listed = sa.select(
        *(days.c[key] for key in (*_TENANT, "day")),
        *(as_json(days.c[name], kind).label(name) for name, kind in _DELTAS.items()),
        *(count.label(name) for count, name in zip(counts, _ACTIVITY, strict=True)),
    )
    if part:
        same = [activity.c[key] == days.c[key] for key in (*_TENANT, "day")]
        same += [
            activity.c.build_id == build_id,
            activity.c.project_id.is_not_distinct_from(part[0]),
            tenant_condition(request.scope, activity),
        ]
        listed = listed.select_from(days.outerjoin(activity, sa.and_(*same)))
    order = (days.c.day.desc(), *(days.c[key] for key in _TENANT))
    return rows_as_json(listed.order_by(*order).limit(MAX_LISTED), "day_change")


def _part_of_a_day(request: QueryRequest) -> tuple[str | None] | None:
    """The project (None: all of them) whose days the answer is about; None where it is no such."""
    named = {each.name for each in conditions(request.where)}
    if named & set(_MODEL):
        return None
    if "project_id" not in named:
        return (request.scope.project_id,)
    of_project = [each for each in conditions(request.where) if each.name == "project_id"]
    if len(of_project) == 1 and of_project[0] in conjuncts(request.where):
        return _only_value(of_project[0])
    return None


def _only_value(condition: Condition) -> tuple[str] | None:
    is_one = condition.operator in (Operator.EQ, Operator.IN) and len(condition.values) == 1
    return (str(condition.values[0]),) if is_one else None


def _listed_models(models: sa.CTE) -> JsonPart:
    listed = sa.select(
        *(models.c[key] for key in _MODEL),
        *(as_json(models.c[name], kind).label(name) for name, kind in _DELTAS.items()),
    ).order_by(
        sa.func.abs(models.c.cost_usd_delta).desc(),
        sa.func.abs(models.c.total_tokens_delta).desc(),
        *(models.c[key] for key in _MODEL),
    )
    return rows_as_json(listed.limit(MAX_LISTED), "model_change")
