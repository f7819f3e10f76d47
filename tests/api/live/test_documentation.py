"""The documented subscription runs, and GraphiQL may run it."""

import re

import httpx
import pytest
from graphql import parse, print_ast

from tests.api.live.client import introduced
from tests.api.live.publishing import Publisher
from tests.api.live.served import Server
from tests.project.test_readme import EXAMPLES, Example
from tests.support.dbt import PROJECT_ROOT

pytestmark = pytest.mark.database

SUBSCRIPTIONS = [each for each in EXAMPLES if each.query.lstrip().startswith("subscription")]


def test_a_subscription_is_documented():
    assert SUBSCRIPTIONS


@pytest.mark.parametrize("example", SUBSCRIPTIONS, ids=lambda example: example.place)
async def test_documented_subscriptions_are_answered(
    server: Server, published: Publisher, admin: str, example: Example
):
    async with introduced(server.url, admin) as client:
        await client.subscribe(example.query, **{**example.variables, "seen": published.newest})
        build_id = published.announce({"provider": "google"}, {"provider": "elsewhere"})
        update = await client.update()
    assert (update["buildId"], update["missed"]) == (build_id, False)
    assert [model["provider"] for model in update["models"]] == ["google"]


def test_the_variables_of_the_documentation_fit():
    for example in SUBSCRIPTIONS:
        assert print_ast(parse(example.query))
        assert set(example.variables) == set(re.findall(r"\$(\w+):", example.query))


def test_the_graphiql_page_may_subscribe_here_and_nowhere_else(server: Server):
    page = httpx.get(server.url.replace("ws:", "http:"), headers={"accept": "text/html"})
    script = (PROJECT_ROOT / "graphql_api" / "static" / "page.js").read_text()
    assert 'subscriptionUrl: `${location.origin.replace(/^http/, "ws")}/graphql`' in script
    if "content-security-policy" in page.headers:
        assert "connect-src 'self';" in page.headers["content-security-policy"]
