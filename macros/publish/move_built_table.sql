{#
    Moves a built table into the serving schema as the successor of the one readers see. Rows that
    are never written again in place need no room between them; what changes is looked at early.
#}
{% macro move_built_table(mart) -%}
    {%- set next_name = mart.name ~ '__next' %}
    alter table {{ mart.build }} rename to {{ adapter.quote(next_name) }};
    alter table {{ build_relation_named(next_name) }}
        set schema {{ adapter.quote(var('serving_schema')) }};
    alter table {{ mart.next }} reset (autovacuum_enabled);
    alter table {{ mart.next }} set (
        autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.01
    );
{%- endmacro %}
