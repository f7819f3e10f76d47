{# Why this build has to start from all raw rows, or nothing if the changed ones suffice. #}
{% macro reason_to_build_all(published) -%}
    {%- if not published -%}
        {{ return('there is none yet that readers see') }}
    {%- elif flags.FULL_REFRESH -%}
        {{ return('asked for by --full-refresh') }}
    {%- elif published.project_fingerprint != project_fingerprint() -%}
        {{ return('models, macros, seeds or vars changed since the build that readers see') }}
    {%- endif -%}

    {%- for node in mart_nodes() -%}
        {%- if node.unique_id not in selected_resources and not leaves_the_rest() -%}
            {{ return('only some models were selected') }}
        {%- elif not existing_columns(serving_relation(node.alias)) -%}
            {{ return(node.alias ~ ' is not in the serving schema') }}
        {%- endif -%}
    {%- endfor -%}

    {%- for source in watched_sources() -%}
        {%- set columns = existing_columns(source.relation) -%}
        {%- if existing_columns(landed_relation(source.name)) | map(attribute='name') | list
            != columns | map(attribute='name') | list
            or not existing_columns(reading_view(source.name)) -%}
            {{ return('the columns of ' ~ source.relation ~ ' are new to this build schema') }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}
