{#
    Columns without a null: those that the model's contract holds not_null, so that they are written
    once, and those named. A test beside the constraint, because not every engine holds constraints.
    One test and one scan for all of them. Each row names a column, failures are the nulls in all.
    dbt prints their number only; the on-run-end hook name_faulty_columns prints the columns.
#}
{% test has_no_nulls(model, columns=[]) %}
{{ config(fail_calc='coalesce(sum(row_count), 0)') }}
{%- set all_columns = (contracted_columns('not_null') + columns) | unique | list -%}
{%- if execute and not all_columns -%}
    {{ exceptions.raise_compiler_error('name columns: the contract holds none not_null') }}
{%- endif -%}
{{ faulty_columns(model, all_columns, 'is null') }}
{% endtest %}
