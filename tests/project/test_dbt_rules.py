"""House rules of the dbt project that dbt does not know."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

from tests.project.artifacts import (
    ROW_TESTS,
    Json,
    Project,
    closed_sets,
    constrained,
    kind_of,
    looked_for,
    named_in,
)
from tests.project.files import relative, sql_models, tracked_files
from tests.support.dbt import PROJECT_ROOT

# Models without a key test of their own, and what makes up for it.
KEY_TESTED_ELSEWHERE = {
    "int_requests": "fct_requests selects every row of it and tests the key",
    "inc_row_issues": "fct_rejected_rows selects every row of it and tests the key",
    "int_requests_reported": "int_requests selects every row of it",
    **{
        f"int_{name}": "fct_requests selects every row of it and tests the key"
        for name in (
            "kaapi__llm_calls_classified",
            "kaapi__llm_chains_attributed",
            "auto_analyst__model_usage_tiered",
        )
    },
    "int_own_price_periods_left": "what it leaves to the book is tested in int_model_price_matches",
    "int_price_periods_left": "what it leaves to the book is tested in int_model_prices",
    "int_price_book_prices": "int_model_prices selects every row of it and tests the key",
    "int_price_names": "int_price_name_candidates selects every row of it and tests the key",
    "int_price_name_findings": "int_model_price_matches tests the key",
    # Materialized as `gathered`: rows of a mart, which tests their key.
    "inc_requests_of_affected_days": "rows of fct_requests",
    "inc_requests_of_affected_sessions": "rows of fct_requests",
    "inc_days_of_affected_months": "rows of fct_daily_usage",
    "inc_evaluation_runs_of_affected_months": "rows of fct_evaluation_runs",
}


def key_tested_elsewhere(project: Project) -> dict[str, str]:
    """Models without a key test of their own; each source system has some."""
    exceptions = dict(KEY_TESTED_ELSEWHERE)
    for system in project.source_systems:
        exceptions[f"int_{system}__requests"] = "fct_requests tests the key of every row of it"
        # A test would read all raw rows once more, at another time than the build did.
        exceptions[f"audit_{system}__raw_totals"] = "fct_cost_reconciliation adds up its rows"
    requests = {source["unique_id"] for source in project.request_sources}
    for node in project.models:
        if node["name"].startswith("stg_") and requests & set(node["depends_on"]["nodes"]):
            exceptions[node["name"]] = "rows are extracted after it is made"
    return exceptions


# Models that are empty, or no more than a mart, unless a build stands on a published one, of which
# unit tests know none. Builds after builds are compared with builds of everything instead.
TESTED_BY_BUILDS = re.compile(
    r"inc_candidate_requests|inc_archived_requests|inc_row_issues"
    r"|inc_affected_\w+|inc_\w+_of_affected_\w+"
)

# What tells rows apart by columns that may be null, and which.
NULL_IN_KEYS = {
    "fct_daily_usage": {"user_id", "endpoint", "http_method", "is_successful"},
    "fct_requests": {"requested_at"},
    "inc_candidate_requests": {"requested_at"},
    "fct_hourly_usage": {"is_successful"},
    "fct_daily_latency": {"is_successful"},
    "fct_daily_tag_usage": {"day", "user_id", "api_key_id"},
    # Empty: the price always held.
    "price_book": {"valid_from"},
    "price_overrides": {"valid_from"},
    "fct_cost_reconciliation": {"month"},
}

# Folders of macros whose rules models share: each is tested by a model that calls it.
RULES = ("staging", "pricing", "measures", "cross_db")


def yaml_files() -> list[Path]:
    return [
        path
        for path in tracked_files()
        if path.suffix in (".yml", ".yaml") and relative(path).startswith(("models/", "seeds/"))
    ]


def rule_macros(project: Project) -> dict[str, str]:
    """Unique ids of the shared rules (the name without an engine's prefix) and their folders."""
    found = {}
    for unique_id, macro in project.manifest["macros"].items():
        path = Path(macro["original_file_path"])
        if (
            macro["package_name"] == "usage_warehouse"
            and path.parts[1] in RULES
            # No rules about values: how a statement is run, a type or a zone is named.
            and path.name not in ("statements.sql", "types.sql")
            and not re.match(r"(default|postgres|spark)__", macro["name"])
        ):
            found[unique_id] = path.parts[1]
    return found


class TestKeys:
    @staticmethod
    def key_of(project: Project, node: Json) -> set[str] | None:
        """Columns whose combination a test holds unique."""
        for test in project.tests_of(node):
            arguments = test["test_metadata"]["kwargs"]
            if kind_of(test) == "unique":
                return {arguments["column_name"]}
            if kind_of(test) == "unique_combination_of_columns":
                return set(arguments["columns"])
        return None

    @staticmethod
    def not_null(project: Project, node: Json) -> set[str]:
        """Columns in which a null fails the build."""
        return {
            column
            for test in project.tests_of(node)
            if kind_of(test) == "has_valid_rows"
            for column in looked_for(test, node).not_null
        }

    def test_every_model_and_seed_has_one_that_is_unique_and_never_null(self, project: Project):
        faults = []
        exceptions = key_tested_elsewhere(project)
        for node in (*project.models, *project.seeds):
            if node["name"] in exceptions:
                continue
            key = self.key_of(project, node)
            if key is None:
                faults.append(f"{node['name']}: no test holds a key unique")
                continue
            missing = sorted(
                key - self.not_null(project, node) - NULL_IN_KEYS.get(node["name"], set())
            )
            if missing:
                faults.append(f"{node['name']}: no test for nulls in {', '.join(missing)}")
        assert not faults

    def test_exceptions_are_still_needed(self, project: Project):
        by_name = {node["name"]: node for node in project.models}
        for name in key_tested_elsewhere(project):
            assert self.key_of(project, by_name[name]) is None, name

    def test_the_declared_key_is_the_tested_one(self, project: Project):
        for mart in project.marts:
            declared = mart["config"]["meta"].get("key")
            if declared is not None:
                assert set(declared) == self.key_of(project, mart), mart["name"]

    def test_what_a_contract_holds_not_null_is_tested_too(self, project: Project):
        """Constraints hold on Postgres; on other engines the test does."""
        for mart in project.marts:
            assert constrained(mart) == self.not_null(project, mart), mart["name"]

    def test_facts_belong_to_tenants_and_projects_that_exist(self, project: Project):
        for mart in project.served:
            # A row that is rejected may name no tenant: administrators alone see it.
            if project.semantic_model_of(mart) is None or mart["name"] == "fct_rejected_rows":
                continue
            tested = {
                tuple(test["test_metadata"]["kwargs"]["columns"])
                for test in project.tests_of(mart)
                if kind_of(test) == "exists_in"
            }
            tenant = ("source_system", "organization_id")
            for columns, list_name in (
                (tenant, "dim_organizations"),
                ((*tenant, "project_id"), "dim_projects"),
            ):
                assert columns in tested, (
                    f"{mart['name']} is not held to {list_name}: add the data test exists_in with "
                    f"the columns {', '.join(columns)}"
                )


class TestOneScan:
    """A data test is a node of dbt and a scan of its table: promises about rows share both."""

    ONE_EACH = ("not_null", "accepted_values", "accepted_range")

    def test_promises_about_rows_are_looked_at_together(self, project: Project):
        for test in project.tests:
            assert kind_of(test) not in self.ONE_EACH, f"{test['name']}: use has_valid_rows"

    def test_a_model_has_one_of_each_kind(self, project: Project):
        found = Counter(
            (test["attached_node"], kind_of(test))
            for test in project.tests
            if kind_of(test) in ROW_TESTS
        )
        assert found
        assert not [each for each, count in found.items() if count > 1]

    def test_only_what_a_source_did_wrong_is_a_warning(self, project: Project):
        for test in project.tests:
            if kind_of(test) in ROW_TESTS:
                expected = {"has_valid_rows": "error", "has_plausible_rows": "warn"}
                assert test["config"]["severity"].lower() == expected[kind_of(test)], test["name"]

    def test_columns_exist_and_no_rows_are_left_out(self, project: Project):
        for node in (*project.models, *project.seeds):
            for test in project.tests_of(node):
                if kind_of(test) in ROW_TESTS:
                    named = named_in(test)
                    assert named.not_null | named.not_negative <= set(node["columns"]), test["name"]
                    assert test["config"]["where"] is None, test["name"]

    def test_rules_are_named_as_sentences(self, project: Project):
        rules = [
            name
            for test in project.tests
            if kind_of(test) in ROW_TESTS
            for name in named_in(test).rules
        ]
        assert rules
        assert not [name for name in rules if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){3,}", name)]

    def test_a_contract_is_not_repeated(self, project: Project):
        for mart in project.marts:
            for test in project.tests_of(mart):
                if kind_of(test) in ROW_TESTS:
                    assert not named_in(test).not_null & constrained(mart), test["name"]


class TestAudit:
    """What marts are held to is found by other means: else one fault would hide another."""

    @staticmethod
    def audit(project: Project) -> list[Json]:
        return [
            node
            for node in project.models
            if node["original_file_path"].startswith("models/reconciliation/")
        ]

    def test_counts_the_raw_rows_of_every_source_system(self, project: Project):
        names = {node["name"] for node in self.audit(project)}
        for system in project.source_systems:
            audit = f"audit_{system}__raw_totals"
            assert audit in names, f"nothing counts the raw rows of {system}: add the model {audit}"

    def test_shares_no_rule_with_the_models(self, project: Project):
        rules = set(rule_macros(project))
        audit = self.audit(project)
        elsewhere = {
            macro
            for node in project.models
            if node not in audit
            for macro in node["depends_on"]["macros"]
        }
        used = {macro for node in audit for macro in node["depends_on"]["macros"]}
        assert rules & used
        assert not rules & used & elsewhere

    def test_is_read_by_the_reconciliation_alone(self, project: Project):
        audit = {node["unique_id"] for node in self.audit(project)}
        readers = {
            node["name"]
            for node in project.models
            if node["unique_id"] not in audit and audit & set(node["depends_on"]["nodes"])
        }
        # The latter only has them counted, in the transaction that lands rows.
        assert readers == {"fct_cost_reconciliation", "inc_candidate_requests"}

    def test_totals_are_counted_only_with_the_rows_that_a_build_reads(self, project: Project):
        """Views, whose result a hook writes down in the transaction that reads the raw rows."""
        totals = [each for each in self.audit(project) if each["name"].endswith("__raw_totals")]
        assert totals
        for node in totals:
            assert node["config"]["materialized"] == "view", node["name"]
            readers = [
                each["name"]
                for each in project.tests
                if node["unique_id"] in each["depends_on"]["nodes"]
            ]
            assert not readers, node["name"]


class TestClosedSets:
    def test_a_column_accepts_the_same_values_in_every_mart(self, project: Project):
        accepted: dict[str, dict[tuple[str, ...], list[str]]] = defaultdict(dict)
        for mart in project.marts:
            for name, values in closed_sets(mart).items():
                accepted[name].setdefault(values, []).append(mart["name"])
        assert accepted
        assert not {name: found for name, found in accepted.items() if len(found) > 1}

    def test_a_column_that_is_closed_somewhere_is_closed_everywhere(self, project: Project):
        closed = {name for mart in project.marts for name in closed_sets(mart)}
        for mart in project.marts:
            left_open = sorted(set(mart["columns"]) & closed - set(closed_sets(mart)))
            assert not left_open, (
                f"{mart['name']}: {', '.join(left_open)} is a closed set in other marts: add "
                "config.meta.accepted_values here too"
            )

    def test_are_tested(self, project: Project):
        closed = [node for node in (*project.models, *project.seeds) if closed_sets(node)]
        for node in closed:
            kinds = {kind_of(test) for test in project.tests_of(node)}
            assert "has_valid_rows" in kinds, node["name"]


class TestUnitTests:
    def test_are_named_as_sentences(self, project: Project):
        names = [each["name"] for each in project.manifest["unit_tests"].values()]
        assert names
        assert not [name for name in names if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){3,}", name)]

    def test_stand_beside_their_model(self, project: Project):
        paths = {node["name"]: Path(node["original_file_path"]) for node in project.models}
        for test in project.manifest["unit_tests"].values():
            model, path = paths[test["model"]], Path(test["original_file_path"])
            assert path.parent == model.parent, test["name"]
            # A model of many rules may have a file per subject: <model>__<subject>__unit_tests.yml.
            assert re.fullmatch(rf"{model.stem}__(\w+__)?unit_tests\.yml", path.name), test["name"]

    def test_every_rule_macro_has_one_in_a_model_that_calls_it(self, project: Project):
        tested = {test["model"] for test in project.manifest["unit_tests"].values()}
        calls = {
            node["name"]: set(node["depends_on"]["macros"])
            for node in project.models
            if node["name"] in tested
        }
        for macro in rule_macros(project):
            used = [node for node in project.models if macro in node["depends_on"]["macros"]]
            if used and {node["name"] for node in used} != {"dim_dates"}:
                assert any(macro in macros for macros in calls.values()), macro

    def test_every_rule_macro_is_used(self, project: Project):
        used = {macro for node in project.models for macro in node["depends_on"]["macros"]}
        macros = project.manifest["macros"]
        while (
            called := {each for macro in used for each in macros[macro]["depends_on"]["macros"]}
            - used
        ):
            used |= called
        rules = {macro for macro, folder in rule_macros(project).items() if folder != "cross_db"}
        assert rules
        assert not rules - used

    def test_every_model_with_a_rule_has_some(self, project: Project):
        tested = {test["model"] for test in project.manifest["unit_tests"].values()}
        untested = [
            node["name"]
            for node in project.models
            if node["name"].startswith(("int_", "inc_", "audit_"))
            and node["name"] not in tested
            and not TESTED_BY_BUILDS.fullmatch(node["name"])
        ]
        assert not untested


class TestSources:
    def test_are_described(self, project: Project):
        sources = project.raw_sources
        assert sources
        for source in sources:
            named = f"{source['source_name']}.{source['name']}"
            assert source["description"].strip(), named
            # Quoted where its letters need it.
            assert source["loaded_at_field"].strip('"') in source["columns"], named
            for column in source["columns"].values():
                assert column["description"].strip(), f"{named}.{column['name']}"

    def test_each_system_says_when_its_events_are_late(self, project: Project):
        """Lists that rarely change (organizations, prices) have `freshness: null`."""
        late = defaultdict(list)
        for source in project.raw_sources:
            freshness = source["freshness"] or {}
            if (freshness.get("warn_after") or {}).get("count"):
                late[source["source_name"]].append(source["name"])
        assert {source["source_name"] for source in project.raw_sources} == set(late)


class TestFiles:
    def test_every_mart_has_its_spec_sheet_beside_it(self, project: Project):
        for mart in project.marts:
            sheet = Path(mart["original_file_path"]).with_suffix(".yml")
            assert (PROJECT_ROOT / sheet).is_file(), sheet
            assert mart["patch_path"].endswith(sheet.as_posix()), mart["name"]

    def test_every_model_has_a_spec(self, project: Project):
        assert not [node["name"] for node in project.models if not node["patch_path"]]

    def test_every_sql_file_is_a_model(self, project: Project):
        disabled = {
            node["original_file_path"]
            for nodes in project.manifest["disabled"].values()
            for node in nodes
            if node["resource_type"] == "model"
        }
        known = {node["original_file_path"] for node in project.models} | disabled
        assert {relative(path) for path in sql_models()} == known

    @pytest.mark.parametrize("path", yaml_files(), ids=relative)
    def test_yaml_uses_the_words_of_this_dbt(self, path: Path):
        text = path.read_text()
        assert not re.search(r"^version:", text, re.MULTILINE), "a `version: 2` line says nothing"
        assert not re.search(r"^\s+tests:", text, re.MULTILINE), "write data_tests:"
        for key in ("models", "seeds", "sources"):
            for part in (yaml.safe_load(text) or {}).get(key) or []:
                assert not {"meta", "tags"} & set(part), "meta and tags stand under config:"
                for column in part.get("columns") or []:
                    assert not {"meta", "tags"} & set(column), column["name"]

    def test_macros_are_described_with_their_arguments(self, project: Project):
        """Variants for an engine are those of the macro that dispatches to them."""
        for macro in project.manifest["macros"].values():
            is_ours = macro["package_name"] == "usage_warehouse"
            if not is_ours or re.match(r"(default|postgres|spark)__", macro["name"]):
                continue
            if macro["original_file_path"].startswith("tests/"):
                continue
            named = f"{macro['name']} of {macro['original_file_path']}"
            assert macro["description"].strip(), f"{named}: describe it in the yml beside it"
            given = re.search(rf"macro {macro['name']}\(([^)]*)\)", macro["macro_sql"])
            names = given[1].split(",") if given else []  # a materialization has none
            declared = {each["name"] for each in macro["arguments"]}
            assert declared == {name.split("=")[0].strip() for name in names if name}, named

    def test_singular_tests_open_with_what_may_never_happen(self, project: Project):
        singular = [test for test in project.tests if not test.get("test_metadata")]
        assert singular
        for test in singular:
            assert test["raw_code"].lstrip().startswith(("--", "{#")), test["name"]
