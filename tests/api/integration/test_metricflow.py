"""MetricFlow and GraphQL give one number for every semantic metric, however it is grouped.

MetricFlow (what `mf query` runs) plans its own SQL from the same definitions and reads the build
schema; GraphQL reads the published copy. Both see the sample rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.postgres import PostgresSQLSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import Catalogue, Mart, Measure, ValueType, camel_case
from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database

# Quotients are rounded by whoever divides: MetricFlow in double precision, we in decimals.
RATIO_TOLERANCE = Decimal("1e-12")
GRAINS = ("day", "week", "month", "quarter", "year")
Row = dict[str, Any]


class RendersForPostgres:
    """As much of a MetricFlow client as planning a query needs; the tests run its SQL."""

    sql_engine_type = SqlEngine.POSTGRES
    sql_plan_renderer = PostgresSQLSqlPlanRenderer()

    def render_bind_parameter_key(self, key: str) -> str:
        return f"%({key})s"


@dataclass(frozen=True)
class Grouping:
    """Columns to group by, and the length of the periods where time is one of them."""

    columns: tuple[str, ...]
    grain: str | None = None

    def __str__(self) -> str:
        return "+".join((*self.columns, *([self.grain] if self.grain else []))) or "total"


@dataclass(frozen=True)
class Base:
    """A mart with its semantic model: how MetricFlow calls its columns."""

    mart: Mart
    names: dict[str, str]
    time: str

    def group_by_names(self, grouping: Grouping) -> list[str]:
        return [
            f"metric_time__{grouping.grain}" if column == self.time else self.names[column]
            for column in grouping.columns
        ]

    def has_time(self, grain: str | None = None) -> str:
        """MetricFlow's condition for rows of any period; GraphQL leaves out the others."""
        time = f"TimeDimension('{self.names[self.time]}', '{grain or 'day'}')"
        return f"{{{{ {time} }}}} is not null"


BASES = {
    "requests": "fct_requests",
    "evaluation_runs": "fct_evaluation_runs",
    "code_executions": "fct_code_executions",
    "code_execution_errors": "fct_code_execution_errors",
    "feedback": "fct_feedback",
    "rejected_rows": "fct_rejected_rows",
    "budgets": "fct_budgets",
    "daily_latency": "fct_daily_latency",
    "sessions": "fct_sessions",
    "tag_usage": "fct_daily_tag_usage",
    "unpriced_models": "fct_unpriced_models",
    "cost_reconciliation": "fct_cost_reconciliation",
}
GROUPINGS = {
    "unpriced_models": [
        Grouping(()),
        *(Grouping((name,)) for name in ("unpriced_reason", "model", "is_in_price_book")),
        Grouping(("last_seen_at",), "month"),
    ],
    "cost_reconciliation": [
        Grouping(()),
        *(Grouping((name,)) for name in ("source_system", "project_id", "is_reconciled")),
        Grouping(("month", "source_system"), "month"),
    ],
    "daily_latency": [
        *(Grouping((name,)) for name in ("quantity", "bucket", "model", "is_successful")),
        Grouping(("day", "quantity"), "month"),
    ],
    "code_executions": [
        Grouping(()),
        *(Grouping((name,)) for name in ("provider", "model", "is_successful", "user_id")),
        Grouping(("executed_at",), "month"),
    ],
    "code_execution_errors": [
        Grouping(()),
        *(Grouping((name,)) for name in ("agent_name", "error_kind", "error_category")),
        Grouping(("executed_at",), "month"),
    ],
    "feedback": [Grouping(()), *(Grouping((name,)) for name in ("provider", "model", "has_model"))],
    "rejected_rows": [
        Grouping(()),
        *(Grouping((name,)) for name in ("source_table", "issue", "outcome")),
    ],
    "budgets": [
        Grouping(()),
        *(Grouping((name,)) for name in ("is_active", "is_near_limit", "owner_user_id")),
        *(Grouping((name,)) for name in ("api_key_id", "api_key_owner_user_id", "period_type")),
    ],
    "sessions": [
        Grouping(()),
        *(Grouping((name,)) for name in ("source_system", "organization_id", "project_id")),
        *(Grouping(("started_at",), grain) for grain in GRAINS),
        Grouping(("started_at", "project_id"), "month"),
    ],
    "requests": [
        Grouping(()),
        *(Grouping((name,)) for name in ("provider", "modality", "model", "organization_id")),
        *(Grouping((name,)) for name in ("request_kind", "cost_source", "is_priced", "status")),
        Grouping(("credit_tier",)),
        *(Grouping((name,)) for name in ("is_successful", "session_id", "chain_id", "endpoint")),
        *(Grouping(("requested_at",), grain) for grain in GRAINS),
        Grouping(("requested_at", "provider"), "month"),
        Grouping(("requested_at", "organization_id", "project_id", "modality"), "month"),
        Grouping(("organization_id", "project_id", "provider", "model")),
    ],
    "evaluation_runs": [
        Grouping(()),
        *(Grouping((name,)) for name in ("provider", "modality", "model", "organization_id")),
        *(Grouping((name,)) for name in ("status", "run_name", "dataset_name")),
        *(Grouping(("evaluated_at",), grain) for grain in GRAINS),
        Grouping(("evaluated_at", "provider"), "month"),
        Grouping(("organization_id", "project_id", "provider", "model")),
    ],
}
CASES = [(model, grouping) for model, found in GROUPINGS.items() for grouping in found]


@pytest.fixture(scope="module")
def catalogue(sample: SampleWarehouse) -> Catalogue:
    return load_catalogue(sample.target)


@pytest.fixture(scope="module")
def lookup(sample: SampleWarehouse) -> SemanticManifestLookup:
    text = (sample.target / "semantic_manifest.json").read_text()
    return SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(text))


@pytest.fixture(scope="module")
def bases(catalogue: Catalogue, lookup: SemanticManifestLookup) -> dict[str, Base]:
    found = {}
    for model in lookup.semantic_manifest.semantic_models:
        mart = catalogue.marts[BASES[model.name]]
        keys = [each.name for each in model.entities if each.type.value == "primary"]
        (primary,) = keys or [model.primary_entity]
        names = {each.expr or each.name: each.name for each in model.entities}
        names |= {each.expr or each.name: f"{primary}__{each.name}" for each in model.dimensions}
        assert mart.time_dimension is not None
        found[model.name] = Base(mart, names, mart.time_dimension)
    return found


@pytest.fixture(scope="module")
def connection(sample: SampleWarehouse) -> Iterator[psycopg.Connection[Any]]:
    with sample.server.connect(sample.database) as connection:
        yield connection


@pytest.fixture(scope="module")
def metricflow(
    lookup: SemanticManifestLookup, connection: psycopg.Connection[Any]
) -> Callable[..., list[Row]]:
    """Rows of a MetricFlow query, by its own column names."""
    engine = MetricFlowEngine(lookup, RendersForPostgres())  # type: ignore[arg-type]

    def query(metrics: Sequence[str], group_by: Sequence[str], where: str | None = None) -> Any:
        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics),
            group_by_names=list(group_by),
            where_constraints=[where] if where else None,
        )
        cursor = connection.execute(engine.explain(request).sql_statement.sql)
        assert cursor.description is not None
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    return query


def graphql_rows(
    sample: SampleWarehouse, mart: Mart, metrics: Sequence[str], grouping: Grouping, filter_: str
) -> list[Row]:
    """Groups of a mart by column names; money as decimals."""
    fields = " ".join(map(camel_case, (*grouping.columns, *metrics)))
    grain = f"timeGrain: {grouping.grain.upper()}" if grouping.grain else ""
    groups = ", ".join(name.upper() for name in grouping.columns)
    answer = sample.ask(
        f"{{ {mart.label}(groupBy: [{groups}] {grain} first: 10000 filter: {filter_})"
        f" {{ nodes {{ {fields} }} }} }}"
    )
    assert "errors" not in answer, answer["errors"]
    return [
        {name: node[camel_case(name)] for name in (*grouping.columns, *metrics)}
        for node in answer["data"][mart.label]["nodes"]
    ]


def key_of(row: Row, grouping: Grouping, mart: Mart) -> tuple[str, ...]:
    """The group's values as text, the same whoever gave them."""
    parts = []
    for name in grouping.columns:
        value = row.get(name)
        if isinstance(value, datetime):
            value = value.strftime("%Y-%m-%d")
        if mart.dimensions[name].is_time and isinstance(value, str):
            value = value[:10]
        if mart.dimensions[name].values and isinstance(value, str):
            value = value.replace("-", "_").upper()
        parts.append(str(value).lower() if isinstance(value, bool) else str(value))
    return tuple(parts)


def differences(mart: Mart, names: Sequence[str], theirs: Row, ours: Row) -> list[str]:
    """Metrics of one group on which the two do not agree."""
    return [
        f"{name}: MetricFlow {theirs[name]}, GraphQL {ours[name]}"
        for name in names
        if not agree(mart, name, theirs[name], ours[name])
    ]


def agree(mart: Mart, name: str, theirs: Any, ours: Any) -> bool:
    """Exactly, but for quotients. MetricFlow says null where SEMANTICS C6 and C7 say 0.

    Extremes over nothing are null in both.
    """
    metric = mart.metrics[name]
    if metric.type is ValueType.TIMESTAMP or (theirs is None and ours is None):
        if theirs is None:
            return ours is None
        utc = theirs.astimezone(UTC).replace(tzinfo=None)
        return ours == utc.isoformat(timespec="milliseconds") + "Z"
    expected = Decimal(str(theirs)) if theirs is not None else Decimal(0)
    given = Decimal(str(ours))
    if isinstance(metric.formula, Measure) and metric.type is not ValueType.FLOAT:
        return expected == given
    return abs(expected - given) <= abs(expected) * RATIO_TOLERANCE


@pytest.mark.parametrize(("model", "grouping"), CASES, ids=[f"{m}-{g}" for m, g in CASES])
def test_every_metric_of_a_mart(
    model: str,
    grouping: Grouping,
    bases: dict[str, Base],
    metricflow: Callable[..., list[Row]],
    sample: SampleWarehouse,
):
    base = bases[model]
    names = list(base.mart.metrics)
    columns = base.group_by_names(grouping)
    is_timed = base.time in grouping.columns
    theirs = metricflow(names, columns, base.has_time(grouping.grain) if is_timed else None)
    expected = {}
    for row in theirs:
        named = dict(zip(grouping.columns, (row[column] for column in columns), strict=True))
        expected[key_of(named, grouping, base.mart)] = row
    assert len(expected) == len(theirs)
    ours = graphql_rows(sample, base.mart, names, grouping, "{}")
    found = {key_of(row, grouping, base.mart): row for row in ours}
    assert set(found) == set(expected)
    wrong = {key: differences(base.mart, names, expected[key], found[key]) for key in found}
    assert not {key: said for key, said in wrong.items() if said}


@pytest.mark.parametrize(
    ("model", "grouping"),
    [
        ("requests", Grouping(("requested_at",), "month")),
        ("requests", Grouping(("requested_at", "provider"), "quarter")),
        ("requests", Grouping(("organization_id", "project_id", "modality", "model"))),
        ("evaluation_runs", Grouping(("evaluated_at",), "month")),
        ("evaluation_runs", Grouping(("organization_id", "provider"))),
    ],
    ids=str,
)
def test_every_metric_that_the_monthly_roll_up_holds(
    model: str,
    grouping: Grouping,
    bases: dict[str, Base],
    catalogue: Catalogue,
    metricflow: Callable[..., list[Row]],
    sample: SampleWarehouse,
):
    base, rollup = bases[model], catalogue.marts["fct_monthly_usage"]
    names = [name for name in rollup.metrics if name in base.mart.metrics]
    columns = base.group_by_names(grouping)
    monthly = Grouping(
        tuple("month" if name == base.time else name for name in grouping.columns), grouping.grain
    )
    expected = {}
    for row in metricflow(names, columns, base.has_time()):
        named = dict(zip(monthly.columns, (row[column] for column in columns), strict=True))
        expected[key_of(named, monthly, rollup)] = row
    ours = graphql_rows(sample, rollup, names, monthly, '{ month: { gte: "2000-01-01" } }')
    found = {key_of(row, monthly, rollup): row for row in ours}
    assert set(expected) <= set(found)
    silent = dict.fromkeys(names)
    # A bucket of the other kind only is 0 here and no row at all there.
    wrong = {
        key: differences(rollup, names, expected.get(key, silent), found[key]) for key in found
    }
    assert not {key: said for key, said in wrong.items() if said}


def test_a_condition_means_the_same(
    bases: dict[str, Base], metricflow: Callable[..., list[Row]], sample: SampleWarehouse
):
    base = bases["requests"]
    names = list(base.mart.metrics)
    (theirs,) = metricflow(
        names,
        [],
        "{{ Dimension('request__provider') }} = 'openai'"
        " and {{ Dimension('request__modality') }} in ('STT', 'TTS')",
    )
    filter_ = '{ provider: { eq: "openai" }, modality: { in: [STT, TTS] } }'
    (ours,) = graphql_rows(sample, base.mart, names, Grouping(()), filter_)
    assert ours["requests"] > 0
    assert not differences(base.mart, names, theirs, ours)


def test_no_metric_is_left_out(catalogue: Catalogue, lookup: SemanticManifestLookup):
    compared = {name for mart in BASES.values() for name in catalogue.marts[mart].metrics}
    assert compared == {metric.name for metric in lookup.semantic_manifest.metrics}
    assert {model.name for model in lookup.semantic_manifest.semantic_models} == set(BASES)


def test_the_comparison_can_fail(catalogue: Catalogue):
    mart = catalogue.marts["fct_requests"]
    assert agree(mart, "cost_usd", Decimal("0.1000000000000000000001"), "0.1000000000000000000001")
    assert not agree(mart, "cost_usd", Decimal("0.1000000000000000000001"), "0.1")
    assert not agree(mart, "requests", 9007199254740993, 9007199254740992)
    assert agree(mart, "requests", None, 0)
    assert agree(mart, "cost_usd_per_request", 0.3333333333333333, "0.33333333333333333333")
    assert not agree(mart, "cost_usd_per_request", 0.33333333333, "0.33333333333333333333")
