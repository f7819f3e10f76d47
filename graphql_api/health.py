"""Health of the server: ``/healthz`` and ``/readyz``, and what start-up says of the database.

Ready is who can answer queries. A failed build does not end that, as readers stay on the build
before: it is reported as degraded, without its reason, which may quote raw values.
"""

import asyncio
import logging
import re
from collections.abc import Iterator

import psycopg
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from psycopg.conninfo import make_conninfo
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from graphql_api.catalogue.model import Catalogue, Mart
from graphql_api.query.faults import DATABASE_ERRORS, translate
from graphql_api.query.health import (
    MAY_BECOME,
    failures_since,
    failures_table,
    newest_build,
    published_columns,
)
from graphql_api.settings import DatabaseSettings

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5
OWN_COLUMNS = {  # that older versions did not publish
    ("publication_sources", "rows_after_clock"),
    ("publication_sources", "rejected_rows"),
    ("publication_sources", "archived_before"),
}
MOST_NAMES = 3  # of missing columns in a reason
_COLUMN = re.compile(r"[a-z_][a-z0-9_]*")


class Health:
    """Readiness of the database that one server reads."""

    def __init__(
        self, engine: AsyncEngine, catalogue: Catalogue, database: DatabaseSettings
    ) -> None:
        """``database`` is connected to without the API's role to learn why that is refused."""
        self._engine = engine
        self._schema = catalogue.serving_schema
        self._catalogue = catalogue
        self._database = database
        self._fitting_build = ""  # the last build whose columns were found to fit
        self._logged = ""

    async def check(self) -> tuple[int, dict[str, object]]:
        """HTTP status and body of ``/readyz``; a new reason is logged."""
        try:
            async with self._engine.connect() as connection:
                status, body = await self._state(connection)
        except DATABASE_ERRORS as error:
            reason = await self._role_fault() or str(translate(error))
            status, body = 503, {"status": "unavailable", "reason": reason}
        self._log(str(body.get("reason", "")))
        return status, body

    async def _state(self, connection: AsyncConnection) -> tuple[int, dict[str, object]]:
        row = (await connection.execute(newest_build(self._schema))).mappings().first()
        if row is None:
            return _unavailable("no build is published here; run `dbt build`")
        missing = await self._missing_columns(connection, row["build_id"])
        if missing:
            more = f" and {len(missing) - MOST_NAMES} more" if len(missing) > MOST_NAMES else ""
            return _unavailable(
                f"the published marts do not fit this server: {', '.join(missing[:MOST_NAMES])}"
                f"{more} missing; run `usage-warehouse build` with the same files, then restart"
            )
        body: dict[str, object] = {
            "status": "ready",
            "buildId": row["build_id"],
            "publishedAt": row["published_at"].isoformat(),
        }
        return 200, body | await self._failed_since(connection, row["published_at"])

    async def _failed_since(
        self, connection: AsyncConnection, published_at: object
    ) -> dict[str, object]:
        """Builds that failed since the published one, as a part of the body; empty: none."""
        if (await connection.execute(failures_table(self._schema))).scalar() is None:
            return {}
        values = {"published_at": published_at}
        failed = (await connection.execute(failures_since(self._schema), values)).mappings().one()
        if not failed["failures"]:
            return {}
        at = failed["failed_at"].isoformat()
        return {
            "status": "degraded",
            "reason": f"builds failed since, the newest at {at}: `usage-warehouse status` says why",
            "failedBuilds": failed["failures"],
            "lastFailedAt": at,
        }

    async def _missing_columns(self, connection: AsyncConnection, build_id: str) -> list[str]:
        """Columns that this server asks for and the published marts do not have."""
        if build_id == self._fitting_build:
            return []
        columns = await connection.execute(published_columns(self._schema))
        found = {(table, column) for table, column in columns}
        missing = [
            f"{mart.name}.{column}"
            for mart in self._catalogue.marts.values()
            for column in sorted(set(_columns(mart)))
            if (mart.name, column) not in found
        ]
        missing += [".".join(each) for each in OWN_COLUMNS if each not in found]
        if not missing:
            self._fitting_build = build_id
        return missing

    async def log_role_fault(self) -> None:
        """At start-up: say by name that the login may not become the role of the API."""
        fault = await self._role_fault()
        if fault:
            self._log(fault)

    async def _role_fault(self) -> str:
        """Why this login cannot read as the API does, if that is why; asked without its role."""
        role = self._catalogue.api_role
        name = '"' + role.replace('"', '""') + '"'
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                async with await psycopg.AsyncConnection.connect(
                    make_conninfo("", **self._database.conninfo()), autocommit=True
                ) as connection:
                    found = await connection.execute(MAY_BECOME, {"name": name})
                    row = await found.fetchone()
        except (psycopg.Error, OSError, TimeoutError):
            return ""
        if row is None or row[2]:
            return ""
        login, is_there, _ = row
        if not is_there:
            return f"the role {role} does not exist: no build is published here; run `dbt build`"
        return (
            f"the login {login} may not become the role {role}, as which this server reads: let an "
            f'administrator run: grant {name} to "{login}" with inherit false, set true'
        )

    def _log(self, reason: str) -> None:
        if reason and reason != self._logged:
            log.warning("%s", reason)
        self._logged = reason


def add_health(app: FastAPI, health: Health) -> None:
    """Add both routes."""

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """The database answers, a build is published, and its marts fit this server."""
        status, body = await health.check()
        return JSONResponse(body, status)


def _unavailable(reason: str) -> tuple[int, dict[str, object]]:
    return 503, {"status": "unavailable", "reason": reason}


def _columns(mart: Mart) -> Iterator[str]:
    """Columns of the mart that queries may read."""
    yield from (each.name for each in mart.dimensions.values() if each.part is None)
    for measure in mart.measures.values():
        if _COLUMN.fullmatch(measure.expression):
            yield measure.expression
