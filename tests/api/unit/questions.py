"""Questions whose SQL is kept: `golden/<case>.graphql` beside `golden/<case>.postgres.sql`.

The first lines of a document are comments: `# as admin` or `# as member` says who asks; `# after:`
holds the sort keys of the row that the cursor `$after` stands for. `# along its route` and `# along
its estimating route` are answered as the executor does it; the others by the mart that they name.
"""

import json
import re
from pathlib import Path

from graphql_api.catalogue.model import Catalogue
from graphql_api.query import cursor
from graphql_api.query.compiler import resolved
from graphql_api.query.legs import estimating, exactly
from graphql_api.query.paging import total_order
from graphql_api.query.request import QueryRequest
from graphql_api.query.source import Locate, asked_mart
from tests.api.unit.asking import ADMIN, MEMBER, Api, sql_of
from tests.api.unit.sql_layout import laid_out

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.stem for path in GOLDEN.glob("*.graphql"))

_SCOPES = {"admin": ADMIN, "member": MEMBER}


def question_of(case: str, api: Api) -> QueryRequest:
    """What the document of a case asks."""
    document = (GOLDEN / f"{case}.graphql").read_text()
    who = re.match(r"# as (\w+)\n", document)
    assert who, f"{case}.graphql must begin with `# as admin` or `# as member`"
    scope = _SCOPES[who[1]]
    question = api.question(document, scope=scope)
    keys = re.search(r"^# after: (.*)$", document, re.MULTILINE)
    if keys is None:
        return question
    asked = resolved(question)
    mark = cursor.fingerprint(asked, total_order(asked))
    after = cursor.encode(json.loads(keys[1]), mark)
    return api.question(document, {"after": after}, scope=scope)


def locate_of(case: str, catalogue: Catalogue) -> Locate:
    """Where a case's rows are read."""
    document = (GOLDEN / f"{case}.graphql").read_text()
    if re.search(r"^# along its estimating route$", document, re.MULTILINE):
        return estimating(catalogue)
    if re.search(r"^# along its route$", document, re.MULTILINE):
        return exactly(catalogue)
    return asked_mart


def golden_text(request: QueryRequest, locate: Locate) -> str:
    """The statement laid out, and its bound values."""
    sql, values = sql_of(request, locate)
    listed = [f"-- {name} = {value!r}\n" for name, value in sorted(values.items())]
    return laid_out(sql) + "\n" + "".join(listed)
