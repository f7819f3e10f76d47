{#
    A text of a source, as staging reads it. One of more than 512 characters (or 768 bytes) is cut: its
    first 96 characters, then the md5 of all of it, so that two that differ still do, and several fit
    into one row of an index. Sizes in bytes are known without reading a long text.
#}
{% macro source_text(column) -%}
    {{ short_text('cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')') }}
{%- endmacro %}

{# The same of an expression that is text already. #}
{% macro short_text(text_value) -%}
    case
        when
            octet_length({{ text_value }}) > 512
            and (length({{ text_value }}) > 512 or octet_length({{ text_value }}) > 768)
            then left({{ text_value }}, 96) || md5({{ text_value }})
        else {{ text_value }}
    end
{%- endmacro %}

{# A label or id for grouping: the value as text; NULL and the empty text are `unknown`. #}
{% macro text_or_unknown(column) -%}
    coalesce(nullif(cast({{ column }} as {{ dbt.type_string() }}), ''), 'unknown')
{%- endmacro %}

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

{# Modality of a call, from the types of its input and output as the caller sent them. #}
{% macro kaapi_call_modality(input_type, output_type) -%}
    case
        when {{ input_type }} = 'text' and {{ output_type }} = 'text' then 'T-FS-T'
        when {{ input_type }} = 'audio' and {{ output_type }} = 'audio' then 'S-FS-S'
        when {{ input_type }} = 'audio' and {{ output_type }} = 'text' then 'STT'
        when {{ input_type }} = 'text' and {{ output_type }} = 'audio' then 'TTS'
        else 'OTHER'
    end
{%- endmacro %}

{# Modality of an evaluation run, from its type in any letter case. Blanks are not trimmed. #}
{% macro kaapi_evaluation_modality(evaluation_type) -%}
    case lower({{ evaluation_type }})
        when 'text' then 'T-FS-T'
        when 'stt' then 'STT'
        when 'tts' then 'TTS'
        else 'OTHER'
    end
{%- endmacro %}

{# A text, or its first characters followed by `...` when it has more than so many. #}
{% macro preview(text_value, length) -%}
    case
        when length({{ text_value }}) > {{ length }}
            then left({{ text_value }}, {{ length }}) || '...'
        else {{ text_value }}
    end
{%- endmacro %}

{#
    Where the token counts of a request come from: `counted_by`, or `missing` where no count is above
    0. Sources write 0 for a call whose usage they never learnt, and no call to a model uses none.
#}
{% macro origin_of_usage(counted_by, counts) -%}
    case
        when {{ counts | join(' > 0 or ') }} > 0 then '{{ counted_by }}'
        else 'missing'
    end
{%- endmacro %}
