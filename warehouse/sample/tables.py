"""The raw tables of a marked schema: made empty and without keys, ready to be filled."""

from psycopg import sql

from warehouse.sample.sources import Cursor, SampleSource, only_row

_COLUMNS = """
select
    table_relation.relname,
    attribute.attname,
    format_type(attribute.atttypid, attribute.atttypmod),
    attribute.attnotnull
from pg_class as table_relation
inner join pg_attribute as attribute
    on attribute.attrelid = table_relation.oid
where
    table_relation.relnamespace = (select oid from pg_namespace where nspname = %s)
    and table_relation.relkind = 'r'
    and attribute.attnum > 0
    and not attribute.attisdropped
order by table_relation.relname, attribute.attnum
"""

_Columns = dict[str, list[tuple[str, str, bool]]]


def existing_tables(cursor: Cursor, schema: str) -> list[str]:
    """Names of the tables in a schema."""
    cursor.execute("select tablename from pg_tables where schemaname = %s", (schema,))
    return [name for (name,) in cursor.fetchall()]


def clear_tables(cursor: Cursor, source: SampleSource, schema: str) -> None:
    """Make the tables of a source empty and keyless, in the schema first on the search path.

    Tables that are right are kept, so that the views dbt built on them go on working; tables that
    are not are dropped, unless something depends on them. Nothing else in the schema is touched.
    """
    found = _columns(cursor, schema)
    if not found.keys() & set(source.tables):
        source.create_tables(cursor)
        return
    expected = _expected_columns(cursor, source)
    if {name: found.get(name) for name in source.tables} == expected:
        source.drop_constraints(cursor)
        cursor.execute(sql.SQL("truncate {}").format(_names(source)))
    else:
        cursor.execute(sql.SQL("drop table if exists {}").format(_names(source)))
        source.create_tables(cursor)


def _expected_columns(cursor: Cursor, source: SampleSource) -> _Columns:
    """The columns as the source makes them, found by making them for a moment."""
    cursor.execute(
        "select current_setting('search_path'), set_config('search_path', 'pg_temp', true)"
    )
    search_path, _ = only_row(cursor)
    source.create_tables(cursor)
    cursor.execute("select nspname from pg_namespace where oid = pg_my_temp_schema()")
    (temporary_schema,) = only_row(cursor)
    expected = _columns(cursor, temporary_schema)
    cursor.execute(sql.SQL("drop table {}").format(_names(source)))
    cursor.execute("select set_config('search_path', %s, true)", (search_path,))
    return {name: expected[name] for name in source.tables}


def _names(source: SampleSource) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, source.tables))


def _columns(cursor: Cursor, schema: str) -> _Columns:
    columns: _Columns = {}
    cursor.execute(_COLUMNS, (schema,))
    for table, name, data_type, is_not_null in cursor.fetchall():
        columns.setdefault(table, []).append((name, data_type, is_not_null))
    return columns
