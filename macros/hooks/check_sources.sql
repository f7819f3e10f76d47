{#
    Before anything is built: one error that names every schema, table and column that the enabled
    sources declare and the database does not have, instead of a SQL error in the first model that
    happens to need one.
#}
{% macro check_sources() -%}
    {%- if execute and flags.WHICH != 'seed' -%}
        {%- set faults = missing_source_parts() -%}
        {%- if faults | length > 0 -%}
            {{ exceptions.raise_compiler_error(
                "The raw tables are not there as the models need them, as far as \""
                ~ target.user ~ "\" may read database \"" ~ target.dbname
                ~ "\". Nothing was built.\n  - "
                ~ faults | join("\n  - ")
                ~ "\nRemedy: name the schema that holds the raw rows with the var of its source ("
                ~ source_schema_vars() | join(", ")
                ~ "), grant the role usage on it and select on its tables, leave out source systems that"
                ~ " you do not have (the var source_systems, now \""
                ~ enabled_source_systems() | join(", ")
                ~ "\"), or load sample rows with `usage-warehouse sample load`."
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
