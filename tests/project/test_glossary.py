"""docs/glossary.md: each term once, with a meaning and where else it is used."""

from collections.abc import Iterator

from tests.project.markdown import sections
from tests.support.dbt import PROJECT_ROOT

GLOSSARY = PROJECT_ROOT / "docs" / "glossary.md"
HEAD = ["term", "meaning in this project", "also used by"]


def tables(text: str) -> Iterator[list[list[str]]]:
    """The table of each section: its rows, the head first and the rule left out."""
    for _, body in sections(text):
        lines = [line for line in body.splitlines() if line.startswith("|")]
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        yield [rows[0], *rows[2:]]


def terms(text: str) -> list[str]:
    """Every term that is explained; a row may explain several."""
    first_cells = [row[0] for table in tables(text) for row in table[1:]]
    return [term.strip() for cell in first_cells for term in cell.split(",")]


def twice(names: list[str]) -> set[str]:
    lowered = [name.lower() for name in names]
    return {name for name in lowered if lowered.count(name) > 1}


def test_every_term_is_explained_once():
    found = terms(GLOSSARY.read_text())
    assert found
    assert not twice(found)


def test_every_row_has_a_meaning_and_says_who_else_uses_the_term():
    for head, *rows in tables(GLOSSARY.read_text()):
        assert head == HEAD
        assert not [row for row in rows if len(row) != len(HEAD) or not all(row)]


def test_the_check_finds_a_term_that_stands_twice():
    rows = [
        "| term | m | u |",
        "|---|---|---|",
        "| Watermark | x | y |",
        "| batch, watermark | x | y |",
    ]
    text = "\n".join(["## Builds", *rows])
    assert twice(terms(text)) == {"watermark"}
