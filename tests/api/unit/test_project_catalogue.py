"""The catalogue of this project's own artefacts, and the schema it makes."""

import pytest
from graphql import GraphQLEnumType, GraphQLObjectType
from strawberry.utils.str_converters import to_camel_case

from graphql_api.catalogue.model import Catalogue, Grain, Measure, ValueType, camel_case
from graphql_api.schema.reports import REPORTS
from tests.api.unit.asking import Api


def test_the_headline_mart_is_as_its_issue_defines_it(catalogue: Catalogue):
    mart = catalogue.marts["fct_monthly_usage"]
    assert list(mart.dimensions) == [
        "month",
        "source_system",
        "organization_id",
        "project_id",
        "modality",
        "provider",
        "model",
    ]
    assert {
        "llm_call_requests",
        "llm_chain_requests",
        "requests",
        "cost_usd",
        "eval_runs",
        "eval_cost_usd",
        "input_tokens",
        "output_tokens",
        "total_tokens",
    } <= set(mart.metrics)
    assert mart.time is not None
    assert (mart.time.name, mart.time.grain) == ("month", Grain.MONTH)
    assert mart.default_window_months == 24
    assert mart.dimensions["modality"].values == ("T-FS-T", "S-FS-S", "STT", "TTS", "OTHER")
    assert mart.dimensions["provider"].reference == "dim_providers"


def test_a_roll_up_and_its_base_agree_on_types(catalogue: Catalogue):
    for rollup in catalogue.marts.values():
        for base in (catalogue.marts[name] for name in rollup.rollup_of):
            for name in set(rollup.metrics) & set(base.metrics):
                assert rollup.metrics[name].type is base.metrics[name].type, name
            for name in set(rollup.dimensions) & set(base.dimensions):
                assert rollup.dimensions[name].type is base.dimensions[name].type, name


@pytest.mark.parametrize(
    ("suffix", "kind"), [("_usd", ValueType.DECIMAL), ("_tokens", ValueType.BIGINT)]
)
def test_money_is_decimal_and_tokens_are_whole(catalogue: Catalogue, suffix: str, kind: ValueType):
    for mart in catalogue.marts.values():
        measured = [each for each in mart.metrics.values() if isinstance(each.formula, Measure)]
        assert {each.type for each in measured if each.name.endswith(suffix)} <= {kind}


def test_every_metric_says_its_unit(catalogue: Catalogue):
    silent = [
        f"{mart.name}.{metric.name}"
        for mart in catalogue.marts.values()
        for metric in mart.metrics.values()
        if "Unit: " not in metric.description
    ]
    assert not silent


def test_no_text_ends_in_white_space(catalogue: Catalogue):
    for mart in catalogue.marts.values():
        for each in (mart, *mart.dimensions.values(), *mart.metrics.values()):
            assert each.description == each.description.strip()


def test_every_fact_belongs_to_a_tenant(catalogue: Catalogue):
    facts = [mart for mart in catalogue.marts.values() if mart.name.startswith("fct_")]
    assert facts
    for mart in facts:
        assert mart.is_tenant_scoped
        assert {"source_system", "organization_id"} <= set(mart.dimensions)
        assert not mart.dimensions["organization_id"].is_nullable
        assert not mart.dimensions["source_system"].is_nullable


def test_declared_keys_are_never_null(catalogue: Catalogue):
    for mart in catalogue.marts.values():
        if mart.key == tuple(n for n, each in mart.dimensions.items() if not each.part):
            continue  # None is declared: all dimensions together identify a row, null or not.
        # The time of a request belongs to its key, and may be unknown.
        nullable = [name for name in mart.key if mart.dimensions[name].is_nullable]
        assert nullable == (["requested_at"] if mart.name == "fct_requests" else []), mart.name


def test_there_is_one_root_field_per_mart_and_per_report(api: Api, catalogue: Catalogue):
    query = api.schema._schema.query_type
    assert query is not None
    marts = {mart.label for mart in catalogue.marts.values()}
    assert set(query.fields) == marts | {camel_case(report.name) for report in REPORTS}


def test_every_type_field_and_argument_of_a_mart_has_the_words_of_dbt(
    api: Api, catalogue: Catalogue
):
    for mart in catalogue.marts.values():
        name = "".join(part.capitalize() for part in mart.public_name.split("_"))
        row = api.schema._schema.type_map[f"{name}Row"]
        assert isinstance(row, GraphQLObjectType)
        assert row.description == mart.description
        for column in (*mart.dimensions.values(), *mart.metrics.values()):
            field = row.fields[to_camel_case(column.name)]
            assert field.description == column.description, f"{name}.{column.name}"


def test_every_type_of_the_schema_is_described(api: Api):
    undescribed = [
        name
        for name, kind in api.schema._schema.type_map.items()
        if not name.startswith("__")
        and name not in ("Query", "Boolean", "Float", "Int", "String")
        and not kind.description
        # Names of columns: their values carry the texts.
        and not isinstance(kind, GraphQLEnumType)
    ]
    assert not undescribed


def test_names_for_callers_are_those_that_strawberry_makes(catalogue: Catalogue):
    for mart in catalogue.marts.values():
        for name in (*mart.dimensions, *mart.metrics, mart.public_name):
            assert camel_case(name) == to_camel_case(name)
