"""Random raw rows -> dbt build -> GraphQL, against a plain-Python computation of the definitions.

One build holds many organisations, each a case of its own, because a build costs seconds and a
question milliseconds. `pytest --long` builds more seeds.
"""

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import httpx
import pytest

from graphql_api.app import create_app
from graphql_api.settings import DatabaseSettings, Settings
from tests.reference import kaapi, random_rows, raw_kaapi, wire
from tests.reference.marts import MARTS, MONTHLY_USAGE, SOURCE_SYSTEM
from tests.reference.questions import Caller, Question, answer
from tests.reference.random_questions import AS_OF, random_question
from tests.reference.raw_kaapi import RawKaapi
from tests.support.dbt import dbt
from warehouse.api_keys import create_key
from warehouse.project import project_names
from warehouse.tenants import Tenant

pytestmark = pytest.mark.database

SEEDS = [20261]
LONG_SEEDS = range(1, 11)
ORGANIZATIONS = 6
QUESTIONS = 15
ADMIN = Caller()
CHART_KEYS = {
    "modality_provider": ("month", "modality", "provider"),
    "modality": ("month", "modality"),
    "provider": ("month", "provider"),
    "total": ("month",),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    is_long = metafunc.config.getoption("--long", default=False)
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", LONG_SEEDS if is_long else SEEDS, scope="module")
    if "organization" in metafunc.fixturenames:
        metafunc.parametrize("organization", [str(n + 1) for n in range(ORGANIZATIONS)])


@dataclass
class Warehouse:
    """Raw rows, what the reference makes of them, and an API that serves their build."""

    raw: RawKaapi
    rows: dict[str, list[kaapi.Row]]
    keys: dict[Caller, str]
    runner: asyncio.Runner
    client: httpx.AsyncClient

    def post(self, document: str, variables: Mapping[str, Any], caller: Caller) -> Any:
        sending = self.client.post(
            "/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {self.keys[caller]}"},
        )
        return self.runner.run(sending).json()  # type: ignore[arg-type]

    def ask(self, question: Question, caller: Caller, *, paged: bool = False, **more: Any) -> Any:
        document = wire.document(question, paged=paged)
        body = self.post(document, wire.variables(question, **more), caller)
        assert "errors" not in body, f"{_shown(question)}\n{body['errors']}"
        return body["data"]["answer"]

    def refusal(self, question: Question, caller: Caller) -> dict[str, Any]:
        body = self.post(wire.document(question), wire.variables(question), caller)
        assert not (body.get("data") or {}).get("answer"), body
        (error,) = body["errors"]
        extensions: dict[str, Any] = error["extensions"]
        return extensions

    def check(self, question: Question, caller: Caller) -> None:
        expected = answer(question, self.rows[question.mart.name], caller)
        found = wire.differences(expected, question, self.ask(question, caller))
        assert not found, _report(question, found, caller)

    def visible(self, mart: str, caller: Caller) -> list[kaapi.Row]:
        mine = caller.organization_id
        return [r for r in self.rows[mart] if mine is None or r["organization_id"] == mine]


@pytest.fixture(scope="module")
def warehouse(
    seed: int,
    postgres_server: Any,
    module_database: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    raw = random_rows.generate(seed, organizations=ORGANIZATIONS)
    database, target = module_database("random_kaapi"), tmp_path_factory.mktemp("target")
    with postgres_server.connect(database) as connection:
        raw_kaapi.write(connection, "kaapi", raw)
        dbt(["build"], postgres_server.env(database), target)
        keys = {caller: _key(connection, caller) for caller in _callers(raw)}
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("PG")]:
            environment.delenv(name)
        for name, value in postgres_server.env(database).items():
            environment.setenv(name, value)
        app = create_app(Settings(target_path=target), DatabaseSettings())
        transport = httpx.ASGITransport(app)
        rows = {mart.name: mart.rows(raw) for mart in MARTS}
        # One event loop for all questions, because database connections belong to one.
        with asyncio.Runner() as runner:
            client = httpx.AsyncClient(transport=transport, base_url="http://warehouse")
            running = app.router.lifespan_context(app)
            runner.run(running.__aenter__())
            yield Warehouse(raw, rows, keys, runner, client)
            runner.run(running.__aexit__(None, None, None))
            runner.run(client.aclose())


def _shown(question: Question) -> str:
    return f"{question.mart.name}{wire.variables(question)} charts {question.charts}"


def _report(question: Question, found: list[str], caller: Caller) -> str:
    return "\n".join([f"{caller} asked {_shown(question)}", *(each[:800] for each in found)])


def _callers(raw: RawKaapi) -> list[Caller]:
    first_projects = {str(p.organization_id): str(p.id) for p in reversed(raw.projects)}
    members = [Caller(organization) for organization in first_projects]
    return [ADMIN, *members, *(Caller(*pair) for pair in first_projects.items())]


def _key(connection: Any, caller: Caller) -> str:
    if caller == ADMIN:
        return create_key(connection, project_names(), role="admin").key
    tenant = Tenant(SOURCE_SYSTEM, caller.organization_id or "")
    return create_key(
        connection, project_names(), role="member", tenant=tenant, project_id=caller.project_id
    ).key


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_random_questions_of_a_member(warehouse, organization, mart, seed):
    rng = Random(f"{seed}/{organization}/{mart.name}")
    callers = [c for c in warehouse.keys if c.organization_id == organization]
    for _ in range(QUESTIONS):
        caller = rng.choice(callers)
        visible = warehouse.visible(mart.name, caller)
        warehouse.check(random_question(rng, mart, visible), caller)


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_random_questions_of_an_admin(warehouse, mart, seed):
    rng = Random(f"{seed}/admin/{mart.name}")
    for _ in range(QUESTIONS):
        question = random_question(rng, mart, warehouse.rows[mart.name])
        warehouse.check(question, ADMIN)


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.name)
def test_pages_put_together_are_the_whole_answer(warehouse, organization, mart, seed):
    rng = Random(f"{seed}/{organization}/{mart.name}/pages")
    caller = Caller(organization)
    for _ in range(3):
        question = random_question(rng, mart, warehouse.visible(mart.name, caller))
        expected = answer(question, warehouse.rows[mart.name], caller).nodes[question.offset :]
        size = min(max(1, -(-len(expected) // rng.randrange(2, 6))), wire.MOST_NODES)
        nodes: list[Any] = []
        after, offset = None, question.offset
        while True:
            asked = {"first": size, "after": after, "offset": offset}
            page = warehouse.ask(question, caller, paged=True, **asked)
            nodes += page["nodes"]
            info = page["pageInfo"]
            assert info["hasPreviousPage"] is (after is not None or offset > 0)
            assert info["hasNextPage"] is (len(nodes) < len(expected)), _shown(question)
            if not info["hasNextPage"]:
                break
            assert len(page["nodes"]) == size
            after, offset = info["endCursor"], 0
        found = wire.nodes_differ(expected, question, nodes)
        assert not found, _report(question, found, caller)


def _parameter_sets(rng: Random, warehouse: Warehouse, organization: str) -> list[dict[str, Any]]:
    """Parameters of kaapi.monthly: the defaults, each parameter alone, and mixtures of them."""
    rows = warehouse.visible("monthlyUsage", Caller(organization))
    months = sorted({row["month"] for row in rows})
    first, last = sorted(rng.sample(months, 2))
    alone: list[dict[str, Any]] = [
        {},
        {"from_month": first.replace(day=28)},
        {"to_month": last.replace(day=17)},
        {"from_month": first, "to_month": last},
        {"from_month": last.replace(day=28), "to_month": last},
        {"from_month": date(1, 1, 1)},
        {"from_month": date(1970, 1, 31), "to_month": date(9999, 12, 31)},
        *({"provider": provider} for provider in kaapi.PRICED_PROVIDERS),
        *({"modality": modality} for modality in kaapi.MODALITIES),
        *({"project_id": project} for project in {row["project_id"] for row in rows}),
    ]
    mixed = [{**rng.choice(alone), **rng.choice(alone)} for _ in range(10)]
    return [
        p for p in (*alone, *mixed) if p.get("from_month", date.min) <= p.get("to_month", date.max)
    ]


def _monthly_question(parameters: Mapping[str, Any], **more: Any) -> Question:
    where: dict[str, Any] = {}
    bounds = {"gte": parameters.get("from_month"), "lte": parameters.get("to_month")}
    if any(bounds.values()):
        where["month"] = {name: value for name, value in bounds.items() if value}
    for name in ("project_id", "modality", "provider"):
        if name in parameters:
            where[name] = {"eq": parameters[name]}
    return Question(MONTHLY_USAGE, AS_OF, where, **more)


def test_kaapi_monthly(warehouse, organization, seed):
    caller = Caller(organization)
    for parameters in _parameter_sets(Random(f"{seed}/{organization}"), warehouse, organization):
        question = _monthly_question(parameters, group_by=("month", "modality", "provider"))
        expected = kaapi.monthly_of(
            warehouse.rows["monthlyUsage"], organization, AS_OF, **parameters
        )
        found = warehouse.ask(question, caller)["nodes"]
        spelt = [
            {wire.camel(name): wire.scalar(name, value) for name, value in bucket.items()}
            for bucket in expected
        ]
        ratios = {wire.camel(name) for name in MONTHLY_USAGE.ratios}
        assert [{k: v for k, v in node.items() if k not in ratios} for node in found] == spelt


@pytest.mark.parametrize("group_by", CHART_KEYS)
def test_kaapi_chart(warehouse, organization, group_by, seed):
    rng = Random(f"{seed}/{organization}/{group_by}")
    caller = Caller(organization)
    usage = warehouse.visible("monthlyUsage", caller)
    for parameters in rng.sample(_parameter_sets(rng, warehouse, organization), 5):
        question = _monthly_question(
            parameters, group_by=CHART_KEYS[group_by], charts=kaapi.METRICS
        )
        charts = warehouse.ask(question, caller)
        for metric in kaapi.METRICS:
            expected = kaapi.chart_of(
                usage, organization, AS_OF, metric=metric, group_by=group_by, **parameters
            )
            assert charts[metric] == wire.chart_text(expected, "month", metric), parameters


@pytest.mark.parametrize(
    ("parameters", "code", "argument"),
    [
        (
            {"from_month": date(2026, 4, 1), "to_month": date(2026, 3, 31)},
            "INVERTED_WINDOW",
            "filter.month",
        ),
        ({"provider": "no-such-provider"}, "UNKNOWN_VALUE", "filter.provider"),
        ({"provider": ""}, "UNKNOWN_VALUE", "filter.provider"),
    ],
)
def test_refusals(warehouse, parameters, code, argument):
    refusal = warehouse.refusal(_monthly_question(parameters, group_by=()), Caller("1"))
    assert (refusal["code"], refusal["argument"]) == (code, argument)
    if argument == "filter.provider":
        assert set(kaapi.PRICED_PROVIDERS) <= set(refusal["allowed"])


def test_a_provider_that_only_others_use_is_as_unknown_as_one_that_nobody_uses(warehouse):
    checked = 0
    everybodys = {row["provider"] for row in warehouse.rows["monthlyUsage"]}
    for caller in [c for c in warehouse.keys if c.organization_id]:
        mine = {row["provider"] for row in warehouse.visible("monthlyUsage", caller)}
        for provider in sorted(everybodys - mine - set(kaapi.PRICED_PROVIDERS)):
            question = _monthly_question({"provider": provider}, group_by=())
            refusal = warehouse.refusal(question, caller)
            assert set(refusal["allowed"]) == mine | set(kaapi.PRICED_PROVIDERS)
            checked += 1
    assert checked


def test_a_foreign_project_is_empty(warehouse, organization):
    foreign = [str(p.id) for p in warehouse.raw.projects if str(p.organization_id) != organization]
    question = _monthly_question({"project_id": foreign[0]}, group_by=("month",))
    got = warehouse.ask(question, Caller(organization))
    assert (got["nodes"], got["totalCount"], got["totals"]["requests"]) == ([], 0, 0)
