"""Builds the catalogue from dbt's artefacts, and refuses what it cannot serve faithfully.

Nothing is inferred: a mart is served because the exposure lists it, is public, has an enforced
contract and a description for every column; a measure is one because a semantic model declares it.
"""

from collections.abc import Mapping
from pathlib import Path

from graphql_api.catalogue.artifacts import (
    Column,
    Exposure,
    Manifest,
    Node,
    SemanticManifest,
    SemanticModel,
    read_artifacts,
)
from graphql_api.catalogue.measures import base_measures, rollup_measures, value_type
from graphql_api.catalogue.metrics import MetricBook
from graphql_api.catalogue.model import Catalogue, Dimension, Grain, Mart, Sketch
from graphql_api.catalogue.time_parts import time_parts
from graphql_api.errors import CatalogueError

EXPOSURE = "graphql_api"
# What a column accepts that holds the name of a source system.
SOURCE_SYSTEMS = "source_systems"


def load_catalogue(target_path: Path) -> Catalogue:
    """Read dbt's target folder.

    Raises:
        CatalogueError: an artefact or a declaration is missing or unusable; the message names it.
    """
    manifest, semantic = read_artifacts(target_path)
    exposure = next((e for e in manifest.exposures.values() if e.name == EXPOSURE), None)
    if exposure is None:
        raise CatalogueError(f"no exposure {EXPOSURE!r} in the manifest: it lists what is served")
    return _Loader(manifest, semantic, exposure).catalogue()


class _Loader:
    def __init__(self, manifest: Manifest, semantic: SemanticManifest, exposure: Exposure) -> None:
        self.manifest = manifest
        self.exposure = exposure
        self.source_systems = _source_systems(manifest, exposure)
        self.semantic_models = {m.node_relation.alias: m for m in semantic.semantic_models}
        self.declared = {m.name: m for each in semantic.semantic_models for m in each.measures}
        self.metrics = MetricBook(semantic.metrics, self.declared)

    def catalogue(self) -> Catalogue:
        marts = [self._mart(self._served(name)) for name in self.exposure.depends_on.nodes]
        by_name = {mart.name: mart for mart in sorted(marts, key=lambda mart: mart.name)}
        for mart in marts:
            _check_references(mart, by_name)
        return Catalogue(
            marts=by_name,
            serving_schema=self._setting("serving_schema"),
            access_schema=self._setting("access_schema"),
            api_role=self._setting("api_role"),
        )

    def _served(self, name: str) -> Node:
        node = self.manifest.nodes.get(name)
        if node is None or node.resource_type != "model":
            raise CatalogueError(f"exposure {EXPOSURE}: {name} is no model; list marts only")
        return node

    def _setting(self, name: str) -> str:
        value = self.exposure.config.meta.get(name)
        if not isinstance(value, str):
            raise CatalogueError(f"exposure {EXPOSURE}: config.meta.{name} is missing")
        return value

    def _mart(self, node: Node) -> Mart:
        self._check(node)
        meta = node.config.meta
        rollup_of = _strings(meta.get("rollup_of"))
        semantic_model = self.semantic_models.get(node.name)
        grain = _grain(node)
        if rollup_of:
            time = str(meta["time_dimension"]) if meta.get("time_dimension") else None
            measures = rollup_measures(node, self.declared)
            columns = [c for c in node.columns.values() if "measure" not in c.config.meta]
        else:
            time = _time_column(semantic_model)
            measures = base_measures(node, semantic_model)
            columns = _dimension_columns(node, semantic_model)
        dimensions = {c.name: self._dimension(node, c, time, grain) for c in columns}
        for column in (*([time] if time else ()), *_key(node)):
            if column not in dimensions:
                raise CatalogueError(
                    f"{node.name}: {column!r} is declared as key or time dimension, but is none "
                    "of its dimensions"
                )
        key = _key(node) or tuple(dimensions)
        if time:
            for part in time_parts(dimensions[time]):
                if part.name in node.columns:
                    raise CatalogueError(f"{node.name}: {part.name} is derived, not a column")
                dimensions[part.name] = part
        return Mart(
            name=node.name,
            schema=self._setting("serving_schema"),
            description=node.description.strip(),
            dimensions=dimensions,
            metrics=self.metrics.available(measures),
            key=key,
            time_dimension=time,
            default_window_months=_default_window(node),
            rollup_of=rollup_of,
            measures=measures,
            sketch=_sketch(node),
        )

    def _check(self, node: Node) -> None:
        if node.access != "public" or not node.contract.enforced:
            raise CatalogueError(f"{node.name} is in the exposure but not public with a contract")
        for column in node.columns.values():
            if not column.description.strip():
                raise CatalogueError(f"{node.name}.{column.name} has no description")

    def _dimension(
        self, node: Node, column: Column, time: str | None, grain: Grain | None
    ) -> Dimension:
        meta = column.config.meta
        reference, deprecated = meta.get("reference"), meta.get("deprecated")
        is_required = any(c.type in ("not_null", "primary_key") for c in column.constraints)
        filled = set(_key(node)) - set(_strings(node.config.meta.get("nullable_key")))
        return Dimension(
            name=column.name,
            type=value_type(node, column),
            description=column.description.strip(),
            is_nullable=not is_required and column.name not in filled,
            values=self._accepted_values(node, column),
            reference=str(reference) if reference else None,
            is_time=column.name == time,
            grain=grain if column.name == time else None,
            sorts_as_number=_sorts_as_number(node, column),
            deprecated=str(deprecated) if deprecated else None,
        )

    def _accepted_values(self, node: Node, column: Column) -> tuple[str, ...] | None:
        declared = column.config.meta.get("accepted_values")
        if declared == SOURCE_SYSTEMS:
            return self.source_systems
        if isinstance(declared, str):
            raise CatalogueError(
                f"{node.name}.{column.name}: config.meta.accepted_values is {declared!r}; say "
                f"{SOURCE_SYSTEMS}, or list the values"
            )
        return _strings(declared) or None


def _source_systems(manifest: Manifest, exposure: Exposure) -> tuple[str, ...]:
    """All that are declared: first those that are built, in the order of their var."""
    declared = manifest.source_systems
    built = str(exposure.config.meta.get(SOURCE_SYSTEMS, "")).split()
    return tuple(dict.fromkeys([*(each for each in built if each in declared), *declared]))


def _dimension_columns(node: Node, model: SemanticModel | None) -> list[Column]:
    """Columns declared as entity or dimension; without a semantic model, all of them."""
    if model is None:
        return list(node.columns.values())
    declared = {each.expr or each.name for each in model.entities}
    declared |= {each.expr or each.name for each in model.dimensions}
    measured = {measure.expr or measure.name for measure in model.measures}
    undeclared = [c for c in node.columns if c not in declared | measured]
    if undeclared:
        raise CatalogueError(
            f"{node.name}: {', '.join(undeclared)} is neither dimension nor measure: add it to the "
            "semantic model of the mart"
        )
    return [c for c in node.columns.values() if c.name in declared]


def _time_column(model: SemanticModel | None) -> str | None:
    if model is None or model.defaults is None or model.defaults.agg_time_dimension is None:
        return None
    name = model.defaults.agg_time_dimension
    return next((d.expr or d.name for d in model.dimensions if d.name == name), name)


def _key(node: Node) -> tuple[str, ...]:
    declared = _strings(node.config.meta.get("key"))
    if declared:
        return declared
    for constraint in node.constraints:
        if constraint.type == "primary_key" and constraint.columns:
            return tuple(constraint.columns)
    return tuple(
        c.name
        for c in node.columns.values()
        if any(constraint.type == "primary_key" for constraint in c.constraints)
    )


def _check_references(mart: Mart, served: Mapping[str, Mart]) -> None:
    """The values a filter may name are looked up in these marts when a question comes."""
    for each in mart.dimensions.values():
        if each.reference is None:
            continue
        reference = served.get(each.reference)
        if reference is None:
            raise CatalogueError(
                f"{mart.name}.{each.name}: its reference {each.reference!r} is not served; list "
                f"it in the exposure {EXPOSURE}"
            )
        if each.name not in reference.dimensions:
            raise CatalogueError(
                f"{mart.name}.{each.name}: its reference {each.reference!r} has no {each.name}"
            )


def _sorts_as_number(node: Node, column: Column) -> bool:
    given = column.config.meta.get("sorts_as")
    if given not in (None, "number"):
        raise CatalogueError(
            f"{node.name}.{column.name}: config.meta.sorts_as is {given!r}; known is number"
        )
    return given is not None


def _grain(node: Node) -> Grain | None:
    given = node.config.meta.get("grain")
    if given is None:
        return None
    try:
        return Grain(str(given))
    except ValueError:
        raise CatalogueError(
            f"{node.name}: config.meta.grain is {given!r}; known are {', '.join(Grain)}"
        ) from None


def _sketch(node: Node) -> Sketch | None:
    of, columns = node.config.meta.get("sketch_of"), node.config.meta.get("sketch")
    if of is None:
        return None
    roles = ("quantity", "bucket", "count", "min", "max")
    given = columns if isinstance(columns, dict) else {}
    names = [str(given.get(role)) for role in roles]
    missing = [role for role, name in zip(roles, names, strict=True) if name not in node.columns]
    if missing:
        raise CatalogueError(
            f"{node.name}: config.meta.sketch must name its columns of {', '.join(missing)}"
        )
    return Sketch(str(of), *names)


def _default_window(node: Node) -> int | None:
    given = node.config.meta.get("default_window_months")
    if given is not None and (not isinstance(given, int) or given < 1):
        raise CatalogueError(
            f"{node.name}: config.meta.default_window_months is {given!r}, not a number of months"
        )
    return given


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
