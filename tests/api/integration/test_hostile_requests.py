"""Whatever is sent, nothing fails inside: no internal error, no HTTP status 500."""

import base64
import dataclasses
import json
import re
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, note, settings
from hypothesis import strategies as st

from tests.api.integration.apis import Apis
from tests.api.integration.callers import Question, Reply
from tests.api.integration.documents import Field
from tests.api.integration.strategies import EDGES, operations

pytestmark = pytest.mark.database

hostile_requests = settings(
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TEXTS = ("\0", "a\0b", "\ud800", "\udfff\ud800", "\uffff", "\U0001f642", "x" * 50_000, "${jndi}")
CURSORS = (
    "",
    "=",
    "AAAA",
    "bnVsbA",
    "W10",
    base64.urlsafe_b64encode(b"[" * 5_000).decode(),
    base64.urlsafe_b64encode(b'["x",[null]]').decode(),
    "\0",
    "é",
)
NUMBERS = (2**31, -(2**31), 2**63 - 1, 2**63, -(2**63), 10**40, 10**400, 1e308, 1e-308)
MOMENTS = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00.000001",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "1883-11-18T12:03:58",
    "-0001-01-01T00:00:00Z",
    "infinity",
    "now",
)
HOSTILE: dict[str, Any] = {
    "BigInt": (*NUMBERS, "9" * 19, "-0", "0x10", 1.0, True, None),
    "Decimal": (*NUMBERS, "NaN", "Infinity", "1e63", "1e-63", "-0", "0." + "1" * 190, "٣", None),
    "Date": ("0001-01-01", "9999-12-31", "2024-02-29", "2023-02-29", "infinity", "", None),
    "DateTime": (*MOMENTS, None),
    "Duration": ("", "0d", "-1h", "1y", "9" * 400 + "h", "99999999w", "٣d", 7, None),
    "offset": (-1, 2**31 - 1, 2**31, None),
    "Int": (0, -1, 1, 2**31 - 1, 2**31, 1.0, None),
    "String": (*TEXTS, *EDGES["String"], None),
    "Period": (*TEXTS, *EDGES["Period"], "7D", 7, None),
    "ID": (*TEXTS, *EDGES["ID"], None),
    "first": (0, 1, 10_000, 10_001, -1, 2**31 - 1, 2**31, None),
    "timezone": (*TEXTS, "localtime", "posixrules", "Factory", "right/UTC", "..", "UTC", "+25:00"),
    "asOf": (*MOMENTS, *EDGES["asOf"], None),
    "after": CURSORS,
}


def _kind(reply: Reply) -> str:
    return f"{reply.status} {sorted(map(str, set(reply.codes))) if reply.status == 200 else ''}"


def _assert_sound(reply: Reply) -> None:
    assert reply.status in (200, 400, 413), reply.text
    if reply.status == 200:
        assert None not in reply.codes, reply.text
        assert "INTERNAL" not in reply.codes, reply.text
        assert "UNAVAILABLE" not in reply.codes, reply.text


@given(data=st.data())
@hostile_requests
def test_values_of_any_kind_are_answered_or_refused(apis: Apis, data: st.DataObject) -> None:
    # Few kinds at a time: each that is refused at once keeps the others from being looked at.
    kinds = data.draw(st.randoms(use_true_random=True)).sample(sorted(HOSTILE), 2)
    edges = {**EDGES, **{kind: HOSTILE[kind] for kind in kinds}}
    world = dataclasses.replace(apis.world, values={}, edges=edges)
    question = data.draw(operations(world)).question()
    note(repr(question)[:5_000])
    reply = apis.served.ask(question, apis.key(data.draw(st.sampled_from(("1", "1/20", "admin")))))
    event(_kind(reply))
    _assert_sound(reply)


@given(data=st.data())
@hostile_requests
def test_any_cursor_is_answered_or_refused(apis: Apis, data: st.DataObject) -> None:
    """Cursors of this question and of others, changed in their text or in what they hold."""
    random = data.draw(st.randoms(use_true_random=True))
    selection = (Field("pageInfo", "page", {}, (Field("endCursor"),)), Field("totalCount"))
    drawn = data.draw(operations(apis.world))
    operation = drawn.with_roots(
        lambda root: (
            root.selecting(*selection).with_arguments(first=random.randint(1, 3))
            if "after" in root.types
            else root
        )
    )
    first_page = apis.served.ask(operation.question(), apis.key("admin"))
    cursors = re.findall(r'"endCursor":"([^"]+)"', first_page.text)
    cursor = _tampered(random, cursors[0] if cursors else CURSORS[0])
    note(f"{operation.question()} after {cursor!r}")
    continued = operation.with_roots(
        lambda root: root.with_arguments(after=cursor) if "after" in root.types else root
    )
    reply = apis.served.ask(continued.question(), apis.key("1"))
    event(_kind(reply))
    _assert_sound(reply)


def _tampered(random: Random, cursor: str) -> str:
    try:
        question, keys = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return random.choice(CURSORS)
    match random.randrange(6):
        case 0:
            place = random.randrange(len(cursor))
            return cursor[:place] + random.choice("AZaz09-_ =\0é") + cursor[place + 1 :]
        case 1:
            return cursor[: random.randrange(len(cursor))]
        case 2:
            keys = [*keys, random.choice(TEXTS)] if random.random() < 0.5 else keys[1:]
        case 3:
            keys = {"keys": keys} if random.random() < 0.5 else None
        case _:
            odd = (*TEXTS, *MOMENTS, "NaN", "1e999999", "9" * 30, "true", "", 5, [], {}, None, True)
            if keys:
                keys[random.randrange(len(keys))] = random.choice(odd)
    text = json.dumps([question, keys])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(data=st.data())
@hostile_requests
def test_any_bytes_are_answered_or_refused(apis: Apis, data: st.DataObject) -> None:
    random = data.draw(st.randoms(use_true_random=True))
    question = data.draw(operations(apis.world)).question()
    body = {"query": question.document, "variables": question.variables}
    content = bytearray(json.dumps(body).encode())
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(content))
        piece = random.choice(
            (
                b"",
                b"\0",
                b"\xff",
                b"{",
                b"}",
                b'"',
                b"\\ud800",
                b"$",
                b"...",
                b"@",
                b"9" * 40,
                b"null",
            )
        )
        content[place : place + random.randrange(3)] = piece
    note(repr(bytes(content)))
    reply = apis.served.post(bytes(content), apis.key("1"))
    event(_kind(reply))
    _assert_sound(reply)


@pytest.mark.parametrize("moment", MOMENTS[:5])
@pytest.mark.parametrize(
    "call",
    [
        "monthlyUsage(asOf: $t, groupBy: [MONTH], fill: ZERO)",
        "monthlyUsage(asOf: $t, groupBy: [MONTH], timeGrain: YEAR, fill: NULL)",
        "monthlyUsage(asOf: $t, filter: {month: {last: {n: 3, unit: QUARTER}}})",
        "requests(asOf: $t, groupBy: [REQUESTED_AT], timeGrain: YEAR, fill: ZERO)",
        "requests(asOf: $t, filter: {requestedAt: {last: {n: 1, unit: WEEK}}})",
        "requests(filter: {requestedAt: {gte: $t}}, groupBy: [REQUESTED_AT],"
        ' timeGrain: YEAR, fill: ZERO, timezone: "Asia/Kathmandu")',
        "requests(filter: {requestedAt: {between: {start: $t, end: $t}}},"
        ' groupBy: [REQUESTED_AT], timeGrain: HOUR, fill: ZERO, timezone: "Pacific/Apia")',
    ],
)
def test_the_ends_of_the_calendar_are_survived(apis: Apis, call: str, moment: str) -> None:
    selection = "totalCount totals { requests } freshness { lastPeriodComplete }"
    chart = " chart(measure: REQUESTS) { labels }" if "fill" in call else ""
    document = f"query($t: DateTime!) {{ {call} {{ {selection}{chart} }} }}"
    _assert_sound(apis.served.ask(Question(document, {"t": moment}), apis.key("1")))
