{#
    Whether a price is the one of a request: at its time (one without a readable time has the price that
    holds at last), in its part of the UTC day, and for its whole prompt, what is cached included: all
    tokens of a request are in one band.
#}
{% macro price_holds(request, price) -%}
    {%- set priced_at -%}
        coalesce({{ request }}.requested_at, cast('9999-12-31 23:59:59.999999' as timestamp))
    {%- endset -%}
    {%- set second_of_day -%}
        (
            extract(hour from {{ priced_at }}) * 3600
            + extract(minute from {{ priced_at }}) * 60
            + floor(extract(second from {{ priced_at }}))
        )
    {%- endset -%}
    {{ priced_at }} >= {{ price }}.valid_from_at
    and ({{ price }}.valid_to_at is null or {{ priced_at }} < {{ price }}.valid_to_at)
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
