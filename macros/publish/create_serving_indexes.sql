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
        {%- if index.where %} where {{ index.where }}{% endif %};
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
