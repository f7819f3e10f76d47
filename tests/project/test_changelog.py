"""CHANGELOG.md: what breaks clients stands first in each version, and nowhere else."""

from tests.project.markdown import sections
from tests.support.dbt import PROJECT_ROOT

CHANGELOG = PROJECT_ROOT / "CHANGELOG.md"
HEAD = ["model or type", "change", "old", "new", "breaking"]


def rows(body: str) -> list[list[str]]:
    lines = [line for line in body.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def misplaced(version: str) -> list[str]:
    """Changes of a version that stand among the breaking ones without being one, or the reverse."""
    return [
        row[1]
        for heading, body in sections(version, level=3)
        for row in rows(body)[2:]
        if (row[-1] == "yes") != (heading.title == "Breaking")
    ]


def test_tables_have_the_same_columns():
    for _, version in sections(CHANGELOG.read_text()):
        for heading, body in sections(version, level=3):
            head, _, *changes = rows(body)
            assert head == HEAD, heading.title
            assert {len(change) for change in changes} == {len(HEAD)}, heading.title
            assert {change[-1] for change in changes} <= {"yes", "no"}, heading.title


def test_breaking_changes_stand_in_their_own_table():
    for _, version in sections(CHANGELOG.read_text()):
        assert not misplaced(version)


def test_the_breaking_table_is_the_first_of_its_version():
    for _, version in sections(CHANGELOG.read_text()):
        titles = [heading.title for heading, _ in sections(version, level=3)]
        assert "Breaking" not in titles[1:]


def test_the_check_finds_a_breaking_change_elsewhere():
    table = "| a | b | breaking |\n|---|---|---|\n| fct_x | `y` removed | yes |\n"
    assert misplaced(f"### Breaking\n\n{table}") == []
    assert misplaced(f"### New marts\n\n{table}") == ["`y` removed"]
