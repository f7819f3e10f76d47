{#
    What json_token_count reads, found by other means (a pattern over the JSON text) for the audit of
    the marts: in JSON text only a string has quotes. numeric(15, 0).
#}
{% macro audited_token_count(json, key) -%}
    {{ return(adapter.dispatch('audited_token_count', 'usage_warehouse')(json, key)) }}
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

{#
    What json_token_price reads, found by other means (a JSON path) for the audit of the marts: the
    price of one token in USD, numeric(22, 22).
#}
{% macro audited_token_price(json, outer_key, inner_key) -%}
    {{ return(adapter.dispatch('audited_token_price', 'usage_warehouse')(json, outer_key, inner_key)) }}
{%- endmacro %}

{% macro postgres__audited_token_price(json, outer_key, inner_key) -%}
    {%- set per_million -%}
        round(
            cast(
                jsonb_path_query_first(
                    {{ json }},
                    'strict $.{{ outer_key }}.{{ inner_key }} ? (@.type() == "number")',
                    '{}',
                    true
                ) as numeric
            ), 16
        )
    {%- endset -%}
    cast(
        case
            when {{ per_million }} > -1000000 and {{ per_million }} < 1000000
                then {{ per_million }} * 0.000001
        end as numeric(22, 22)
    )
{%- endmacro %}

{#
    What json_usd reads, found by other means (a pattern over the JSON text) for the audit of the
    marts: a number, or a plain decimal string that is not too long. numeric(38, 22).
#}
{% macro audited_usd(json, key) -%}
    {{ return(adapter.dispatch('audited_usd', 'usage_warehouse')(json, key)) }}
{%- endmacro %}

{% macro postgres__audited_usd(json, key) -%}
    {%- set json_value -%} cast({{ json }} -> '{{ key }}' as text) {%- endset -%}
    {%- set amount -%}
        round(
            cast(
                coalesce(
                    substring({{ json_value }} from '^-?[0-9.]+$'),
                    case
                        when length({{ json_value }}) <= 4002
                            then substring(
                                {{ json_value }}
                                from '^"([+-]?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?0*[0-9]{1,4})?)"$'
                            )
                    end,
                    '0'
                ) as numeric
            ), 22
        )
    {%- endset -%}
    cast(
        case
            when {{ amount }} > -1e12 and {{ amount }} < 1e12 then {{ amount }}
            else 0
        end as numeric(38, 22)
    )
{%- endmacro %}

{#
    What float_usd reads, found by other means for the audit of the marts: the bounds are the last
    floats below 1e12. NaN is greater than every number.
#}
{% macro audited_float_usd(column) -%}
    case
        when {{ column }} between -999999999999.9999 and 999999999999.9999
            then cast(cast({{ column }} as {{ dbt.type_string() }}) as numeric(38, 22))
    end
{%- endmacro %}

{# What whole_count reads, found by other means for the audit of the marts: at most 15 digits. #}
{% macro audited_count(column) -%}
    case when abs(cast({{ column }} as numeric(38, 0))) <= 999999999999999 then {{ column }} end
{%- endmacro %}

{# What cents_as_usd reads, found by other means for the audit of the marts: cents of at most 14 digits. #}
{% macro audited_cents_usd(column) -%}
    case when abs(cast({{ column }} as numeric(38, 0))) <= 99999999999999 then {{ column }} * 0.01 end
{%- endmacro %}

{#
    The instant of a time that a source system wrote without zone, for the audit of the marts; NULL
    outside the years 2000 to 2099. By other means than source_instant, so that a fault there is seen here.
#}
{% macro audited_instant(source_system, column) -%}
    case
        when {{ is_audited_time(source_system, column) }}
            then {{ column }} at time zone {{ sql_text(source_time_zone(source_system)) }}
    end
{%- endmacro %}

{# The UTC day of such a time, for the audit of the marts; NULL outside the years 2000 to 2099. #}
{% macro audited_day(source_system, column) -%}
    case
        when {{ is_audited_time(source_system, column) }}
            then cast(date_trunc('day', {{ audited_utc_time(source_system, column) }}) as date)
    end
{%- endmacro %}

{# Whether such a time lies in the years 2000 to 2099. #}
{% macro is_audited_time(source_system, column) -%}
    {%- if source_time_zone(source_system) != 'UTC' -%}
        {#- Far from what no zone can convert. -#}
        extract(year from {{ column }}) between 1999 and 2100 and{{ ' ' }}
    {%- endif -%}
    extract(year from {{ audited_utc_time(source_system, column) }}) between 2000 and 2099
{%- endmacro %}

{# What a clock of UTC showed at such a time; as it stands where the source wrote UTC. #}
{% macro audited_utc_time(source_system, column) -%}
    {%- set zone = source_time_zone(source_system) -%}
    {{ column if zone == 'UTC'
        else "(" ~ column ~ " at time zone " ~ sql_text(zone) ~ ") at time zone 'UTC'" }}
{%- endmacro %}

{#
    A text as source_text cuts it, for the audit of the marts: one of at most 512 characters and 768
    bytes stands, of any other the beginning and its md5.
#}
{% macro audited_text(column) -%}
    case
        when char_length({{ column }}) <= 512 and octet_length({{ column }}) <= 768 then {{ column }}
        else substring({{ column }} for 96) || md5({{ column }})
    end
{%- endmacro %}

{#
    Provider name without one trailing `-native`, for the audit of the marts; NULL and the empty text
    are no provider that has a price.
#}
{% macro audited_provider(column) -%}
    case right({{ column }}, 7)
        when '-native' then left({{ column }}, length({{ column }}) - 7)
        else {{ column }}
    end
{%- endmacro %}
