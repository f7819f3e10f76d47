{# The systems that the var source_systems names, each once and in the order of the known ones. #}
{% macro enabled_source_systems() -%}
    {%- set known = ['kaapi', 'litellm', 'auto_analyst', 'enclava'] -%}
    {%- set enabled = var('source_systems') -%}
    {%- if enabled is string or enabled is not iterable or enabled | length == 0 -%}
        {{ exceptions.raise_compiler_error(
            "The var source_systems must be a list that names at least one source system, but is "
            ~ enabled | tojson ~ ". Choose from: " ~ known | join(', ') ~ "."
        ) }}
    {%- endif -%}
    {%- for system in enabled if system not in known -%}
        {{ exceptions.raise_compiler_error(
            "The var source_systems names the unknown source system '" ~ system
            ~ "'. Choose from: " ~ known | join(', ') ~ "."
        ) }}
    {%- endfor -%}
    {{ return(known | select('in', enabled) | list) }}
{%- endmacro %}
