{#
    What is promised of each row of a model: no null where its contract says not_null, one of a
    column's `meta.accepted_values` (or null), and what the arguments say:

    - not_null: further columns without a null;
    - not_negative: columns without a number below 0; null is none;
    - rules: SQL conditions by name. Unknown counts as broken.

    One test and one scan for all of it. Each row that this finds is a fault with the number of rows
    that have it; failures are those numbers added up. dbt prints only the sum; the on-run-end hook
    name_row_faults prints the faults. What the contract holds is tested beside the constraint,
    because not every engine holds constraints.
#}
{% test has_valid_rows(model, not_null=[], not_negative=[], rules={}) %}
{{ config(fail_calc='coalesce(sum(row_count), 0)') }}
{{ rows_at_fault(model, promised_row_faults() + named_row_faults(not_null, not_negative, rules)) }}
{% endtest %}
