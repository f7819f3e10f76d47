"""Triggers on the raw tables that tell a watch of changes: made and removed on request only.

They write to the schemas of the source systems, and all transactions that notify are committed one
after another by Postgres. The function stands in the build schema, and they go with it.
"""

from collections.abc import Sequence

from psycopg import errors, sql

from warehouse.errors import WarehouseError
from warehouse.project import ProjectNames
from warehouse.raw_changes import CHANNEL
from warehouse.raw_tables import Connection, RawTable

TRIGGER = "usage_warehouse_changed"

# One notification a transaction: Postgres drops those that say the same.
FUNCTION = """
create or replace function {function}() returns trigger language plpgsql as $$
begin
    perform pg_catalog.pg_notify({channel}, '');
    return null;
end $$
"""

CREATE = """
create or replace trigger {trigger}
after insert or update or delete or truncate on {table}
for each statement execute function {function}()
"""

# Views and foreign tables have no such triggers; rows of a partition may pass by that of the whole.
ORDINARY = """
select exists (
    select from pg_trigger as trigger
    where trigger.tgrelid = class.oid and trigger.tgname = %s
)
from pg_class as class
inner join pg_namespace as schema on class.relnamespace = schema.oid
where schema.nspname = %s and class.relname = %s and class.relkind = 'r'
"""


def set_triggers(
    connection: Connection, names: ProjectNames, tables: Sequence[RawTable], *, wanted: bool
) -> int:
    """Make or remove the triggers; how many tables were changed."""
    changed = 0
    with connection.transaction():
        # A trigger waits for writers of its table, and others then wait for it.
        connection.execute("set local lock_timeout = '5s'")
        function = sql.Identifier(names.build_schema, "notify_of_raw_rows")
        parts = {"function": function, "trigger": sql.Identifier(TRIGGER)}
        if wanted:
            schema = sql.SQL("create schema if not exists {}")
            connection.execute(schema.format(sql.Identifier(names.build_schema)))
            connection.execute(
                sql.SQL(FUNCTION).format(function=function, channel=sql.Literal(CHANNEL))
            )
        for table in tables:
            found = connection.execute(ORDINARY, [TRIGGER, table.schema, table.name]).fetchone()
            if found is None or found[0] == wanted:
                continue
            statement = CREATE if wanted else "drop trigger {trigger} on {table}"
            name = sql.Identifier(table.schema, table.name)
            _change(connection, sql.SQL(statement).format(**parts, table=name), table)
            changed += 1
        if not wanted:
            connection.execute(sql.SQL("drop function if exists {}()").format(function))
    return changed


def _change(connection: Connection, statement: sql.Composed, table: RawTable) -> None:
    try:
        connection.execute(statement)
    except errors.InsufficientPrivilege:
        raise WarehouseError(
            "NOTIFY_NOT_YOURS",
            f"{connection.info.user} may not put a trigger on {table}: grant it TRIGGER on the "
            "table (removing one takes the table's owner), or watch without --notify",
        ) from None
    except errors.LockNotAvailable:
        raise WarehouseError(
            "NOTIFY_BUSY",
            f"{table} is written to without a pause of five seconds: try again at a quieter time",
        ) from None
