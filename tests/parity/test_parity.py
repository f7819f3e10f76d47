"""Random raw rows -> dbt build -> cookbook document, against the definitions in plain Python."""

import pytest

from tests.parity.case import FIGURES, cases_of, expected
from tests.parity.compare import differences
from tests.parity.conftest import Served
from tests.parity.cookbook import recipes
from tests.parity.mapping import figure_of, read_json
from tests.parity.variables import IDENTITY, variables
from tests.reference.kaapi import Refused

pytestmark = pytest.mark.database

RECIPES = recipes()
# Codes of an answer that is refused for what was asked, not for what went wrong here.
REFUSALS = {"INVALID_ARGUMENT", "INVALID_DOCUMENT", "UNKNOWN_VALUE", "INVERTED_WINDOW"}


@pytest.mark.parametrize("figure", [name for name in FIGURES if name in RECIPES])
def test_the_cookbook_gives_the_figure(random_warehouse: Served, seed: int, figure: str) -> None:
    system, recipe = FIGURES[figure], RECIPES[figure]
    raw = random_warehouse.raw[system.source_system]
    cases = cases_of(figure, seed, raw)
    assert cases, f"{figure} is asked nothing"
    for case in cases:
        given = variables(case.parameters, case.as_of)
        reply = random_warehouse.ask(recipe, given, case.parameters.get(IDENTITY))
        wanted = expected(figure, raw, case)
        if isinstance(wanted, Refused):
            assert reply.codes, f"{figure} {given} must be refused: {wanted}"
            assert set(reply.codes) <= REFUSALS, reply.text
            continue
        assert not reply.errors, f"{figure} {given}: {reply.text}"
        found = figure_of(recipe.expression, read_json(reply.text)["data"], given)
        off = list(differences(wanted, found, system.quotients))
        assert not off, f"{figure} {given}:\n" + "\n".join(off[:10])
