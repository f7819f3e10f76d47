"""Every mart is public, contracted and fully described, and its semantic model fits its columns.

dbt itself checks neither that a semantic name is a column nor that a description is there.
"""

import re
from collections.abc import Iterator

import pytest

from tests.project.artifacts import Json, Project

PARTITIONS = {"request", "day", "extracted_day", "month", "session", "full"}
NUMBERS = ("bigint", "decimal")
SQL_WORDS = frozenset(
    ["case", "when", "then", "else", "end", "and", "or", "not", "is", "null", "true", "false", "in"]
)


def base_type(column: Json) -> str:
    return str(column["data_type"]).split("(")[0]


def constraints_of(column: Json) -> set[str]:
    return {each["type"] for each in column["constraints"]}


def measure_of(column: Json) -> str | None:
    """The measure that a column of a roll-up holds."""
    return column["config"]["meta"].get("measure")


class TestMarts:
    def test_are_public_and_contracted_marts_of_a_group(self, project: Project):
        assert project.marts
        for mart in project.marts:
            config = mart["config"]
            found = (config["access"], config["contract"]["enforced"], config["materialized"])
            assert found == ("public", True, "mart"), mart["name"]
            assert config["group"], mart["name"]

    def test_say_how_they_are_partitioned(self, project: Project):
        for mart in project.marts:
            assert mart["config"]["meta"].get("partitioned_by") in PARTITIONS, (
                f"{mart['name']} does not say how it is partitioned: add "
                "config.meta.partitioned_by to its properties file, one of "
                f"{', '.join(sorted(PARTITIONS))}"
            )

    def test_have_an_index_that_finds_a_partition(self, project: Project):
        """Else each publication would read the whole table to take a few rows away.

        Columns of a closed set may stand between: Postgres skips from one value to the next.
        """
        for mart in project.marts:
            meta = mart["config"]["meta"]
            few = {
                name
                for name, column in mart["columns"].items()
                if "accepted_values" in column["config"]["meta"] and name != "source_system"
            }
            period = "hour" if "hour" in mart["columns"] else meta["partitioned_by"]
            if meta["partitioned_by"] not in ("day", "month"):
                continue
            indexes = [each["columns"] for each in meta.get("serving_indexes", [])]
            leads = [
                set([name for name in columns if name not in few][:3])
                for columns in (*indexes, meta.get("key_index", meta.get("key")) or [])
            ]
            assert {"source_system", "organization_id", period} in leads, mart["name"]

    def test_everything_else_is_private(self, project: Project):
        others = [node for node in project.models if node not in project.marts]
        assert {node["name"] for node in others if node["config"]["access"] != "private"} == set()

    def test_every_column_has_a_type_and_a_description(self, project: Project):
        for mart in project.marts:
            assert mart["columns"], f"{mart['name']} has no columns in its properties file"
            for column in mart["columns"].values():
                named = f"{mart['name']}.{column['name']}"
                assert column["description"].strip(), f"{named} has no description: add one"
                assert column["data_type"], f"{named} has no data_type: add one to the contract"

    def test_say_their_key(self, project: Project):
        """A summary with dimensions that may be null has none: all of them identify a row."""
        for mart in project.served:
            meta = mart["config"]["meta"]
            key = meta.get("key")
            if not key and meta.get("grain"):
                dimensions = [c for c in mart["columns"].values() if not measure_of(c)]
                assert any("not_null" not in constraints_of(c) for c in dimensions), mart["name"]
                continue
            assert key, f"{mart['name']}: config.meta.key names the columns that identify a row"
            assert sorted(meta.get("key_index", key)) == sorted(key), mart["name"]
            for name in set(key) - set(meta.get("nullable_key", ())):
                constraints = constraints_of(mart["columns"][name])
                assert "not_null" in constraints, f"{mart['name']}.{name} is part of the key"

    def test_types_are_words_that_every_engine_knows(self, project: Project):
        known = re.compile(
            r"string|bigint|integer|boolean|date|timestamptz|decimal\(\d{1,2},\s?\d{1,2}\)"
        )
        for mart in project.marts:
            for column in mart["columns"].values():
                assert known.fullmatch(column["data_type"]), f"{mart['name']}.{column['name']}"

    def test_money_has_22_decimals_in_38_digits(self, project: Project):
        for mart in project.marts:
            for name, column in mart["columns"].items():
                if name.endswith("_usd"):
                    assert column["data_type"] == "decimal(38,22)", f"{mart['name']}.{name}"


def test_every_model_says_its_grain_first(project: Project):
    silent = [
        node["name"] for node in project.models if not node["description"].startswith("One row per")
    ]
    assert not silent


class TestExposure:
    def test_lists_marts_only(self, project: Project):
        served = project.exposure["depends_on"]["nodes"]
        assert set(served) == {mart["unique_id"] for mart in project.served}
        assert all(mart in project.marts for mart in project.served)

    def test_says_where_the_api_reads_and_as_whom(self, project: Project):
        assert set(project.exposure["config"]["meta"]) == {
            "serving_schema",
            "access_schema",
            "api_role",
            "source_systems",
        }
        assert project.exposure["description"].strip()

    def test_serves_every_mart_that_another_refers_to(self, project: Project):
        served = {mart["name"] for mart in project.served}
        for mart in project.served:
            for column in mart["columns"].values():
                reference = column["config"]["meta"].get("reference")
                assert reference is None or reference in served, f"{mart['name']}.{column['name']}"


def facts(project: Project) -> Iterator[tuple[Json, Json]]:
    """Marts with their semantic models."""
    for mart in project.marts:
        model = project.semantic_model_of(mart)
        if model is not None:
            yield mart, model


def column_of(part: Json) -> str:
    return str(part["expr"] or part["name"])


class TestSemanticModels:
    def test_stand_on_marts(self, project: Project):
        marts = {mart["name"] for mart in project.marts}
        models = project.semantic["semantic_models"]
        assert models
        assert {each["node_relation"]["alias"] for each in models} <= marts

    def test_every_fact_that_is_no_roll_up_has_one(self, project: Project):
        for mart in project.served:
            is_base = mart["name"].startswith("fct_") and not mart["config"]["meta"].get(
                "rollup_of"
            )
            has_one = project.semantic_model_of(mart) is not None
            assert has_one or not is_base, (
                f"{mart['name']} has no semantic model: add one to its properties file, or "
                "config.meta.rollup_of if it rolls up another mart"
            )
            assert is_base or not has_one, (
                f"{mart['name']} has a semantic model, which only a fact has that is no roll-up: "
                "remove it"
            )

    def test_entities_and_dimensions_are_columns(self, project: Project):
        for mart, model in facts(project):
            for part in (*model["entities"], *model["dimensions"]):
                named = f"{mart['name']}: {part['name']} ({column_of(part)})"
                assert column_of(part) in mart["columns"], f"{named} is no column"

    def test_measures_read_columns(self, project: Project):
        for mart, model in facts(project):
            for measure in model["measures"]:
                unknown = set(identifiers(column_of(measure))) - set(mart["columns"])
                named = f"{mart['name']}: measure {measure['name']}"
                assert not unknown, f"{named} reads {', '.join(unknown)}, which is no column"

    def test_every_column_has_exactly_one_role(self, project: Project):
        for mart, model in facts(project):
            keys = [column_of(each) for each in (*model["entities"], *model["dimensions"])]
            # What rows are told apart by can still be counted, averaged, have a first and a last.
            of_keys = ("count_distinct", "average", "min", "max")
            measured = {
                column_of(each)
                for each in model["measures"]
                if each["agg"] not in of_keys or column_of(each) not in keys
            }
            assert len(keys) == len(set(keys)), mart["name"]
            assert not set(keys) & measured, mart["name"]
            without = sorted(set(mart["columns"]) - set(keys) - measured)
            assert not without, (
                f"{mart['name']}: {', '.join(without)} has no role: add it to its semantic model, "
                "as a dimension, an entity, or a measure with an aggregation"
            )

    def test_time_dimensions_are_times_and_others_are_not(self, project: Project):
        for mart, model in facts(project):
            for dimension in model["dimensions"]:
                kind = base_type(mart["columns"][column_of(dimension)])
                is_time = dimension["type"] == "time"
                assert (kind in ("date", "timestamptz")) is is_time, (mart["name"], dimension)

    def test_entities_are_texts(self, project: Project):
        for mart, model in facts(project):
            for entity in model["entities"]:
                assert base_type(mart["columns"][column_of(entity)]) == "string", entity["name"]

    def test_measures_add_up_numbers(self, project: Project):
        for mart, model in facts(project):
            for measure in model["measures"]:
                column = mart["columns"].get(column_of(measure))
                named = f"{mart['name']}.{measure['name']}"
                if column is not None and measure["agg"] in ("sum", "average", "percentile"):
                    assert base_type(column) in NUMBERS, named
                if column is not None and measure["agg"] in ("min", "max"):
                    assert base_type(column) in (*NUMBERS, "date", "timestamptz"), named

    def test_say_which_time_counts(self, project: Project):
        for mart, model in facts(project):
            default = model["defaults"]["agg_time_dimension"]
            (time,) = [each for each in model["dimensions"] if each["name"] == default]
            assert time["type"] == "time", default
            assert base_type(mart["columns"][column_of(time)]) in ("date", "timestamptz"), default

    def test_every_part_is_described(self, project: Project):
        for mart, model in facts(project):
            assert model["description"], model["name"]
            for kind in ("entities", "dimensions", "measures"):
                for part in model[kind]:
                    assert part["description"], f"{mart['name']}: {part['name']}"

    def test_every_measure_has_a_label_and_a_unit(self, project: Project):
        for mart, model in facts(project):
            for measure in model["measures"]:
                named = f"{mart['name']}: {measure['name']}"
                assert measure["label"], f"{named} has no label: add one"
                unit = measure["config"]["meta"].get("unit")
                assert unit, f"{named} has no unit: add config.meta.unit to the measure"
                column = mart["columns"].get(column_of(measure))
                if column is not None and measure["agg"] != "count_distinct":
                    of_column = column["config"]["meta"].get("unit")
                    assert of_column == unit, (
                        f"{named} is in {unit} and its column in {of_column or 'no unit'}: let "
                        "both have the same config.meta.unit"
                    )


class TestMetrics:
    @pytest.fixture
    def units(self, project: Project) -> dict[str, str]:
        """Unit of each measure."""
        return {
            measure["name"]: measure["config"]["meta"]["unit"]
            for model in project.semantic["semantic_models"]
            for measure in model["measures"]
        }

    def test_are_described_labelled_and_have_a_unit(self, project: Project, units: dict[str, str]):
        for metric in project.semantic["metrics"]:
            named = f"the metric {metric['name']}"
            assert metric["description"], f"{named} has no description: add one"
            assert metric["label"], f"{named} has no label: add one"
            measure = (metric["type_params"].get("measure") or {}).get("name")
            unit = metric["config"]["meta"].get("unit") or units.get(measure)
            assert unit, f"{named} has no unit: add config.meta.unit to it"

    def test_every_measure_is_a_metric(self, project: Project, units: dict[str, str]):
        missing = sorted(set(units) - {metric["name"] for metric in project.semantic["metrics"]})
        assert not missing, f"{', '.join(missing)} is no metric: add create_metric: true"

    def test_quotients_name_both_units(self, project: Project):
        for metric in project.semantic["metrics"]:
            unit = metric["config"]["meta"].get("unit", "")
            if metric["type"] == "ratio":
                assert re.fullmatch(r"ratio|\w+_per_\w+", unit), (
                    f"the metric {metric['name']} is a quotient in {unit or 'no unit'}: name both "
                    "units (usd_per_request) in config.meta.unit, or say ratio"
                )

    def test_quotients_never_divide_by_zero(self, project: Project):
        """The API makes x/0 zero where the divisor is a metric by itself or a `nullif`."""
        for metric in project.semantic["metrics"]:
            if metric["type"] == "derived":
                divisors = re.findall(r"/\s*(\w+|\()", metric["type_params"]["expr"])
                inputs = {
                    each["alias"] or each["name"] for each in metric["type_params"]["metrics"]
                }
                assert set(divisors) <= inputs | {"nullif"}, metric["name"]


class TestRollUps:
    @pytest.fixture
    def rollups(self, project: Project) -> list[Json]:
        found = [mart for mart in project.marts if mart["config"]["meta"].get("rollup_of")]
        assert found
        return found

    @pytest.fixture
    def measures(self, project: Project) -> dict[str, tuple[Json, Json]]:
        """Each measure with its mart."""
        return {
            measure["name"]: (measure, mart)
            for mart, model in facts(project)
            for measure in model["measures"]
        }

    def test_hold_measures_of_the_marts_they_roll_up(
        self, rollups: list[Json], measures: dict[str, tuple[Json, Json]]
    ):
        for rollup in rollups:
            for column in rollup["columns"].values():
                name = column["config"]["meta"].get("measure")
                if name is None:
                    continue
                measure, base = measures[name]
                named = f"{rollup['name']}.{column['name']}"
                assert base["name"] in rollup["config"]["meta"]["rollup_of"], named
                assert column["config"]["meta"]["unit"] == measure["config"]["meta"]["unit"], named
                held = base["columns"].get(column_of(measure))
                made = "decimal(38,22)" if measure["config"]["meta"]["unit"] == "usd" else "bigint"
                assert column["data_type"] == (held["data_type"] if held else made), named

    def test_share_every_dimension_with_each_of_them(self, project: Project, rollups: list[Json]):
        by_name = {mart["name"]: mart for mart in project.marts}
        for rollup in rollups:
            time = rollup["config"]["meta"]["time_dimension"]
            for name, column in rollup["columns"].items():
                if "measure" in column["config"]["meta"] or name == time:
                    continue
                for base in rollup["config"]["meta"]["rollup_of"]:
                    held = by_name[base]["columns"][name]
                    assert held["data_type"] == column["data_type"], f"{rollup['name']}.{name}"

    def test_have_a_time_of_their_grain(self, rollups: list[Json]):
        for rollup in rollups:
            meta = rollup["config"]["meta"]
            assert meta["grain"] in ("hour", "day", "week", "month", "quarter", "year")
            expected = "timestamptz" if meta["grain"] == "hour" else "date"
            assert rollup["columns"][meta["time_dimension"]]["data_type"] == expected


def identifiers(expression: str) -> Iterator[str]:
    """Names in SQL that are neither words of SQL nor literals."""
    bare = re.sub(r"'[^']*'", "", expression)
    for word in re.findall(r"[A-Za-z_]\w*", bare):
        if word.lower() not in SQL_WORDS:
            yield word


def test_identifiers_are_found_in_sql():
    assert list(identifiers("case when kind = 'call' and x is null then 1 else 0 end")) == [
        "kind",
        "x",
    ]
