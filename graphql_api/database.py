"""The connection pool: read only, in the API's role, with a time limit on every statement."""

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from graphql_api.settings import DatabaseSettings, Settings


def create_engine(database: DatabaseSettings, settings: Settings, api_role: str) -> AsyncEngine:
    """Open no connection yet; the pool connects when it is first asked.

    The role is part of the connection's start-up options: whatever the login may do, this server
    acts as the API role, which can read the marts under row-level security and nothing else.
    Plans are made for the values at hand: a generic plan for date parameters costs up to twice.
    """
    options = {
        "role": api_role,
        "default_transaction_read_only": "on",
        "statement_timeout": str(settings.statement_timeout_ms),
        "idle_in_transaction_session_timeout": "60000",
        "plan_cache_mode": "force_custom_plan",
        "timezone": "UTC",
        "jit": "off",
    }
    conninfo = database.conninfo()
    return create_async_engine(
        URL.create("postgresql+psycopg"),
        connect_args={
            **conninfo,
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            "application_name": "usage_warehouse_api",
        },
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_pre_ping=True,
    )
