"""Large pages are passed on in pieces as they arrive, and are the answers they would be whole."""

from collections.abc import AsyncGenerator, Iterator, Sequence

import pytest

from graphql_api.query import statements
from graphql_api.query.wire import Row, Statement
from graphql_api.query.wires import Wires
from graphql_api.schema import answers
from tests.api.integration.apis import Apis, TenantsWarehouse
from tests.api.integration.both_ways import WITHOUT_HOT_PATH, counted, same_text
from tests.api.integration.callers import Api, Question, ask_all, hang_up_on, serving

pytestmark = pytest.mark.database

PAGE = Question("{ requests(first: 10000) { nodes { requestId model costUsd } } }")
DOCUMENTS = (
    PAGE.document,
    "{ requests(first: 10000) { nodes { requestId userId } totalCount totals { costUsd } } }",
    "{ requests(first: 3) { pageInfo { hasNextPage endCursor } nodes { model } totalCount } }",
    "{ a: monthlyUsage { totalCount nodes { m: model p: provider month } __typename } }",
    "{ monthlyUsage(first: 0) { nodes { model } totalCount } }",
    "{ monthlyUsage(groupBy: [MONTH], fill: ZERO) { nodes { month costUsd } window { start } } }",
    '{ monthlyUsage(filter: {provider: {eq: "no such"}}) { nodes { model } } }',
    "{ requests(offset: 1000000) { nodes { model } totalCount } }",
    "{ one: monthlyUsage { nodes { model } } two: requests { nodes { model } } }",
)


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LARGEST_HELD", -1)
    monkeypatch.setattr(statements, "PIECE_BYTES", 37)


@pytest.fixture(scope="module")
def slow(tenants_warehouse: TenantsWarehouse, api: Api) -> Iterator[Api]:
    libpq = tenants_warehouse.server.env(tenants_warehouse.database)
    with serving(tenants_warehouse.target, libpq, api.loop, **WITHOUT_HOT_PATH) as made:
        yield made


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each stream had."""
    found: list[int] = []
    stream = Wires.stream

    async def counting(
        self: Wires, statements: Sequence[Statement]
    ) -> AsyncGenerator[tuple[int, Row]]:
        found.append(0)
        async for each in stream(self, statements):
            found[-1] += 1
            yield each

    monkeypatch.setattr(Wires, "stream", counting)
    return found


@pytest.mark.usefixtures("all_are_large")
@pytest.mark.parametrize("holder", ["admin", "1"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_are_answered_alike(apis: Apis, slow: Api, document: str, holder: str) -> None:
    question = Question(document)
    with counted() as answered:
        mine, theirs = ask_all([(each, question, apis.key(holder)) for each in (apis.served, slow)])
    assert same_text(mine) == same_text(theirs)
    assert not answered.defects


@pytest.mark.usefixtures("all_are_large")
def test_come_in_pieces(apis: Apis, streamed: list[int]) -> None:
    reply = apis.served.ask(PAGE, apis.key("admin"))
    assert len(streamed) == 1
    # The caller, and the nodes without what stands around them.
    assert streamed[0] == 1 + -(
        -(len(reply.text.encode()) - len('{"data":{"requests":{"nodes":}}}')) // 37
    )


def test_only_where_they_may_be_large(apis: Apis, streamed: list[int]) -> None:
    assert apis.served.ask(PAGE, apis.key("admin")).status == 200
    assert streamed == []


@pytest.mark.usefixtures("all_are_large")
def test_an_unknown_caller_gets_no_piece(tenants_warehouse: TenantsWarehouse, apis: Apis) -> None:
    expected = apis.served.ask(PAGE, apis.key("1")).text
    change = (
        "update usage_access.api_keys set revoked_at = {}"
        " where secret_hash = sha256(convert_to(%s, 'UTF8'))"
    )
    with tenants_warehouse.server.connect(tenants_warehouse.database) as connection:
        connection.execute(change.format("now()"), [apis.key("1")])
        refused = apis.served.ask(PAGE, apis.key("1")).text
        connection.execute(change.format("null"), [apis.key("1")])
    assert "is revoked" in refused
    assert "requestId" not in refused
    assert apis.served.ask(PAGE, apis.key("1")).text == expected


@pytest.mark.usefixtures("all_are_large")
def test_what_fails_half_way_is_never_taken_for_whole(
    apis: Apis, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = apis.served.ask(PAGE, apis.key("admin")).text
    stream = Wires.stream

    async def failing(
        self: Wires, statements: Sequence[Statement]
    ) -> AsyncGenerator[tuple[int, Row]]:
        rows = 0
        async for each in stream(self, statements):
            rows += 1
            if rows == 5:
                raise OSError("the network is down")
            yield each

    with monkeypatch.context() as patched:
        patched.setattr(Wires, "stream", failing)
        cut_off = apis.served.ask(PAGE, apis.key("admin")).text
    assert '"nodes":' in cut_off
    assert expected.startswith(cut_off)
    assert len(cut_off) < len(expected)
    assert apis.served.ask(PAGE, apis.key("admin")).text == expected


@pytest.mark.usefixtures("all_are_large")
def test_who_hangs_up_half_way_keeps_no_connection(apis: Apis) -> None:
    short = Question("{ monthlyUsage { totals { requests } } }")
    expected = apis.served.ask(short, apis.key("2")).text

    hang_up_on(apis.served, PAGE, apis.key("1"), (0.002, 0.005, 0.01, 0.02))
    replies = ask_all([(apis.served, short, apis.key("2"))] * 8)
    assert [reply.text for reply in replies] == [expected] * 8
