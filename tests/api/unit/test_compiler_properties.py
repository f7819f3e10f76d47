"""What holds for the SQL of every question: it compiles or is refused, and every value is bound."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphql_api.catalogue.model import Catalogue, Grain, Mart, ValueType
from graphql_api.errors import InvalidQueryError
from graphql_api.query.request import (
    And,
    Condition,
    Fill,
    Not,
    Operator,
    Or,
    OrderTerm,
    Predicate,
    QueryRequest,
)
from tests.api.unit.asking import ADMIN, MEMBER, NOW, sql_of

# ruff: noqa: DTZ001 - instants are UTC without zone, as everywhere in the warehouse

# Nothing of ours contains these letters, so that they are found wherever they end up.
SENTINEL = "qzxj"
TEXTS = st.text("'\";%()\\:_- \n", max_size=5).map(lambda text: f"{SENTINEL}{text}")
VALUES = {
    ValueType.STRING: TEXTS,
    ValueType.BIGINT: st.integers(-(2**63) + 1, 2**63 - 1),
    ValueType.DECIMAL: st.decimals(-(10**12), 10**12, places=6),
    ValueType.FLOAT: st.decimals(-(10**12), 10**12, places=6),
    ValueType.BOOLEAN: st.booleans(),
    ValueType.DATE: st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    ValueType.TIMESTAMP: st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)),
}
LISTS = (Operator.IN, Operator.NOT_IN)
PLAIN = (Operator.EQ, Operator.NE, Operator.IS_NULL)
ORDERED = (*PLAIN, *LISTS, Operator.GT, Operator.GTE, Operator.LT, Operator.LTE)
OPERATORS = {ValueType.STRING: tuple(Operator), ValueType.BOOLEAN: PLAIN}


# Made once per mart, when the catalogue is there.
STRATEGIES: dict[str, st.SearchStrategy[QueryRequest]] = {}


def conditions(types: dict[str, ValueType]) -> st.SearchStrategy[Condition]:
    @st.composite
    def one(draw: st.DrawFn) -> Condition:
        name = draw(st.sampled_from(sorted(types)))
        values = VALUES[types[name]]
        operator = draw(st.sampled_from(OPERATORS.get(types[name], ORDERED)))
        if operator is Operator.IS_NULL:
            return Condition(name, operator, (draw(st.booleans()),))
        if operator in LISTS:
            return Condition(name, operator, tuple(draw(st.lists(values, max_size=3))))
        return Condition(name, operator, (draw(values),))

    return one()


def predicates(types: dict[str, ValueType]) -> st.SearchStrategy[Predicate]:
    return st.recursive(
        conditions(types),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda terms: And(tuple(terms))),
            st.lists(inner, max_size=3).map(lambda terms: Or(tuple(terms))),
            inner.map(Not),
        ),
        max_leaves=6,
    )


def questions(mart: Mart) -> st.SearchStrategy[QueryRequest]:
    dimensions = {name: each.type for name, each in mart.dimensions.items()}
    metrics = {name: each.type for name, each in mart.metrics.items()}
    wheres = st.none() | predicates(dimensions)
    havings = st.none() | predicates(metrics) if metrics else st.none()
    measures = st.lists(st.sampled_from(sorted(metrics)), unique=True) if metrics else st.just([])
    return _questions(mart, wheres, havings, measures)


@st.composite
def _questions(
    draw: st.DrawFn,
    mart: Mart,
    wheres: st.SearchStrategy[Predicate | None],
    havings: st.SearchStrategy[Predicate | None],
    measures: st.SearchStrategy[list[str]],
) -> QueryRequest:
    dimensions, metrics = sorted(mart.dimensions), sorted(mart.metrics)
    group_by = draw(st.none() | st.lists(st.sampled_from(dimensions), unique=True))
    shown = dimensions if group_by is None else group_by
    orderable = [*shown, *metrics]
    time = mart.time
    is_instant = time is not None and time.type is ValueType.TIMESTAMP
    is_by_time = time is not None and group_by is not None and time.name in group_by
    grains = [g for g in Grain if time and (time.grain is None or time.grain.can_be_cut_into(g))]
    charted = draw(measures) if is_by_time else []
    return QueryRequest(
        mart=mart,
        scope=draw(st.sampled_from([ADMIN, MEMBER])),
        as_of=NOW,
        group_by=None if group_by is None else tuple(group_by),
        time_grain=draw(st.none() | st.sampled_from(grains)) if is_by_time else None,
        timezone=draw(st.sampled_from([None, "Europe/Berlin"])) if is_instant else None,
        where=draw(wheres),
        having=draw(havings),
        order_by=tuple(
            draw(
                st.lists(
                    st.builds(OrderTerm, st.sampled_from(orderable), st.booleans()), max_size=3
                )
            )
            if orderable
            else ()
        ),
        first=draw(st.integers(0, 10_000)),
        fill=draw(st.sampled_from([None, Fill.ZERO, Fill.NULL])) if is_by_time else None,
        dimensions=tuple(draw(st.lists(st.sampled_from(shown), unique=True)) if shown else ()),
        metrics=tuple(draw(measures)),
        with_nodes=draw(st.booleans()),
        with_page_info=draw(st.booleans()),
        with_total_count=draw(st.booleans()),
        total_metrics=draw(st.none() | measures.map(tuple)),
        chart_metrics=tuple(charted),
        chart_total_metrics=tuple(draw(measures)) if charted else (),
        with_freshness=draw(st.booleans()),
    )


@pytest.mark.parametrize(
    "mart", ["fct_requests", "fct_monthly_usage", "fct_evaluation_runs", "dim_model_prices"]
)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_question_compiles_or_is_refused(
    mart: str, data: st.DataObject, catalogue: Catalogue
):
    if mart not in STRATEGIES:
        STRATEGIES[mart] = questions(catalogue.marts[mart])
    question = data.draw(STRATEGIES[mart])
    try:
        sql, bound = sql_of(question)
    except InvalidQueryError:
        return
    assert SENTINEL not in sql, "a caller's text stands in the statement"
    named = set(re.findall(r"%\(([^)]+)\)s", sql))
    assert named == set(bound), "every value is bound, and nothing else"
    if question.scope is MEMBER:
        is_own = [value for value in bound.values() if value == MEMBER.organization_id]
        reads_tenant_rows = question.mart.is_tenant_scoped and f"FROM usage.{mart}" in sql
        assert is_own or not reads_tenant_rows


@given(text=TEXTS, number=st.decimals(-(10**9), 10**9, places=9))
def test_values_are_bound_as_they_are(text: str, number: Decimal, catalogue: Catalogue):
    question = QueryRequest(
        catalogue.marts["fct_requests"],
        ADMIN,
        NOW,
        group_by=("provider",),
        where=Condition("model", Operator.CONTAINS, (text,)),
        having=Condition("cost_usd", Operator.GT, (number,)),
        with_total_count=True,
    )
    _, bound = sql_of(question)
    assert text in bound.values()
    assert number in bound.values()
