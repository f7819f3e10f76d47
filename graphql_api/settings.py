"""What an operator may set, read once; nothing else in the project reads the environment.

The database is chosen with libpq's own variables (``PGHOST`` …). With no ``PGHOST`` set everything
talks to the embedded Postgres of this checkout, over its Unix socket.
"""

import os
from pathlib import Path

from pydantic import AliasChoices, Field, NonNegativeInt, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent

# Must agree with profiles.yml, which dbt reads without any Python of ours (a test compares them).
EMBEDDED_SOCKET_DIR = "/tmp"  # Postgres's own default; peer authentication guards it
EMBEDDED_PORT = 15432
DEFAULT_NAME = "usage_warehouse"


class DatabaseSettings(BaseSettings):
    """Where Postgres is. Every field is a standard libpq variable."""

    model_config = SettingsConfigDict(env_prefix="", frozen=True, extra="ignore")

    host: str = Field(EMBEDDED_SOCKET_DIR, validation_alias=AliasChoices("PGHOST"))
    port: int | None = Field(None, validation_alias=AliasChoices("PGPORT"))
    user: str = Field(DEFAULT_NAME, validation_alias=AliasChoices("PGUSER"))
    dbname: str = Field(DEFAULT_NAME, validation_alias=AliasChoices("PGDATABASE"))

    @property
    def is_embedded(self) -> bool:
        """Whether this is the server that ``make up`` starts (no ``PGHOST`` was set)."""
        return not os.environ.get("PGHOST")

    def conninfo(self) -> dict[str, str | int]:
        """Keyword arguments for psycopg; password, TLS and the rest stay with libpq's variables."""
        port = self.port or (EMBEDDED_PORT if self.is_embedded else 5432)
        return {"host": self.host, "port": port, "user": self.user, "dbname": self.dbname}


class Settings(BaseSettings):
    """Settings of the GraphQL server."""

    model_config = SettingsConfigDict(env_prefix="USAGE_WAREHOUSE_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address the server listens on")
    port: PositiveInt = Field(8000, description="Port the server listens on")
    target_path: Path = Field(
        PROJECT_ROOT / "target", description="dbt's target folder: where the two manifests lie"
    )
    serving_schema: str = Field(
        "usage", description="Schema of the published marts; the names of the others begin with it"
    )
    max_page_size: PositiveInt = Field(10_000, description="Largest `first` a query may ask for")
    max_query_depth: PositiveInt = Field(15, description="Deepest nesting of a GraphQL document")
    max_query_aliases: PositiveInt = Field(30, description="Most aliases in a GraphQL document")
    max_query_fields: PositiveInt = Field(
        2_000, description="Most fields of an operation, counted wherever a fragment is spread"
    )
    max_query_tokens: PositiveInt = Field(5_000, description="Most tokens in a GraphQL document")
    max_exact_percentile_values: PositiveInt = Field(
        100_000, description="Most values whose percentiles are exact where estimates can be had"
    )
    statement_timeout_ms: PositiveInt = Field(
        30_000, description="Longest a single SQL statement may run, milliseconds"
    )
    pool_size: PositiveInt = Field(8, description="Most database connections per process")
    result_cache_bytes: NonNegativeInt = Field(
        0, description="Room for answers that are kept, per process, bytes; 0: none is kept"
    )
    max_subscriptions: PositiveInt = Field(1_000, description="Most subscriptions per process")
    max_subscriptions_per_connection: PositiveInt = Field(
        20, description="Most operations at once on one WebSocket"
    )
