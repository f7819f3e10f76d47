"""Kaapi's raw tables: one dataclass per table, and writing a set of rows into a schema.

JSON columns hold the JSON text itself (``None`` is SQL NULL), so that a test decides how a number
is written. Nothing here knows what a row means.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Organization:
    id: int
    name: str | None
    is_active: bool | None
    inserted_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Project:
    id: int
    organization_id: int
    name: str | None
    is_active: bool | None
    inserted_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LlmCall:
    id: UUID
    job_id: UUID
    organization_id: int | None
    project_id: int | None
    chain_id: UUID | None
    input_type: str | None
    output_type: str | None
    provider: str | None
    model: str | None
    provider_response_id: str | None
    conversation_id: str | None
    usage: str | None
    inserted_at: datetime | None
    updated_at: datetime | None
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class LlmChain:
    id: UUID
    job_id: UUID
    organization_id: int | None
    project_id: int | None
    status: str | None
    error: str | None
    block_sequences: str | None
    total_blocks: int | None
    number_of_blocks_processed: int | None
    total_usage: str | None
    inserted_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    id: int
    run_name: str | None
    dataset_name: str | None
    dataset_id: int | None
    type: str | None
    providers: str | None
    config_id: UUID | None
    config_version: int | None
    status: str | None
    run_mode: str | None
    total_items: int | None
    error_message: str | None
    cost: str | None
    organization_id: int | None
    project_id: int | None
    inserted_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConfigVersion:
    id: UUID
    config_id: UUID
    version: int
    config_blob: str | None
    commit_message: str | None
    inserted_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ModelConfig:
    id: int
    provider: str | None
    model_name: str | None
    pricing: str | None
    is_active: bool | None
    completion_type: list[str] | None
    config: str | None
    input_modalities: list[str] | None
    output_modalities: list[str] | None
    inserted_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class RawKaapi:
    """Everything one Kaapi database holds."""

    organizations: list[Organization] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    llm_calls: list[LlmCall] = field(default_factory=list)
    llm_chains: list[LlmChain] = field(default_factory=list)
    evaluation_runs: list[EvaluationRun] = field(default_factory=list)
    config_versions: list[ConfigVersion] = field(default_factory=list)
    model_configs: list[ModelConfig] = field(default_factory=list)


_KEY = {"id": "integer primary key"}
_UUID_KEY = {"id": "uuid primary key"}
_STAMPS = {"inserted_at": "timestamp", "updated_at": "timestamp"}
_OWNER = {"organization_id": "integer", "project_id": "integer"}
_JOB = {"job_id": "uuid"}

# Column types of the definitions, section 2.1; the column order is the order of the dataclasses.
COLUMNS: dict[str, dict[str, str]] = {
    "organization": {**_KEY, "name": "varchar", "is_active": "boolean", **_STAMPS},
    "project": {
        **_KEY,
        "organization_id": "integer",
        "name": "varchar",
        "is_active": "boolean",
        **_STAMPS,
    },
    "llm_call": {
        **_UUID_KEY,
        **_JOB,
        **_OWNER,
        "chain_id": "uuid",
        "input_type": "varchar",
        "output_type": "varchar",
        "provider": "varchar",
        "model": "varchar",
        "provider_response_id": "varchar",
        "conversation_id": "varchar",
        "usage": "jsonb",
        **_STAMPS,
        "deleted_at": "timestamp",
    },
    "llm_chain": {
        **_UUID_KEY,
        **_JOB,
        **_OWNER,
        "status": "varchar",
        "error": "varchar",
        "block_sequences": "jsonb",
        "total_blocks": "integer",
        "number_of_blocks_processed": "integer",
        "total_usage": "jsonb",
        **_STAMPS,
    },
    "evaluation_run": {
        **_KEY,
        "run_name": "varchar",
        "dataset_name": "varchar",
        "dataset_id": "integer",
        "type": "varchar(20)",
        "providers": "jsonb",
        "config_id": "uuid",
        "config_version": "integer",
        "status": "varchar",
        "run_mode": "text",
        "total_items": "integer",
        "error_message": "text",
        "cost": "jsonb",
        **_OWNER,
        **_STAMPS,
    },
    "config_version": {
        **_UUID_KEY,
        "config_id": "uuid",
        "version": "integer",
        "config_blob": "jsonb",
        "commit_message": "varchar",
        **_STAMPS,
        "deleted_at": "timestamp",
    },
    "model_config": {
        **_KEY,
        "provider": "text",
        "model_name": "varchar",
        "pricing": "jsonb",
        "is_active": "boolean",
        "completion_type": "text[]",
        "config": "jsonb",
        "input_modalities": "varchar[]",
        "output_modalities": "varchar[]",
        **_STAMPS,
    },
}
_UNIQUE = {"config_version": "config_id, version", "model_config": "provider, model_name"}


def _rows_by_table(rows: RawKaapi) -> dict[str, list[Any]]:
    return {
        "organization": rows.organizations,
        "project": rows.projects,
        "llm_call": rows.llm_calls,
        "llm_chain": rows.llm_chains,
        "evaluation_run": rows.evaluation_runs,
        "config_version": rows.config_versions,
        "model_config": rows.model_configs,
    }


def write(connection: psycopg.Connection[Any], schema: str, rows: RawKaapi) -> None:
    """Create the raw tables in the schema (made if missing) and fill them; the caller commits."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        for table, table_rows in _rows_by_table(rows).items():
            _create(cursor, schema, table)
            _copy(cursor, schema, table, table_rows)
            cursor.execute(sql.SQL("analyze {}").format(sql.Identifier(schema, table)))


def _create(cursor: psycopg.Cursor[Any], schema: str, table: str) -> None:
    parts: list[sql.Composable] = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(column_type))
        for name, column_type in COLUMNS[table].items()
    ]
    if table in _UNIQUE:
        parts.append(sql.SQL("unique ({})").format(sql.SQL(_UNIQUE[table])))
    cursor.execute(
        sql.SQL("create table {} ({})").format(
            sql.Identifier(schema, table), sql.SQL(", ").join(parts)
        )
    )


def _copy(cursor: psycopg.Cursor[Any], schema: str, table: str, rows: list[Any]) -> None:
    names = list(COLUMNS[table])
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with cursor.copy(statement) as copy:
        for row in rows:
            assert [f.name for f in fields(row)] == names
            copy.write_row([getattr(row, name) for name in names])
