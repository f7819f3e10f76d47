"""Enclava's raw tables (definitions 6.1): one dataclass per table, and writing rows of them."""

from dataclasses import dataclass, field
from typing import Annotated, Any

import psycopg

from .raw_tables import (
    Boolean,
    Integer,
    IntegerKey,
    Jsonb,
    Tables,
    Timestamp,
    Varchar,
    write_tables,
)

Owner = Annotated[int, "integer"]
RequiredText = Annotated[str, "varchar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: IntegerKey
    email: Varchar = None
    username: Varchar = None
    full_name: Varchar = None
    is_active: Boolean = True
    is_superuser: Boolean = False
    created_at: Timestamp = None
    updated_at: Timestamp = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    id: IntegerKey
    user_id: Owner
    name: Varchar = None
    key_hash: Varchar = None
    key_prefix: Varchar = None
    is_active: Boolean = True
    is_unlimited: Boolean = True
    budget_limit_cents: Integer = None
    total_requests: Integer = None
    total_tokens: Integer = None
    total_cost: Integer = None
    created_at: Timestamp = None
    updated_at: Timestamp = None
    last_used_at: Timestamp = None
    expires_at: Timestamp = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    id: IntegerKey
    name: Varchar = None
    user_id: Integer = None
    api_key_id: Integer = None
    limit_cents: Owner
    current_usage_cents: Integer = None
    is_active: Boolean = True
    is_exceeded: Boolean = False
    warning_threshold_cents: Integer = None
    period_type: Varchar = None
    period_start: Timestamp = None
    period_end: Timestamp = None
    is_warning_sent: Boolean = None
    enforce_hard_limit: Boolean = None
    enforce_warning: Boolean = None
    currency: Varchar = None
    created_at: Timestamp = None
    updated_at: Timestamp = None
    last_reset_at: Timestamp = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageTracking:
    id: IntegerKey
    api_key_id: Integer = None
    user_id: Integer = None
    budget_id: Integer = None
    endpoint: RequiredText
    method: RequiredText
    model: Varchar = None
    request_tokens: Integer = None
    response_tokens: Integer = None
    total_tokens: Integer = None
    cost_cents: Integer = None
    response_time_ms: Integer = None
    status_code: Integer = None
    cost_currency: Varchar = None
    request_id: Varchar = None
    session_id: Varchar = None
    ip_address: Varchar = None
    user_agent: Varchar = None
    request_metadata: Jsonb = None
    created_at: Timestamp = None


@dataclass(slots=True)
class RawEnclava:
    """Everything one Enclava database holds."""

    users: list[User] = field(default_factory=list)
    api_keys: list[ApiKey] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)
    usage_tracking: list[UsageTracking] = field(default_factory=list)


def tables(rows: RawEnclava) -> Tables:
    return {
        "users": (User, rows.users),
        "api_keys": (ApiKey, rows.api_keys),
        "budgets": (Budget, rows.budgets),
        "usage_tracking": (UsageTracking, rows.usage_tracking),
    }


def write(connection: psycopg.Connection[Any], schema: str, rows: RawEnclava) -> None:
    """Create the raw tables in the schema (made if missing) and fill them; the caller commits."""
    write_tables(connection, schema, tables(rows))
