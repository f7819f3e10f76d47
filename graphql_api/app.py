"""The ASGI application: GraphQL, the GraphiQL page, and health.

Start it with ``usage-warehouse serve``, or any ASGI server with ``graphql_api.app:create_app`` as a
factory.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from graphql_api.auth.keys import authenticate
from graphql_api.catalogue.load import load_catalogue
from graphql_api.catalogue.model import Catalogue
from graphql_api.database import (
    create_engine,
    create_listening_engine,
    create_wires,
    hot_places,
)
from graphql_api.errors import CatalogueError
from graphql_api.graphiql import GraphiQLRouter, mount_graphiql
from graphql_api.health import Health, add_health
from graphql_api.hot import PATH, Answering, HotPath
from graphql_api.live.feed import PublicationFeed
from graphql_api.live.updates import UsageUpdates
from graphql_api.query.changes import usage_changes
from graphql_api.query.executor import Executor
from graphql_api.query.request import Scope
from graphql_api.results import Results
from graphql_api.schema.context import Context
from graphql_api.schema.schema import MartSchema, build_schema
from graphql_api.settings import DatabaseSettings, Settings
from graphql_api.websocket import CONNECTION_INIT_SECONDS


def _check_schema(settings: Settings, catalogue: Catalogue) -> None:
    """Refuse manifests of another target than the environment names."""
    if (
        "serving_schema" in settings.model_fields_set
        and settings.serving_schema
        and settings.serving_schema != catalogue.serving_schema
    ):
        raise CatalogueError(
            f"the manifests in {settings.target_path} are those of {catalogue.serving_schema}, and "
            f"schema {settings.serving_schema} is to be served (USAGE_WAREHOUSE_SERVING_SCHEMA, or "
            "the profile): run `usage-warehouse build`, or name another folder with "
            "USAGE_WAREHOUSE_TARGET_PATH"
        )


def create_app(
    settings: Settings | None = None, database: DatabaseSettings | None = None
) -> FastAPI:
    """Build the application from dbt's artefacts; no connection is opened yet.

    Raises:
        CatalogueError: the artefacts are missing or unusable; the message names the remedy.
    """
    settings = settings or Settings()
    catalogue = load_catalogue(settings.target_path)
    _check_schema(settings, catalogue)
    database = database or DatabaseSettings()
    engine = create_engine(database, settings, catalogue.api_role)
    wires = create_wires(database, settings, catalogue.api_role)
    schema = build_schema(catalogue, settings)
    listening = create_listening_engine(database, settings, catalogue.api_role)
    feed = PublicationFeed(listening, catalogue.serving_schema, settings.max_subscriptions)
    health = Health(engine, catalogue, database)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Beside the start: a database that does not answer must not hold it up.
        first_look = asyncio.create_task(health.log_role_fault())
        yield
        first_look.cancel()
        with suppress(asyncio.CancelledError):
            await first_look
        await feed.close()
        await wires.close()
        await engine.dispose()

    app = FastAPI(
        title="LLM usage warehouse",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    add_health(app, health)
    mount_graphiql(app)
    app.include_router(_graphql_router(settings, catalogue, schema, engine, feed), prefix=PATH)
    if hot_places(settings):
        results = Results(settings.result_cache_bytes)
        feed.also_tell(results.forget_checks)
        answering = Answering(catalogue, settings, schema, engine, wires, results)
        app.add_middleware(HotPath, answering=answering)
    return app


def _graphql_router(
    settings: Settings,
    catalogue: Catalogue,
    schema: MartSchema,
    engine: AsyncEngine,
    feed: PublicationFeed,
) -> GraphiQLRouter:
    executor = Executor(engine, catalogue, settings.max_exact_percentile_values)
    updates = _usage_updates(settings, catalogue, engine, feed)

    async def context(connection: HTTPConnection) -> Context:
        async def caller() -> Scope:
            return await authenticate(engine, catalogue.access_schema, made.authorization)

        made = Context(catalogue, settings, executor, caller, updates)
        made.authorization = connection.headers.get("authorization")
        return made

    return GraphiQLRouter(
        schema,
        context_getter=context,
        subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,) if updates else (),
        connection_init_wait_timeout=timedelta(seconds=CONNECTION_INIT_SECONDS),
        max_subscriptions_per_connection=settings.max_subscriptions_per_connection,
    )


def _usage_updates(
    settings: Settings, catalogue: Catalogue, engine: AsyncEngine, feed: PublicationFeed
) -> UsageUpdates | None:
    changes = usage_changes(catalogue)
    if changes is None:
        return None
    # The other half of that pool is left to queries, however many subscribers a build wakes.
    return UsageUpdates(engine, changes, feed, readers=max(1, settings.pool_size // 4))
