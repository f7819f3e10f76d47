"""The SQL of each kind of question, kept in `golden/` for reviewers.

After a change that is meant: `pytest tests/api/unit --update-golden`, and read the diff.
"""

import pytest

from tests.api.unit.asking import Api
from tests.api.unit.questions import CASES, GOLDEN, golden_text, locate_of, question_of


@pytest.mark.parametrize("case", CASES)
def test_sql_of(case: str, api: Api, pytestconfig: pytest.Config):
    path = GOLDEN / f"{case}.postgres.sql"
    text = golden_text(question_of(case, api), locate_of(case, api.catalogue))
    if pytestconfig.getoption("--update-golden"):
        path.write_text(text)
    assert path.exists(), f"{path.name} is missing: run `pytest tests/api/unit --update-golden`"
    assert text == path.read_text(), (
        "the SQL of this question changed: if that is meant, run "
        "`pytest tests/api/unit --update-golden` and review the diff"
    )


def test_every_golden_file_belongs_to_a_question():
    documents = {path.name.removesuffix(".graphql") for path in GOLDEN.glob("*.graphql")}
    statements = {path.name.removesuffix(".postgres.sql") for path in GOLDEN.glob("*.sql")}
    assert statements == documents
    assert {path.suffix for path in GOLDEN.iterdir()} <= {".graphql", ".sql"}
