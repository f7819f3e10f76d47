"""docs/decisions: one heading per decision, each in the index, each with its reason."""

import re
from pathlib import Path

import pytest

from tests.project.files import relative
from tests.project.markdown import Heading, headings, sections
from tests.support.dbt import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "docs" / "decisions"
INDEX = FOLDER / "README.md"
SUBJECTS = sorted(path for path in FOLDER.glob("*.md") if path != INDEX)
_ENTRY = re.compile(r"^- \[(?P<title>.+)\]\((?P<file>[\w-]+\.md)#(?P<anchor>[\w-]+)\)$")


def decided(name: str, text: str) -> list[str]:
    """The index's lines for the decisions of one document, in their order."""
    return [f"- [{each.title}]({name}#{each.anchor})" for each in headings(text) if each.level == 2]


def indexed(name: str, text: str) -> list[str]:
    """Lines of the index that link into one document."""
    entries = (_ENTRY.match(line) for line in text.splitlines())
    return [entry[0] for entry in entries if entry and entry["file"] == name]


def test_the_index_lists_every_subject():
    linked = re.findall(r"^## \[.+\]\(([\w-]+\.md)\)$", INDEX.read_text(), re.MULTILINE)
    assert sorted(linked) == [path.name for path in SUBJECTS]


@pytest.mark.parametrize("path", SUBJECTS, ids=relative)
def test_the_index_lists_every_decision_and_no_other(path: Path):
    listed = indexed(path.name, INDEX.read_text())
    assert listed == decided(path.name, path.read_text())


def test_the_index_has_no_line_that_is_no_entry():
    lines = [line for line in INDEX.read_text().splitlines() if line.startswith("- ")]
    assert lines
    assert not [line for line in lines if not _ENTRY.match(line)]


@pytest.mark.parametrize("path", SUBJECTS, ids=relative)
def test_every_decision_says_what_and_why(path: Path):
    for heading, body in sections(path.read_text()):
        parts = re.findall(r"^- \*\*(\w+)\*\*: ", body, re.MULTILINE)
        assert parts[:2] == ["What", "Why"], heading.title
        known = ["What", "Why", "Consequence", "Considered", "Revisit"]
        assert parts == [each for each in known if each in parts], heading.title


def test_no_title_stands_twice():
    titles = [each.title for path in SUBJECTS for each, _ in sections(path.read_text())]
    assert len(titles) == len(set(titles))


class TestTheCheckItself:
    """It must be able to fail."""

    def test_finds_a_decision_that_is_not_listed(self):
        text = "# Subject\n\n## Costs are exact\n\n## Days are UTC\n"
        entry = "- [Costs are exact](subject.md#costs-are-exact)"
        assert indexed("subject.md", entry) == [entry]
        assert indexed("subject.md", entry) != decided("subject.md", text)

    def test_finds_a_wrong_anchor(self):
        text = "## Costs are exact\n"
        entry = "- [Costs are exact](subject.md#cost-is-exact)"
        assert indexed("subject.md", entry) != decided("subject.md", text)

    def test_anchors_are_those_of_github(self):
        heading = Heading(2, "Money is numeric(38,22), a `count` top-N")
        assert heading.anchor == "money-is-numeric3822-a-count-top-n"

    def test_comments_in_code_are_no_headings(self):
        assert not headings("```sh\n# install\n```\n")
