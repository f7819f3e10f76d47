"""Raw rows of all four systems, and what may happen to them between two builds.

Every kind of change happens to a few rows at once, so that one build tests many of them. Time
stands still but for the clock that the caller hands on: it is later than every usual raw time.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from tests.reference import (
    random_auto_analyst,
    random_enclava,
    random_litellm,
    random_rows,
    raw_auto_analyst,
    raw_enclava,
    raw_kaapi,
    raw_litellm,
)

START = datetime(2024, 3, 15, 13, 47, 11, 42000)  # noqa: DTZ001 - raw times are UTC without zone
# Later than the newest usual update time of the first rows.
FIRST_CLOCK = datetime(2024, 8, 1, 9, 30)  # noqa: DTZ001
LOOK_BACK = timedelta(days=3)
HOUR = timedelta(hours=1)

Connection = psycopg.Connection[Any]

# Of each source that does not tell when a row changed: table, key, time.
UNSTAMPED = {
    "litellm__spend_logs": ("litellm", "LiteLLM_SpendLogs", "request_id", "startTime"),
    "auto_analyst__model_usage": ("auto_analyst", "model_usage", "usage_id", "timestamp"),
    "enclava__usage_tracking": ("enclava", "usage_tracking", "id", "created_at"),
}
# Of each table with a key: key, and a column that says something else of two rows of one key.
KEYED = [
    ("litellm", "LiteLLM_SpendLogs", "request_id", "spend"),
    ("litellm", "LiteLLM_DailyTagSpend", "id", "spend"),
    ("litellm", "LiteLLM_UserTable", "user_id", "user_email"),
    ("litellm", "LiteLLM_VerificationToken", "token", "user_id"),
    ("auto_analyst", "model_usage", "usage_id", "cost"),
    ("auto_analyst", "code_executions", "execution_id", "model_name"),
    ("auto_analyst", "message_feedback", "feedback_id", "rating"),
    ("auto_analyst", "messages", "message_id", "content"),
    ("auto_analyst", "users", "user_id", "email"),
    ("enclava", "usage_tracking", "id", "cost_cents"),
    ("enclava", "budgets", "id", "limit_cents"),
    ("enclava", "api_keys", "id", "user_id"),
    ("enclava", "users", "id", "email"),
    ("kaapi", "llm_call", "id", "model"),
    ("kaapi", "llm_chain", "id", "status"),
    ("kaapi", "evaluation_run", "id", "status"),
    ("kaapi", "organization", "id", "name"),
    ("kaapi", "project", "id", "name"),
]
# What a timestamp can hold that no calendar of ours has, or has at its very end.
ODD_TIMES = [
    None,
    *("infinity", "-infinity", "0044-03-15 BC", "20000-01-01"),
    *("9999-12-31 23:59:59.999", "9999-12-01", "0001-01-01", "2039-05-05 05:05:05"),
]


def write_first_rows(connection: Connection, seed: int) -> None:
    """The raw tables as the first build finds them."""
    _write(connection, seed, "", organizations=2, rows=60)
    # Some are far in the future, which in time will be the past. No row changes before it is there.
    for table in ("llm_call", "llm_chain"):
        _execute(
            connection,
            "update {table} set updated_at = {start} where updated_at > {start}",
            table=sql.Identifier("kaapi", table),
            start=sql.Literal(FIRST_CLOCK - HOUR),
        )
    if has_loose_keys(seed):
        for schema, table, key, _ in KEYED:
            named = connection.execute(
                "select conname from pg_constraint where conrelid = %s::regclass and contype = 'p'",
                [f'{schema}."{table}"'],
            ).fetchall()
            for (name,) in named:
                _execute(
                    connection,
                    "alter table {table} drop constraint {name} cascade",
                    table=sql.Identifier(schema, table),
                    name=sql.Identifier(name),
                )
            _execute(
                connection,
                "alter table {table} alter {key} drop not null",
                table=sql.Identifier(schema, table),
                key=sql.Identifier(key),
            )
    for schema, table, _, column in UNSTAMPED.values():
        _execute(
            connection,
            "create index on {table} ({column})",
            table=sql.Identifier(schema, table),
            column=sql.Identifier(column),
        )


def has_loose_keys(seed: int) -> bool:
    """Whether the raw tables of that seed let keys be null and repeated."""
    return seed % 2 == 0


def _write(
    connection: Connection, seed: int, suffix: str, *, organizations: int, rows: int
) -> None:
    as_of = START.replace(tzinfo=UTC)
    kaapi = random_rows.generate(seed, organizations=organizations, around=START)
    analyst = random_auto_analyst.generate(seed, as_of=as_of, usage=rows, executions=rows)
    # Nested by the ten thousand: how that is read is tested elsewhere, and long to read.
    analyst.code_executions = [
        replace(
            row, failed_agents=_short(row.failed_agents), error_messages=_short(row.error_messages)
        )
        for row in analyst.code_executions
    ]
    raw_kaapi.write(connection, "kaapi" + suffix, kaapi)
    raw_auto_analyst.write(connection, "auto_analyst" + suffix, analyst)
    raw_litellm.write(
        connection,
        "litellm" + suffix,
        random_litellm.generate(seed, as_of=as_of, logs=rows, tag_rows=rows),
    )
    raw_enclava.write(
        connection, "enclava" + suffix, random_enclava.generate(seed, as_of=as_of, requests=rows)
    )


def _short(text: str | None) -> str | None:
    return text if text is None or len(text) < 2_000 else None


class History:
    """Changes raw rows at random. `clock` is the time of the source systems."""

    def __init__(self, connect: Callable[[], Connection], seed: int):
        self._connect = connect
        self.rng = Random(f"history/{seed}")
        self.seed = seed
        self.clock = FIRST_CLOCK
        self.events = 0

    def go_on(self, *, unseen: bool = False) -> None:
        """Let all happen that the next build sees; ``unseen``: and what only a reconcile sees."""
        self.clock += timedelta(hours=self.rng.randrange(5, 60), seconds=self.rng.randrange(3600))
        with self._connect() as self.connection:
            for happens in (*self._seen(), *(self._unseen() if unseen else ())):
                happens()

    def _seen(self) -> Iterator[Callable[[], None]]:
        yield self.add_rows
        yield self.change_calls
        yield self.move_calls
        yield self.delete_calls
        yield self.change_chains
        yield self.send_first_call_late
        yield self.change_evaluations
        yield self.change_prices
        yield self.change_small_tables
        if has_loose_keys(self.seed):
            yield self.repeat_rows
        yield self.send_absurd_values
        for name in UNSTAMPED:
            yield lambda name=name: self.change_unstamped(name)
            yield lambda name=name: self.move_unstamped(name)
            yield lambda name=name: self.delete_recent(name)

    def _unseen(self) -> Iterator[Callable[[], None]]:
        yield self.delete_for_good
        yield self.change_without_a_stamp
        for name in UNSTAMPED:
            yield lambda name=name: self.change_old_unstamped(name)

    # What the rows of several sources have in common.

    def add_rows(self) -> None:
        """New rows, dense in edges; most of Kaapi's are late, as they are of any month."""
        self.events += 1
        suffix = f"_more_{self.events}"
        _write(
            self.connection,
            self.seed * 1000 + self.events,
            suffix,
            organizations=1 + self.events % 3,
            rows=12,
        )
        late = [self.clock - minutes * timedelta(minutes=1) for minutes in (0, 0, 7, 55)]
        for table in ("llm_call", "llm_chain"):
            for key in self.keys(f"kaapi{suffix}", table, "id", 1000):
                self.set(f"kaapi{suffix}", table, "id", [key], updated_at=self.rng.choice(late))
        for name, (schema, table, key, column) in UNSTAMPED.items():
            for value in self.keys(schema + suffix, table, key, 1000):
                moment = self.recent_or_odd(name)
                self.set(schema + suffix, table, key, [value], **{column: moment})
        for schema in ("kaapi", "litellm", "auto_analyst", "enclava"):
            self.take_over(schema, suffix)

    def take_over(self, schema: str, suffix: str) -> None:
        """Insert the rows of the tables beside, under other keys where keys are numbers."""
        found = self.connection.execute(
            "select c.table_name, array_agg(c.column_name::text order by c.ordinal_position),"
            " (array_agg(c.data_type::text order by c.ordinal_position))[1]"
            " from information_schema.columns c where c.table_schema = %s group by 1 order by 1",
            [schema + suffix],
        ).fetchall()
        for table, names, key_type in found:
            shift = sql.SQL("")
            if key_type == "integer" and table not in ("organization", "project", "users"):
                shift = sql.SQL(" + {}").format(100_000 * self.events)
            if key_type == "text" and table in ("LiteLLM_SpendLogs", "LiteLLM_DailyTagSpend"):
                shift = sql.SQL(" || {}").format(suffix)
            columns = sql.SQL(", ").join(map(sql.Identifier, names))
            rest = sql.SQL(", ").join(map(sql.Identifier, names[1:]))
            _execute(
                self.connection,
                "insert into {into} ({columns}) select {key}{shift}, {rest} from {beside}"
                " on conflict do nothing",
                into=sql.Identifier(schema, table),
                beside=sql.Identifier(schema + suffix, table),
                key=sql.Identifier(names[0]),
                **{"columns": columns, "shift": shift, "rest": rest},
            )
        _execute(self.connection, "drop schema {s} cascade", s=sql.Identifier(schema + suffix))

    def keys(
        self, schema: str, table: str, key: str, count: int, where: str = "true", *values: object
    ) -> list[Any]:
        """So many of the keys, chosen at random."""
        query = sql.SQL("select {key} from {table} where {where} order by {key}").format(
            key=sql.Identifier(key),
            table=sql.Identifier(schema, table),
            where=sql.SQL(where),  # type: ignore[arg-type]
        )
        found = [row[0] for row in self.connection.execute(query, values or None).fetchall()]
        return self.rng.sample(found, min(count, len(found)))

    def set(self, schema: str, table: str, key: str, keys: list[Any], **values: object) -> None:
        """Give columns of the rows a value each, or an SQL expression."""
        parts = [
            sql.SQL("{} = {}").format(
                sql.Identifier(name), value if isinstance(value, sql.SQL) else sql.Literal(value)
            )
            for name, value in values.items()
        ]
        _execute(
            self.connection,
            "update {table} set {parts} where {key}::text = any({keys})",
            table=sql.Identifier(schema, table),
            key=sql.Identifier(key),
            parts=sql.SQL(", ").join(parts),
            keys=sql.Literal([str(value) for value in keys]),
        )

    def odd_time(self) -> str | None:
        return self.rng.choice(ODD_TIMES)

    def usual_time(self) -> datetime:
        return self.clock - self.rng.randrange(700 * 86_400) * timedelta(seconds=1)

    # Kaapi: calls, chains and evaluation runs say when they were last changed.

    def stamp(self) -> datetime:
        """Mostly now; now and then of a transaction that committed late, or of the same instant."""
        return self.clock - self.rng.choice([0, 0, 0, 1, 30, 59]) * timedelta(minutes=1)

    def change_calls(self) -> None:
        for key in self.keys("kaapi", "llm_call", "id", 12):
            change: dict[str, object] = self.rng.choice(
                [
                    {"usage": '{"input_tokens": 17, "output_tokens": 4}'},
                    {"provider": self.rng.choice(["openai", "google-native", "sarvamai"])},
                    {"model": self.rng.choice(["gpt-4o", None, "", "gemini-2.5-pro"])},
                    {"conversation_id": self.rng.choice([None, "", "s1", "another"])},
                    {"organization_id": 1, "project_id": None},
                    {"input_type": "audio", "output_type": "text"},
                    {},
                ]
            )
            self.set("kaapi", "llm_call", "id", [key], updated_at=self.stamp(), **change)

    def move_calls(self) -> None:
        """Not of deleted calls: no mart says in which month they were counted as left out."""
        for table, where in (("llm_call", "deleted_at is null"), ("llm_chain", "true")):
            for key in self.keys("kaapi", table, "id", 8, where):
                to = self.rng.choice([self.odd_time(), self.usual_time(), self.clock + 9 * HOUR])
                self.set("kaapi", table, "id", [key], inserted_at=to, updated_at=self.stamp())

    def delete_calls(self) -> None:
        """Soft deletes, some of a call just changed, and their undoing."""
        gone = self.keys("kaapi", "llm_call", "id", 6, "deleted_at is null")
        back = self.keys("kaapi", "llm_call", "id", 6, "deleted_at is not null")
        self.set("kaapi", "llm_call", "id", gone, deleted_at=self.clock, updated_at=self.stamp())
        self.set("kaapi", "llm_call", "id", back, deleted_at=None, updated_at=self.stamp())

    def change_chains(self) -> None:
        for key in self.keys("kaapi", "llm_chain", "id", 6):
            first = self.keys("kaapi", "llm_call", "id", 1)[0]
            change: dict[str, object] = self.rng.choice(
                [
                    {"status": self.rng.choice(["completed", "failed", None, ""])},
                    {"block_sequences": f'["{first}"]'},
                    {"block_sequences": "[]"},
                ]
            )
            self.set("kaapi", "llm_chain", "id", [key], updated_at=self.stamp(), **change)

    def send_first_call_late(self) -> None:
        """A chain names a call that comes with the next round only."""
        waiting = f"late-{self.events}"
        _execute(
            self.connection,
            "insert into kaapi.llm_call (id, job_id, organization_id, project_id, input_type,"
            " output_type, provider, model, usage, inserted_at, updated_at) select"
            " (block_sequences ->> 0)::uuid, id, organization_id, project_id, 'audio', 'text',"
            " 'google', 'gemini-2.5-pro', '{{\"input_tokens\": 3, \"output_tokens\": 2}}',"
            " inserted_at, {stamp} from kaapi.llm_chain where error = {before}"
            " on conflict do nothing",
            stamp=sql.Literal(self.stamp()),
            before=sql.Literal(f"late-{self.events - 1}"),
        )
        for key in self.keys("kaapi", "llm_chain", "id", 3):
            first = sql.SQL("jsonb_build_array(gen_random_uuid()::text)")
            self.set(
                *("kaapi", "llm_chain", "id", [key]),
                block_sequences=first,
                error=waiting,
                updated_at=self.stamp(),
            )

    def change_evaluations(self) -> None:
        """Of so small a table every row is read, whatever its stamp says."""
        for key in self.keys("kaapi", "evaluation_run", "id", 9):
            change: dict[str, object] = self.rng.choice(
                [
                    {"cost": '{"total_cost_usd": 1.25}'},
                    {"cost": None},
                    {"organization_id": 1},
                    {"inserted_at": self.usual_time()},
                    {"inserted_at": self.odd_time()},
                    {"config_version": 2},
                ]
            )
            if self.rng.random() < 0.5:
                change["updated_at"] = self.stamp()
            self.set("kaapi", "evaluation_run", "id", [key], **change)
        gone = self.keys("kaapi", "evaluation_run", "id", 2)
        _delete(self.connection, "kaapi", "evaluation_run", "id", gone)

    def change_prices(self) -> None:
        """Changed, switched off and on again, deleted; new ones come with new rows."""
        for key in self.keys("kaapi", "model_config", "id", 4):
            change: dict[str, object] = self.rng.choice(
                [
                    {"pricing": '{"response": {"input_token_cost": 3, "output_token_cost": 7}}'},
                    {"is_active": sql.SQL("not is_active")},
                ]
            )
            self.set("kaapi", "model_config", "id", [key], **change)
        _delete(
            *(self.connection, "kaapi", "model_config", "id"),
            self.keys("kaapi", "model_config", "id", 1),
        )

    # The other systems.

    def recent(self, name: str) -> datetime:
        """From the beginning of the look-back on, to the instant."""
        return self.looks_back_to(name) + self.rng.choice([0, 0, 1, 30, 90]) * HOUR

    def recent_or_odd(self, name: str) -> datetime | str | None:
        if self.rng.random() < 0.2:
            return self.rng.choice([time for time in ODD_TIMES if time != "0001-01-01"])
        return self.recent(name)

    def looks_back_to(self, name: str) -> datetime:
        row = self.connection.execute(
            "select watermark from usage.publication_watermarks where source_name = %s", [name]
        ).fetchone()
        assert row is not None
        moment: datetime = row[0] - LOOK_BACK
        return moment

    def seen_rows(self, name: str, count: int) -> list[Any]:
        """Rows that are published within the look-back, as still to come, or without a time."""
        schema, table, key, _ = UNSTAMPED[name]
        seen = (
            f"{key}::text in (select request_id from usage.fct_requests where source_system = %s"
            " and (requested_at is null or requested_at >= %s))"
        )
        return self.keys(schema, table, key, count, seen, schema, self.looks_back_to(name))

    def change_unstamped(self, name: str) -> None:
        self.change_rows(name, self.seen_rows(name, 8))

    def change_rows(self, name: str, keys: list[Any]) -> None:
        schema, table, key, _ = UNSTAMPED[name]
        values: dict[str, dict[str, object]] = {
            "litellm": {"spend": 0.75, "session_id": "s2", "model": "gpt-4o", "status": "failure"},
            "auto_analyst": {"cost": 0.5, "chat_id": 7, "model_name": "gpt-5", "total_tokens": 11},
            "enclava": {"cost_cents": 12, "user_id": 3, "model": "model-1", "status_code": 500},
        }[schema]  # type: ignore[assignment]
        for value in keys:
            column, content = self.rng.choice(list(values.items()))  # type: ignore[misc]
            self.set(schema, table, key, [value], **{column: content})

    def move_unstamped(self, name: str) -> None:
        """Out of the look-back, into it, and where no calendar reaches."""
        schema, table, key, column = UNSTAMPED[name]
        for value in self.seen_rows(name, 6):
            to = self.rng.choice([self.usual_time(), self.odd_time()])
            self.set(schema, table, key, [value], **{column: to})
        for value in self.keys(schema, table, key, 3):
            self.set(schema, table, key, [value], **{column: self.recent(name)})

    def delete_recent(self, name: str) -> None:
        schema, table, key, _ = UNSTAMPED[name]
        _delete(self.connection, schema, table, key, self.seen_rows(name, 2))

    def change_small_tables(self) -> None:
        """Tables that are read whole."""
        for schema, table, key, change in (
            ("kaapi", "organization", "id", {"name": "Renamed"}),
            ("kaapi", "project", "id", {"is_active": None}),
            ("kaapi", "config_version", "id", {"config_blob": None}),
            ("litellm", "LiteLLM_DailyTagSpend", "id", {"tag": "moved", "api_requests": 5}),
            ("litellm", "LiteLLM_VerificationToken", "token", {"user_id": "user-2"}),
            ("litellm", "LiteLLM_UserTable", "user_id", {"user_email": "new@example.org"}),
            ("auto_analyst", "users", "user_id", {"username": "new"}),
            ("auto_analyst", "message_feedback", "feedback_id", {"rating": 1}),
            ("auto_analyst", "messages", "message_id", {"content": "changed"}),
            ("auto_analyst", "code_executions", "execution_id", {"is_successful": False}),
            ("enclava", "budgets", "id", {"current_usage_cents": 3}),
            ("enclava", "api_keys", "id", {"user_id": 1}),
            ("enclava", "users", "id", {"is_active": None}),
        ):
            self.set(schema, table, key, self.keys(schema, table, key, 3), **change)
        # Only the exact text of a real day names one.
        for spent in self.keys("litellm", "LiteLLM_DailyTagSpend", "id", 4):
            day = self.rng.choice([None, "", "2026-02-30", "2026-03-14", "2026-03-15"])
            self.set("litellm", "LiteLLM_DailyTagSpend", "id", [spent], date=day)
        for schema, table, key in (
            ("litellm", "LiteLLM_DailyTagSpend", "id"),
            ("auto_analyst", "message_feedback", "feedback_id"),
            ("auto_analyst", "code_executions", "execution_id"),
        ):
            _delete(self.connection, schema, table, key, self.keys(schema, table, key, 1))

    # What a build rejects, counts as a copy, or marks.

    def repeat_rows(self) -> None:
        """Copies, other rows of the same key and time or of the key alone, rows without a key."""
        for schema, table, key, other in KEYED:
            unstamped = next((n for n, row in UNSTAMPED.items() if row[1] == table), None)
            keys = (
                self.seen_rows(unstamped, 6)
                if unstamped
                else self.keys(schema, table, key, 6, f"{key} is not null")
            )
            if table in ("llm_call", "llm_chain"):
                self.set(schema, table, key, keys, updated_at=self.stamp())
            for number, value in enumerate(keys):
                change = ("", f'"{other}" = null', f'"{other}" = null', f"{key} = null")[number % 4]
                self.insert_again(schema, table, key, value, change)
            if unstamped:
                column = UNSTAMPED[unstamped][3]
                again = f"\"{column}\" = '{self.recent(unstamped)}'"
                self.insert_again(schema, table, key, keys[0] if keys else None, again)

    def insert_again(self, schema: str, table: str, key: str, value: object, change: str) -> None:
        """A row once more, with another value of one column (`column = value`)."""
        _execute(
            self.connection,
            "create temporary table again as select * from {table}"
            " where {key}::text = {value} limit 1",
            table=sql.Identifier(schema, table),
            key=sql.Identifier(key),
            value=sql.Literal(str(value)),
        )
        if change:
            self.connection.execute(f"update again set {change}")  # type: ignore[call-overload]
        _execute(
            self.connection,
            "insert into {table} select * from again; drop table again",
            table=sql.Identifier(schema, table),
        )

    def send_absurd_values(self) -> None:
        """Amounts that are none, texts longer than any name; times are moved elsewhere."""
        amounts = ["NaN", "Infinity", "-Infinity", "9e15", "1e12", "-3", "-9e15"]
        logs = self.seen_rows("litellm__spend_logs", 7)
        for value, amount in zip(logs, amounts, strict=False):
            self.set("litellm", "LiteLLM_SpendLogs", "request_id", [value], spend=amount)
        for value in self.seen_rows("litellm__spend_logs", 2):
            text = "".join(self.rng.choices("abcdefgh\u00e9\u4e2d", k=4_000))
            changed = dict.fromkeys(("model", "user", "api_key", "session_id", "status"), text)
            self.set("litellm", "LiteLLM_SpendLogs", "request_id", [value], **changed)
            self.set("litellm", "LiteLLM_SpendLogs", "request_id", [value], request_id=text[:700])
        for value in self.keys("kaapi", "llm_call", "id", 2):
            text = "".join(self.rng.choices("abcdefgh\u00e9\u4e2d", k=4_000))
            changed = {"model": text, "provider": text, "conversation_id": text}
            self.set("kaapi", "llm_call", "id", [value], updated_at=self.stamp(), **changed)

    # What no watermark can tell.

    def delete_for_good(self) -> None:
        for table in ("llm_call", "llm_chain"):
            gone = self.keys("kaapi", table, "id", 7)
            _delete(self.connection, "kaapi", table, "id", gone)
        for schema, table, key, _ in UNSTAMPED.values():
            _delete(self.connection, schema, table, key, self.keys(schema, table, key, 7))

    def change_without_a_stamp(self) -> None:
        for key in self.keys("kaapi", "llm_call", "id", 7):
            moved = self.rng.choice([self.odd_time(), self.usual_time()])
            self.set("kaapi", "llm_call", "id", [key], inserted_at=moved, usage=None)

    def change_old_unstamped(self, name: str) -> None:
        schema, table, key, column = UNSTAMPED[name]
        self.change_rows(name, self.keys(schema, table, key, 7))
        for value in self.keys(schema, table, key, 5):
            self.set(schema, table, key, [value], **{column: self.usual_time()})


def _delete(connection: Connection, schema: str, table: str, key: str, keys: list[Any]) -> None:
    _execute(
        connection,
        "delete from {table} where {key}::text = any({keys})",
        table=sql.Identifier(schema, table),
        key=sql.Identifier(key),
        keys=sql.Literal([str(value) for value in keys]),
    )


def _execute(connection: Connection, statement: str, **parts: sql.Composable) -> None:
    connection.execute(sql.SQL(statement).format(**parts))  # type: ignore[arg-type]
