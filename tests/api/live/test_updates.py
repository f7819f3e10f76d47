"""Subscribers hear of every published build, and of what it changed."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from tests.api.live.client import introduced
from tests.api.live.publishing import LISTENERS, Publisher, until
from tests.api.live.served import Server

pytestmark = pytest.mark.database

NOTHING = {"requestsDelta": 0, "totalTokensDelta": 0, "costUsdDelta": "0"}


async def next_update(server: Server, key: str, **variables: Any) -> dict[str, Any]:
    async with introduced(server.url, key) as client:
        await client.subscribe(**variables)
        return await client.update()


async def test_a_build_by_dbt_is_announced_with_what_it_changed(
    server: Server, published: Publisher, admin: str
):
    """Three messages of SEMANTICS 5.8 follow from one update."""
    before = published.newest
    async with introduced(server.url, admin) as client:
        await client.subscribe(since=before)
        published.add("2026-03-04 05:06", user_id="u7", session_id="s7", model="new")
        published.add("2026-03-04 06:06", user_id=None, session_id="s8", model="new")
        build_id = await asyncio.to_thread(published.build)
        update = await client.update()

    assert datetime.fromisoformat(update.pop("publishedAt"))
    deltas = {"requestsDelta": 2, "totalTokensDelta": 20, "costUsdDelta": "1"}
    users = {"activeUsers": 1, "sessions": 2, "userSessions": 1}
    tenant = {"sourceSystem": "KAAPI", "organizationId": "1"}
    assert update == {
        "buildId": build_id,
        "previousBuildId": before,
        "missed": False,
        **deltas,
        "dayCount": 1,
        "modelCount": 1,
        "days": [{**tenant, "day": "2026-03-04", **deltas, **users}],
        "models": [{"provider": "openai", "model": "new", **deltas}],
    }
    (day,), (model,) = update["days"], update["models"]
    usage_update = {
        "date": day["day"],
        "tokens_delta": day["totalTokensDelta"],
        "cost_delta": day["costUsdDelta"],
        "requests_delta": day["requestsDelta"],
    }
    model_update = {
        "model_name": model["model"],
        "tokens": model["totalTokensDelta"],
        "cost": model["costUsdDelta"],
        "requests": model["requestsDelta"],
    }
    user_activity = {
        "date": day["day"],
        "activeUsers": day["activeUsers"],
        "sessions": day["userSessions"],
    }
    assert [usage_update, model_update, user_activity] == [
        {"date": "2026-03-04", "tokens_delta": 20, "cost_delta": "1", "requests_delta": 2},
        {"model_name": "new", "tokens": 20, "cost": "1", "requests": 2},
        {"date": "2026-03-04", "activeUsers": 1, "sessions": 1},
    ]


async def test_without_a_start_a_subscription_begins_with_the_next_build(
    server: Server, published: Publisher, admin: str
):
    await asyncio.to_thread(published.wait_for_listeners, 0)
    async with introduced(server.url, admin) as client:
        await client.subscribe()
        # It listens as soon as it knows with which build it begins.
        await until(lambda: published.value(LISTENERS) == 1, "the subscription")
        build_id = published.announce()
        update = await client.update()
    assert (update["buildId"], update["missed"]) == (build_id, False)


async def test_a_build_that_changed_nothing_is_announced_too(
    server: Server, published: Publisher, admin: str
):
    before = published.newest
    build_id = published.announce()
    update = await next_update(server, admin, since=before)
    assert update["buildId"] == build_id
    assert NOTHING.items() <= update.items()
    assert (update["dayCount"], update["days"], update["modelCount"]) == (0, [], 0)


class TestWhatAnUpdateHolds:
    async def test_what_cancels_out_over_models_is_still_a_change_of_the_day(
        self, server: Server, published: Publisher, admin: str
    ):
        before = published.newest
        published.announce(
            {"model": "a"}, {"model": "b", "requests": -1, "tokens": -10, "cost": "-0.5"}
        )
        update = await next_update(server, admin, since=before)
        assert NOTHING.items() <= update["days"][0].items()
        assert [(each["model"], each["requestsDelta"]) for each in update["models"]] == [
            ("a", 1),
            ("b", -1),
        ]

    async def test_amounts_keep_every_digit(self, server: Server, published: Publisher, admin: str):
        before = published.newest
        cost = "1234567890123456.0000000000000000000001"
        published.announce({"tokens": 2**53 + 1, "cost": cost})
        update = await next_update(server, admin, since=before)
        assert (update["totalTokensDelta"], update["costUsdDelta"]) == (2**53 + 1, cost)

    async def test_lists_are_cut_and_counted(
        self, server: Server, published: Publisher, admin: str
    ):
        before = published.newest
        published.announce(
            *({"day": f"2026-01-{day:02}", "model": f"m{day}"} for day in range(1, 32)),
            *(
                {"organization": o, "day": None, "earlier_days": days}
                for o, days in (
                    ("1", "{[2025-01-01,2025-01-03),[2025-06-01,2025-06-02)}"),
                    ("2", "{[2025-01-02,2025-01-03)}"),
                )
            ),
            {"day": None, "model": "other", "earlier_days": "{[2025-01-02,2025-01-05)}"},
        )
        document = """
        subscription ($since: String) { usageUpdated(sinceBuildId: $since) {
            dayCount modelCount requestsDelta
            days(first: 2) { day }
            models(first: 1) { model requestsDelta }
            none: models(first: 0) { model }
        } }
        """
        update = await next_update(server, admin, document=document, since=before)
        assert update == {
            # 31 listed, of one tenant 1 to 4 January and 1 June 2025, of the other 2 January 2025.
            "dayCount": 31 + 5 + 1,
            "modelCount": 33,
            "requestsDelta": 34,
            "days": [{"day": "2026-01-31"}, {"day": "2026-01-30"}],
            "models": [{"model": "m", "requestsDelta": 2}],
            "none": [],
        }

    @pytest.mark.parametrize("first", [-1, 1_001])
    async def test_no_list_is_longer_than_the_limit(
        self, server: Server, published: Publisher, admin: str, first: int
    ):
        before = published.newest
        published.announce({})
        document = """
        subscription ($since: String) {
          usageUpdated(sinceBuildId: $since) { days(first: %d) { day } }
        }
        """
        async with introduced(server.url, admin) as client:
            await client.subscribe(document % first, since=before)
            payload = (await client.receive())["payload"]
        (error,) = payload["errors"]
        assert error["extensions"] == {"code": "INVALID_ARGUMENT", "argument": "first"}


class TestFilter:
    async def test_picks_by_provider_and_model(
        self, server: Server, published: Publisher, admin: str
    ):
        before = published.newest
        published.announce({"model": "a"}, {"model": "b"}, {"model": "a", "provider": "google"})
        picked = {"provider": {"eq": "openai"}, "model": {"in": ["a", "z"]}}
        update = await next_update(server, admin, since=before, filter=picked)
        assert (update["requestsDelta"], update["modelCount"], update["dayCount"]) == (1, 1, 1)
        # How many users a model has on a day is not kept: no number stands for "unknown".
        assert update["days"][0]["activeUsers"] is None

    @pytest.mark.parametrize(
        ("picked", "users"),
        [
            ({}, 3),
            ({"organizationId": {"eq": "1"}}, 3),
            ({"projectId": {"eq": "p"}}, 2),
            ({"and": [{"projectId": {"in": ["q"]}}]}, 1),
            ({"projectId": {"in": ["p", "q"]}}, None),
            ({"projectId": {"ne": "p"}}, None),
            ({"or": [{"projectId": {"eq": "p"}}, {"organizationId": {"eq": "2"}}]}, None),
            ({"projectId": {"eq": "p"}, "not": {"projectId": {"eq": "q"}}}, None),
            ({"not": {"model": {"eq": "x"}}}, None),
        ],
    )
    async def test_tells_users_of_tenants_and_of_one_project(
        self,
        server: Server,
        published: Publisher,
        admin: str,
        picked: dict[str, Any],
        users: int | None,
    ):
        before = published.newest
        build_id = published.announce({"project": "p"}, {"project": "q"})
        with published.connect() as connection:
            connection.execute(
                "insert into usage.publication_activity values"
                " (%(b)s, 'kaapi', '1', null, '2026-01-01', 3, 4, 3),"
                " (%(b)s, 'kaapi', '1', 'p', '2026-01-01', 2, 3, 2),"
                " (%(b)s, 'kaapi', '1', 'q', '2026-01-01', 1, 1, 1)",
                {"b": build_id},
            )
        update = await next_update(server, admin, since=before, filter=picked)
        assert [day["activeUsers"] for day in update["days"]] == [users]

    async def test_of_what_cannot_be_is_refused(self, server: Server, admin: str):
        async with introduced(server.url, admin) as client:
            await client.subscribe(filter={"sourceSystem": {"eq": "NOWHERE"}})
            assert (await client.refusal())["code"] == "INVALID_DOCUMENT"
            await client.subscribe(filter={"model": {"eq": None}})
            refusal = await client.refusal()
        assert (refusal["code"], refusal["argument"]) == ("INVALID_ARGUMENT", "filter.model")


class TestComingBack:
    async def test_builds_that_were_published_meanwhile_come_in_turn(
        self, server: Server, published: Publisher, admin: str
    ):
        before = published.newest
        builds = [published.announce({"tokens": n}) for n in range(3)]
        async with introduced(server.url, admin) as client:
            await client.subscribe(since=before)
            updates = [await client.update() for _ in builds]
        assert [each["buildId"] for each in updates] == builds
        assert [each["totalTokensDelta"] for each in updates] == [0, 1, 2]
        assert [each["missed"] for each in updates] == [False] * 3

    async def test_after_too_many_builds_only_the_newest_comes_and_says_so(
        self, server: Server, published: Publisher, admin: str
    ):
        before = published.newest
        builds = [published.announce() for _ in range(17)]
        update = await next_update(server, admin, since=before)
        assert (update["buildId"], update["missed"]) == (builds[-1], True)
        update = await next_update(server, admin, since=builds[0])
        assert (update["buildId"], update["missed"]) == (builds[1], False)

    async def test_builds_whose_changes_are_forgotten_are_a_gap(
        self, server: Server, published: Publisher, admin: str
    ):
        before = published.newest
        forgotten, kept = published.announce(), published.announce()
        with published.connect() as connection:
            connection.execute(
                "delete from usage.publication_comparisons where build_id = %s", [forgotten]
            )
        update = await next_update(server, admin, since=before)
        assert (update["buildId"], update["missed"]) == (kept, True)

    @pytest.mark.parametrize("unknown", ["nope", "", "\0", "x" * 10_000])
    async def test_a_build_that_never_was_is_refused(
        self, server: Server, admin: str, unknown: str
    ):
        async with introduced(server.url, admin) as client:
            await client.subscribe(since=unknown)
            refusal = await client.refusal()
        assert (refusal["code"], refusal["argument"]) == ("INVALID_ARGUMENT", "sinceBuildId")


class TestTenants:
    async def test_each_member_hears_of_its_own_tenant_only(
        self, server: Server, published: Publisher, admin: str
    ):
        before = published.newest
        keys = {name: published.key(name).key for name in ("1", "2", "3")}
        keys |= {"1/q": published.key("1", "q").key, "admin": admin}
        published.announce(
            {"organization": "1", "project": "p", "model": "of1", "tokens": 1},
            {"organization": "1", "project": "q", "model": "of1", "tokens": 20},
            {"organization": "2", "project": "q", "model": "of2", "tokens": 300},
            {
                "organization": "2",
                "project": "q",
                "day": None,
                "earlier_days": "{[2025-01-02,2025-01-05)}",
                "tokens": 4_000,
            },
        )
        seen = {name: await next_update(server, key, since=before) for name, key in keys.items()}
        assert {name: each["totalTokensDelta"] for name, each in seen.items()} == {
            "1": 21,
            "1/q": 20,
            "2": 4_300,
            "3": 0,
            "admin": 4_321,
        }
        assert [seen[name]["dayCount"] for name in seen] == [1, 4, 0, 1, 5]
        assert "of2" not in str([seen["1"], seen["1/q"], seen["3"]])
        assert "of1" not in str([seen["2"], seen["3"]])

    async def test_no_filter_reaches_beyond_it(self, server: Server, published: Publisher):
        before, key = published.newest, published.key("1").key
        published.announce({"organization": "2", "project": "q"})
        for picked in (
            {"organizationId": {"eq": "2"}},
            {"projectId": {"eq": "q"}},
            {"not": {"organizationId": {"eq": "1"}}},
            {"or": [{"organizationId": {"eq": "2"}}, {"provider": {"eq": "openai"}}]},
        ):
            update = await next_update(server, key, since=before, filter=picked)
            assert NOTHING.items() <= update.items(), picked
            assert (update["dayCount"], update["modelCount"]) == (0, 0)

    async def test_a_current_project_narrows_unless_the_filter_names_projects(
        self, server: Server, published: Publisher
    ):
        before, key = published.newest, published.key("1", "p").key
        published.announce({"project": "p"}, {"project": "q", "requests": 5})
        update = await next_update(server, key, since=before, filter={"projectId": {"eq": "q"}})
        assert update["requestsDelta"] == 5
