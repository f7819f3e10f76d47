{# Row-level security of a table that holds no tenant's rows: every reader reads all of it. #}
{% macro share_rows(target) -%}
    {{ reset_row_security(target) }}
    create policy all_readers_read on {{ target }}
        for select to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }}
        using (true);
{%- endmacro %}
