{#
    Indexes of a mart's serving table: its key (its columns in the order of config.meta.key_index, if
    that is given) and what config.meta.serving_indexes lists
    ({columns: [...], include: [...], unique: true, where: ...}). The name holds a digest of the
    definition: equal name, equal index; and the part before `__` tells our indexes from other
    people's.
#}
{% macro serving_indexes(node) -%}
    {%- set wanted = [] -%}
    {%- if serving_key(node) -%}
        {%- do wanted.append({
            'columns': node.config.meta.get('key_index', serving_key(node)),
            'primary': not nullable_keys(node),
            'unique': nullable_keys(node) != [],
        }) -%}
    {%- endif -%}
    {%- set indexes = [] -%}
    {%- for index in wanted + node.config.meta.get('serving_indexes', []) -%}
        {%- set definition = {
            'columns': index.columns,
            'include': index.get('include', []),
            'unique': index.get('unique', false),
            'primary': index.get('primary', false),
            'where': index.get('where', ''),
        } -%}
        {%- set digest = local_md5(tojson(definition, sort_keys=true))[:8] -%}
        {%- set title = (node.alias ~ '__' ~ index.columns | join('_'))[:54] -%}
        {%- do definition.update({
            'name': title ~ '_' ~ digest,
            'next_name': ('next__' ~ title)[:54] ~ '_' ~ digest,
        }) -%}
        {%- do indexes.append(definition) -%}
    {%- endfor -%}
    {{ return(indexes) }}
{%- endmacro %}

{# Primary key and indexes of a serving table; naming says which of their two names to give. #}
{% macro create_serving_indexes(mart, target, naming, indexes) -%}
    {%- for index in indexes %}
    {%- set columns = column_list(index.columns) %}
    {%- if index.primary %}
    alter table {{ target }}
        add constraint {{ adapter.quote(index[naming]) }} primary key ({{ columns }});
    {%- else %}
    create {% if index.unique %}unique {% endif %}index {{ adapter.quote(index[naming]) }}
        on {{ target }} ({{ columns }})
        {%- if index.include %} include ({{ column_list(index.include) }}){% endif %}
        {%- if index.unique %} nulls not distinct{% endif %}
        {%- if index.where %} where {{ index.where }}{% endif %};
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{# Drops indexes of ours that are no longer wanted; one that is a key goes with its constraint. #}
{% macro drop_serving_indexes(mart, names) -%}
    {%- for name in names %}
    alter table {{ mart.serving }} drop constraint if exists {{ adapter.quote(name) }};
    drop index if exists {{ serving_relation(name) }};
    {%- endfor %}
{%- endmacro %}
