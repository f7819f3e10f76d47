"""Connections to the database: read only, in the API's role, with a time limit on statements."""

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from graphql_api.query.statements import PLANS
from graphql_api.query.wires import Wires
from graphql_api.settings import DatabaseSettings, Settings

_DRIVER = URL.create("postgresql+psycopg")


def create_engine(database: DatabaseSettings, settings: Settings, api_role: str) -> AsyncEngine:
    """The pool of connections that answer questions; it connects when it is first asked.

    The role is part of the connection's start-up options: whatever the login may do, this server
    acts as the API role, which can read the marts under row-level security and nothing else.
    """
    return create_async_engine(
        _DRIVER,
        connect_args=_arguments(
            database, settings, api_role, "usage_warehouse_api", plan_cache_mode=PLANS
        ),
        pool_size=settings.pool_size - hot_places(settings),
        max_overflow=0,
        pool_pre_ping=True,
    )


def hot_places(settings: Settings) -> int:
    """How many connections the hot path has: half of those that a process may have, rounded down.

    So with a single one there is no hot path.
    """
    return settings.pool_size // 2


def create_wires(database: DatabaseSettings, settings: Settings, api_role: str) -> Wires:
    """The connections of the hot path, which say with each question how it is planned."""
    arguments = _arguments(database, settings, api_role, "usage_warehouse_api_hot")
    return Wires(arguments, hot_places(settings))


def create_listening_engine(
    database: DatabaseSettings, settings: Settings, api_role: str
) -> AsyncEngine:
    """Gives a connection of its own each time, for whoever waits on it long.

    It may wait for hours, so it must notice by itself that the other end has gone.
    """
    gone_after = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    arguments = _arguments(database, settings, api_role, "usage_warehouse_api_live")
    return create_async_engine(_DRIVER, connect_args=arguments | gone_after, poolclass=NullPool)


def _arguments(
    database: DatabaseSettings, settings: Settings, api_role: str, name: str, **more: str
) -> dict[str, str | int]:
    options = {
        "role": api_role,
        "default_transaction_read_only": "on",
        "statement_timeout": str(settings.statement_timeout_ms),
        "idle_in_transaction_session_timeout": "60000",
        "timezone": "UTC",
        "jit": "off",
        **more,
    }
    return {
        **database.conninfo(),
        "options": " ".join(f"-c {option}={value}" for option, value in options.items()),
        "application_name": name,
    }
