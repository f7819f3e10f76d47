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
            'columns': node.config.meta.get('key_index', serving_key(node)), 'primary': true
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
