{# The JSON text of a JSON value; NULL for NULL. #}
{% macro json_text(json) -%}
    {{ return(adapter.dispatch('json_text', 'usage_warehouse')(json)) }}
{%- endmacro %}

{% macro postgres__json_text(json) -%}
    cast({{ json }} as text)
{%- endmacro %}

{# The non-empty JSON string under nested keys, as text. Anything else is NULL. #}
{% macro json_text_at(json, keys) -%}
    {{ return(adapter.dispatch('json_text_at', 'usage_warehouse')(json, keys)) }}
{%- endmacro %}

{% macro postgres__json_text_at(json, keys) -%}
    {%- set path -%} '{ {{- keys | join(',') -}} }' {%- endset -%}
    case
        when jsonb_typeof({{ json }} #> {{ path }}) = 'string'
            then nullif({{ json }} #>> {{ path }}, '')
    end
{%- endmacro %}

{#
    The first element of a JSON array when it is a non-empty JSON string, as text. Anything else is
    NULL, a bare JSON string included: Postgres would take that for an array of one element.
#}
{% macro json_first_text(json) -%}
    {{ return(adapter.dispatch('json_first_text', 'usage_warehouse')(json)) }}
{%- endmacro %}

{% macro postgres__json_first_text(json) -%}
    case
        when jsonb_typeof({{ json }}) = 'array' and jsonb_typeof({{ json }} -> 0) = 'string'
            then nullif({{ json }} ->> 0, '')
    end
{%- endmacro %}

{# The JSON object under the first of the keys that has one, else NULL. #}
{% macro json_first_object(json, keys) -%}
    {{ return(adapter.dispatch('json_first_object', 'usage_warehouse')(json, keys)) }}
{%- endmacro %}

{% macro postgres__json_first_object(json, keys) -%}
    case
        {%- for key in keys %}
        when jsonb_typeof({{ json }} -> '{{ key }}') = 'object' then {{ json }} -> '{{ key }}'
        {%- endfor %}
    end
{%- endmacro %}

{#
    A FROM item with one row per element of a JSON array that is a string: text_value, and its
    place in the array from 1 (ordinal). No rows for NULL. The value must be an array.
#}
{% macro json_array_texts(json) -%}
    {{ return(adapter.dispatch('json_array_texts', 'usage_warehouse')(json)) }}
{%- endmacro %}

{% macro postgres__json_array_texts(json) -%}
    lateral (
        select
            element.value #>> '{}' as text_value,
            cast(element.ordinal as integer) as ordinal
        from jsonb_array_elements({{ json }}) with ordinality as element (value, ordinal)
        where jsonb_typeof(element.value) = 'string'
    )
{%- endmacro %}

{#
    A FROM item with one row per member of a JSON object: key_name and text_value, which is the
    string, or the JSON text of any other value. No rows for NULL. The value must be an object.
#}
{% macro json_object_texts(json) -%}
    {{ return(adapter.dispatch('json_object_texts', 'usage_warehouse')(json)) }}
{%- endmacro %}

{% macro postgres__json_object_texts(json) -%}
    lateral (
        select
            member.key as key_name,
            case jsonb_typeof(member.value)
                when 'string' then member.value #>> '{}'
                else cast(member.value as text)
            end as text_value
        from jsonb_each({{ json }}) as member
    )
{%- endmacro %}

{#
    A JSON value of any kind; of one that is a string, what the string spells if that is an object, else
    NULL.
#}
{% macro json_spelled_out(json) -%}
    {{ return(adapter.dispatch('json_spelled_out', 'usage_warehouse')(json)) }}
{%- endmacro %}

{% macro postgres__json_spelled_out(json) -%}
    case
        when jsonb_typeof({{ json }}) = 'string'
            then {{ readable_json(json ~ " #>> '{}'", 'object') }}
        else {{ json }}
    end
{%- endmacro %}

{#
    Whether more than so many arrays and objects of a JSON text stand inside each other. The text comes
    without its strings, whose brackets mean nothing. A text that is no JSON may count as deeper.
#}
{% macro json_is_deeper(bare_text, levels) -%}
    {{ return(adapter.dispatch('json_is_deeper', 'usage_warehouse')(bare_text, levels)) }}
{%- endmacro %}

{# By a pattern, not by counting in a subquery: that would keep other processes from helping. #}
{% macro postgres__json_is_deeper(bare_text, levels) -%}
    translate(regexp_replace({{ bare_text }}, '[^][{}]', '', 'g'), '{}', '[]')
    !~ '^(?:{{ "\\[(?:" * (levels - 1) }}\[\]{{ ")*\\]" * (levels - 1) }})*$'
{%- endmacro %}

{#
    The JSON value of a text that nobody validated, when it is of the asked kind ('array' or
    'object'); else NULL. NULL too for what JSON can spell and a database or its readers cannot hold:
    a zero character, half a surrogate pair, numbers of a thousand digits, more than 100 levels, ten
    million characters. The text is only looked at closely where a plain count makes that possible.
#}
{% macro readable_json(text_value, kind) -%}
    {{ return(adapter.dispatch('readable_json', 'usage_warehouse')(text_value, kind)) }}
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

{#
    Token count under nested keys of a JSON value, as bigint: a JSON integer, or a JSON string of
    digits only, of at most 15 significant digits. Everything else is NULL; no value can make a query
    fail. 15 digits keep tokens x price exact within the 38 digits that every engine offers.
#}
{% macro json_token_count(json, keys) -%}
    {{ return(adapter.dispatch('json_token_count', 'usage_warehouse')(json, keys)) }}
{%- endmacro %}

{% macro postgres__json_token_count(json, keys) -%}
    {%- set path -%} '{ {{- keys | join(',') -}} }' {%- endset -%}
    {%- set text_value -%} {{ json }} #>> {{ path }} {%- endset -%}
    case jsonb_typeof({{ json }} #> {{ path }})
        when 'number' then
            case
                when ({{ text_value }}) not like '%.%'
                    and length(ltrim({{ text_value }}, '-')) <= 15
                    then cast({{ text_value }} as bigint)
            end
        when 'string' then
            case
                when ({{ text_value }}) <> ''
                    and ltrim({{ text_value }}, '0123456789') = ''
                    and length(ltrim({{ text_value }}, '0')) <= 15
                    then cast({{ text_value }} as bigint)
            end
    end
{%- endmacro %}

{#
    Price of one token in USD, numeric(22, 22), from a JSON price per 1,000,000 tokens under two
    nested keys, rounded half away from zero at its 16th decimal. NULL unless it is a JSON number
    below 1,000,000: the type holds no larger one. A numeric string is no price.
#}
{% macro json_token_price(json, outer_key, inner_key) -%}
    {{ return(adapter.dispatch('json_token_price', 'usage_warehouse')(json, outer_key, inner_key)) }}
{%- endmacro %}

{% macro postgres__json_token_price(json, outer_key, inner_key) -%}
    {%- set price -%} {{ json }} -> '{{ outer_key }}' -> '{{ inner_key }}' {%- endset -%}
    {%- set rounded -%} round(cast({{ price }} as numeric), 16) {%- endset -%}
    cast(
        case
            when jsonb_typeof({{ price }}) = 'number' then
                case
                    when abs({{ rounded }}) < 1000000 then {{ rounded }} * 0.000001
                end
        end as numeric(22, 22)
    )
{%- endmacro %}

{#
    Amount in USD under a key of a JSON object, numeric(38, 22): a JSON number or a plain decimal
    string (optional sign, fraction, exponent), rounded half away from zero. Everything else
    counts 0, and so does a magnitude of 1e12 or more: a few such rows would overflow a sum. The
    bounds on length and exponent keep the cast inside what Postgres can represent; beyond them
    the amount is either too large or rounds to 0 anyway.
#}
{% macro json_usd(json, key) -%}
    {{ return(adapter.dispatch('json_usd', 'usage_warehouse')(json, key)) }}
{%- endmacro %}

{% macro postgres__json_usd(json, key) -%}
    {%- set text_value -%} {{ json }} ->> '{{ key }}' {%- endset -%}
    {%- set rounded -%} round(cast({{ text_value }} as numeric), 22) {%- endset -%}
    cast(
        case
            when
                jsonb_typeof({{ json }} -> '{{ key }}') = 'number'
                or (
                    jsonb_typeof({{ json }} -> '{{ key }}') = 'string'
                    and length({{ text_value }}) <= 4000
                    and ({{ text_value }}) ~ '^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$'
                    and length(ltrim(split_part(lower({{ text_value }}), 'e', 2), '+-0')) <= 4
                )
                then case when abs({{ rounded }}) < 1e12 then {{ rounded }} else 0 end
            else 0
        end as numeric(38, 22)
    )
{%- endmacro %}
