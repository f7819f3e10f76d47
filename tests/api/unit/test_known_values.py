"""The check of named values grows with neither their number nor their letters."""

import pytest
from sqlalchemy.dialects import postgresql

from graphql_api.query.known import are_known
from tests.api.unit.asking import MEMBER, Api

DOCUMENT = "query($v: [String!]) { monthlyUsage(filter: {provider: {in: $v}}) { totalCount } }"


@pytest.mark.parametrize("count", [21, 70_000])
def test_many_values_are_one_bound_array(count: int, api: Api):
    question = api.question(DOCUMENT, {"v": [f"p{n}" for n in range(count)]}, scope=MEMBER)
    check = are_known(question, api.catalogue)
    assert check is not None
    compiled = check.compile(dialect=postgresql.dialect())
    assert len(str(compiled)) < 2_000
    arrays = [value for value in compiled.params.values() if isinstance(value, list)]
    assert list(map(len, arrays)) == [count]
