"""The hot path answers as the GraphQL library does, to the last character, and to whom it may."""

import json
from collections.abc import Iterator, Sequence
from random import Random

import httpx
import pytest

from graphql_api import results
from graphql_api.query.wire import Row, Statement
from graphql_api.query.wires import Wires
from graphql_api.results import FRESH_SECONDS
from tests.api.integration.apis import Apis, TenantsWarehouse
from tests.api.integration.both_ways import WITHOUT_HOT_PATH, Answered, counted, same_text
from tests.api.integration.callers import Api, Question, Reply, ask_all, hang_up_on, serving
from tests.api.integration.documents import Operation, without
from tests.api.integration.strategies import operation

pytestmark = pytest.mark.database

HOLDERS = ("admin", "1", "1/20", "2", "9")
OPERATIONS, LONG_OPERATIONS = 80, 10_000

# What random operations do not write, or seldom.
WRITTEN = (
    "{ a: __typename b: monthlyUsage { t: __typename totalCount x: totalCount } c: __typename }",
    "{ requests(first: 1) { nodes { __typename } nodes { model m: model __typename } } }",
    "{ requests(first: 1) { nodes { aNameThatIsLongerThanPostgresReadsNamesOfColumnsWithout"
    "CuttingThem: model } } }",
    "{ monthlyUsage { totals { __typename } } }",
    "{ monthlyUsage { totals { __typename requests again: requests } } }",
    "{ monthlyUsage(first: 0) { totalCount } }",
    "{ monthlyUsage(first: 0) { nodes { model } } }",
    "{ monthlyUsage(groupBy: [], first: 0) { totals { costUsd } window { start end } } }",
    "{ providers { nodes { provider } } dates: requests(groupBy: []) { nodes { requests } } }",
    "{ requests(groupBy: [REQUEST_KIND], first: 2) { nodes { requestKind isOther } } }",
    "{ nothing { here } }",
    "{ monthlyUsage { nodes { nothing } } }",
    "query A { monthlyUsage { totalCount } } query B { requests { totalCount } }",
    "mutation { monthlyUsage { totalCount } }",
    "{ __schema { queryType { name } } monthlyUsage { totalCount } }",
    "{",
    "",
    "query Q($n: Int!) { requests(first: $n) { totalCount } }",
    'query Q($n: Int = 1) { requests(first: $n, after: "no cursor") { totalCount } }',
    "query Q($on: Boolean = false) { monthlyUsage { totalCount totals @include(if: $on) "
    "{ requests } ... on MonthlyUsageResult @skip(if: $on) { pageInfo { hasNextPage } } } }",
    'query Q { monthlyUsage(filter: {provider: {in: ["openai", "openai", "no such"]}}) '
    "{ totalCount } }",
    'query Q { monthlyUsage(filter: {provider: {eq: "openai"}}) { totalCount } }',
    "fragment F on MonthlyUsageResult { totals { requests } ...G } fragment G on "
    "MonthlyUsageResult { totals { costUsd } totalCount } { monthlyUsage { ...F ...G ...F } }",
)


class Age:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def passes(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def age(monkeypatch: pytest.MonkeyPatch) -> Age:
    """Of what was said of callers and of the build."""
    clock = Age()
    monkeypatch.setattr(results, "monotonic", lambda: clock.seconds)
    return clock


@pytest.fixture(scope="module")
def slow(tenants_warehouse: TenantsWarehouse, api: Api) -> Iterator[Api]:
    """The same warehouse, answered by the GraphQL library alone."""
    libpq = tenants_warehouse.server.env(tenants_warehouse.database)
    with serving(tenants_warehouse.target, libpq, api.loop, **WITHOUT_HOT_PATH) as made:
        yield made


def assert_same(slow: Reply, fast: Reply, roots: int) -> None:
    assert fast.status == slow.status
    if slow.status == 200 and slow.errors and roots > 1:
        # Root fields run at once and the first that fails ends the operation: which, is chance.
        assert fast.errors
    else:
        assert same_text(fast) == same_text(slow)


def test_random_operations_are_answered_alike(apis: Apis, slow: Api, long_run: bool) -> None:
    random = Random(6)
    with counted() as answered:
        for _ in range(LONG_OPERATIONS if long_run else OPERATIONS):
            asked, holder = _drawn(random, apis), random.choice(HOLDERS)
            question = asked.question()
            replies = ask_all([(each, question, apis.key(holder)) for each in (slow, apis.served)])
            assert_same(*replies, roots=len(asked.roots()))
    assert not answered.defects
    assert answered.hot > OPERATIONS / 3, answered


def _drawn(random: Random, apis: Apis) -> Operation:
    """Mostly such that the hot path can answer: without what it leaves to others."""
    asked = operation(random, apis.world)
    for name in ("chart", "comparisons") if random.random() < 0.8 else ():
        asked = asked.with_roots(lambda root, left_out=name: without(root, left_out))  # type: ignore[misc, return-value]
    return asked


@pytest.mark.parametrize("document", WRITTEN)
@pytest.mark.parametrize("variables", [{}, {"n": 1, "on": True}, {"n": "one", "on": 1}])
def test_written_operations_are_answered_alike(
    apis: Apis, slow: Api, document: str, variables: dict[str, object]
) -> None:
    question = Question(document, variables)
    with counted() as answered:
        slow_reply, reply = ask_all(
            [(each, question, apis.key("1")) for each in (slow, apis.served)]
        )
    assert_same(slow_reply, reply, roots=1)
    assert not answered.defects


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"query": 1}',
        b'{"query": "{ monthlyUsage { totalCount } }", "variables": []}',
        b'{"query": "{ monthlyUsage { totalCount } }", "variables": null}',
        b'{"query": "{ monthlyUsage { totalCount } }", "extensions": {"a": 1}}',
        b'{"query": "{ monthlyUsage { totalCount } }", "operationName": "A"}',
        b'{"query": "query A { monthlyUsage { totalCount } }", "operationName": "A"}',
        b'{"query": "{ monthlyUsage { totalCount } }", "operationName": 1}',
        b'{"query": "{ monthlyUsage(after: \\"\\ud800\\") { totalCount } }"}',
        b'{"query": "{ a: __typename }", "variables": {"a": NaN}}',
        b"\xff",
    ],
)
def test_bodies_are_read_alike(apis: Apis, slow: Api, body: bytes) -> None:
    key = apis.key("1")
    for headers in ({}, {"accept": "text/html"}, {"content-type": "text/plain"}):
        reply, slow_reply = (each.post(body, key, **headers) for each in (apis.served, slow))
        assert (reply.status, reply.text) == (slow_reply.status, slow_reply.text)


def test_addresses_are_read_alike(apis: Apis, slow: Api) -> None:
    question = "query=query($n:Int){requests(first:$n){totalCount}}"
    for address in (
        "query={monthlyUsage{totalCount}}",
        "query={monthlyUsage{totalCount}}&query={requests{totalCount}}",
        f'{question}&variables={{"n":1}}',
        f"{question}&variables=",
        f'{question}&variables={{"n":"%5Cud800"}}',
        "query=%ff",
        "query=",
        "query=mutation{a}",
        "variables={}",
    ):
        headers = {"authorization": f"Bearer {apis.key('1')}", "accept": "application/json"}
        mine, theirs = (each.get(f"/graphql?{address}", **headers) for each in (apis.served, slow))
        assert (mine.status, mine.text) == (theirs.status, theirs.text)


def test_who_has_the_answer_is_told_so(apis: Apis) -> None:
    address = "/graphql?query={monthlyUsage{totalCount}}"

    async def get(holder: str, tag: str = "") -> httpx.Response:
        headers = {"authorization": f"Bearer {apis.key(holder)}", "if-none-match": tag}
        return await apis.served.client.get(address, headers=headers)

    first = apis.served.loop.run(get("1"))
    again = apis.served.loop.run(get("1", f'"other", W/{first.headers["etag"]}'))
    others = apis.served.loop.run(get("2", first.headers["etag"]))
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert (others.status_code, "authorization") == (200, others.headers["vary"])


def test_callers_are_refused_alike(apis: Apis, slow: Api) -> None:
    question = Question("{ monthlyUsage { totalCount } }")
    for key in (None, "", "uw_no_such_key"):
        assert apis.served.ask(question, key).text == slow.ask(question, key).text
    for header in ("Basic x", "bearer", f"BEARER  {apis.key('1')}"):
        replies = [each.ask(question, None, authorization=header) for each in (apis.served, slow)]
        assert replies[0].text == replies[1].text


def test_the_comparison_would_notice_a_difference(apis: Apis, slow: Api) -> None:
    question = Question("{ monthlyUsage { totalCount } }")
    mine, others = (apis.served.ask(question, apis.key(holder)) for holder in ("1", "2"))
    with pytest.raises(AssertionError):
        assert_same(mine, others, roots=1)
    reordered = Reply(200, json.dumps({"data": {"b": 1, "a": 2}}))
    assert same_text(reordered) != same_text(Reply(200, '{"data":{"a":2,"b":1}}'))


def test_a_key_that_was_known_is_looked_up_again(
    tenants_warehouse: TenantsWarehouse, apis: Apis
) -> None:
    """Also when its tenant was changed behind the server's back, or it was revoked."""
    question = Question("{ monthlyUsage { totalCount totals { requests } } }")
    expected = {holder: apis.served.ask(question, apis.key(holder)).text for holder in ("1", "2")}
    digest = "sha256(convert_to(%s, 'UTF8'))"
    with tenants_warehouse.server.connect(tenants_warehouse.database) as connection:
        keys = "usage_access.api_keys"
        for change, undo, text in (
            ("organization_id = '2'", "organization_id = '1'", expected["2"]),
            ("revoked_at = now()", "revoked_at = null", "is revoked"),
        ):
            where = f"where secret_hash = {digest}"
            connection.execute(f"update {keys} set {change} {where}", [apis.key("1")])
            changed = apis.served.ask(question, apis.key("1")).text
            connection.execute(f"update {keys} set {undo} {where}", [apis.key("1")])
            assert text in changed
            assert apis.served.ask(question, apis.key("1")).text == expected["1"]


def test_a_statement_that_runs_too_long_is_asked_once(
    tenants_warehouse: TenantsWarehouse, apis: Apis, slow: Api
) -> None:
    """And is refused in the words of the GraphQL library."""
    libpq = tenants_warehouse.server.env(tenants_warehouse.database)
    question = Question("{ a: requests(first: 10000) { nodes { requestId } } }")
    replies = []
    for settings in ({}, WITHOUT_HOT_PATH):
        with serving(
            tenants_warehouse.target, libpq, apis.served.loop, statement_timeout_ms=1, **settings
        ) as impatient:
            replies.append(_first_timeout(impatient, question, apis.key("admin")))
    assert replies[0] == replies[1]


def _first_timeout(api: Api, question: Question, key: str) -> str:
    for _ in range(200):
        reply = api.ask(question, key)
        if reply.codes == ["QUERY_TIMEOUT"]:
            return reply.text
    raise AssertionError("a statement of one millisecond never took longer")


def test_connections_that_were_lost_are_replaced(
    tenants_warehouse: TenantsWarehouse, apis: Apis
) -> None:
    question = Question("{ monthlyUsage { totals { requests } } }")
    expected = apis.served.ask(question, apis.key("1")).text
    with tenants_warehouse.server.connect(tenants_warehouse.database, "postgres") as superuser:
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and application_name like 'usage_warehouse_api%'"
        )
    with counted() as answered:
        replies = [apis.served.ask(question, apis.key("1")).text for _ in range(3)]
    assert replies == [expected] * 3
    assert answered.hot >= 2


def test_who_hangs_up_leaves_nothing_behind(apis: Apis) -> None:
    """Neither a connection that is in use for ever, nor an answer that somebody else gets."""
    long = Question("{ requests(first: 10000) { nodes { requestId model costUsd } } }")
    short = Question("{ monthlyUsage { totals { requests } } }")
    expected = apis.served.ask(short, apis.key("2")).text

    hang_up_on(apis.served, long, apis.key("1"), (0.0005, 0.001, 0.002, 0.004))
    with counted() as answered:
        replies = ask_all([(apis.served, short, apis.key("2"))] * 8)
    assert [reply.text for reply in replies] == [expected] * 8
    assert answered == Answered(hot=8)


class TestKeptAnswers:
    """Of callers who were looked up a moment ago, of the published build, of one scope."""

    DOCUMENT = Question("{ monthlyUsage { totalCount totals { requests costUsd } } }")

    @pytest.fixture
    def keeping(self, tenants_warehouse: TenantsWarehouse, apis: Apis) -> Iterator[Api]:
        libpq = tenants_warehouse.server.env(tenants_warehouse.database)
        target, loop = tenants_warehouse.target, apis.served.loop
        with serving(target, libpq, loop, result_cache_bytes=20_000_000) as made:
            yield made

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """How many statements each trip to the database had."""
        trips: list[int] = []
        run = Wires.run

        async def counting(self: Wires, statements: Sequence[Statement]) -> list[list[Row]]:
            trips.append(len(statements))
            return await run(self, statements)

        monkeypatch.setattr(Wires, "run", counting)
        return trips

    def test_each_scope_has_its_own(self, apis: Apis, keeping: Api) -> None:
        for _ in range(3):
            for holder in HOLDERS:
                kept = keeping.ask(self.DOCUMENT, apis.key(holder))
                assert kept.text == apis.served.ask(self.DOCUMENT, apis.key(holder)).text

    def test_go_out_without_a_trip_to_the_database(
        self, apis: Apis, keeping: Api, asked: list[int]
    ) -> None:
        first = keeping.ask(self.DOCUMENT, apis.key("1"))
        before = len(asked)
        assert keeping.ask(self.DOCUMENT, apis.key("1")).text == first.text
        assert len(asked) == before

    def test_are_computed_once_for_all_who_wait(
        self, apis: Apis, keeping: Api, asked: list[int]
    ) -> None:
        keeping.ask("{ monthlyUsage { totalCount } }", apis.key("1"))
        asked.clear()
        replies = ask_all([(keeping, self.DOCUMENT, apis.key("1"))] * 20)
        assert len({reply.text for reply in replies}) == 1
        assert asked == [2]

    def test_are_not_given_to_who_is_not_known_any_more(
        self, tenants_warehouse: TenantsWarehouse, apis: Apis, keeping: Api, age: "Age"
    ) -> None:
        keeping.ask(self.DOCUMENT, apis.key("9"))
        where = "where secret_hash = sha256(convert_to(%s, 'UTF8'))"
        with tenants_warehouse.server.connect(tenants_warehouse.database) as connection:
            keys = "update usage_access.api_keys set revoked_at"
            connection.execute(f"{keys} = now() {where}", [apis.key("9")])
            age.passes(FRESH_SECONDS)
            refused = keeping.ask(self.DOCUMENT, apis.key("9"))
            connection.execute(f"{keys} = null {where}", [apis.key("9")])
        assert refused.codes == ["UNAUTHENTICATED"]

    def test_are_of_the_published_build(
        self,
        tenants_warehouse: TenantsWarehouse,
        apis: Apis,
        keeping: Api,
        asked: list[int],
        age: "Age",
    ) -> None:
        keeping.ask(self.DOCUMENT, apis.key("1"))
        with tenants_warehouse.server.connect(tenants_warehouse.database) as connection:
            table = "usage.publication"
            connection.execute(
                f"insert into {table} select 'next', published_at + interval '1 second',"
                f" build_started_at, dbt_version, mart_row_counts from {table} limit 1"
            )
            try:
                age.passes(FRESH_SECONDS)
                asked.clear()
                keeping.ask(self.DOCUMENT, apis.key("1"))
            finally:
                connection.execute(f"delete from {table} where build_id = 'next'")
        # One trip to hear of the build, one for the new answer.
        assert asked == [1, 2]

    def test_that_end_now_are_not_kept(self, apis: Apis, keeping: Api, asked: list[int]) -> None:
        window = '{requestedAt: {trailing: "24h"}}'
        for as_of, trips in (("", 2), (', asOf: "2026-03-20T12:00:00Z"', 1)):
            call = f"requests(filter: {window}, groupBy: []{as_of})"
            question = Question(f"{{ {call} {{ totalCount }} }}")
            keeping.ask(self.DOCUMENT, apis.key("1"))
            asked.clear()
            for _ in range(2):
                keeping.ask(question, apis.key("1"))
            assert len(asked) == trips
