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
