{#
    Everything dbt builds stays in one build schema, from which what readers see is copied; but for the
    history, which is no build's own.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ warehouse_schema('history' if custom_schema_name == 'history' else 'build') }}
{%- endmacro %}

{#
    The schema of one kind: serving, build, access or history. The profile's schema names all four, so that
    targets keep apart what they build: `usage` serves in usage and builds in usage_build (and is meant by
    a profile that says usage_build). Where vars name them, they name all four, whatever the target.
#}
{% macro warehouse_schema(kind) -%}
    {%- set kinds = ['build', 'serving', 'access', 'history'] -%}
    {%- set named = {} -%}
    {%- for each in kinds if var(each ~ '_schema', none) -%}
        {%- do named.update({each: var(each ~ '_schema') | string}) -%}
    {%- endfor -%}
    {%- if named and named | length < 4 -%}
        {{ exceptions.raise_compiler_error(
            '[SCHEMA_VARS] The vars ' ~ named | join('_schema, ') ~ '_schema are set and '
            ~ kinds | reject('in', named) | join('_schema, ') ~ '_schema are not. Set all four, or none '
            ~ 'of them: then the schema of the profile names them all.'
        ) }}
    {%- elif named -%}
        {{ return(named[kind]) }}
    {%- endif -%}
    {%- set name = target.schema[:-6] if target.schema.endswith('_build') else target.schema -%}
    {{ return(name if kind == 'serving' else name ~ '_' ~ kind) }}
{%- endmacro %}

{#
    The systems that the var source_systems names, each once. A system is declared by its properties file
    under models/staging, and dbt knows of that only when it has parsed it; what is known before is the
    var that says where its raw tables lie.
#}
{% macro enabled_source_systems() -%}
    {%- set enabled = var('source_systems') -%}
    {%- if enabled is string or enabled is not iterable or enabled | length == 0 -%}
        {{ exceptions.raise_compiler_error(
            "The var source_systems must be a list that names at least one source system, but is "
            ~ enabled | tojson ~ ". Name those of which you have raw tables, as dbt_project.yml does."
        ) }}
    {%- endif -%}
    {%- for system in enabled if not var(system ~ '_schema', none) -%}
        {{ exceptions.raise_compiler_error(
            "The var source_systems names the unknown source system '" ~ system ~ "': no var " ~ system
            ~ "_schema says where its raw tables lie. Name systems that have such a var in dbt_project.yml,"
            ~ " or declare this one: CONTRIBUTING.md, How to add a source system."
        ) }}
    {%- endfor -%}
    {{ return(enabled | unique | list) }}
{%- endmacro %}

{#
    The enabled systems of which one table or more lists something beside requests: organizations,
    projects or users, from stg_<system>__<what>. The var source_lists says which do.
#}
{% macro source_systems_that_list(what) -%}
    {%- set listing = var('source_lists')[what] -%}
    {{ return(enabled_source_systems() | select('in', listing) | list) }}
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
