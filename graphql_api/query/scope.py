"""The tenant scope as a condition of every statement.

Row-level security in the database enforces the same rule again (macros/access): either alone is
enough, so that a defect in one leaks nothing.
"""

import sqlalchemy as sa

from graphql_api.query.request import QueryRequest, Role, Scope, conditions


def scope_condition(request: QueryRequest, table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Rows of the caller's tenant, and of its current project unless the filter names projects."""
    condition = tenant_condition(request.scope, table)
    project = request.scope.project_id
    names_project = any(each.name == "project_id" for each in conditions(request.where))
    if project is not None and not names_project and "project_id" in request.mart.dimensions:
        condition = sa.and_(condition, table.c.project_id == project)
    return condition


def tenant_condition(scope: Scope, table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Rows of the caller's tenant; everything for an admin and of tables without tenants."""
    if scope.role is Role.ADMIN or "organization_id" not in table.c:
        return sa.true()
    return own_rows(scope, table)


def own_rows(scope: Scope, table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Rows of a member's tenant."""
    return sa.and_(
        table.c.source_system == scope.source_system,
        table.c.organization_id == scope.organization_id,
    )
