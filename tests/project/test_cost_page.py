"""The worked numbers of docs/cost.md: right by hand, and what the models make of the rows."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.reference.raw_litellm import RawLiteLlm, SpendLog, write
from tests.support.dbt import PROJECT_ROOT, dbt
from tests.support.postgres import PostgresServer

PAGE = PROJECT_ROOT / "docs" / "cost.md"
EXAMPLE = re.compile(
    r"^```json\n(?P<row>[^`]*)^```\n\n(?P<table>(?:\|.*\n)+)\n(?P<results>`.*)$",
    re.MULTILINE,
)
RESULT = re.compile(r"`(\w+)` (-?[\d.]+)")


@dataclass(frozen=True)
class Worked:
    """One example: a raw row, its parts, and the columns that it ends in."""

    request_id: str
    row: dict[str, Any]
    parts: list[tuple[Decimal, Decimal, Decimal]]
    results: dict[str, Decimal]

    @property
    def spend_log(self) -> SpendLog:
        given = dict(self.row)
        given["startTime"] = datetime.fromisoformat(given["startTime"])
        given["metadata"] = json.dumps(given.get("metadata", {}))
        return SpendLog(**{"request_id": self.request_id, "status": "success", **given})


def worked(text: str) -> list[Worked]:
    found = []
    for number, match in enumerate(EXAMPLE.finditer(text), start=1):
        rows = [line.strip("|").split("|") for line in match["table"].splitlines()[2:]]
        parts = [tuple(Decimal(cell.strip().replace(",", "")) for cell in row[1:]) for row in rows]
        results = {name: Decimal(value) for name, value in RESULT.findall(match["results"])}
        found.append(Worked(f"example {number}", json.loads(match["row"]), parts, results))
    return found


EXAMPLES = worked(PAGE.read_text())


def test_every_example_is_found():
    assert len(EXAMPLES) == PAGE.read_text().count("```json") > 0


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.request_id)
class TestByHand:
    def test_each_part_is_its_tokens_times_its_price(self, example: Worked):
        assert [tokens * price / 1_000_000 for tokens, price, _ in example.parts] == [
            usd for _, _, usd in example.parts
        ]

    def test_the_parts_add_up(self, example: Worked):
        assert sum(usd for _, _, usd in example.parts) == example.results["computed_cost_usd"]


@pytest.fixture(scope="module")
def priced(
    postgres_server: PostgresServer, module_database: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """What the models make of all examples, by request id."""
    database = module_database("cost_page")
    with postgres_server.connect(database) as connection:
        rows = RawLiteLlm(spend_logs=[example.spend_log for example in EXAMPLES])
        write(connection, "litellm", rows)
        target: Path = tmp_path_factory.mktemp("cost_page")
        # Tests of marts read more than is built here.
        select = ["build", "--indirect-selection", "cautious", "--select", "+int_requests"]
        dbt(select, postgres_server.env(database), target, source_systems=("litellm",))
        cursor = connection.execute("select * from usage_build.int_requests")
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor]
    return {row["request_id"]: row for row in found}


@pytest.mark.database
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.request_id)
def test_the_models_come_to_the_same(example: Worked, priced: dict[str, dict[str, Any]]):
    found = priced[example.request_id]
    assert {name: found[name] for name in example.results} == example.results
