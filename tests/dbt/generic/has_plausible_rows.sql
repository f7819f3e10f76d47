{#
    What rows would be like if the source made no mistake: reported, but no reason to hold a build
    back. Arguments and results are those of has_valid_rows, without what the model's yml promises.
#}
{% test has_plausible_rows(model, not_null=[], not_negative=[], rules={}) %}
{{ config(fail_calc='coalesce(sum(row_count), 0)', severity='warn') }}
{{ rows_at_fault(model, named_row_faults(not_null, not_negative, rules)) }}
{% endtest %}
