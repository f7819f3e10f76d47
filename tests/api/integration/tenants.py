"""A warehouse of tenants that are easy to mix up, each with values that nobody else has.

Organisations 1 to 3 hold random rows over the same providers, and requests in each other's project
numbers; organisation 9 uses a provider that nobody else does; another source system has an
organisation 1 too. Every tenant has rows whose texts and token counts occur nowhere else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from tests.reference import random_rows, raw_kaapi
from tests.reference.raw_kaapi import EvaluationRun, LlmCall, LlmChain, RawKaapi
from tests.support.postgres import PostgresServer
from warehouse.embedded.roles import LOGIN_ROLE

ORGANIZATIONS = ("1", "2", "3", "9")
OTHER_SYSTEM = "enclava"
# Project 20 is organisation 2's, and organisation 1 has requests in it as well.
SHARED_PROJECT = 20
AS_OF = "2026-03-20T12:00:00Z"

# A user whom every organisation calls the same.
SHARED_USER = "shared-user"

_TAG_DAYS = (date(2026, 1, 5), date(2026, 3, 18), date(2026, 3, 21), None)
_MOMENTS = [datetime(2026, month, 5, 7, 30) for month in (1, 2, 3)]  # noqa: DTZ001


@dataclass(frozen=True)
class Marker:
    """What one tenant's rows alone hold: a piece of its texts and the start of its numbers."""

    text: str
    number: str

    def is_in(self, answer: str) -> bool:
        return self.text in answer or self.number in answer


def marker(organization: str, system: str = "kaapi") -> Marker:
    digit = 8 if system == OTHER_SYSTEM else int(organization)
    return Marker(f"mark{digit}of{system}", f"{digit}7070{digit}707")


ALL_MARKERS = (*map(marker, ORGANIZATIONS), marker("1", OTHER_SYSTEM))


def raw_rows() -> RawKaapi:
    raw = random_rows.generate(20, organizations=3)
    for organization in ORGANIZATIONS:
        _mark(raw, int(organization))
    return raw


def _mark(raw: RawKaapi, owner: int) -> None:
    mark = marker(str(owner))
    stamps = {"inserted_at": _MOMENTS[0], "updated_at": _MOMENTS[0]}
    name = f"{mark.text} name"
    raw.organizations[:] = [o for o in raw.organizations if o.id != owner]
    raw.organizations.append(raw_kaapi.Organization(owner, name, True, **stamps))
    raw.projects.append(raw_kaapi.Project(owner * 10 + 9, owner, name, True, **stamps))
    projects = [owner * 10, owner * 10 + 9, SHARED_PROJECT]
    for number, moment in enumerate(_MOMENTS * 3):
        rows = _Rows(owner, projects[number % 3], number, moment, mark)
        raw.llm_calls.append(rows.call())
        raw.llm_chains.append(rows.chain())
        raw.evaluation_runs.append(rows.evaluation())


@dataclass(frozen=True)
class _Rows:
    owner: int
    project: int
    number: int
    moment: datetime
    mark: Marker

    @property
    def owned(self) -> dict[str, Any]:
        return {
            "organization_id": self.owner,
            "project_id": self.project,
            "inserted_at": self.moment,
            "updated_at": self.moment,
        }

    def uuid(self, kind: int) -> UUID:
        # Ends in the tenant's number, so that ids are markers too.
        return UUID(int=kind << 96 | self.number << 64 | int(self.mark.number, 16))

    def call(self) -> LlmCall:
        # The third of each three: a provider of everybody's, so that groups hold marked rows too.
        provider = "openai" if self.number % 3 == 2 else f"{self.mark.text}-provider"
        tokens = f'{{"input_tokens": {self.mark.number}{self.number}, "output_tokens": 1}}'
        return LlmCall(
            id=self.uuid(1),
            job_id=self.uuid(2),
            chain_id=self.uuid(3),
            input_type="text",
            output_type="text",
            provider=provider,
            model=f"{self.mark.text}-model-{self.number % 2}",
            provider_response_id=None,
            conversation_id=f"{self.mark.text}-session",
            usage=tokens,
            deleted_at=None,
            **self.owned,
        )

    def chain(self) -> LlmChain:
        return LlmChain(
            id=self.uuid(3),
            job_id=self.uuid(2),
            status=f"{self.mark.text}-status",
            error=None,
            block_sequences=f'["{self.uuid(1)}"]',
            total_blocks=1,
            number_of_blocks_processed=1,
            total_usage=None,
            **self.owned,
        )

    def evaluation(self) -> EvaluationRun:
        return EvaluationRun(
            id=self.owner * 1000 + self.number,
            run_name=f"{self.mark.text}-run",
            dataset_name=f"{self.mark.text}-set",
            dataset_id=None,
            type="text",
            providers=f'["{self.mark.text}-model-0"]',
            config_id=None,
            config_version=None,
            status=f"{self.mark.text}-status",
            run_mode=None,
            total_items=1,
            error_message=None,
            cost=f'{{"total_cost_usd": 0.{self.mark.number}{self.number}}}',
            **self.owned,
        )


def add_tag_usage(connection: psycopg.Connection[Any]) -> None:
    """Publish usage by tag, and users, of every organisation: systems with one tenant have these.

    One user and one tag have the same id in all of them; what is known of the user differs.
    """
    for organization in ORGANIZATIONS:
        mark, owner = marker(organization), int(organization)
        for user in (SHARED_USER, f"{mark.text}-user"):
            connection.execute(
                "insert into usage.dim_users (source_system, organization_id, user_id, user_name,"
                " email, is_registered, signed_up_at) values ('kaapi', %s, %s, %s, %s, true, %s)",
                [organization, user, f"{mark.text} name", f"{mark.text}@{user}", _MOMENTS[0]],
            )
        for number, day in enumerate(_TAG_DAYS * 4):
            connection.execute(
                "insert into usage.fct_daily_tag_usage (day, source_system, organization_id,"
                " project_id, user_id, api_key_id, tag, has_tag, is_archived, tag_rows,"
                " api_requests,"
                " successful_api_requests, failed_api_requests, prompt_tokens, completion_tokens,"
                " api_tokens, spend_usd)"
                " values"
                " (%s, 'kaapi', %s, %s, %s, %s, %s, true, false, 1, %s, %s, 0, %s, 0, %s, %s)",
                [
                    day,
                    organization,
                    str((owner * 10, owner * 10 + 9, SHARED_PROJECT)[number % 3]),
                    (SHARED_USER, f"{mark.text}-user", None)[number % 3],
                    f"{mark.text}-key-{number}",
                    ("User-Agent: shared", f"{mark.text}-tag", "")[number // 4 % 3],
                    *[f"{mark.number}{number}"] * 4,
                    f"0.{mark.number}{number}",
                ],
            )


def add_other_system(connection: psycopg.Connection[Any]) -> None:
    """Publish an organisation 1 of another source system: 1's rows again, marked as its own."""
    one, other = marker("1"), marker("1", OTHER_SYSTEM)
    for table in _tenant_tables(connection):
        columns = connection.execute(
            "select column_name, data_type from information_schema.columns"
            " where table_schema = 'usage' and table_name = %s order by ordinal_position",
            [table],
        ).fetchall()
        values = [_marked(name, kind, one, other) for name, kind in columns]
        connection.execute(
            sql.SQL(
                "insert into usage.{} select {} from usage.{} where organization_id = '1'"
            ).format(sql.Identifier(table), sql.SQL(", ").join(values), sql.Identifier(table))
        )


def _tenant_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Every published table whose rows belong to tenants."""
    found = connection.execute(
        "select table_name from information_schema.columns"
        " where table_schema = 'usage' and column_name = 'organization_id' order by table_name"
    )
    return [row[0] for row in found]


def _marked(name: str, kind: str, one: Marker, other: Marker) -> sql.Composable:
    column = sql.Identifier(name)
    if name == "source_system":
        return sql.Literal(OTHER_SYSTEM)
    if kind == "text":
        # Whatever is marked gets the other mark; ids and names that are not get one appended.
        swapped = sql.SQL("replace(replace({}, {}, {}), {}, {})").format(
            column, one.text, other.text, one.number, other.number
        )
        free = name.endswith("_name") or name in ("session_id", "status", "model")
        return sql.SQL("{} || {}").format(swapped, f" {other.text}") if free else swapped
    if kind == "bigint":
        return sql.SQL("case when {} > 0 then {} + {} else {} end").format(
            column, column, int(other.number) * 1000, column
        )
    return column


@contextmanager
def only(server: PostgresServer, database: str, organization: str) -> Iterator[str]:
    """A copy of the database in which every published row is this tenant's; its name."""
    name = f"{database}_only_{organization}"
    with server.connect("postgres", "postgres") as superuser:
        superuser.execute(
            sql.SQL("create database {} template {} owner {}").format(
                *map(sql.Identifier, (name, database, LOGIN_ROLE))
            )
        )
    try:
        with server.connect(name) as connection:
            for table in _tenant_tables(connection):
                connection.execute(
                    sql.SQL(
                        "delete from usage.{}"
                        " where (source_system, organization_id) <> ('kaapi', %s)"
                    ).format(sql.Identifier(table)),
                    [organization],
                )
        yield name
    finally:
        server.drop_database(name)
