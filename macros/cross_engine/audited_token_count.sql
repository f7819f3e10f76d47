{#
    What json_token_count reads, found by other means (a pattern over the JSON text) for the audit of
    the marts: in JSON text only a string has quotes. numeric(15, 0).
#}
{% macro audited_token_count(json, key) -%}
    {{ return(adapter.dispatch('audited_token_count')(json, key)) }}
{%- endmacro %}

{% macro postgres__audited_token_count(json, key) -%}
    {%- set json_value -%} cast({{ json }} -> '{{ key }}' as text) {%- endset -%}
    cast(
        coalesce(
            substring({{ json_value }} from '^-?[0-9]{1,15}$'),
            {# Leading zeros are no digits that count. #}
            substring({{ json_value }} from '^"0*([0-9]{1,15})"$'),
            '0'
        ) as numeric(15, 0)
    )
{%- endmacro %}
