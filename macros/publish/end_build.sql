{#
    After publishing, the build schema shows the marts as readers see them, and whole: for dbt test,
    for MetricFlow, and for whoever runs a single model.
#}
{% macro end_build(marts) -%}
    {%- if builds_slices() -%}
        {%- for node in graph.nodes.values() | sort(attribute='unique_id')
            if node.resource_type == 'model' and node.config.materialized == 'gathered' %}
    drop table {{ build_relation(node) }};
    create view {{ build_relation(node) }} as
    select * from {{ build_relation_named(node.config.meta.gathered_from) }};
        {%- endfor %}
        {%- for mart in marts if mart.rebuilt_by != 'whole' %}
    create or replace view {{ mart.build }} as select * from {{ mart.serving }};
        {%- endfor %}
    {%- else -%}
        {%- for mart in marts | rejectattr('attachments') %}
    create view {{ mart.build }} as select * from {{ mart.serving }};
        {%- endfor %}
    {%- endif %}
    {%- for source in watched_sources() if not source.is_whole or source.lands_days %}
    create or replace view {{ reading_view(source.name) }} as select * from {{ source.relation }};
    {%- endfor %}
    {{ drop_outdated_relations() }}
    update {{ build_relation_named('build_plan') }} set mode = 'published';
{%- endmacro %}
