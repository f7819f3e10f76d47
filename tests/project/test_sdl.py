"""The committed SDL is what the dbt project makes, and no change breaks clients undeclared."""

import re
import subprocess
from pathlib import Path

import pytest
from graphql import build_schema
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from graphql_api.schema.export import SDL_PATH, render
from tests.support.dbt import PROJECT_ROOT

CHANGELOG = PROJECT_ROOT / "CHANGELOG.md"


@pytest.fixture(scope="module")
def rendered(parsed_target: Path) -> str:
    return render(parsed_target)


def test_the_committed_sdl_is_what_the_dbt_project_makes(rendered: str):
    committed = SDL_PATH.read_text(encoding="utf-8") if SDL_PATH.exists() else ""
    if rendered != committed:
        pytest.fail(
            "graphql_api/schema.graphql is not what the dbt project makes: run `make schema` and "
            f"review its diff.\n{changes_between(committed, rendered)}",
            pytrace=False,
        )


@pytest.mark.parametrize("commit", ["HEAD", "HEAD~1"])
def test_changes_that_break_clients_are_declared(rendered: str, commit: str):
    before = committed_sdl(commit)
    if before is None:
        pytest.skip(f"there is no SDL at {commit} to compare with")
    undeclared = undeclared_changes(before, rendered, CHANGELOG.read_text(encoding="utf-8"))
    assert not undeclared, (
        "these changes break clients; keep what is there and deprecate it, or add a row to "
        f"CHANGELOG.md with `yes` under breaking that names each: {undeclared}"
    )


def committed_sdl(commit: str) -> str | None:
    shown = subprocess.run(
        ["git", "show", f"{commit}:graphql_api/schema.graphql"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return shown.stdout if shown.returncode == 0 else None


def changes_between(before: str, after: str) -> str:
    """What a client notices, in words."""
    if not before:
        return "there is no committed SDL yet"
    old, new = build_schema(before), build_schema(after)
    lines = [f"breaking: {change.description}" for change in find_breaking_changes(old, new)]
    lines += [f"dangerous: {change.description}" for change in find_dangerous_changes(old, new)]
    return "\n".join(lines) or "no client breaks"


def undeclared_changes(before: str, after: str, changelog: str) -> list[str]:
    """Breaking changes that no breaking row of the changelog names."""
    breaking = find_breaking_changes(build_schema(before), build_schema(after))
    declared = [words(row) for row in breaking_rows(changelog)]
    return [
        change.description
        for change in breaking
        if not any(is_declared(change.description, row) for row in declared)
    ]


def breaking_rows(changelog: str) -> list[str]:
    """Rows of its tables with `yes` in the column `breaking`."""
    found, position = [], None
    for line in changelog.splitlines():
        cells = [cell.strip().lower() for cell in line.strip().strip("|").split("|")]
        if not line.strip().startswith("|"):
            position = None
        elif any(cell.startswith("breaking") for cell in cells):
            position = next(i for i, cell in enumerate(cells) if cell.startswith("breaking"))
        elif position is not None and len(cells) > position and cells[position] == "yes":
            found.append(line)
    return found


def words(text: str) -> set[str]:
    """Names in a text without regard to case and underscores: cost_usd, COST_USD, costUsd."""
    names = re.findall(r"\w+", text)
    return {re.sub(r"^(fct|dim)_", "", name.lower()).replace("_", "") for name in names}


def is_declared(description: str, row: set[str]) -> bool:
    """Whether a row names the type (or its mart) and the member that a change is about."""
    coordinate = _COORDINATE.search(description)
    assert coordinate, description
    kind, *members = (name for name in coordinate.groups() if name)
    has_type = kind == "Query" or any(
        kind.lower().startswith(each) for each in row if len(each) > 3
    )
    return has_type and all(name.lower().replace("_", "") in row for name in members)


# As GraphQL writes it: Type, Type.member or Type.field(argument:).
_COORDINATE = re.compile(r"\b([A-Z]\w+)\.(\w+)(?:\((\w+):\))?|\b(?!Field|Argument|Enum)([A-Z]\w+)")


OLD = """
type Query { calls(first: Int): CallsRow  size: Int }
type CallsRow { costUsd: String  model_name: String }
enum CallsDimension { COST_USD MODEL }
"""
HEADER = "| date | model or type | change | breaking |\n|---|---|---|---|\n"


class TestTheCheckItself:
    """It must be able to fail."""

    def test_finds_a_removed_field(self):
        new = OLD.replace("costUsd: String", "")
        assert undeclared_changes(OLD, new, "") == ["Field CallsRow.costUsd was removed."]

    def test_finds_a_removed_enum_value(self):
        new = OLD.replace("COST_USD", "")
        removed = ["Enum value CallsDimension.COST_USD was removed."]
        assert undeclared_changes(OLD, new, HEADER) == removed

    def test_finds_a_changed_type(self):
        new = OLD.replace("costUsd: String", "costUsd: Int")
        assert undeclared_changes(OLD, new, HEADER) == [
            "Field CallsRow.costUsd changed type from String to Int."
        ]

    def test_finds_a_new_required_argument(self):
        new = OLD.replace("first: Int", "first: Int, asOf: Int!")
        assert undeclared_changes(OLD, new, HEADER)

    def test_finds_a_removed_type_and_argument(self):
        new = OLD.replace("(first: Int)", "").replace("enum CallsDimension { COST_USD MODEL }", "")
        found = undeclared_changes(OLD, new, HEADER)
        assert found == ["CallsDimension was removed.", "Argument Query.calls(first:) was removed."]
        row = "| 2026-12-01 | fct_calls | `first` and its groups removed | yes |\n"
        assert not undeclared_changes(OLD, new, HEADER + row)

    def test_additions_break_nobody(self):
        assert not undeclared_changes(OLD, OLD.replace("first: Int", "first: Int, after: Int"), "")
        assert not undeclared_changes(OLD, OLD.replace("MODEL }", "MODEL NEW }"), "")

    def test_one_row_declares_a_column_in_every_type_of_its_mart(self):
        new = OLD.replace("costUsd: String", "").replace("COST_USD", "")
        row = "| 2026-12-01 | fct_calls | `cost_usd` removed | yes |\n"
        assert not undeclared_changes(OLD, new, HEADER + row)

    @pytest.mark.parametrize(
        "row",
        [
            "| 2026-12-01 | fct_calls | `cost_usd` removed | no |\n",
            "| 2026-12-01 | fct_calls | `model` removed | yes |\n",
            "| 2026-12-01 | fct_budgets | `cost_usd` removed | yes |\n",
        ],
    )
    def test_other_rows_declare_nothing(self, row: str):
        new = OLD.replace("costUsd: String", "")
        assert undeclared_changes(OLD, new, HEADER + row)

    def test_differences_are_put_into_words(self):
        new = OLD.replace("costUsd: String", "").replace("MODEL }", "MODEL NEW }")
        assert changes_between(OLD, new) == (
            "breaking: Field CallsRow.costUsd was removed.\n"
            "dangerous: Enum value CallsDimension.NEW was added."
        )
