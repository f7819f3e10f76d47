"""Every cookbook document is answered by the hot path as by the GraphQL library."""

from collections.abc import Iterator

import pytest

from tests.api.integration.both_ways import WITHOUT_HOT_PATH, counted, same_text
from tests.api.integration.callers import Api, Question, ask_all, serving
from tests.parity.cookbook import recipes
from tests.support.sample_warehouse import SampleWarehouse

pytestmark = pytest.mark.database

RECIPES = recipes()


@pytest.fixture(scope="module")
def both(sample: SampleWarehouse) -> Iterator[tuple[Api, Api]]:
    libpq = sample.server.env(sample.database)
    with (
        serving(sample.target, libpq, sample.loop) as fast,
        serving(sample.target, libpq, sample.loop, **WITHOUT_HOT_PATH) as slow,
    ):
        yield fast, slow


def test_every_recipe_is_answered_alike(sample: SampleWarehouse, both: tuple[Api, Api]) -> None:
    with counted() as answered:
        for figure, recipe in RECIPES.items():
            question = Question(recipe.text, recipe.example)
            fast, slow = ask_all([(each, question, sample.key) for each in both])
            assert not slow.errors, figure
            assert same_text(fast) == same_text(slow), figure
    assert not answered.defects
    assert answered.hot > len(RECIPES) / 4, answered
