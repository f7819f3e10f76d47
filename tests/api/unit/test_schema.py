"""The GraphQL types made of a catalogue, seen as SDL; and what cannot be one schema."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import camel_case
from graphql_api.errors import CatalogueError, InvalidQueryError
from graphql_api.query.executor import Answer
from graphql_api.query.request import QueryRequest
from graphql_api.schema.export import SDL_PATH, render
from graphql_api.schema.reports import REPORTS
from tests.api.unit.artifacts import (
    Artifacts,
    column,
    measure,
    simple,
    small_project,
)
from tests.api.unit.asking import Api, RecordingExecutor

Edit = Callable[[Artifacts], None]


@pytest.fixture
def api_of(tmp_path: Path) -> Callable[[Edit], Api]:
    def make(edit: Edit) -> Api:
        project = small_project()
        edit(project)
        return Api(load_catalogue(project.write(tmp_path)))

    return make


@pytest.fixture
def sdl(api_of: Callable[[Edit], Api]) -> str:
    return api_of(lambda project: None).schema.as_str()


def block(sdl: str, opening: str) -> str:
    """One definition of the SDL, without descriptions."""
    body = sdl[sdl.index(f"{opening} {{") :].split("\n}", 1)[0]
    bare = re.sub(r'""".*?"""', "", body, flags=re.DOTALL)
    lines = [line for line in bare.splitlines() if line.strip()]
    return "\n".join(line.rstrip() for line in lines)


class TestTypes:
    def test_of_a_row(self, sdl: str):
        assert block(sdl, "type CallsRow") == "\n".join(
            [
                "type CallsRow {",
                "  callId: String",
                "  organizationId: String",
                "  kind: Kind",
                "  vendor: String",
                "  isLate: Boolean",
                "  calledAt: DateTime",
                "  hourOfDay: BigInt",
                "  dayOfWeek: BigInt",
                "  calls: BigInt",
                "  costUsd: Decimal",
                "  costUsdPerCall: Decimal",
                "  doubleCostUsd: Decimal",
                "  lateCalls: BigInt",
                "  latencyMs: Float",
                "  slowestMs: BigInt",
                "  tokens: BigInt",
                "  tokensPerCall: Float",
                "  vendors: BigInt",
                "  isOther: Boolean!",
                "  comparisons: [CallsComparison!]!",
            ]
        )

    def test_of_a_filter(self, sdl: str):
        assert block(sdl, "input CallsFilter") == "\n".join(
            [
                "input CallsFilter {",
                "  callId: StringFilter",
                "  organizationId: StringFilter",
                "  kind: KindFilter",
                "  vendor: StringFilter",
                "  isLate: BooleanFilter",
                "  calledAt: DateTimeFilter",
                "  hourOfDay: BigIntFilter",
                "  dayOfWeek: BigIntFilter",
                "  and: [CallsFilter!]",
                "  or: [CallsFilter!]",
                "  not: CallsFilter",
            ]
        )

    def test_of_a_closed_set(self, sdl: str):
        assert block(sdl, "enum Kind") == "enum Kind {\n  T_FS_T\n  OTHER"
        assert "eq: Kind\n" in block(sdl, "input KindFilter")
        assert "contains" not in block(sdl, "input KindFilter")

    def test_of_json_in_a_text(self, api_of: Callable[[Edit], Api]):
        def hold_json(project: Artifacts) -> None:
            project.column("fct_calls", "vendor")["config"]["meta"] = {"format": "json"}

        sdl = api_of(hold_json).schema.as_str()
        assert "  vendor: JSON\n" in block(sdl, "type CallsRow")
        for opening in ("input CallsFilter", "enum CallsDimension", "enum CallsOrderField"):
            assert "vendor" not in block(sdl, opening).lower().replace(":", " ").split()

    def test_of_instants_that_are_measures(self, api_of: Callable[[Edit], Api]):
        def measure_first_call(project: Artifacts) -> None:
            project.semantic_model["measures"].append(measure("first_at", "min", "called_at"))
            project.semantic["metrics"].append(simple("first_at"))

        sdl = api_of(measure_first_call).schema.as_str()
        assert "  firstAt: DateTime" in block(sdl, "type CallsRow")
        assert "  firstAt: DateTimeFilter" in block(sdl, "input CallsHaving")
        assert "  FIRST_AT" in block(sdl, "enum CallsOrderField")
        assert "FIRST_AT" not in block(sdl, "enum CallsMeasure"), "an instant cannot be drawn"

    def test_of_windows_by_the_type_of_time(self, sdl: str):
        assert "  window: DateTimeWindow!" in block(sdl, "type CallsResult")
        assert "  window: DateWindow!" in block(sdl, "type MonthlyCallsResult")
        assert "window" not in block(sdl, "type VendorsResult")

    def test_of_results_with_and_without_measures_and_time(self, sdl: str):
        assert "chart(measure: CallsMeasure!): CallsChart!" in block(sdl, "type CallsResult")
        assert "totals: CallsTotals!" in block(sdl, "type CallsResult")
        assert "chart" not in block(sdl, "type VendorsResult")
        assert "totals" not in block(sdl, "type VendorsResult")

    def test_of_arguments(self, sdl: str):
        query = block(sdl, "type Query")
        (calls,) = [line for line in query.splitlines() if line.startswith("  calls(")]
        assert calls == (
            "  calls(filter: CallsFilter, groupBy: [CallsDimension!], timeGrain: TimeGrain,"
            ' fill: Fill, timezone: String = "UTC", having: CallsHaving, top: CallsTop,'
            " compareTo: [Comparison!], orderBy: [CallsOrder!],"
            " first: Int! = 100, offset: Int! = 0, after: String, asOf: DateTime): CallsResult!"
        )
        (monthly,) = [line for line in query.splitlines() if line.startswith("  monthlyCalls(")]
        assert "timezone" not in monthly
        (vendors,) = [line for line in query.splitlines() if line.startswith("  vendors(")]
        assert not {"timeGrain", "fill", "having", "timezone"} & set(vendors.split())

    def test_every_field_about_instants_takes_a_zone(self, api: Api):
        """Reports on tags are about UTC's dates, which no zone can cut again."""
        marts = {mart.public_name: mart for mart in api.catalogue.marts.values()}
        reports = {each.name: marts[each.mart] for each in REPORTS if not each.is_public}
        query = api.schema._schema.query_type
        assert query is not None
        without = {name for name, field in query.fields.items() if "timezone" not in field.args}
        dated = {name for name, mart in (marts | reports).items() if not mart.has_instants}
        assert without == {*map(camel_case, dated), "publicTicker"}
        assert {"tagActivity", "tagSummary", "tagUsers", "dailyTagUsage"} <= without

    def test_say_what_is_deprecated(self, api_of: Callable[[Edit], Api]):
        def deprecate(project: Artifacts) -> None:
            project.column("fct_calls", "vendor")["config"]["meta"]["deprecated"] = "use kind"
            project.metric("tokens")["config"]["meta"]["deprecated"] = "use calls"

        sdl = api_of(deprecate).schema.as_str()
        row = block(sdl, "type CallsRow")
        assert '  vendor: String @deprecated(reason: "use kind")' in row
        assert '  tokens: BigInt @deprecated(reason: "use calls")' in row
        assert '  VENDOR @deprecated(reason: "use kind")' in block(sdl, "enum CallsDimension")
        assert '  TOKENS @deprecated(reason: "use calls")' in block(sdl, "enum CallsMeasure")

    def test_of_values_that_are_no_names(self, api_of: Callable[[Edit], Api]):
        def use_odd_values(project: Artifacts) -> None:
            for mart in ("fct_calls", "fct_monthly_calls"):
                project.accept(mart, "kind", "4k", "a b/c", "ü")

        sdl = api_of(use_odd_values).schema.as_str()
        assert block(sdl, "enum Kind") == "enum Kind {\n  _4K\n  A_B_C\n  _"


class TestRefusals:
    def test_of_values_that_share_a_name(self, api_of: Callable[[Edit], Api]):
        def use_values_alike(project: Artifacts) -> None:
            for mart in ("fct_calls", "fct_monthly_calls"):
                project.accept(mart, "kind", "T-FS-T", "t_fs_t")

        with pytest.raises(CatalogueError, match=r"kind: .*'t_fs_t'.*one name .*T_FS_T"):
            api_of(use_values_alike)

    def test_of_closed_sets_that_differ_between_marts(self, api_of: Callable[[Edit], Api]):
        def widen_one(project: Artifacts) -> None:
            project.accept("fct_calls", "kind", "T-FS-T", "other", "new")

        with pytest.raises(CatalogueError, match="kind accepts different values in different"):
            api_of(widen_one)

    def test_of_a_name_that_is_dimension_and_metric(self, api_of: Callable[[Edit], Api]):
        def name_a_column_calls(project: Artifacts) -> None:
            project.node("fct_calls")["columns"]["calls"] = column("calls", "bigint")
            project.semantic_model["dimensions"].append({"name": "calls", "type": "categorical"})

        with pytest.raises(CatalogueError, match="fct_calls: calls is both dimension and metric"):
            api_of(name_a_column_calls)


class BrokenExecutor(RecordingExecutor):
    """Raises what it was given."""

    def __init__(self, error: Exception) -> None:
        super().__init__(Answer())
        self.error = error

    async def run(self, request: QueryRequest) -> Answer:
        raise self.error


class TestErrors:
    def test_of_the_caller_are_shown(self, api: Api):
        error = InvalidQueryError("say it otherwise", argument="filter", allowed=["a"])
        result = api.execute_with(BrokenExecutor(error), "{ requests { totalCount } }")
        assert result.errors
        assert result.errors[0].message == "say it otherwise"
        assert result.errors[0].extensions == {
            "code": "INVALID_ARGUMENT",
            "argument": "filter",
            "allowed": ["a"],
        }

    def test_of_ours_are_logged_and_masked(self, api: Api, caplog: pytest.LogCaptureFixture):
        with caplog.at_level(logging.ERROR):
            result = api.execute_with(
                BrokenExecutor(RuntimeError("secret of the house")), "{ requests { totalCount } }"
            )
        assert result.errors
        (error,) = result.errors
        assert "secret" not in error.message
        assert error.extensions is not None
        assert error.extensions["code"] == "INTERNAL"
        assert error.extensions["id"] in error.message
        assert error.extensions["id"] in caplog.text
        assert "secret of the house" in caplog.text

    @pytest.mark.parametrize(
        "document", ["{", "{ nothing }", '{ requests(first: "x") { totalCount } }']
    )
    def test_of_the_document_have_a_code(self, api: Api, document: str):
        result, _ = api.execute(document)
        assert result.errors
        assert all((error.extensions or {}).get("code") for error in result.errors)


def test_the_export_is_what_the_server_serves(api: Api, parsed_target: Path):
    assert render(parsed_target) == api.schema.as_str() + "\n"
    assert SDL_PATH.name == "schema.graphql"
