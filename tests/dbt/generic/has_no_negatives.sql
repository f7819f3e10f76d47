{#
    Columns without a number below 0, in one scan. Null is none. Rows and failures are those of
    has_no_nulls: a column each, the rows in all.
#}
{% test has_no_negatives(model, columns) %}
{{ config(fail_calc='coalesce(sum(row_count), 0)') }}
{{ faulty_columns(model, columns, '< 0') }}
{% endtest %}
