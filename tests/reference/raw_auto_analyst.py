"""Auto-Analyst's raw tables (definitions 5.1): one dataclass per table, and writing rows."""

from dataclasses import dataclass, field
from typing import Annotated, Any

import psycopg

from .raw_tables import (
    Boolean,
    Double,
    Integer,
    IntegerKey,
    Tables,
    Text,
    Timestamp,
    Varchar,
    write_tables,
)

ModelName = Annotated[str, "varchar"]
Rated = Annotated[int, "integer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    user_id: IntegerKey
    username: Varchar = None
    email: Varchar = None
    created_at: Timestamp = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    chat_id: IntegerKey
    user_id: Integer = None
    title: Varchar = None
    created_at: Timestamp = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    message_id: IntegerKey
    chat_id: Integer = None
    sender: Varchar = None
    content: Text = None
    timestamp: Timestamp = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUsage:
    usage_id: IntegerKey
    user_id: Integer = None
    chat_id: Integer = None
    model_name: ModelName
    provider: Varchar = None
    prompt_tokens: Integer = None
    completion_tokens: Integer = None
    total_tokens: Integer = None
    query_size: Integer = None
    response_size: Integer = None
    is_streaming: Boolean = None
    cost: Double = None
    timestamp: Timestamp = None
    request_time_ms: Integer = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeExecution:
    execution_id: IntegerKey
    message_id: Integer = None
    chat_id: Integer = None
    user_id: Integer = None
    initial_code: Text = None
    latest_code: Text = None
    output: Text = None
    is_successful: Boolean = None
    model_provider: Varchar = None
    model_name: Varchar = None
    model_temperature: Double = None
    model_max_tokens: Integer = None
    failed_agents: Text = None
    error_messages: Text = None
    created_at: Timestamp = None
    updated_at: Timestamp = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFeedback:
    feedback_id: IntegerKey
    message_id: Rated
    rating: Integer = None
    model_name: Varchar = None
    model_provider: Varchar = None
    temperature: Double = None
    max_tokens: Integer = None
    created_at: Timestamp = None
    updated_at: Timestamp = None


@dataclass(slots=True)
class RawAutoAnalyst:
    """Everything one Auto-Analyst database holds."""

    users: list[User] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    model_usage: list[ModelUsage] = field(default_factory=list)
    code_executions: list[CodeExecution] = field(default_factory=list)
    message_feedback: list[MessageFeedback] = field(default_factory=list)


def tables(rows: RawAutoAnalyst) -> Tables:
    return {
        "users": (User, rows.users),
        "chats": (Chat, rows.chats),
        "messages": (Message, rows.messages),
        "model_usage": (ModelUsage, rows.model_usage),
        "code_executions": (CodeExecution, rows.code_executions),
        "message_feedback": (MessageFeedback, rows.message_feedback),
    }


def write(connection: psycopg.Connection[Any], schema: str, rows: RawAutoAnalyst) -> None:
    """Create the raw tables in the schema (made if missing) and fill them; the caller commits."""
    write_tables(connection, schema, tables(rows))
