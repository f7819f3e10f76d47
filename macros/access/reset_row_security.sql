{# Row-level security on, and none of our policies left: from here nobody but the owner reads a row. #}
{% macro reset_row_security(target) -%}
    alter table {{ target }} enable row level security;
    drop policy if exists api_reads_its_scope on {{ target }};
    drop policy if exists bi_reads_its_tenants on {{ target }};
    drop policy if exists all_readers_read on {{ target }};
{%- endmacro %}
