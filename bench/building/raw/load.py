"""Makes the raw rows of a benchmark: the same for the same size and seed.

Tables, keys and the lists that values are drawn from are those of the sample rows
(``warehouse/sample``); what is ours is how rows are drawn: none of them awkward, over one year, and
cheaply enough for ten million.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from bench.building.raw.slices import HISTORY_ENDS_AT, HISTORY_STARTS_AT, KAAPI_CALLS, Size, Slice
from warehouse.sample.drawing import Filler
from warehouse.sample.drawing.filler import run_sql
from warehouse.sample.registry import find_source
from warehouse.sample.sources import SyntheticRows

Connect = Callable[[], psycopg.Connection[Any]]

PACKAGE = "bench.building.raw"

RESERVED_IDS = 200  # those that awkward sample rows would have
ORGANIZATIONS = 51  # the last one never sends a request

SETTINGS = """
set local jit = off;
set local maintenance_work_mem = '512MB';
set local standard_conforming_strings = on;
"""


@dataclass(frozen=True, slots=True)
class System:
    """The SQL files of one source system; those of the sample rows unless said otherwise."""

    name: str
    reference: tuple[str, ...]  # run once, before all others
    picks: tuple[str, ...]  # make what draws are made from, in every session
    rows: tuple[tuple[str, int], ...]  # ours, and how many rows a unit has in each
    afterwards: tuple[str, ...] = ()  # run once, when the log is there
    indexes: str | None = None  # ours


SYSTEMS = (
    System(
        name="litellm",
        reference=(),
        picks=("kinds.sql", "keys.sql", "picks.sql"),
        rows=(("litellm_spend_logs.sql", 20), ("litellm_tag_spend.sql", 0)),
        afterwards=("users.sql", "tokens.sql"),
    ),
    System(
        name="kaapi",
        reference=("organizations.sql", "projects.sql", "model_configs.sql", "config_versions.sql"),
        picks=("project_picks.sql", "traffic_picks.sql"),
        rows=(
            ("kaapi_calls.sql", KAAPI_CALLS),
            ("kaapi_chains.sql", KAAPI_CALLS),
            ("kaapi_evaluations.sql", 1),
        ),
        indexes="kaapi_indexes.sql",
    ),
    System(
        name="auto_analyst",
        reference=(),
        picks=("kinds.sql", "errors.sql", "picks.sql"),
        rows=(
            ("auto_analyst_usage.sql", 5),
            ("auto_analyst_chats.sql", 5),
            ("auto_analyst_messages.sql", 5),
            ("auto_analyst_executions.sql", 5),
            ("auto_analyst_feedback.sql", 5),
        ),
        afterwards=("users.sql",),
    ),
    System(
        name="enclava",
        reference=(),
        picks=("kinds.sql", "keys.sql", "picks.sql"),
        rows=(("enclava_usage.sql", 5),),
        afterwards=("users.sql", "api_keys.sql", "budgets.sql"),
    ),
)


@dataclass(frozen=True, slots=True)
class RawRows:
    """The raw rows of one size; each method runs once, in this order, and commits."""

    connect: Connect
    size: Size
    seed: int

    def load_history(self) -> None:
        """Make the raw schemas and all rows of the history, two systems at a time."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            for _ in pool.map(self._load, SYSTEMS):
                pass

    def add_new_day(self) -> None:
        """Add the day after the history, in every system."""
        for system in SYSTEMS:
            with self._session(system) as filler:
                _run_samples(filler, system.picks)
                self._add_rows(filler, system.rows, self.size.new_day)

    def add_late_rows(self) -> None:
        """Add calls and chains of past days to Kaapi, and change calls that are there.

        Only Kaapi writes down when a row was changed.
        """
        (kaapi,) = (system for system in SYSTEMS if system.name == "kaapi")
        calls_and_chains = kaapi.rows[:2]
        with self._session(kaapi) as filler:
            _run_samples(filler, kaapi.picks)
            self._add_rows(filler, calls_and_chains, self.size.late_calls)
            run_sql(
                filler.cursor,
                PACKAGE,
                "kaapi_late_changes.sql",
                seed=self.seed,
                every=self.size.changed_call_every,
                written_at=self.size.late_calls.written_at,
                **self.size.history.numbers(KAAPI_CALLS),
            )

    def _load(self, system: System) -> None:
        source = find_source(system.name)
        with self._session(system, is_new=True) as filler:
            source.create_tables(filler.cursor)
            _run_samples(filler, system.reference)
            _run_samples(filler, system.picks)
            self._add_rows(filler, system.rows, self.size.history)
            _run_samples(filler, system.afterwards)
            source.add_constraints(filler.cursor)
            if system.indexes:
                run_sql(filler.cursor, PACKAGE, system.indexes)

    @contextmanager
    def _session(self, system: System, *, is_new: bool = False) -> Iterator[Filler]:
        """One transaction that has the functions and tables which draws need."""
        schema = sql.Identifier(find_source(system.name).default_schema)
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(SETTINGS)
            if is_new:
                cursor.execute(sql.SQL("create schema {}").format(schema))
            cursor.execute(sql.SQL("set local search_path to {}, pg_temp").format(schema))
            filler = Filler(
                cursor,
                f"warehouse.sample.{system.name}",
                SyntheticRows(rows=self.size.requests, seed=self.seed, until=HISTORY_ENDS_AT),
                progress=lambda stage, done, units: None,
                constants=self._constants,
            )
            with filler.drawing():
                run_sql(cursor, PACKAGE, "functions.sql")
                yield filler
                run_sql(cursor, PACKAGE, "drop_functions.sql")

    @property
    def _constants(self) -> dict[str, Any]:
        """Values that the SQL files of the sample rows ask for."""
        return {
            "organization_count": ORGANIZATIONS,
            "user_count": 40 + self.size.requests // 25_000,
            "reserved": RESERVED_IDS,
            "history_starts_at": HISTORY_STARTS_AT,
        }

    def _add_rows(self, filler: Filler, files: Sequence[tuple[str, int]], part: Slice) -> None:
        for file, rows_per_unit in files:
            run_sql(
                filler.cursor,
                PACKAGE,
                file,
                seed=self.seed,
                **self._constants,
                **part.time,
                **part.day_numbers,
                **part.numbers(rows_per_unit),
            )


def _run_samples(filler: Filler, files: Sequence[str]) -> None:
    for file in files:
        filler.run(file)
