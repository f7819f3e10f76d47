"""docs/parity.md: every figure, what answers it, and in how many cases it is compared."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, parse

from tests.parity.case import FIGURES, SYSTEMS, cases_of, expected
from tests.parity.cookbook import Recipe, recipes
from tests.reference.kaapi import Refused
from tests.support.dbt import PROJECT_ROOT

TABLE = PROJECT_ROOT / "docs" / "parity.md"

_HEAD = """\
# Parity: every figure against a second computation

Written by `pytest tests/parity --update-golden`; a test fails when it is not up to date.

For each figure, random raw rows are written to Postgres, built with dbt, and asked for with the
figure's document in the [cookbook](cookbook/README.md). What comes back is compared with a
computation in plain Python from the same raw rows (`tests/reference`), which shares no code with
the warehouse: sums, counts and texts to the last digit, quotients that do not end to fifteen
digits.

`cases` counts the questions of one run (`pytest tests/parity`) that are answered and compared,
`refusals` those that must be refused. `pytest tests/parity --long` runs ten other sets of rows.

| figure | answered by | cases | refusals |
|---|---|--:|--:|
"""


def table_text(seeds: Sequence[int]) -> str:
    lines = []
    documents = recipes()
    for figure in (name for name in FIGURES if name in documents):
        answered, refused = _counts(figure, seeds)
        fields = ", ".join(f"`{name}`" for name in root_fields(documents[figure]))
        link = f"[{figure}](cookbook/{figure}.graphql)"
        lines.append(f"| {link} | {fields} | {answered} | {refused} |\n")
    return _HEAD + "".join(lines)


def root_fields(recipe: Recipe) -> list[str]:
    (operation,) = [
        each for each in parse(recipe.text).definitions if isinstance(each, OperationDefinitionNode)
    ]
    fields = (each for each in operation.selection_set.selections if isinstance(each, FieldNode))
    return list(dict.fromkeys(each.name.value for each in fields))


def _counts(figure: str, seeds: Iterable[int]) -> tuple[int, int]:
    system = FIGURES[figure]
    refusals = []
    for seed in seeds:
        raw = _raw(SYSTEMS.index(system), seed)
        for case in cases_of(figure, seed, raw):
            refusals.append(isinstance(expected(figure, raw, case), Refused))
    return len(refusals) - sum(refusals), sum(refusals)


@cache
def _raw(position: int, seed: int) -> Any:
    return SYSTEMS[position].raw(seed)
