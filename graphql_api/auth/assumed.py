"""Callers who were seen before: they are assumed to be who they were, and checked with the answer.

The statement that looks the key up, tells row-level security who is asking, and names the published
build goes before the question in one pipeline. What comes back is thrown away unless the key still
means what was assumed: so a round trip is saved, and no answer goes out that was not authenticated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from graphql_api.query.request import Role, Scope
from graphql_api.query.statements import PLANS
from graphql_api.query.wire import Row, Statement


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key it is taken to be."""

    digest: bytes
    scope: Scope


@dataclass(frozen=True, slots=True)
class Checked:
    """What the database said: whether the caller is who was assumed, and the published build."""

    is_as_assumed: bool
    build_id: str | None


class Check:
    """Makes the statement that goes before a question, and reads what it says."""

    def __init__(self, access_schema: str, serving_schema: str) -> None:
        """Both schemas are named by the project, never by a caller.

        This statement is the same each time and planned once for all callers; the question after it
        is not, so that it says how that one is planned.
        """
        self._sql = f"""
            select caller.role, caller.source_system, caller.organization_id, caller.project_id,
                caller.status,
                (select build_id from {serving_schema}.publication
                order by published_at desc limit 1),
                set_config('usage_warehouse.scope', $2, true),
                set_config('usage_warehouse.source_system', $3, true),
                set_config('usage_warehouse.organization_id', $4, true),
                set_config('plan_cache_mode', '{PLANS}', true)
            from {access_schema}.authenticate_api_key($1) as caller
        """.encode()

    def statement(self, caller: Caller) -> Statement:
        """The check of one caller."""
        scope = caller.scope
        settings = scope.role.value, scope.source_system or "", scope.organization_id or ""
        return Statement(self._sql, (caller.digest, *settings))

    def read(self, rows: Sequence[Row], caller: Caller) -> Checked:
        """What it said."""
        if not rows:
            return Checked(is_as_assumed=False, build_id=None)
        role, *tenant, status, build_id = (_text(each) for each in rows[0][:6])
        is_same = status == "active" and Scope(Role(str(role)), *tenant) == caller.scope
        return Checked(is_same, build_id)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
