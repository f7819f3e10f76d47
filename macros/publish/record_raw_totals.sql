{#
    Writes down what the raw rows add up to that this build counted: of every day, or of the days it
    looked at; and which of them the next build lands again. A project without the audit has nothing
    to write down.
#}
{% macro record_raw_totals(marts) -%}
    {%- if marts | selectattr('name', 'equalto', 'fct_cost_reconciliation') | list -%}
    {%- set raw_totals = serving_relation('publication_raw_totals') -%}
    {%- set landed_rows = serving_relation('publication_landed_rows') -%}
    {%- set names = column_list(raw_total_columns().keys()) -%}
    {%- set is_part = build_mode() == 'incremental' %}
    delete from {{ raw_totals }} as published
    {%- if is_part %}
    where {{ is_examined_day('published') }}
    {%- endif %};
    {%- for system in enabled_source_systems() %}
    insert into {{ raw_totals }} ({{ names }})
    select {{ names }}
    from {{ build_relation_named('audited_' ~ system ~ '__raw_totals') }} as counted
    {%- if is_part %}
    where {{ is_examined_day('counted') }}
    {%- endif %};
    {%- endfor %}
    analyze {{ raw_totals }};
    {%- for source in looked_at_sources() if not source.is_event_time %}
    delete from {{ landed_rows }} where source_name = {{ sql_text(source.name) }};
    {%- endfor %}
    insert into {{ landed_rows }} (source_name, row_digest)
    select source_name, row_digest from {{ build_relation_named('remembered_rows') }};
    analyze {{ landed_rows }};
    {%- endif %}
{%- endmacro %}
