{# Provider name as used everywhere: one trailing `-native` removed; nothing left is `unknown`. #}
{% macro canonical_provider(raw_provider) -%}
    coalesce(
        nullif(
            case
                when {{ raw_provider }} like '%-native'
                    then left({{ raw_provider }}, length({{ raw_provider }}) - length('-native'))
                else {{ raw_provider }}
            end,
            ''
        ),
        'unknown'
    )
{%- endmacro %}
