"""LiteLLM's raw tables (definitions 3.1 and 4.1): one dataclass per table, and writing rows.

Names and columns are case-sensitive, as they are in the source.
"""

from dataclasses import dataclass, field
from typing import Any

import psycopg

from .raw_tables import (
    BigInt,
    Boolean,
    Double,
    Integer,
    Jsonb,
    Milliseconds,
    Tables,
    Text,
    TextKey,
    TextList,
    write_tables,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyTagSpend:
    id: TextKey
    request_id: Text = None
    tag: Text = None
    date: Text = None
    api_key: Text = None
    model: Text = None
    model_group: Text = None
    custom_llm_provider: Text = None
    mcp_namespaced_tool_name: Text = None
    endpoint: Text = None
    prompt_tokens: BigInt = None
    completion_tokens: BigInt = None
    cache_read_input_tokens: BigInt = None
    cache_creation_input_tokens: BigInt = None
    spend: Double = None
    api_requests: BigInt = None
    successful_requests: BigInt = None
    failed_requests: BigInt = None
    created_at: Milliseconds = None
    updated_at: Milliseconds = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationToken:
    token: TextKey
    user_id: Text = None
    key_name: Text = None
    key_alias: Text = None
    spend: Double = None
    expires: Milliseconds = None
    models: TextList = None
    team_id: Text = None
    metadata: Jsonb = None
    blocked: Boolean = None
    created_at: Milliseconds = None
    updated_at: Milliseconds = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    user_id: TextKey
    user_email: Text = None
    user_alias: Text = None
    team_id: Text = None
    user_role: Text = None
    max_budget: Double = None
    spend: Double = None
    models: TextList = None
    metadata: Jsonb = None
    created_at: Milliseconds = None
    updated_at: Milliseconds = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendLog:
    request_id: TextKey
    call_type: Text = None
    api_key: Text = None
    spend: Double = None
    total_tokens: Integer = None
    prompt_tokens: Integer = None
    completion_tokens: Integer = None
    startTime: Milliseconds = None
    endTime: Milliseconds = None
    completionStartTime: Milliseconds = None
    request_duration_ms: Integer = None
    model: Text = None
    user: Text = None
    cache_hit: Text = None
    session_id: Text = None
    status: Text = None
    model_id: Text = None
    model_group: Text = None
    custom_llm_provider: Text = None
    api_base: Text = None
    metadata: Jsonb = None
    cache_key: Text = None
    request_tags: Jsonb = None
    team_id: Text = None
    organization_id: Text = None
    end_user: Text = None
    requester_ip_address: Text = None


@dataclass(slots=True)
class RawLiteLlm:
    """Everything one LiteLLM database holds."""

    daily_tag_spend: list[DailyTagSpend] = field(default_factory=list)
    verification_tokens: list[VerificationToken] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    spend_logs: list[SpendLog] = field(default_factory=list)


def tables(rows: RawLiteLlm) -> Tables:
    return {
        "LiteLLM_DailyTagSpend": (DailyTagSpend, rows.daily_tag_spend),
        "LiteLLM_VerificationToken": (VerificationToken, rows.verification_tokens),
        "LiteLLM_UserTable": (User, rows.users),
        "LiteLLM_SpendLogs": (SpendLog, rows.spend_logs),
    }


def write(connection: psycopg.Connection[Any], schema: str, rows: RawLiteLlm) -> None:
    """Create the raw tables in the schema (made if missing) and fill them; the caller commits."""
    write_tables(connection, schema, tables(rows))
