"""A report field's resolver."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from strawberry import UNSET

from graphql_api.catalogue.model import Mart, camel_case
from graphql_api.query.request import Role, Scope
from graphql_api.schema.arguments import zone_named
from graphql_api.schema.conditions import predicate, refuse_unstorable
from graphql_api.schema.context import Context
from graphql_api.schema.reports.report import Ask, Report

# What nobody in particular may see is what a public report makes of all rows: sums over everyone.
_EVERYONE = Scope(Role.ADMIN)


@dataclass(frozen=True, slots=True)
class ReportField:
    """One report as a root field."""

    report: Report
    mart: Mart

    async def resolve(self, context: Context, arguments: Mapping[str, object]) -> object:
        """Answer one root field."""
        given = {name: value for name, value in arguments.items() if value is not UNSET}
        as_of = given.pop("as_of", None) or context.now
        assert isinstance(as_of, datetime)
        timezone = zone_named(given.pop("timezone", None))
        for name, value in given.items():
            listed = value if isinstance(value, list) else [value]
            refuse_unstorable(listed, camel_case(name))
        where = predicate(given.pop("filter", None), self.mart, as_of, "filter", timezone)
        scope = _EVERYONE if self.report.is_public else await context.scope()
        ask = Ask(self.mart, context.catalogue, context.executor, scope, as_of, timezone, where)
        return await self.report.answer(ask, **given)
