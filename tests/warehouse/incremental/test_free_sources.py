"""When no build runs, nothing of ours depends on an object of a source, which may migrate."""

import pytest
from psycopg import sql

from tests.warehouse.incremental.builds import Warehouse
from tests.warehouse.incremental.history import History

pytestmark = pytest.mark.database

RAW_SCHEMAS = ("kaapi", "litellm", "auto_analyst", "enclava")

# Whatever of ours refers to an object of a source schema: views, triggers, tables by their types.
HOOKS = """
with raw_objects as (
    select cast('pg_class' as regclass) as class_oid, class.oid as object_oid
    from pg_class as class
    inner join pg_namespace as namespace on class.relnamespace = namespace.oid
    where namespace.nspname = any(%(schemas)s)
    union all
    select cast('pg_type' as regclass), type.oid
    from pg_type as type
    inner join pg_namespace as namespace on type.typnamespace = namespace.oid
    where namespace.nspname = any(%(schemas)s)
)

select distinct pg_describe_object(depend.classid, depend.objid, depend.objsubid)
from pg_depend as depend
inner join raw_objects as raw
    on depend.refclassid = raw.class_oid and depend.refobjid = raw.object_oid
cross join lateral pg_identify_object(depend.classid, depend.objid, depend.objsubid) as object
left join pg_trigger as trigger
    on depend.classid = cast('pg_trigger' as regclass) and depend.objid = trigger.oid
where
    object.schema like 'usage%%'
    or object.identity like '%% on usage%%'
    or not trigger.tgisinternal
"""

# Every column that models read and that a source may widen, and what to.
DECLARED = """
select class.oid::regclass::text, attribute.attname, type.typname
from pg_class as class
inner join pg_namespace as namespace on class.relnamespace = namespace.oid
inner join pg_attribute as attribute
    on class.oid = attribute.attrelid and attribute.attnum > 0 and not attribute.attisdropped
inner join pg_type as type on attribute.atttypid = type.oid
where namespace.nspname = any(%s) and class.relkind = 'r'
order by 1, 2
"""
WIDER = {"int4": "bigint", "int2": "bigint", "varchar": "text", "float4": "double precision"}

PARTITIONED = """
alter table litellm."LiteLLM_SpendLogs" rename to "LiteLLM_SpendLogs_legacy";
create table litellm."LiteLLM_SpendLogs"
    (like litellm."LiteLLM_SpendLogs_legacy" including defaults) partition by range ("startTime");
create table litellm."LiteLLM_SpendLogs_old" partition of litellm."LiteLLM_SpendLogs"
    for values from (minvalue) to ('2024-03-01');
create table litellm."LiteLLM_SpendLogs_rest" partition of litellm."LiteLLM_SpendLogs" default;
insert into litellm."LiteLLM_SpendLogs" select * from litellm."LiteLLM_SpendLogs_legacy";
drop table litellm."LiteLLM_SpendLogs_legacy";
"""

ENUM = """
create schema global;
create type global.provider_enum as enum ('openai', 'google', 'sarvamai', 'elevenlabs', 'other');
alter table kaapi.model_config drop constraint if exists model_config_provider_model_name_key;
update kaapi.model_config set provider = 'other'
    where provider not in ('openai', 'google', 'sarvamai', 'elevenlabs');
alter table kaapi.model_config
    alter column provider type global.provider_enum using provider::global.provider_enum;
alter table kaapi.model_config set schema global;
"""


def hooks(warehouse: Warehouse) -> list[str]:
    with warehouse.connect() as connection:
        found = connection.execute(HOOKS, {"schemas": [*RAW_SCHEMAS, "global"]}).fetchall()
    return [row[0] for row in found]


def test_a_source_may_migrate_as_it_likes_between_two_builds(built):
    warehouse = built(1)
    assert hooks(warehouse) == []
    with warehouse.connect() as connection:
        tables = sorted({row[0] for row in connection.execute(DECLARED, [[*RAW_SCHEMAS]])})
        # What models do not read is added, retyped and dropped.
        for table in tables:
            connection.execute(
                f"alter table {table} add column unread integer default 1;"
                f"alter table {table} alter column unread type text;"
                f"alter table {table} drop column unread"
            )
        # What they read is widened.
        for table, column, data_type in connection.execute(DECLARED, [[*RAW_SCHEMAS]]).fetchall():
            if data_type in WIDER:
                connection.execute(
                    sql.SQL("alter table {} alter column {} type {}").format(
                        sql.SQL(table), sql.Identifier(column), sql.SQL(WIDER[data_type])
                    )
                )
        connection.execute(PARTITIONED)
    History(warehouse.connect, 1).go_on()
    # By changed rows, or by all where the counters of a table in another's place tell nothing.
    said = warehouse.next_build()
    assert "all marts from all raw rows" not in said
    assert hooks(warehouse) == []
    warehouse.assert_equals_full_refresh()


def test_a_column_that_models_read_and_that_is_gone_is_named(built):
    warehouse = built(1)
    warehouse.execute('alter table litellm."LiteLLM_SpendLogs" drop column cache_hit')
    result = warehouse.try_build()
    assert not result.success
    assert "column litellm.LiteLLM_SpendLogs.cache_hit is missing" in result.output


def test_a_raw_table_may_lie_in_another_schema_and_have_types_of_its_own(built):
    warehouse = built(1)
    warehouse.execute("create schema moved; alter table enclava.users set schema moved")
    warehouse.execute("alter table moved.users rename to accounts")
    warehouse.execute(ENUM)
    moved = {"kaapi.model_config": "global.model_config", "enclava.users": "moved.accounts"}
    assert "models, macros, seeds or vars changed" in warehouse.next_build(raw_tables=moved)
    assert hooks(warehouse) == []
    assert "what raw rows changed" in warehouse.next_build(raw_tables=moved)


def test_what_an_earlier_release_left_on_raw_tables_is_let_go(built):
    warehouse = built(1)
    warehouse.execute(
        "create view usage_build.read_enclava__budgets as select * from enclava.budgets;"
        "create view usage_build.stg_old as select * from usage_build.read_enclava__budgets;"
        "create function usage_build.notify_of_raw_rows() returns trigger language plpgsql"
        " as 'begin return null; end';"
        "create trigger usage_warehouse_changed after insert on enclava.budgets"
        " for each statement execute function usage_build.notify_of_raw_rows()"
    )
    assert len(hooks(warehouse)) == 2
    warehouse.run_operation("release_raw_tables")
    assert hooks(warehouse) == []
