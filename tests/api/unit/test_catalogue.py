"""The catalogue of a small hand-made project, and every declaration it refuses."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import (
    Aggregation,
    Catalogue,
    Derived,
    Grain,
    Measure,
    Ratio,
    ValueType,
)
from graphql_api.errors import CatalogueError
from tests.api.unit.artifacts import Artifacts, column, mart, measure, simple, small_project


@pytest.fixture
def small(tmp_path: Path) -> Catalogue:
    return load_catalogue(small_project().write(tmp_path))


class TestWhatIsServed:
    def test_exactly_the_marts_of_the_exposure(self, tmp_path: Path):
        project = small_project()
        project.add_node(mart("fct_private", column("id", "string")))
        assert set(load_catalogue(project.write(tmp_path)).marts) == {
            "dim_vendors",
            "fct_calls",
            "fct_monthly_calls",
        }

    def test_settings_come_from_the_exposure(self, small: Catalogue):
        assert (small.serving_schema, small.access_schema, small.api_role) == (
            "usage",
            "access",
            "reader",
        )
        assert {mart.schema for mart in small.marts.values()} == {"usage"}

    def test_source_systems_are_those_whose_requests_are_declared(self, tmp_path: Path):
        project = small_project()
        project.column("fct_calls", "kind")["config"]["meta"]["accepted_values"] = "source_systems"
        requests = {"config": {"meta": {"request_kind": "call"}}}
        project.manifest["sources"] = {
            "source.small.proxy.log": {"source_name": "proxy", **requests},
            "source.small.proxy.users": {"source_name": "proxy", "config": {"meta": {}}},
            "source.small.published.publication": {"source_name": "published", "config": {}},
        }
        project.manifest["disabled"] = {
            "source.small.app.log": [{"source_name": "app", **requests}],
            "model.small.stg_app__log": [{"name": "stg_app__log"}],
        }
        project.exposure["config"]["meta"]["source_systems"] = "proxy"
        mart = load_catalogue(project.write(tmp_path)).marts["fct_calls"]
        assert mart.dimensions["kind"].values == ("proxy", "app")

    def test_public_names_drop_the_prefix(self, small: Catalogue):
        mart = small.marts["fct_monthly_calls"]
        assert (mart.public_name, mart.label) == ("monthly_calls", "monthlyCalls")

    def test_column_types_are_those_of_the_contract(self, small: Catalogue):
        types = {each.name: each.type for each in small.marts["fct_calls"].dimensions.values()}
        assert types == {
            "call_id": ValueType.STRING,
            "organization_id": ValueType.STRING,
            "kind": ValueType.STRING,
            "vendor": ValueType.STRING,
            "is_late": ValueType.BOOLEAN,
            "called_at": ValueType.TIMESTAMP,
            "hour_of_day": ValueType.BIGINT,
            "day_of_week": ValueType.BIGINT,
        }

    def test_parts_of_the_time_are_those_that_a_row_tells(self, tmp_path: Path):
        def parts(data_type: str, grain: str | None) -> list[str]:
            project = small_project()
            project.column("fct_monthly_calls", "month")["data_type"] = data_type
            project.node("fct_monthly_calls")["config"]["meta"]["grain"] = grain
            mart = load_catalogue(project.write(tmp_path)).marts["fct_monthly_calls"]
            return [each.name for each in mart.dimensions.values() if each.part]

        assert parts("timestamptz", None) == ["hour_of_day", "day_of_week"]
        assert parts("timestamptz", "hour") == ["hour_of_day", "day_of_week"]
        assert parts("timestamptz", "day") == ["day_of_week"]
        assert parts("date", "day") == ["day_of_week"]
        assert parts("date", None) == ["day_of_week"]
        assert parts("date", "week") == []
        assert parts("date", "month") == []

    def test_a_part_of_the_time_is_no_column(self, tmp_path: Path):
        project = small_project()
        extra = column("hour_of_day", "bigint")
        project.node("fct_calls")["columns"]["hour_of_day"] = extra
        project.semantic_model["dimensions"].append({"name": "hour_of_day", "type": "categorical"})
        with pytest.raises(CatalogueError, match="fct_calls: hour_of_day is derived, not a column"):
            load_catalogue(project.write(tmp_path))

    def test_measure_columns_are_no_dimensions(self, small: Catalogue):
        assert not {"tokens", "cost_usd", "latency_ms"} & set(small.marts["fct_calls"].dimensions)
        assert "sum_of_cost_usd" not in small.marts["fct_monthly_calls"].dimensions

    def test_a_mart_without_semantic_model_has_dimensions_only(self, small: Catalogue):
        vendors = small.marts["dim_vendors"]
        assert set(vendors.dimensions) == {"vendor"}
        assert not vendors.metrics
        assert vendors.time is None
        assert not vendors.is_tenant_scoped

    def test_null_can_be_where_no_constraint_forbids_it(self, small: Catalogue):
        nullable = {d.name for d in small.marts["fct_calls"].dimensions.values() if d.is_nullable}
        assert nullable == {"vendor", "is_late"}

    def test_closed_sets_and_references(self, small: Catalogue):
        dimensions = small.marts["fct_calls"].dimensions
        assert dimensions["kind"].values == ("T-FS-T", "other")
        assert dimensions["vendor"].values is None
        assert dimensions["vendor"].reference == "dim_vendors"

    def test_time_dimension_of_a_base_mart_is_an_instant(self, small: Catalogue):
        mart = small.marts["fct_calls"]
        assert mart.time is not None
        assert (mart.time.name, mart.time.grain) == ("called_at", None)
        assert mart.default_window_months is None

    def test_time_dimension_of_a_rollup_has_a_grain(self, small: Catalogue):
        mart = small.marts["fct_monthly_calls"]
        assert mart.time is not None
        assert (mart.time.name, mart.time.grain) == ("month", Grain.MONTH)
        assert mart.default_window_months == 24
        assert mart.rollup_of == ("fct_calls",)

    def test_ids_that_are_numbers_say_so(self, tmp_path: Path):
        project = small_project()
        project.column("fct_calls", "call_id")["config"]["meta"]["sorts_as"] = "number"
        dimensions = load_catalogue(project.write(tmp_path)).marts["fct_calls"].dimensions
        assert [each.name for each in dimensions.values() if each.sorts_as_number] == ["call_id"]

    def test_deprecation_is_declared_in_meta(self, tmp_path: Path):
        project = small_project()
        project.column("fct_calls", "vendor")["config"]["meta"]["deprecated"] = "use kind"
        project.metric("cost_usd_per_call")["config"]["meta"]["deprecated"] = "use cost_usd"
        mart = load_catalogue(project.write(tmp_path)).marts["fct_calls"]
        assert mart.dimensions["vendor"].deprecated == "use kind"
        assert mart.metrics["cost_usd_per_call"].deprecated == "use cost_usd"
        assert mart.dimensions["kind"].deprecated is None


class TestKey:
    def test_a_column_constraint(self, small: Catalogue):
        assert small.marts["fct_calls"].key == ("call_id",)

    def test_a_model_constraint_goes_first(self, tmp_path: Path):
        project = small_project()
        project.node("fct_calls")["constraints"] = [
            {"type": "primary_key", "columns": ["organization_id", "call_id"]}
        ]
        mart = load_catalogue(project.write(tmp_path)).marts["fct_calls"]
        assert mart.key == ("organization_id", "call_id")

    def test_meta_goes_before_constraints(self, tmp_path: Path):
        project = small_project()
        project.node("fct_calls")["config"]["meta"]["key"] = ["kind", "call_id"]
        mart = load_catalogue(project.write(tmp_path)).marts["fct_calls"]
        assert mart.key == ("kind", "call_id")

    def test_every_dimension_where_none_is_declared(self, small: Catalogue):
        assert small.marts["fct_monthly_calls"].key == ("month", "organization_id", "kind")


class TestMetrics:
    def test_a_simple_metric_is_its_measure(self, small: Catalogue):
        metrics = small.marts["fct_calls"].metrics
        assert metrics["tokens"].formula == Measure(
            "tokens", Aggregation.SUM, "tokens", ValueType.BIGINT
        )
        assert metrics["cost_usd"].type is ValueType.DECIMAL

    @pytest.mark.parametrize(
        ("name", "aggregation", "kind"),
        [
            ("calls", Aggregation.SUM, ValueType.BIGINT),
            ("latency_ms", Aggregation.AVERAGE, ValueType.FLOAT),
            ("late_calls", Aggregation.SUM_BOOLEAN, ValueType.BIGINT),
            ("vendors", Aggregation.COUNT_DISTINCT, ValueType.BIGINT),
            ("slowest_ms", Aggregation.MAX, ValueType.BIGINT),
        ],
    )
    def test_the_type_follows_the_aggregation(
        self, small: Catalogue, name: str, aggregation: Aggregation, kind: ValueType
    ):
        metric = small.marts["fct_calls"].metrics[name]
        assert isinstance(metric.formula, Measure)
        assert (metric.formula.aggregation, metric.type) == (aggregation, kind)

    def test_an_average_of_money_is_money(self, tmp_path: Path):
        project = small_project()
        project.semantic_model["measures"][2]["agg"] = "average"
        project.node("fct_monthly_calls")["columns"].pop("sum_of_cost_usd")
        mart = load_catalogue(project.write(tmp_path)).marts["fct_calls"]
        assert mart.metrics["cost_usd"].type is ValueType.DECIMAL

    def test_a_percentile_keeps_its_share(self, tmp_path: Path):
        project = small_project()
        ask_for_a_percentile(project, percentile=0.95)
        metric = load_catalogue(project.write(tmp_path)).marts["fct_calls"].metrics["tokens"]
        assert metric.type is ValueType.FLOAT
        assert metric.formula == Measure(
            "tokens",
            Aggregation.PERCENTILE,
            "tokens",
            ValueType.FLOAT,
            share=Decimal("0.95"),
            of_whole_numbers=True,
        )

    def test_a_ratio_is_sum_over_sum(self, small: Catalogue):
        formula = small.marts["fct_calls"].metrics["cost_usd_per_call"].formula
        assert isinstance(formula, Ratio)
        assert isinstance(formula.numerator, Measure)
        assert isinstance(formula.denominator, Measure)
        assert (formula.numerator.name, formula.denominator.name) == ("cost_usd", "calls")

    def test_ratios_of_money_are_decimal_others_float(self, small: Catalogue):
        metrics = small.marts["fct_calls"].metrics
        assert metrics["cost_usd_per_call"].type is ValueType.DECIMAL
        assert metrics["tokens_per_call"].type is ValueType.FLOAT

    def test_a_derived_metric_reads_its_inputs_by_alias(self, small: Catalogue):
        formula = small.marts["fct_calls"].metrics["double_cost_usd"].formula
        assert isinstance(formula, Derived)
        assert set(formula.inputs) == {"price"}

    def test_a_rollup_holds_measures_in_columns_of_its_own(self, small: Catalogue):
        formula = small.marts["fct_monthly_calls"].metrics["cost_usd"].formula
        assert formula == Measure("cost_usd", Aggregation.SUM, "sum_of_cost_usd", ValueType.DECIMAL)

    def test_a_rollup_offers_what_its_measures_allow(self, small: Catalogue):
        assert set(small.marts["fct_monthly_calls"].metrics) == {
            "calls",
            "cost_usd",
            "cost_usd_per_call",
            "double_cost_usd",
        }

    def test_metrics_stand_in_order_of_name(self, small: Catalogue):
        names = list(small.marts["fct_calls"].metrics)
        assert names == sorted(names)

    def test_the_unit_ends_the_description(self, small: Catalogue):
        metric = small.marts["fct_calls"].metrics["cost_usd_per_call"]
        assert metric.description == "Text of cost_usd_per_call. Unit: usd_per_call."

    def test_a_simple_metric_has_the_unit_of_its_measure(self, tmp_path: Path):
        project = small_project()
        project.semantic_model["measures"][1]["config"] = {"meta": {"unit": "tokens"}}
        metrics = load_catalogue(project.write(tmp_path)).marts["fct_calls"].metrics
        assert metrics["tokens"].description == "Text of tokens. Unit: tokens."

    @pytest.mark.parametrize(
        ("unit", "kind"),
        [
            ("usd", ValueType.DECIMAL),
            ("count", ValueType.BIGINT),
            ("tokens", ValueType.BIGINT),
            ("ms", ValueType.BIGINT),
        ],
    )
    def test_the_unit_of_an_expression_says_its_type(
        self, tmp_path: Path, unit: str, kind: ValueType
    ):
        project = small_project()
        late = measure("late", "sum", "case when is_late then cost_usd else 0 end")
        project.semantic_model["measures"].append({**late, "config": {"meta": {"unit": unit}}})
        project.semantic["metrics"].append(simple("late"))
        metrics = load_catalogue(project.write(tmp_path)).marts["fct_calls"].metrics
        assert metrics["late"].type is kind

    @pytest.mark.parametrize(
        ("agg", "again"), [("count", Aggregation.SUM), ("min", Aggregation.MIN)]
    )
    def test_a_rollup_aggregates_again_as_the_aggregate_does(
        self, tmp_path: Path, agg: str, again: Aggregation
    ):
        project = small_project()
        project.semantic_model["measures"][2]["agg"] = agg
        formula = load_catalogue(project.write(tmp_path)).marts["fct_monthly_calls"]
        measure = formula.metrics["cost_usd"].formula
        assert isinstance(measure, Measure)
        assert measure.aggregation is again


def unpublish(project: Artifacts) -> None:
    project.node("fct_calls")["access"] = "protected"


def drop_contract(project: Artifacts) -> None:
    project.node("fct_calls")["contract"]["enforced"] = False


def drop_description(project: Artifacts) -> None:
    project.column("fct_calls", "kind")["description"] = " "


def drop_setting(project: Artifacts) -> None:
    del project.exposure["config"]["meta"]["api_role"]


def drop_exposure(project: Artifacts) -> None:
    project.manifest["exposures"].clear()


def forget_a_column(project: Artifacts) -> None:
    extra = column("region", "string")
    project.node("fct_calls")["columns"]["region"] = extra


def use_unknown_type(project: Artifacts) -> None:
    project.column("fct_calls", "kind")["data_type"] = "jsonb"


def use_unknown_format(project: Artifacts) -> None:
    project.column("fct_calls", "vendor")["config"]["meta"]["format"] = "xml"


def say_that_a_number_is_json(project: Artifacts) -> None:
    project.column("fct_calls", "tokens")["config"]["meta"]["format"] = "json"


def use_unknown_aggregation(project: Artifacts) -> None:
    project.semantic_model["measures"][1]["agg"] = "median"


def ask_for_a_percentile(project: Artifacts, **params: object) -> None:
    measure = project.semantic_model["measures"][1]
    measure |= {"agg": "percentile", "agg_params": params or None}
    # What does not add up cannot be stored either.
    project.node("fct_monthly_calls")["columns"].pop("tokens", None)


def use_discrete_percentile(project: Artifacts) -> None:
    ask_for_a_percentile(project, percentile=0.5, use_discrete_percentile=True)


def use_approximate_percentile(project: Artifacts) -> None:
    ask_for_a_percentile(project, percentile=0.5, use_approximate_percentile=True)


def forget_which_percentile(project: Artifacts) -> None:
    ask_for_a_percentile(project)


def take_a_percentage_for_a_share(project: Artifacts) -> None:
    ask_for_a_percentile(project, percentile=95)


def measure_a_missing_column(project: Artifacts) -> None:
    project.semantic_model["measures"][1]["expr"] = "token"


def roll_up_an_unknown_measure(project: Artifacts) -> None:
    project.column("fct_monthly_calls", "calls")["config"]["meta"]["measure"] = "call"


def roll_up_distinct_counts(project: Artifacts) -> None:
    project.column("fct_monthly_calls", "calls")["config"]["meta"]["measure"] = "vendors"


def roll_up_averages(project: Artifacts) -> None:
    project.column("fct_monthly_calls", "calls")["config"]["meta"]["measure"] = "latency_ms"


def use_unknown_grain(project: Artifacts) -> None:
    project.node("fct_monthly_calls")["config"]["meta"]["grain"] = "fortnight"


def use_unreadable_window(project: Artifacts) -> None:
    project.node("fct_monthly_calls")["config"]["meta"]["default_window_months"] = "two years"


def use_missing_time_dimension(project: Artifacts) -> None:
    project.node("fct_monthly_calls")["config"]["meta"]["time_dimension"] = "week"


def use_missing_agg_time_dimension(project: Artifacts) -> None:
    project.semantic_model["defaults"]["agg_time_dimension"] = "asked_at"


def use_missing_key(project: Artifacts) -> None:
    project.node("fct_calls")["config"]["meta"]["key"] = ["id"]


def hide_what_is_summed(project: Artifacts) -> None:
    project.semantic_model["measures"][1]["expr"] = "tokens * 2"


def refer_to_a_mart_that_is_not_served(project: Artifacts) -> None:
    project.exposure["depends_on"]["nodes"].remove("model.small.dim_vendors")


def refer_to_a_mart_without_the_column(project: Artifacts) -> None:
    project.column("fct_calls", "vendor")["config"]["meta"]["reference"] = "fct_monthly_calls"


def serve_a_source(project: Artifacts) -> None:
    project.exposure["depends_on"]["nodes"].append("source.small.raw.calls")


def use_cumulative_metric(project: Artifacts) -> None:
    project.metric("cost_usd_per_call")["type"] = "cumulative"


def filter_a_metric(project: Artifacts) -> None:
    project.metric("calls")["filter"] = {"where_filters": ["{{ Dimension('call__kind') }}"]}


def filter_a_measure(project: Artifacts) -> None:
    project.metric("calls")["type_params"]["measure"]["filter"] = {"where_filters": ["x"]}


def filter_a_numerator(project: Artifacts) -> None:
    project.metric("cost_usd_per_call")["type_params"]["numerator"]["filter"] = ["x"]


def filter_an_input(project: Artifacts) -> None:
    project.metric("double_cost_usd")["type_params"]["metrics"][0]["filter"] = ["x"]


def offset_an_input(project: Artifacts) -> None:
    project.metric("double_cost_usd")["type_params"]["metrics"][0]["offset_window"] = "1 month"


def offset_to_a_grain(project: Artifacts) -> None:
    project.metric("double_cost_usd")["type_params"]["metrics"][0]["offset_to_grain"] = "month"


def sort_by_an_unknown_order(project: Artifacts) -> None:
    project.column("fct_calls", "call_id")["config"]["meta"]["sorts_as"] = "length"


def name_a_set_of_values_that_nobody_knows(project: Artifacts) -> None:
    project.column("fct_calls", "kind")["config"]["meta"]["accepted_values"] = "kinds"


def drop_metric_description(project: Artifacts) -> None:
    project.metric("calls")["description"] = None


REFUSALS: list[tuple[Callable[[Artifacts], None], str]] = [
    (unpublish, "fct_calls is in the exposure but not public with a contract"),
    (drop_contract, "fct_calls is in the exposure but not public with a contract"),
    (drop_description, "fct_calls.kind has no description"),
    (drop_setting, "exposure graphql_api: config.meta.api_role is missing"),
    (drop_exposure, "no exposure 'graphql_api' in the manifest"),
    (forget_a_column, "fct_calls: region is neither dimension nor measure: add it"),
    (use_unknown_type, "fct_calls.kind: data_type 'jsonb' cannot be served; known are string"),
    (use_unknown_aggregation, "fct_calls: measure 'tokens' has aggregation 'median'"),
    (use_discrete_percentile, "fct_calls: measure 'tokens' is a discrete or approximate"),
    (use_approximate_percentile, "fct_calls: measure 'tokens' is a discrete or approximate"),
    (forget_which_percentile, "fct_calls: measure 'tokens' needs agg_params.percentile .* None"),
    (take_a_percentage_for_a_share, "fct_calls: measure 'tokens' needs .* from 0 to 1, not 95"),
    (use_unknown_format, "fct_calls.vendor: config.meta.format is 'xml' of a string"),
    (say_that_a_number_is_json, "fct_calls.tokens: config.meta.format is 'json' of a bigint"),
    (measure_a_missing_column, "fct_calls: measure 'tokens' reads no column 'token'"),
    (roll_up_an_unknown_measure, "fct_monthly_calls.calls: no measure is called 'call'"),
    (roll_up_distinct_counts, "fct_monthly_calls.calls: count_distinct values .* do not add up"),
    (roll_up_averages, "fct_monthly_calls.calls: average values .* do not add up"),
    (use_unknown_grain, "fct_monthly_calls: .*grain.* 'fortnight'.*hour, day, week, month"),
    (use_unreadable_window, "fct_monthly_calls: .*default_window_months.* 'two years'"),
    (use_missing_time_dimension, "fct_monthly_calls: 'week' .* none of its dimensions"),
    (use_missing_agg_time_dimension, "fct_calls: 'asked_at' .* none of its dimensions"),
    (use_missing_key, "fct_calls: 'id' .* none of its dimensions"),
    (hide_what_is_summed, "fct_calls: measure 'tokens' is an expression, so config.meta.unit must"),
    (refer_to_a_mart_that_is_not_served, "fct_calls.vendor: .*'dim_vendors'.* not served"),
    (refer_to_a_mart_without_the_column, "fct_calls.vendor: .*'fct_monthly_calls'.* no vendor"),
    (serve_a_source, r"exposure graphql_api: .*source\.small\.raw\.calls.* no model"),
    (use_cumulative_metric, "metric 'cost_usd_per_call' is of type 'cumulative'; served are"),
    (filter_a_metric, "metric 'calls' has a filter; write the condition into"),
    (filter_a_measure, "metric 'calls' has a filter"),
    (filter_a_numerator, "metric 'cost_usd_per_call' has a filter"),
    (filter_an_input, "metric 'double_cost_usd' has a filter"),
    (offset_an_input, "metric 'double_cost_usd' has an offset"),
    (offset_to_a_grain, "metric 'double_cost_usd' has an offset"),
    (sort_by_an_unknown_order, "fct_calls.call_id: .*sorts_as is 'length'; known is number"),
    (name_a_set_of_values_that_nobody_knows, "fct_calls.kind: .*'kinds'; say source_systems"),
    (drop_metric_description, "metric 'calls' has no description"),
]


class TestRefusals:
    """The server does not start, and one line says what to change where."""

    @pytest.mark.parametrize(
        ("spoil", "message"), REFUSALS, ids=[spoil.__name__ for spoil, _ in REFUSALS]
    )
    def test_of_a_declaration(
        self, tmp_path: Path, spoil: Callable[[Artifacts], None], message: str
    ):
        project = small_project()
        spoil(project)
        with pytest.raises(CatalogueError, match=message):
            load_catalogue(project.write(tmp_path))

    @pytest.mark.parametrize("name", ["manifest.json", "semantic_manifest.json"])
    def test_of_a_missing_file_names_the_command_that_makes_it(self, tmp_path: Path, name: str):
        (small_project().write(tmp_path) / name).unlink()
        with pytest.raises(CatalogueError, match=rf"{name} is missing: run `make build`"):
            load_catalogue(tmp_path)

    @pytest.mark.parametrize("text", ["{", "", "[]", '{"metadata": 1}'])
    def test_of_an_unreadable_file(self, tmp_path: Path, text: str):
        (small_project().write(tmp_path) / "manifest.json").write_text(text)
        with pytest.raises(CatalogueError, match=r"manifest.json cannot be read .*dbt parse"):
            load_catalogue(tmp_path)

    def test_of_a_file_that_is_a_folder(self, tmp_path: Path):
        (tmp_path / "manifest.json").mkdir()
        with pytest.raises(CatalogueError, match="cannot be read"):
            load_catalogue(tmp_path)

    def test_of_another_version_of_dbt(self, tmp_path: Path):
        project = small_project()
        version = "https://schemas.getdbt.com/dbt/manifest/v11.json"
        project.manifest["metadata"]["dbt_schema_version"] = version
        with pytest.raises(CatalogueError, match=r"version .*v11\.json.*reads .*v12\.json"):
            load_catalogue(project.write(tmp_path))

    def test_are_one_line(self, tmp_path: Path):
        (tmp_path / "manifest.json").write_text(json.dumps({"metadata": {}}))
        with pytest.raises(CatalogueError) as refusal:
            load_catalogue(tmp_path)
        assert "\n" not in str(refusal.value)


def test_known_values_are_looked_for_in_the_smallest_mart_of_the_family(small: Catalogue):
    base = small.marts["fct_calls"]
    assert small.coarsest_with("kind", base).name == "fct_monthly_calls"
    assert small.coarsest_with("vendor", base).name == "fct_calls"
