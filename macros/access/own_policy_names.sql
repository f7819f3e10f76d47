{# Names of the policies that publishing makes, as a list of SQL literals. #}
{% macro own_policy_names() -%}
    'api_reads_its_scope', 'bi_reads_its_tenants', 'all_readers_read'
{%- endmacro %}
