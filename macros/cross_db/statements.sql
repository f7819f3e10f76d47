{#
    At the end of a query: what it computes is computed once for each row, however often it is read.
    Postgres would else put the expression wherever its name stands.
#}
{% macro optimization_fence() -%}
    {{ return(adapter.dispatch('optimization_fence', 'usage_warehouse')()) }}
{%- endmacro %}

{% macro default__optimization_fence() -%}
{%- endmacro %}

{#
    Written as a bigint: of a bare 0, which has yet to become one, Postgres only knows that rows may be
    left out, and has no other process help.
#}
{% macro postgres__optimization_fence() -%}
    offset bigint '0'
{%- endmacro %}

{#
    Fills a seed as dbt does, but asks for the placeholder of a value once instead of for each: a
    seed of some thousand rows takes a tenth of the time.
#}
{% macro load_csv_rows(model, agate_table) -%}
    {{ return(adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table)) }}
{%- endmacro %}

{% macro postgres__load_csv_rows(model, agate_table) -%}
    {%- set columns = agate_table.column_names -%}
    {%- set row = '(' ~ ([get_binding_char() | trim] * columns | length) | join(', ') ~ ')' -%}
    {%- set statements = [] -%}
    {%- for rows in agate_table.rows | batch(get_batch_size()) -%}
        {%- set values = [] -%}
        {%- for each in rows -%}{%- do values.extend(each) -%}{%- endfor -%}
        {%- set statement -%}
            insert into {{ this.render() }} ({{ get_seed_column_quoted_csv(model, columns) }})
            values {{ ([row] * rows | length) | join(', ') }}
        {%- endset -%}
        {%- do adapter.add_query(statement, bindings=values, abridge_sql_log=True) -%}
        {%- do statements.append(statement) -%}
    {%- endfor -%}
    {{ return(statements[0] if statements else '') }}
{%- endmacro %}
