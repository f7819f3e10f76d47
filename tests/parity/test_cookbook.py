"""Every cookbook document is whole, and its stored answer is what the sample rows give."""

import json

import pytest

from tests.parity.case import FIGURES
from tests.parity.conftest import SEEDS, Served
from tests.parity.cookbook import COOKBOOK, recipes
from tests.parity.mapping import figure_of, read_json
from tests.parity.table import TABLE, table_text
from tests.parity.variables import IDENTITY
from tests.support.dbt import PROJECT_ROOT

RECIPES = recipes()
# Kaapi's organisation comes from the caller's key; the stored answers are those of this one.
SAMPLE_ORGANIZATION = "1"


def test_every_figure_has_a_document_and_every_document_a_figure() -> None:
    assert RECIPES.keys() == FIGURES.keys()


def test_nothing_else_lies_in_the_cookbook() -> None:
    known = {"README.md"} | {f"{f}.{kind}" for f in FIGURES for kind in ("graphql", "json")}
    assert {path.name for path in COOKBOOK.iterdir()} <= known


@pytest.mark.parametrize("figure", RECIPES)
def test_a_document_says_what_it_is_and_how_it_maps(figure: str) -> None:
    recipe = RECIPES[figure]
    assert figure in recipe.header[0]
    assert recipe.expression
    assert "asOf" in recipe.example or f"{IDENTITY}" in recipe.example


@pytest.mark.database
@pytest.mark.parametrize("figure", RECIPES)
def test_the_stored_answer_is_what_the_sample_rows_give(
    sample_of_all: Served, figure: str, pytestconfig: pytest.Config
) -> None:
    recipe = RECIPES[figure]
    organization = SAMPLE_ORGANIZATION if figure.startswith("kaapi.") else None
    reply = sample_of_all.ask(recipe, recipe.example, organization)
    assert not reply.errors, reply.text
    answer = {"variables": recipe.example, "data": reply.data}
    text = json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
    if pytestconfig.getoption("--update-golden"):
        recipe.answer_path.write_text(text, encoding="utf-8")
    assert recipe.answer_path.read_text(encoding="utf-8") == text, (
        "review the difference and rewrite it with `pytest tests/parity --update-golden`"
    )
    figure_of(recipe.expression, read_json(reply.text)["data"], recipe.example)


def test_the_table_of_figures_is_up_to_date(pytestconfig: pytest.Config) -> None:
    text = table_text(SEEDS)
    if pytestconfig.getoption("--update-golden"):
        TABLE.write_text(text, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == text, (
        f"{TABLE.relative_to(PROJECT_ROOT)} is written by `pytest tests/parity --update-golden`"
    )
