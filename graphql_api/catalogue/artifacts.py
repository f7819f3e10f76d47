"""The parts of dbt's ``manifest.json`` and ``semantic_manifest.json`` that the catalogue reads.

The only module that knows those file formats.
"""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graphql_api.errors import CatalogueError

MANIFEST_VERSION = "https://schemas.getdbt.com/dbt/manifest/v12.json"


class _Artifact(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Config(_Artifact):
    """dbt's ``config:`` block, of which only ``meta`` is ours."""

    meta: dict[str, object] = Field(default_factory=dict)
    enabled: bool = True


class Constraint(_Artifact):
    """A contract constraint of a column or a model."""

    type: str
    columns: list[str] | None = None


class Column(_Artifact):
    """A contract column."""

    name: str
    data_type: str | None = None
    description: str = ""
    constraints: list[Constraint] = Field(default_factory=list)
    config: Config = Field(default_factory=Config)


class Contract(_Artifact):
    """Whether the column list is enforced."""

    enforced: bool = False


class Node(_Artifact):
    """A model, or another node of which no more than the name is looked at."""

    unique_id: str
    name: str
    resource_type: str
    access: str | None = None
    description: str = ""
    columns: dict[str, Column] = Field(default_factory=dict)
    constraints: list[Constraint] = Field(default_factory=list)
    contract: Contract = Field(default_factory=Contract)
    config: Config = Field(default_factory=Config)


class Source(_Artifact):
    """A raw table, or another node that dbt was told to leave out, which names no source."""

    source_name: str | None = None
    config: Config = Field(default_factory=Config)


class DependsOn(_Artifact):
    """What a node reads."""

    nodes: list[str] = Field(default_factory=list)


class Exposure(_Artifact):
    """Who consumes which models."""

    name: str
    depends_on: DependsOn = Field(default_factory=DependsOn)
    config: Config = Field(default_factory=Config)


class Metadata(_Artifact):
    """Version stamp of an artefact."""

    dbt_schema_version: str


class Manifest(_Artifact):
    """``manifest.json``."""

    metadata: Metadata
    nodes: dict[str, Node]
    exposures: dict[str, Exposure]
    sources: dict[str, Source] = Field(default_factory=dict)
    disabled: dict[str, list[Source]] = Field(default_factory=dict)

    @property
    def source_systems(self) -> list[str]:
        """Sources with a table of requests, be they built or not, by name."""
        disabled = (node for copies in self.disabled.values() for node in copies)
        known = (*self.sources.values(), *disabled)
        requested = (each for each in known if "request_kind" in each.config.meta)
        return sorted({each.source_name for each in requested if each.source_name})


class NodeRelation(_Artifact):
    """The table behind a semantic model."""

    alias: str


class Entity(_Artifact):
    """A key column of a semantic model."""

    name: str
    type: str
    expr: str | None = None


class TimeParams(_Artifact):
    """Finest period of a time dimension."""

    time_granularity: str | None = None


class SemanticDimension(_Artifact):
    """A dimension of a semantic model."""

    name: str
    type: str
    expr: str | None = None
    type_params: TimeParams | None = None


class AggregationParams(_Artifact):
    """Which percentile, and how it is computed."""

    percentile: float | None = None
    use_discrete_percentile: bool = False
    use_approximate_percentile: bool = False


class SemanticMeasure(_Artifact):
    """A measure of a semantic model."""

    name: str
    agg: str
    expr: str | None = None
    agg_params: AggregationParams | None = None
    config: Config = Field(default_factory=Config)


class Defaults(_Artifact):
    """Defaults of a semantic model."""

    agg_time_dimension: str | None = None


class SemanticModel(_Artifact):
    """Roles of a model's columns."""

    name: str
    node_relation: NodeRelation
    defaults: Defaults | None = None
    entities: list[Entity] = Field(default_factory=list)
    dimensions: list[SemanticDimension] = Field(default_factory=list)
    measures: list[SemanticMeasure] = Field(default_factory=list)


class MeasureInput(_Artifact):
    """The measure a simple metric shows."""

    name: str
    filter: object | None = None


class MetricInput(_Artifact):
    """A metric that another metric is made of."""

    name: str
    alias: str | None = None
    filter: object | None = None
    offset_window: object | None = None
    offset_to_grain: object | None = None


class MetricParams(_Artifact):
    """What a metric is made of, by its type."""

    measure: MeasureInput | None = None
    numerator: MetricInput | None = None
    denominator: MetricInput | None = None
    expr: str | None = None
    metrics: list[MetricInput] | None = None


class SemanticMetric(_Artifact):
    """A metric definition."""

    name: str
    type: str
    description: str | None = None
    type_params: MetricParams
    filter: object | None = None
    config: Config | None = None


class SemanticManifest(_Artifact):
    """``semantic_manifest.json``."""

    semantic_models: list[SemanticModel]
    metrics: list[SemanticMetric]


_A = TypeVar("_A", bound=_Artifact)


def read_artifacts(target_path: Path) -> tuple[Manifest, SemanticManifest]:
    """Read both artefacts from dbt's target folder.

    Raises:
        CatalogueError: a file is missing, unreadable, or of another version of dbt.
    """
    manifest = _read(target_path / "manifest.json", Manifest)
    if manifest.metadata.dbt_schema_version != MANIFEST_VERSION:
        raise CatalogueError(
            f"{target_path / 'manifest.json'} has version {manifest.metadata.dbt_schema_version}, "
            f"this server reads {MANIFEST_VERSION}: run `dbt parse` with dbt-core 1.11"
        )
    return manifest, _read(target_path / "semantic_manifest.json", SemanticManifest)


def _read(path: Path, artifact: type[_A]) -> _A:
    try:
        return artifact.model_validate(json.loads(path.read_bytes()))
    except FileNotFoundError:
        raise CatalogueError(f"{path} is missing: run `make build` (or `dbt parse`)") from None
    except (OSError, ValueError) as error:
        reason = error.errors()[0] if isinstance(error, ValidationError) else error
        raise CatalogueError(f"{path} cannot be read ({reason}): run `dbt parse`") from error
