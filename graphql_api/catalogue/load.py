"""Builds the catalogue from dbt's artefacts, and refuses what it cannot serve faithfully.

Nothing is inferred: a mart is served because the exposure lists it, is public, has an enforced
contract and a description for every column; a measure is one because a semantic model declares it.
"""

import re
from pathlib import Path

from graphql_api.catalogue.artifacts import (
    Column,
    Exposure,
    Manifest,
    Node,
    SemanticManifest,
    SemanticMeasure,
    SemanticModel,
    read_artifacts,
)
from graphql_api.catalogue.metrics import MetricBook
from graphql_api.catalogue.model import (
    Aggregation,
    Catalogue,
    Dimension,
    Grain,
    Mart,
    Measure,
    ValueType,
)
from graphql_api.errors import CatalogueError

EXPOSURE = "graphql_api"

_TYPES = {
    "string": ValueType.STRING,
    "text": ValueType.STRING,
    "bigint": ValueType.BIGINT,
    "integer": ValueType.BIGINT,
    "int": ValueType.BIGINT,
    "decimal": ValueType.DECIMAL,
    "numeric": ValueType.DECIMAL,
    "double precision": ValueType.FLOAT,
    "boolean": ValueType.BOOLEAN,
    "date": ValueType.DATE,
    "timestamp": ValueType.TIMESTAMP,
}


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
        self.semantic_models = {m.node_relation.alias: m for m in semantic.semantic_models}
        self.metrics = MetricBook(semantic.metrics)
        self.closed_sets = self._accepted_values()

    def catalogue(self) -> Catalogue:
        names = self.exposure.depends_on.nodes
        marts = [self._mart(self.manifest.nodes[name]) for name in names]
        return Catalogue(
            marts={mart.name: mart for mart in sorted(marts, key=lambda mart: mart.name)},
            serving_schema=self._setting("serving_schema"),
            access_schema=self._setting("access_schema"),
            api_role=self._setting("api_role"),
        )

    def _setting(self, name: str) -> str:
        value = self.exposure.config.meta.get(name)
        if not isinstance(value, str):
            raise CatalogueError(f"exposure {EXPOSURE}: config.meta.{name} is missing")
        return value

    def _accepted_values(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found = {}
        for node in self.manifest.nodes.values():
            test = node.test_metadata
            if test and test.name == "accepted_values" and node.attached_node and node.column_name:
                values = test.arguments.get("values")
                if isinstance(values, list):
                    found[node.attached_node, node.column_name] = tuple(map(str, values))
        return found

    def _mart(self, node: Node) -> Mart:
        self._check(node)
        meta = node.config.meta
        rollup_of = _strings(meta.get("rollup_of"))
        semantic_model = self.semantic_models.get(node.name)
        if rollup_of:
            time = str(meta["time_dimension"]) if meta.get("time_dimension") else None
            grain = Grain(str(meta["grain"])) if meta.get("grain") else None
            measures = self._rollup_measures(node)
            columns = [c for c in node.columns.values() if "measure" not in c.config.meta]
        else:
            time, grain = _time_column(semantic_model), None
            measures = _base_measures(node, semantic_model)
            columns = _dimension_columns(node, semantic_model)
        dimensions = {c.name: self._dimension(node, c, time, grain) for c in columns}
        window = meta.get("default_window_months")
        return Mart(
            name=node.name,
            schema=self._setting("serving_schema"),
            description=node.description,
            dimensions=dimensions,
            metrics=self.metrics.available(measures),
            key=_key(node) or tuple(dimensions),
            time_dimension=time,
            default_window_months=int(str(window)) if window is not None else None,
            rollup_of=rollup_of,
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
        return Dimension(
            name=column.name,
            type=_value_type(node, column),
            description=column.description,
            is_nullable=not is_required and column.name not in _key(node),
            values=self.closed_sets.get((node.unique_id, column.name)),
            reference=str(reference) if reference else None,
            is_time=column.name == time,
            grain=grain if column.name == time else None,
            deprecated=str(deprecated) if deprecated else None,
        )

    def _rollup_measures(self, node: Node) -> dict[str, Measure]:
        declared = {
            measure.name: measure
            for model in self.semantic_models.values()
            for measure in model.measures
        }
        found = {}
        for column in node.columns.values():
            name = column.config.meta.get("measure")
            if name is None:
                continue
            if str(name) not in declared:
                raise CatalogueError(f"{node.name}.{column.name}: no measure is called {name!r}")
            aggregation = _REAGGREGATION.get(declared[str(name)].agg)
            if aggregation is None:
                raise CatalogueError(
                    f"{node.name}.{column.name}: {declared[str(name)].agg} values of {name!r} "
                    "do not add up, so a roll-up cannot hold them"
                )
            found[str(name)] = Measure(
                str(name), aggregation, column.name, _value_type(node, column)
            )
        return found


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
            f"{node.name}: {', '.join(undeclared)} neither dimension nor measure of its semantic "
            "model"
        )
    return [c for c in node.columns.values() if c.name in declared]


# How a stored aggregate is aggregated again. Distinct counts and averages cannot be.
_REAGGREGATION = {
    "sum": Aggregation.SUM,
    "count": Aggregation.SUM,
    "sum_boolean": Aggregation.SUM,
    "min": Aggregation.MIN,
    "max": Aggregation.MAX,
}


def _base_measures(node: Node, model: SemanticModel | None) -> dict[str, Measure]:
    return {m.name: _base_measure(node, m) for m in (model.measures if model else [])}


def _base_measure(node: Node, measure: SemanticMeasure) -> Measure:
    try:
        aggregation = Aggregation(measure.agg)
    except ValueError:
        raise CatalogueError(
            f"{node.name}: measure {measure.name!r} has aggregation {measure.agg!r}, which is "
            f"not served; known are {', '.join(Aggregation)}"
        ) from None
    expression = measure.expr or measure.name
    column = node.columns.get(expression)
    if column is None and re.fullmatch(r"[a-z_]\w*", expression):
        raise CatalogueError(
            f"{node.name}: measure {measure.name!r} reads no column {expression!r}"
        )
    match aggregation:
        case Aggregation.SUM | Aggregation.MIN | Aggregation.MAX:
            value_type = _value_type(node, column) if column else ValueType.BIGINT
        case Aggregation.AVERAGE:
            is_money = column is not None and _value_type(node, column) is ValueType.DECIMAL
            value_type = ValueType.DECIMAL if is_money else ValueType.FLOAT
        case _:
            value_type = ValueType.BIGINT
    return Measure(measure.name, aggregation, expression, value_type)


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


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _value_type(node: Node, column: Column) -> ValueType:
    name = (column.data_type or "").split("(")[0].strip().lower()
    if name not in _TYPES:
        raise CatalogueError(
            f"{node.name}.{column.name}: data_type {column.data_type!r} cannot be served; "
            f"known are {', '.join(_TYPES)}"
        )
    return _TYPES[name]
