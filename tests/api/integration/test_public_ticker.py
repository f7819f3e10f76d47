"""The public ticker needs no key, shows Auto-Analyst's totals and opens nothing else."""

from typing import Any

import httpx
import pytest

from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database

TICKER = "{ publicTicker { totalSignups totalTokens totalRequests } }"


def anonymously(sample: SampleWarehouse, document: str) -> dict[str, Any]:
    async def post() -> httpx.Response:
        return await sample.client.post("/graphql", json={"query": document})

    answer: dict[str, Any] = sample.loop.run(post()).json()
    return answer


def test_anybody_sees_the_totals_of_auto_analyst(sample: SampleWarehouse):
    with sample.server.connect(sample.database) as connection:
        (usage,) = connection.execute(
            "select coalesce(sum(total_tokens), 0), count(*) from auto_analyst.model_usage"
        )
        (signups,) = connection.execute("select count(*) from auto_analyst.users")
    assert anonymously(sample, TICKER) == {
        "data": {
            "publicTicker": {
                "totalSignups": signups[0],
                "totalTokens": usage[0],
                "totalRequests": usage[1],
            }
        }
    }
    assert usage[1] > 0


@pytest.mark.parametrize(
    "field",
    [
        "requests(groupBy: []) { totalCount }",
        "users { totalCount }",
        "creditTierUsage { period }",
        "sessionStatistics { totalUsers }",
        "userActivity { period }",
    ],
)
def test_whatever_else_is_asked_needs_a_key(sample: SampleWarehouse, field: str):
    answer = anonymously(sample, f"{{ {field} }}")
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["UNAUTHENTICATED"]
    assert not answer.get("data")


def test_a_session_filter_that_users_cannot_have_is_refused(sample: SampleWarehouse):
    document = """
        { sessionStatistics(filter: { startedAt: { gte: "2026-01-01T00:00:00Z" } }) { totalUsers } }
    """
    (error,) = sample.ask(document)["errors"]
    assert error["extensions"]["argument"] == "filter.startedAt"
    assert "projectId" in error["extensions"]["allowed"]
    assert error["extensions"]["code"] == "INVALID_ARGUMENT"
