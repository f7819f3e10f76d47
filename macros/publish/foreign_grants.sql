{# A query for what other people were granted on a table (oid, relowner, relacl), in words. #}
{% macro foreign_grants(table) -%}
    select
        'grant of ' || lower(privilege.privilege_type) || ' to '
        || coalesce(grantee.rolname, 'public') as attachment
    from (
        select relowner, relacl from {{ table }}
        union all
        select {{ table }}.relowner, attribute.attacl
        from {{ table }}
        inner join pg_catalog.pg_attribute as attribute on {{ table }}.oid = attribute.attrelid
    ) as granted
    cross join lateral aclexplode(granted.relacl) as privilege
    left join pg_catalog.pg_roles as grantee on privilege.grantee = grantee.oid
    where privilege.grantee <> granted.relowner
        and coalesce(grantee.rolname, '') not in (
            {{ sql_text(var('api_role')) }}, {{ sql_text(var('bi_role')) }}
        )
{%- endmacro %}
