"""The tenants of the published build: whom keys and BI grants may be made for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from warehouse.errors import WarehouseError
from warehouse.project import ProjectNames

Connection = psycopg.Connection[tuple[Any, ...]]

SHOWN_IN_A_MESSAGE = 5


@dataclass(frozen=True, slots=True)
class Tenant:
    """One organization of one source system."""

    source_system: str
    organization_id: str


def require_published(connection: Connection, schema: str, relation: str) -> None:
    """Raise unless ``relation`` is there, which the first published build sees to."""
    name = sql.Identifier(schema, relation).as_string(connection)
    found = connection.execute("select to_regclass(%s)", [name]).fetchone()
    if found is None or found[0] is None:
        raise WarehouseError(
            "NOT_BUILT",
            f"this database has no published build yet (there is no {schema}.{relation}): "
            "run `dbt build` first",
        )


def published_tenants(connection: Connection, names: ProjectNames) -> list[tuple[Any, ...]]:
    """(source_system, organization_id, organization_name, is_active) of every organization."""
    return _select(
        connection,
        names,
        "dim_organizations",
        "select source_system, organization_id, organization_name, is_active from {} order by 1, 2",
    )


def require_tenant(
    connection: Connection, names: ProjectNames, tenant: Tenant, project_id: str | None
) -> None:
    """Raise unless the published build lists ``tenant``, and ``project_id`` as one of its own."""
    organizations = [
        organization_id
        for source_system, organization_id, *_ in published_tenants(connection, names)
        if source_system == tenant.source_system
    ]
    if tenant.organization_id not in organizations:
        raise WarehouseError(
            "UNKNOWN_TENANT",
            f"{tenant.source_system} has no organization {tenant.organization_id} in the published "
            f"build ({_known(organizations)}): `usage-warehouse keys tenants` lists all; --force "
            "takes it all the same",
        )
    if project_id is None:
        return
    projects = _select(
        connection,
        names,
        "dim_projects",
        "select project_id from {} where source_system = %s and organization_id = %s order by 1",
        [tenant.source_system, tenant.organization_id],
    )
    if (project_id,) not in projects:
        raise WarehouseError(
            "UNKNOWN_PROJECT",
            f"organization {tenant.organization_id} of {tenant.source_system} has no project "
            f"{project_id} in the published build ({_known([row[0] for row in projects])}); "
            "--force takes it all the same",
        )


def _select(
    connection: Connection,
    names: ProjectNames,
    mart: str,
    query: LiteralString,
    values: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    require_published(connection, names.serving_schema, mart)
    table = sql.Identifier(names.serving_schema, mart)
    return connection.execute(sql.SQL(query).format(table), values).fetchall()


def _known(identifiers: Sequence[str]) -> str:
    if not identifiers:
        return "it has none"
    more = len(identifiers) - SHOWN_IN_A_MESSAGE
    listed = ", ".join(identifiers[:SHOWN_IN_A_MESSAGE])
    return f"it has {listed} and {more} more" if more > 0 else f"it has {listed}"
