{# Modality of an evaluation run, from its type in any letter case. Blanks are not trimmed. #}
{% macro kaapi_evaluation_modality(evaluation_type) -%}
    case lower({{ evaluation_type }})
        when 'text' then 'T-FS-T'
        when 'stt' then 'STT'
        when 'tts' then 'TTS'
        else 'OTHER'
    end
{%- endmacro %}
