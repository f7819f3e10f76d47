{#
    Everything dbt builds stays in one build schema, from which what readers see is copied; but for the
    history, which is no build's own.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ var('history_schema') if custom_schema_name == 'history' else var('build_schema') }}
{%- endmacro %}

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

{# The value of a var as a text of SQL, whatever characters it holds. #}
{% macro var_text(name) -%}
    {%- set literal = dbt.string_literal(dbt.escape_single_quotes(var(name) | string)) -%}
    cast({{ literal }} as {{ dbt.type_string() }})
{%- endmacro %}

{#
    A query for the columns of the calling model's contract, without rows: what a mart holds when no
    enabled source system has anything for it. Readers then find an empty mart, not a missing one.
#}
{% macro select_no_rows() -%}
    select
        {%- for column in model.columns.values() %}
        cast(null as {{ api.Column.translate_type(column.data_type) }}) as {{ column.name }}
        {%- if not loop.last %},{% endif %}
        {%- else %}
        cast(null as boolean) as nothing
        {%- endfor %}
    where 1 = 0
{%- endmacro %}
