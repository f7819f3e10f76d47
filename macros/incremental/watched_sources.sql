{#
    The source tables whose changes a build follows: those that declare config.meta.watched_by, the
    column that tells new and changed rows, and a look-back: a var with an interval, or `all` for a
    small table of which every build looks at all rows.
    As dictionaries: name (system__table), system, table, relation, column, event_column, is_whole,
    lands_days (of a small table: only days that say something else are landed), look_back,
    is_event_time (the column tells when a request was made, not when it changed).
#}
{% macro watched_sources() -%}
    {%- set watched = [] -%}
    {%- for source in graph.sources.values() | sort(attribute='unique_id') -%}
        {%- set meta = source.config.meta -%}
        {%- if meta.get('watched_by') -%}
            {%- set is_whole = meta.look_back == 'all' -%}
            {%- set is_kaapi = source.source_name == 'kaapi' -%}
            {%- do watched.append({
                'name': source.source_name ~ '__' ~ source.name,
                'system': source.source_name,
                'table': source.name,
                'relation': api.Relation.create(schema=source.schema, identifier=source.identifier),
                'column': adapter.quote(meta.watched_by),
                'event_column': adapter.quote('inserted_at' if is_kaapi else meta.watched_by),
                'is_whole': is_whole,
                'lands_days': meta.get('landed_by') == 'day',
                'look_back': none if is_whole else var(meta.look_back),
                'is_event_time': meta.look_back == 'event_look_back',
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(watched) }}
{%- endmacro %}
