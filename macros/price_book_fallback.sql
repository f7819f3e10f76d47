{# Whether the price book may decide a cost; stops with the choices where the variable is neither. #}
{% macro price_book_fallback() -%}
    {%- set value = var('price_book_fallback') -%}
    {%- if value is not boolean -%}
        {{ exceptions.raise_compiler_error(
            "The var price_book_fallback must be true or false, but is " ~ value | tojson ~ "."
        ) }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}
