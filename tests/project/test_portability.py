"""Models are written in SQL that Postgres and Spark both run alike.

What differs by engine stands in macros/cross_db only, one implementation per engine. Each rule
below names something that one of the two does not know, or reads otherwise without a word.
"""

import re
from pathlib import Path

import pytest
import yaml

from tests.project.artifacts import Json, Project
from tests.project.files import relative, sql_models, tracked_files
from tests.support.dbt import PROJECT_ROOT

FORBIDDEN = {
    r"::": "write cast(x as t)",
    r"->>?|#>>?|\bjsonb?\b|\bjson_\w+\(": "JSON is read by macros/cross_db/json.sql",
    r"\bis json\b": "JSON is read by macros/cross_db/json.sql",
    r"\bat time zone\b|\btimezone\s*\(": "time zones differ: dispatch",
    r"\btimestamptz\b|\bwith time zone\b": "use instant_type() or instant_at()",
    # What Spark calls so is an instant; to Postgres it is a time of no zone.
    r"\btimestamp\b": "use instant_type() or instant_at()",
    # Of an instant both depend on the session's zone.
    r"\bdate_trunc\b": "use utc_day(), utc_hour() or period_start()",
    r"\bcast\(\s*[\w.]+_at as date\)": "use utc_day()",
    r"\bgenerate_series\b|\bsequence\s*\(|\bexplode\b": "use days_between",
    r"\bunnest\b|\barray_agg\b|\barray\s*\[": "arrays differ: dispatch",
    r"\bdistinct on\b|\bqualify\b|\blateral\b": "use row_number() in a CTE",
    r"\bnumeric\b(?!\s*\()|\bdecimal\b(?!\s*\()": "without precision Spark keeps no decimals",
    r"\bfloat\d?\b|\bdouble\b|\breal\b": "money and counts are never floating",
    r"\bas (text|string|varchar|character varying)\b": "use dbt.type_string()",
    r"\bvarchar\b|\bchar\s*\(": "use dbt.type_string()",
    r'"': "identifiers are never quoted",
    r"~|\bsimilar to\b|\bregexp\w*\b|\brlike\b": "regular expressions differ: dispatch",
    r"\bto_char\b|\bto_date\b|\bto_timestamp\b|\bdate_format\b": "formats differ: dispatch",
    r"\bextract\s*\(\s*(dow|epoch|isodow)": "Sunday is 0 or 1, epochs are an error: dispatch",
    r"\bstring_agg\b|\blistagg\b": "differs: dispatch",
    r"\bconcat\s*\(": "null is nothing or everything: use || with coalesce",
    r"\bmaterialized\b|\bdelete from\b|\bmerge into\b|\bon conflict\b": "Spark has none of these",
    r"\btry_cast\b|\bget_json_object\b|\bilike any\b": "Postgres has none of these",
    r"\bnow\s*\(|\bcurrent_(date|time|timestamp)\b|\bclock_timestamp\b": "no model reads the clock",
    r"\brandom\s*\(|\brand\s*\(|\bgen_random_uuid\b|\buuid\s*\(": "a second build must be the same",
    r"\\": "a backslash in a literal is an escape on Spark",
    r"\binterval\b": "adding one gives a date or a timestamp: dispatch",
}

# What only macros read is no import: dbt learns of it from comments before everything else.
DEPENDS_ON = re.compile(r"\A(-- depends_on: .+\n)+\n")

# Staging and intermediate models are views, but for these.
TABLES = {
    "int_model_prices": "looked up by every request",
    "int_model_price_matches": "looked up by every request",
    "int_price_names": "distinct names of all requests, which everything about prices reads",
    "int_auto_analyst__code_execution_errors": "found by taking JSON apart, and tested",
}

PROJECT_VARS = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text())["vars"]

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def plain_sql(path: Path) -> str:
    """A model's SQL without Jinja and comments, in lower case."""
    sql = JINJA.sub(" jinja ", path.read_text())
    return re.sub(r"--[^\n]*", "", sql).lower()


# What dbt renders may have an alias of its own: `dbt build --empty` reads a subquery in its place.
ALIASED_RELATION = re.compile(
    r"\{\{-?\s*(ref|source|read_source|rows_to_audit|audited_totals)\([^{}]*\)\s*-?\}\}\s+as\b"
    r"|\{\{-?\s*(model|to)\s*-?\}\}\s+as\b"
)


def aliased_relations(path: Path) -> list[str]:
    """Calls such as ref() that the file gives an alias in place of a CTE of their own."""
    return [found.group() for found in ALIASED_RELATION.finditer(path.read_text())]


def sql_of_tests() -> list[Path]:
    """The SQL of singular and generic data tests."""
    folders = ("tests/dbt/", "macros/tests/")
    return [
        path
        for path in tracked_files()
        if path.suffix == ".sql" and relative(path).startswith(folders)
    ]


def sql_of_generic_tests() -> list[Path]:
    folders = ("tests/dbt/generic/", "macros/tests/")
    return [
        path
        for path in tracked_files()
        if path.suffix == ".sql" and relative(path).startswith(folders)
    ]


def unportable(path: Path) -> dict[str, str]:
    """What one of the engines does not know, each with its remedy."""
    sql = plain_sql(path)
    return {
        match[0]: remedy
        for pattern, remedy in FORBIDDEN.items()
        for match in re.finditer(pattern, sql)
    }


@pytest.mark.parametrize("path", [*sql_models(), *sql_of_tests()], ids=lambda path: path.stem)
def test_relations_are_imported_and_not_aliased(path: Path):
    assert not aliased_relations(path), "import it: x as (select * from {{ ref('x') }})"


@pytest.mark.parametrize(
    "sql",
    [
        "from {{ ref('a') }} as a",
        "from {{source('a', 'b')}}  as b",
        "join {{ ref('a', v=1) }}\n    as a",
        "from {{ read_source('a', 'b') }} as raw",
        "from {{ model }} as tested",
    ],
)
def test_an_alias_of_a_relation_is_found(sql: str, tmp_path: Path):
    file = tmp_path / "model.sql"
    file.write_text(sql)
    assert aliased_relations(file)


@pytest.mark.parametrize("path", sql_of_generic_tests(), ids=lambda path: path.stem)
def test_generic_tests_use_what_both_engines_know(path: Path):
    found = unportable(path)
    assert not found, f"{relative(path)}: {found}"


@pytest.mark.parametrize("path", sql_models(), ids=lambda path: path.stem)
class TestModels:
    def test_use_what_both_engines_know(self, path: Path):
        found = unportable(path)
        assert not found, f"{relative(path)}: {found}"

    def test_order_windows_completely_with_nulls_last(self, path: Path):
        for window in re.findall(r"over\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)", plain_sql(path)):
            order = window.partition("order by")[2]
            assert "desc" not in order or "nulls last" in order, f"{relative(path)}: {window}"

    def test_name_no_schema_and_no_engine(self, path: Path):
        text = path.read_text()
        assert "target.type" not in text, "differences go through adapter.dispatch"
        tables = re.findall(r"(?<!distinct )\b(?:from|join)\s+([\w.]+)", plain_sql(path))
        assert not [table for table in tables if "." in table], "use ref() or source()"

    def test_import_first_and_end_in_final(self, path: Path):
        text = DEPENDS_ON.sub("", path.read_text())
        assert text.startswith("with\n\n"), "CTEs first: imports, logic, final"
        assert text.endswith("\n)\n\nselect * from final\n"), "the last line takes all of final"

    def test_select_everything_only_where_they_import_or_unite(self, path: Path):
        sql = plain_sql(path).rpartition("select * from final")[0]
        for taken, follows in re.findall(r"select \*\s+from\s+(\w+)\s*(union all|\))?", sql):
            is_united = follows == "union all" or f"union all select * from {taken}" in " ".join(
                sql.split()
            )
            assert taken == "jinja" or is_united, f"name the columns taken from {taken}"


class TestTheRulesThemselves:
    """They must be able to fail."""

    @pytest.mark.parametrize(
        "sql",
        [
            "select a::text",
            "select usage ->> 'x'",
            "select cast(x as jsonb)",
            "select a is json object",
            "select t at time zone 'UTC'",
            "select generate_series(1, 2)",
            "select distinct on (a) a",
            "select cast(x as numeric)",
            "select cast(x as decimal )",
            "select cast(x as float)",
            "select cast(x as double precision)",
            "select cast(x as varchar)",
            "select cast(x as text)",
            'select "Model" from t',
            "select a ~ '^x'",
            "select to_char(t, 'YYYY')",
            "select extract(dow from t)",
            "select now()",
            "select current_date",
            r"select 'a\nb'",
            "select t + interval '1 day'",
            "select concat(a, b)",
            "select cast(t as timestamp)",
            "select cast(t as timestamptz)",
            "select date_trunc('day', requested_at)",
            "select cast(requests.requested_at as date)",
            "select array_agg(x)",
        ],
    )
    def test_find_what_one_engine_does_not_know(self, sql: str, tmp_path: Path):
        (tmp_path / "model.sql").write_text(sql)
        found = plain_sql(tmp_path / "model.sql")
        assert any(re.search(pattern, found) for pattern in FORBIDDEN), sql

    @pytest.mark.parametrize(
        "sql",
        [
            "select cast(x as numeric(38, 22)), count(*) filter (where y) from {{ ref('t') }}",
            'select cast(x as {{ dbt.type_string() }}) -- Kaapi\'s jsonb "usage" ::',
            "select {{ json_usd('cost', 'total') }} as eval_cost_usd {# ~ #}",
            "select * from {{ ref('int_' ~ source_system ~ '__requests') }}",
            "select {{ utc_day('requested_at') }}, cast(null as date), a || coalesce(b, '')",
        ],
    )
    def test_leave_the_rest_alone(self, sql: str, tmp_path: Path):
        (tmp_path / "model.sql").write_text(sql)
        found = plain_sql(tmp_path / "model.sql")
        assert not [pattern for pattern in FORBIDDEN if re.search(pattern, found)], sql


class TestLayers:
    """Rows travel source → staging → intermediate → marts: the graph runs from left to right.

    Bookkeeping of builds lies between: its models find what a build looks at, and gather rows of
    the base marts for their roll-ups. What is published already is a source of theirs.
    """

    @staticmethod
    def layer(path: str) -> str:
        return path.split("/")[1]

    @staticmethod
    def sources_of(node: Json, *, published: bool) -> list[str]:
        return [
            each
            for each in node["depends_on"]["nodes"]
            if each.startswith("source.") and (each.split(".")[2] == "published") == published
        ]

    def test_only_staging_reads_sources_and_exactly_one(self, project: Project):
        for node in project.models:
            layer = self.layer(node["original_file_path"])
            if layer != "reconciliation":  # held to its own rules: tests/project/test_dbt_rules.py
                read = self.sources_of(node, published=False)
                assert len(read) == (1 if layer == "staging" else 0), node["name"]

    def test_staging_depends_on_one_source_alone(self, project: Project):
        for node in project.models:
            if self.layer(node["original_file_path"]) == "staging":
                assert node["depends_on"]["nodes"] == self.sources_of(node, published=False)

    def test_each_layer_reads_only_what_lies_before_it(self, project: Project):
        before = {
            "staging": set(),
            "history": {"staging", "incremental"},
            "intermediate": {"staging", "history", "intermediate", "incremental", "seed"},
            # Kept, not computed: of the past there is nothing else.
            "reconciliation": {"history", "reconciliation"},
            "incremental": {"staging", "intermediate", "reconciliation", "marts", "incremental"},
            "marts": {
                *("staging", "intermediate", "incremental", "reconciliation", "marts", "seed"),
                "history",
            },
        }
        by_id = {node["unique_id"]: node for node in (*project.models, *project.seeds)}
        for node in project.models:
            here = self.layer(node["original_file_path"])
            for read in node["depends_on"]["nodes"]:
                if read not in by_id:
                    continue
                is_seed = by_id[read]["resource_type"] == "seed"
                there = "seed" if is_seed else self.layer(by_id[read]["original_file_path"])
                named = f"{node['name']} reads {by_id[read]['name']}"
                assert there in before[here], named
                if here == "marts" and there == "history":
                    assert by_id[read]["name"] == "hist_rejected_rows", named
                if here == "history" and there == "incremental":
                    assert by_id[read]["name"] == "inc_row_issues", named
                if here == "intermediate" and there == "incremental":
                    assert by_id[read]["name"] == "inc_candidate_requests", named

    def test_what_is_published_is_known_to_bookkeeping_and_history_alone(self, project: Project):
        knowing = {
            self.layer(node["original_file_path"])
            for node in project.models
            if self.sources_of(node, published=True)
            # Of names and chains whose raw rows are gone only what is published is known.
            and node["name"] not in ("int_price_names", "int_kaapi__llm_chains_attributed")
        }
        assert knowing == {"incremental", "history"}

    def test_names_say_the_layer(self, project: Project):
        prefixes = {
            "staging": ("stg_",),
            "history": ("hist_",),
            "intermediate": ("int_",),
            "incremental": ("inc_",),
            "reconciliation": ("audit_",),
            "marts": ("fct_", "dim_"),
        }
        for node in project.models:
            layer = self.layer(node["original_file_path"])
            assert node["name"].startswith(prefixes[layer]), node["original_file_path"]

    def test_staging_and_intermediate_are_views_but_for_a_reason(self, project: Project):
        others: dict[str, set[str]] = {"view": set(), "table": set(), "gathered": set()}
        for node in project.models:
            if self.layer(node["original_file_path"]) in ("staging", "intermediate"):
                others[node["config"]["materialized"]].add(node["name"])
        assert others["table"] == set(TABLES)
        assert not others["gathered"]

    def test_source_calls_stand_where_rows_are_read_or_audited(self):
        for path in sql_models():
            if re.search(r"\b(read_source|source|rows_to_audit)\(", path.read_text()):
                folders = ("models/staging/", "models/reconciliation/")
                assert relative(path).startswith(folders), relative(path)

    def test_times_of_a_source_are_read_in_its_own_zone(self, project: Project):
        read = 0
        call = re.compile(r"(?:source|audited)_(?:instant|day)\('(\w+)'")
        for path in sql_models():
            system = path.parent.name if path.parent.parent.name == "staging" else None
            audited = re.match(r"audit_([a-z_]+?)__", path.name)
            for found in call.findall(path.read_text()):
                assert found == (audited[1] if audited else system), relative(path)
                read += 1
        assert read > 20
        for system in PROJECT_VARS["source_systems"]:
            assert f"{system}_time_zone" in PROJECT_VARS, (
                f"nothing says in which zone {system} writes times: add the var {system}_time_zone "
                "to dbt_project.yml"
            )

    def test_schemas_of_sources_are_named_by_vars(self):
        sheets = sorted((PROJECT_ROOT / "models" / "staging").glob("*/_*__sources.yml"))
        assert sheets
        for sheet in sheets:
            for source in yaml.safe_load(sheet.read_text())["sources"]:
                named = f"{{{{ var('{source['name']}_schema') }}}}"
                assert source["schema"] == named, relative(sheet)
