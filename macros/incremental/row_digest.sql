{# A digest of all that a raw row says, whatever the types of its columns. #}
{% macro row_digest(row) -%}
    cast(md5(cast({{ row }}.* as text)) as uuid)
{%- endmacro %}
