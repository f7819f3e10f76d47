"""dbt's manifest as the project tests read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.support.dbt import ALL_SYSTEMS

Json = dict[str, Any]

MARTS = "models/marts/"


@dataclass(frozen=True)
class Project:
    """Both artefacts of `dbt parse`."""

    manifest: Json
    semantic: Json

    @property
    def models(self) -> list[Json]:
        return self._nodes("model")

    @property
    def seeds(self) -> list[Json]:
        return self._nodes("seed")

    @property
    def tests(self) -> list[Json]:
        return self._nodes("test")

    @property
    def marts(self) -> list[Json]:
        return [node for node in self.models if node["original_file_path"].startswith(MARTS)]

    @property
    def served(self) -> list[Json]:
        """The marts of the API's exposure."""
        names = self.exposure["depends_on"]["nodes"]
        return [node for node in self.models if node["unique_id"] in names]

    @property
    def raw_sources(self) -> list[Json]:
        """Raw tables of the source systems; what is published already is a source too."""
        return [
            source
            for source in self.manifest["sources"].values()
            if source["source_name"] != "published"
        ]

    @property
    def request_sources(self) -> list[Json]:
        """Raw tables whose rows are requests."""
        return [each for each in self.raw_sources if "request_kind" in each["config"]["meta"]]

    @property
    def source_systems(self) -> set[str]:
        """Sources with a table of requests."""
        return {source["source_name"] for source in self.request_sources}

    @property
    def exposure(self) -> Json:
        (exposure,) = [
            each for each in self.manifest["exposures"].values() if each["name"] == "graphql_api"
        ]
        return exposure

    def semantic_model_of(self, mart: Json) -> Json | None:
        return next(
            (
                each
                for each in self.semantic["semantic_models"]
                if each["node_relation"]["alias"] == mart["name"]
            ),
            None,
        )

    def tests_of(self, node: Json) -> list[Json]:
        """Data tests attached to a model."""
        return [test for test in self.tests if test.get("attached_node") == node["unique_id"]]

    def columns(self) -> Iterator[tuple[Json, Json]]:
        """Every described column with its model."""
        for node in self.models:
            for column in node["columns"].values():
                yield node, column

    def _nodes(self, kind: str) -> list[Json]:
        nodes = self.manifest["nodes"].values()
        return [node for node in nodes if node["resource_type"] == kind]


def kind_of(test: Json) -> str:
    """Name of a generic test; of a singular one, its own."""
    metadata = test.get("test_metadata")
    return str(metadata["name"] if metadata else test["name"])


def constrained(node: Json) -> set[str]:
    """Columns that the model's contract holds not null."""
    return {
        name
        for name, column in node["columns"].items()
        if "not_null" in {each["type"] for each in column["constraints"]}
    }


def closed_sets(node: Json) -> dict[str, tuple[str, ...]]:
    """Accepted values of the columns that have no others."""
    declared = {
        name: column["config"]["meta"].get("accepted_values")
        for name, column in node["columns"].items()
    }
    return {
        name: ALL_SYSTEMS if values == "source_systems" else tuple(values)
        for name, values in declared.items()
        if values is not None
    }


@dataclass(frozen=True)
class RowTest:
    """A test of rows: what it looks for in each."""

    not_null: set[str]
    not_negative: set[str]
    accepted: dict[str, tuple[str, ...]]
    rules: dict[str, str]


ROW_TESTS = ("has_valid_rows", "has_plausible_rows")


def named_in(test: Json) -> RowTest:
    """What the arguments of a test of rows say."""
    arguments = test["test_metadata"]["kwargs"]
    return RowTest(
        set(arguments.get("not_null", [])),
        set(arguments.get("not_negative", [])),
        {},
        arguments.get("rules", {}),
    )


def looked_for(test: Json, node: Json) -> RowTest:
    """What a test of rows looks for, be it named or promised by the model's yml."""
    named = named_in(test)
    if kind_of(test) != "has_valid_rows":
        return named
    return RowTest(
        named.not_null | constrained(node), named.not_negative, closed_sets(node), named.rules
    )
