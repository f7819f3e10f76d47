"""What the documents say is true: their queries run, their tables and paths are complete."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLSchema,
    OperationType,
    build_schema,
    get_operation_ast,
    parse,
    validate,
)

from graphql_api import errors
from graphql_api.schema.export import render
from tests.project.artifacts import Project
from tests.project.files import python_files, relative, tracked_files
from tests.project.markdown import anchors
from tests.support.dbt import PROJECT_ROOT
from tests.support.sample_warehouse import SampleWarehouse

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
README = PROJECT_ROOT / "README.md"


def documents() -> list[Path]:
    return [
        path
        for path in tracked_files()
        if path.suffix == ".md" and relative(path).startswith(("README.md", "docs/"))
    ]


@dataclass(frozen=True)
class Example:
    """A query of a document, and the variables that a block of JSON right after it gives."""

    place: str
    query: str
    variables: dict[str, Any] = field(default_factory=dict)


def examples() -> Iterator[Example]:
    for path in documents():
        blocks = list(FENCE.finditer(path.read_text()))
        for block, following in zip_longest(blocks, blocks[1:]):
            if block[1] != "graphql":
                continue
            line = path.read_text()[: block.start()].count("\n") + 1
            gap = path.read_text()[block.end() : following.start()] if following else "text"
            has_variables = following and following[1] == "json" and not gap.strip()
            variables = json.loads(following[2]) if following and has_variables else {}
            yield Example(f"{relative(path)}:{line}", block[2], variables)


EXAMPLES = list(examples())


def test_the_readme_shows_a_query():
    assert [example for example in EXAMPLES if example.place.startswith("README.md")]


@pytest.fixture(scope="module")
def schema(parsed_target: Path) -> GraphQLSchema:
    return build_schema(render(parsed_target))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.place)
class TestQueries:
    def test_fit_the_schema(self, example: Example, schema: GraphQLSchema):
        assert not validate(schema, parse(example.query))

    @pytest.mark.database
    def test_are_answered(self, example: Example, sample: SampleWarehouse):
        operation = get_operation_ast(parse(example.query))
        if operation and operation.operation is OperationType.SUBSCRIPTION:
            pytest.skip("tests/api/live/test_documentation.py subscribes")
        answer = sample.ask(example.query, example.variables)
        assert "errors" not in answer, answer["errors"]
        assert answer["data"]


@pytest.mark.database
def test_the_command_of_the_readme_asks_something_that_is_answered(sample: SampleWarehouse):
    (body,) = re.findall(r"-d '(\{.*\})'", README.read_text())
    answer = sample.ask(json.loads(body)["query"])
    assert "errors" not in answer, answer["errors"]
    (first, *_) = answer["data"].values()
    assert first["nodes"]
    assert first["totals"]


@pytest.mark.database
def test_the_readmes_question_has_an_answer_worth_showing(sample: SampleWarehouse):
    (example, *_) = [each for each in EXAMPLES if each.place.startswith("README.md")]
    ((_, result),) = sample.ask(example.query, example.variables)["data"].items()
    assert result["nodes"], "the sample rows must hold what the first question asks for"


class TestTables:
    @staticmethod
    def first_cells(text: str, heading: str) -> list[str]:
        """First cells of the table under a heading, without the head."""
        section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        rows = [line for line in section.splitlines() if line.startswith("|")]
        return [row.strip("|").split("|")[0].strip() for row in rows[2:]]

    def test_marts_are_all_listed_with_their_grain(self, project: Project):
        listed = [cell.strip("`") for cell in self.first_cells(README.read_text(), "The marts")]
        names = {mart["name"] for mart in project.marts}
        missing, gone = sorted(names - set(listed)), sorted(set(listed) - names)
        assert not missing, f"add a row to the README's table of marts for {', '.join(missing)}"
        assert not gone, f"remove the README's rows of marts that are gone: {', '.join(gone)}"
        assert len(listed) == len(names), "a mart stands twice in the README's table of marts"

    def test_scalars_are_all_listed(self, schema: GraphQLSchema):
        text = (PROJECT_ROOT / "docs" / "graphql.md").read_text()
        listed = {cell.strip("`") for cell in self.first_cells(text, "Values")}
        own = {"BigInt", "Decimal", "Date", "DateTime"}
        assert own <= listed
        assert listed <= set(schema.type_map)

    def test_error_codes_are_all_listed(self):
        text = (PROJECT_ROOT / "docs" / "graphql.md").read_text()
        listed = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)*)`", text.partition("## Errors")[2]))
        assert listed == codes_in_use()


def codes_in_use() -> set[str]:
    """Every `extensions.code` that the server's source mentions."""
    source = " ".join(path.read_text() for path in python_files("graphql_api"))
    found = set(re.findall(r"\bcode(?:: str)? ?= ?\"([A-Z_]+)\"", source))
    found |= set(re.findall(r"\"code\": ?\"([A-Z_]+)\"", source))
    found |= {errors.INVALID_DOCUMENT}
    # For operators, when the server starts: no client ever sees it.
    return found - {errors.CatalogueError.code}


class TestPaths:
    @pytest.mark.parametrize("path", documents(), ids=relative)
    def test_links_lead_somewhere(self, path: Path):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{relative(path)} links to {target}"

    @pytest.mark.parametrize("path", documents(), ids=relative)
    def test_anchors_of_links_are_headings(self, path: Path):
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", path.read_text()):
            there = anchors(path.parent / target if target else path)
            assert anchor in there, f"{relative(path)} links to {target}#{anchor}"

    def test_the_tree_shows_what_is_there(self):
        section = README.read_text().partition("## The tree")[2].partition("\n## ")[0]
        shown = re.findall(r"^([\w/]+/)\s", section, re.MULTILINE)
        assert shown
        assert not [folder for folder in shown if not (PROJECT_ROOT / folder).is_dir()]
        top = {folder.split("/")[0] for folder in shown}
        there = {relative(p).split("/")[0] for p in tracked_files() if "/" in relative(p)}
        assert {name for name in there if not name.startswith(".")} == top

    @pytest.mark.parametrize("path", documents(), ids=relative)
    def test_files_that_are_named_exist(self, path: Path):
        named = re.findall(
            r"`((?:models|macros|seeds|tests|graphql_api|docs)/[\w./*]+)`", path.read_text()
        )
        for name in named:
            assert list(PROJECT_ROOT.glob(name.rstrip("/"))), f"{relative(path)} names {name}"


class TestCommands:
    def test_of_make_exist(self):
        makefile = (PROJECT_ROOT / "Makefile").read_text()
        targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
        for path in [*documents(), PROJECT_ROOT / "CONTRIBUTING.md"]:
            named = set(re.findall(r"`make ([a-z-]+)", path.read_text()))
            named |= set(re.findall(r"^make ([a-z-]+)", path.read_text(), re.MULTILINE))
            assert named <= targets, relative(path)


def test_the_readme_is_no_longer_than_it_should_be():
    """One screen a part; numbers of models and tests would rot."""
    text = README.read_text()
    assert len(text.splitlines()) <= 250
    assert not re.search(r"\b\d+ (?:models|tests|marts)\b", text)
