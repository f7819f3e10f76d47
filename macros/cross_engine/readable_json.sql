{#
    The JSON value of a text that nobody validated, when it is of the asked kind ('array' or
    'object'); else NULL. NULL too for what JSON can spell and a database or its readers cannot hold:
    a zero character, half a surrogate pair, numbers of a thousand digits, more than 100 levels, ten
    million characters. The text is only looked at closely where a plain count makes that possible.
#}
{% macro readable_json(text_value, kind) -%}
    {{ return(adapter.dispatch('readable_json')(text_value, kind)) }}
{%- endmacro %}

{% macro postgres__readable_json(text_value, kind) -%}
    {%- set opening = {'array': '[', 'object': '{'}[kind] -%}
    {%- set long_number = '([0-9]{250}){4}|[0-9][eE][+-]?0*[1-9][0-9]{3}' -%}
    {%- set bare -%} regexp_replace({{ text_value }}, '"(\\.|[^"\\])*"', '', 'g') {%- endset -%}
    case
        when
            left(ltrim({{ text_value }}, chr(32) || chr(9) || chr(10) || chr(13)), 1)
            <> '{{ opening }}'
            or length({{ text_value }}) > 10000000
            then null
        when
            length({{ text_value }}) - length(translate({{ text_value }}, '[{', '')) > 100
            and {{ json_is_deeper(bare, 100) }}
            then null
        when {{ text_value }} ~ '{{ long_number }}' and {{ bare }} ~ '{{ long_number }}' then null
        when pg_input_is_valid({{ text_value }}, 'jsonb') then cast({{ text_value }} as jsonb)
    end
{%- endmacro %}
