{#
    Names by which prices are looked up. The rows of a build of slices are of few names; why a
    published model has no price is explained by its name, too.
#}
{% macro names_to_price(requests) -%}
    select
        source_system,
        provider,
        raw_model,
        processing
    from {{ requests }}
    {%- if builds_slices() %}
    union all
    select
        source_system,
        provider,
        model as raw_model,
        null as processing
    from {{ serving_relation('fct_unpriced_models') }}
    where unpriced_reason <> 'no_model'
    {%- endif %}
{%- endmacro %}
