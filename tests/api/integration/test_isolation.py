"""No caller learns anything of another tenant's rows, whatever it asks.

The oracle is the same warehouse without the other tenants: a member's answer must be the same there
to the last character. That covers rows, totals, counts, cursors, errors and lists of known values.
"""

import base64
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, note, settings
from hypothesis import strategies as st

from tests.api.integration import tenants
from tests.api.integration.apis import Apis, without_query_scope
from tests.api.integration.callers import Question, Reply, ask_all, ask_all_within
from tests.api.integration.documents import Enum, Field, Operation, without
from tests.api.integration.strategies import operations

pytestmark = pytest.mark.database

# Who asks: whole organisations, and one narrowed to its current project.
MEMBERS = ("1", "1/20", "2", "9")
PAGES = 3
random_queries = settings(
    derandomize=True,
    deadline=None,
    # A query is readable as it is, and shrinking it takes minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@given(data=st.data())
@random_queries
def test_a_member_gets_what_it_would_get_if_it_were_alone(apis: Apis, data: st.DataObject) -> None:
    """Through both layers together, and through either of them alone; page after page."""
    member = data.draw(st.sampled_from(MEMBERS))
    operation = data.draw(operations(apis.world))
    lender = data.draw(st.sampled_from((None, None, None, "admin", *MEMBERS)))
    if lender is not None:
        operation = _after_a_page_of(apis, lender, operation)
    for page in range(PAGES):
        note(f"{member}: {operation.question()}")
        answer = _assert_as_if_alone(apis, member, operation)
        event(f"page {page}: {_kind(answer)}")
        following = _next_page(operation, answer)
        if following is None:
            break
        operation = following


def _assert_as_if_alone(apis: Apis, member: str, operation: Operation) -> Reply:
    asked = (operation.question(), apis.key(member))
    alone, served, query_layer = ask_all(
        [(api, *asked) for api in (apis.alone_for(member), apis.served, apis.without_row_security)]
    )
    with without_query_scope():
        row_security = apis.without_query_scope.ask(*asked)
    for reply in (served, query_layer, row_security):
        _assert_same(operation, alone, reply)
        _assert_holds_nothing_of_others(member, reply, asked=repr(operation.question()))
    return served


def _after_a_page_of(apis: Apis, lender: str, operation: Operation) -> Operation:
    """The operation with the cursor of somebody else's first page of the same question."""
    cursor = Field("pageInfo", None, {}, (Field("endCursor"),))
    theirs = operation.with_roots(lambda root: root.selecting(cursor))
    following = _next_page(operation, apis.served.ask(theirs.question(), apis.key(lender)))
    return following or operation


@given(data=st.data())
@random_queries
def test_a_member_gets_what_an_admin_gets_who_filters_for_its_tenant(
    apis: Apis, data: st.DataObject
) -> None:
    member = data.draw(st.sampled_from(MEMBERS))
    # Sources are not filtered: they say how new the rows are that the caller may see at all.
    drawn = data.draw(operations(apis.world)).with_roots(lambda root: without(root, "sources"))
    filtered = drawn.with_roots(lambda root: _filtered(root, member))
    note(f"{member}: {drawn.question()} as admin: {filtered.question()}")
    mine, admins = ask_all(
        [
            (apis.served, drawn.question(), apis.key(member)),
            (apis.served, filtered.question(), apis.key("admin")),
        ]
    )
    event(_kind(mine))
    if "UNKNOWN_VALUE" in mine.codes:
        # The admin may name what any tenant has, and is answered; it finds nothing.
        if len(drawn.roots()) == 1 and admins.errors:
            theirs, known = admins.errors[0]["extensions"], mine.errors[0]["extensions"]
            assert theirs["code"] == "UNKNOWN_VALUE"
            assert set(known["allowed"]) <= set(theirs["allowed"])
    elif mine.errors:
        assert mine.codes == admins.codes or len(drawn.roots()) > 1
        assert admins.errors
    else:
        assert mine.data == admins.data


def _filtered(root: Field, member: str) -> Field:
    columns = getattr(root.types["filter"].type, "fields", {}) if root.types else {}
    if "organizationId" not in columns:
        return root
    organization, _, project = member.partition("/")
    given = root.arguments.get("filter") or {}
    tenant: dict[str, Any] = {
        "sourceSystem": {"eq": Enum("KAAPI")},
        "organizationId": {"eq": organization},
    }
    if project and "projectId" in columns and not _names_project(given):
        tenant["projectId"] = {"eq": project}
    return root.with_arguments(filter={"and": [given, tenant]})


def _names_project(given: Any) -> bool:
    if isinstance(given, list):
        return any(map(_names_project, given))
    if not isinstance(given, dict):
        return False
    return bool(given.get("projectId")) or any(map(_names_project, given.values()))


def _assert_same(operation: Operation, expected: Reply, found: Reply) -> None:
    assert "INTERNAL" not in found.codes, found.text
    if expected.errors and len(operation.roots()) > 1:
        # Root fields run at once and the first that fails ends the operation: which, is chance.
        assert found.errors
    else:
        assert found.text == expected.text


def _kind(reply: Reply) -> str:
    if reply.errors:
        return f"refused {sorted(map(str, set(reply.codes)))}"
    return "rows" if re.search(r":[^0\[{]", reply.text.replace('"answer', "")) else "empty"


def _assert_holds_nothing_of_others(member: str, reply: Reply, asked: str = "") -> None:
    own = tenants.marker(member.partition("/")[0])
    for other in tenants.ALL_MARKERS:
        # What the question itself says may be repeated in an error.
        if other != own and not other.is_in(asked):
            for text in _texts(reply):
                assert not other.is_in(text), f"{other} of another tenant in {text}"


def _texts(reply: Reply) -> list[str]:
    """The answer, and whatever its opaque texts hold when decoded."""
    found = [reply.text, json.dumps(reply.body, ensure_ascii=False)]
    for opaque in re.findall(r'"([A-Za-z0-9_-]{8,})"', reply.text):
        whole = opaque[: len(opaque) // 4 * 4]
        found.append(base64.urlsafe_b64decode(whole).decode(errors="replace"))
    return found


def _next_page(operation: Operation, reply: Reply) -> Operation | None:
    """The operation with `after`, where the answer says how to go on."""
    cursors = re.findall(r'"endCursor\d*":"([^"]+)"', reply.text)
    if len(operation.roots()) != 1 or not cursors:
        return None
    return operation.with_roots(lambda root: root.with_arguments(after=cursors[0], offset=0))


@pytest.mark.parametrize("member", MEMBERS)
def test_what_only_others_have_is_as_unknown_as_what_nobody_has(apis: Apis, member: str) -> None:
    own = tenants.marker(member.partition("/")[0])
    for other in tenants.ALL_MARKERS:
        provider = f"{other.text}-provider"
        for root, operator in (("requests", "ne"), ("monthlyUsage", "eq"), ("modelPrices", "eq")):
            operation = _naming(apis, root, {operator: provider})
            answer = _assert_as_if_alone(apis, member, operation)
            is_known = other == own and root != "modelPrices"
            assert answer.codes == ([] if is_known else ["UNKNOWN_VALUE"])


def _naming(apis: Apis, root: str, condition: dict[str, str]) -> Operation:
    types = dict(apis.world.roots[root].args)
    arguments = {"filter": {"provider": condition}}
    return Operation((Field(root, "answer", arguments, (Field("totalCount"),), types),))


def test_the_comparison_would_notice_a_leak(apis: Apis) -> None:
    """With neither layer, a member gets other tenants' rows: so the tests above can fail."""
    question = Question("{ requests(first: 1000) { totalCount nodes { model inputTokens } } }")
    alone = apis.alone["1"].ask(question, apis.key("1"))
    with without_query_scope():
        leaked = apis.without_either.ask(question, apis.key("1"))
    assert leaked.text != alone.text
    with pytest.raises(AssertionError, match="of another tenant"):
        _assert_holds_nothing_of_others("1", leaked)


def test_callers_at_the_same_time_get_their_own_answers(apis: Apis) -> None:
    """Also from connections that others used, and whose questions were broken off."""
    question = Question(
        "{ requests(first: 1000) { nodes { model inputTokens } totalCount } "
        "monthlyUsage { totals { requests costUsd } freshness { sources { newestRowAt } } } }"
    )
    holders = ("1", "2", "admin", "9", "1/20") * 8
    expected = {holder: apis.served.ask(question, apis.key(holder)).text for holder in holders}
    broken_off = 0
    for patience in (0.001, 0.02, 0.1, None):
        replies = ask_all_within(
            patience, [(apis.served, question, apis.key(holder)) for holder in holders]
        )
        for holder, reply in zip(holders, replies, strict=True):
            assert reply is None or reply.text == expected[holder]
        broken_off += replies.count(None)
    assert broken_off > 0
    assert None not in replies
