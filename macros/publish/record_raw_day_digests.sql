{# Writes down what the days of raw rows said that this build read: see land_changed_days. #}
{% macro record_raw_day_digests() -%}
    {%- set day_digests = serving_relation('publication_raw_day_digests') -%}
    {%- for source in watched_sources()
        if source.lands_days and not is_left_unread(source, build_mode()) %}
    delete from {{ day_digests }};
    insert into {{ day_digests }} (day, digest)
    select day, digest from {{ build_relation_named('raw_day_digests') }};
    {%- endfor %}
{%- endmacro %}
