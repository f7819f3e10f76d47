{#
    Whether a price is the one of a request: at its time, in its part of the UTC day, and for its whole
    prompt, what is cached included: all tokens of a request are in one band.
#}
{% macro price_holds(request, price) -%}
    {%- set instant = priced_at(request) -%}
    {%- set second_of_day -%}
        (
            extract(hour from {{ instant }}) * 3600
            + extract(minute from {{ instant }}) * 60
            + floor(extract(second from {{ instant }}))
        )
    {%- endset -%}
    {{ instant }} >= {{ price }}.valid_from_at
    and ({{ price }}.valid_to_at is null or {{ instant }} < {{ price }}.valid_to_at)
    and greatest(coalesce({{ request }}.input_tokens, 0), 0) >= {{ price }}.from_input_tokens
    and (
        {{ price }}.to_input_tokens is null
        or greatest(coalesce({{ request }}.input_tokens, 0), 0) < {{ price }}.to_input_tokens
    )
    and (
        ({{ price }}.from_second_of_day = 0 and {{ price }}.to_second_of_day = 86400)
        or (
            {{ second_of_day }} >= {{ price }}.from_second_of_day
            and {{ second_of_day }} < {{ price }}.to_second_of_day
        )
    )
{%- endmacro %}
