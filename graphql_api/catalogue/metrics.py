"""Turns dbt metric definitions into formulas over the measures a mart holds."""

from collections.abc import Mapping, Sequence

from graphql_api.catalogue.artifacts import MetricInput, SemanticMeasure, SemanticMetric
from graphql_api.catalogue.model import Derived, Formula, Measure, Metric, Ratio, ValueType
from graphql_api.errors import CatalogueError


class MetricBook:
    """All metrics of the project, resolved against one mart at a time."""

    def __init__(
        self, metrics: Sequence[SemanticMetric], declared: Mapping[str, SemanticMeasure]
    ) -> None:
        """Refuse metrics whose meaning this server cannot keep."""
        self._metrics = {metric.name: metric for metric in metrics}
        self._declared = declared
        for metric in metrics:
            _refuse_unsupported(metric)

    def available(self, measures: Mapping[str, Measure]) -> dict[str, Metric]:
        """The metrics that can be computed from these measures alone, in order of name."""
        found = {}
        for name, metric in sorted(self._metrics.items()):
            formula = self._formula(metric, measures)
            if formula is not None:
                found[name] = _describe(metric, formula, self._meta(metric))
        return found

    def _meta(self, metric: SemanticMetric) -> dict[str, object]:
        """Its own meta; dbt leaves a measure's behind when `create_metric` makes its metric."""
        own = metric.config.meta if metric.config else {}
        measure = metric.type_params.measure
        declared = self._declared.get(measure.name) if measure else None
        return {**(declared.config.meta if declared else {}), **own}

    def _formula(self, metric: SemanticMetric, measures: Mapping[str, Measure]) -> Formula | None:
        params = metric.type_params
        if metric.type == "simple" and params.measure:
            return measures.get(params.measure.name)
        if metric.type == "ratio" and params.numerator and params.denominator:
            numerator = self._input(params.numerator, measures)
            denominator = self._input(params.denominator, measures)
            return Ratio(numerator, denominator) if numerator and denominator else None
        inputs = {
            each.alias or each.name: self._input(each, measures) for each in params.metrics or []
        }
        known = {name: formula for name, formula in inputs.items() if formula is not None}
        if params.expr is None or len(known) < len(inputs):
            return None
        return Derived(params.expr, known)

    def _input(self, each: MetricInput, measures: Mapping[str, Measure]) -> Formula | None:
        return self._formula(self._metrics[each.name], measures)


def _refuse_unsupported(metric: SemanticMetric) -> None:
    if metric.type not in ("simple", "ratio", "derived"):
        raise CatalogueError(
            f"metric {metric.name!r} is of type {metric.type!r}; served are simple, ratio, derived"
        )
    params = metric.type_params
    inputs = [params.numerator, params.denominator, *(params.metrics or [])]
    has_filter = metric.filter or (params.measure and params.measure.filter)
    if has_filter or any(each and each.filter for each in inputs):
        raise CatalogueError(
            f"metric {metric.name!r} has a filter; write the condition into its measure's expr"
        )
    if any(each and (each.offset_window or each.offset_to_grain) for each in inputs):
        raise CatalogueError(f"metric {metric.name!r} has an offset; callers ask with compareTo")


def _describe(metric: SemanticMetric, formula: Formula, meta: Mapping[str, object]) -> Metric:
    unit, deprecated = meta.get("unit"), meta.get("deprecated")
    if not (metric.description or "").strip():
        raise CatalogueError(f"metric {metric.name!r} has no description")
    if isinstance(formula, Measure):
        value_type = formula.type
    else:
        value_type = ValueType.DECIMAL if str(unit).startswith("usd") else ValueType.FLOAT
    return Metric(
        name=metric.name,
        type=value_type,
        description=(metric.description or "").strip() + (f" Unit: {unit}." if unit else ""),
        formula=formula,
        deprecated=str(deprecated) if deprecated else None,
    )
