{#
    Why the two reader roles cannot be had or trusted, or nothing. Roles belong to the whole server:
    they may exist from another database, and making them is a right that not every login has.
#}
{% macro reason_access_is_impossible() -%}
    {%- set query -%}
        select
            wanted.role_name,
            role.rolname is not null as is_there,
            coalesce(role.rolsuper or role.rolbypassrls, false) as ignores_row_security,
            maker.rolsuper or maker.rolcreaterole as may_create,
            current_user as maker_name
        from (
            values ({{ sql_text(var('api_role')) }}), ({{ sql_text(var('bi_role')) }})
        ) as wanted (role_name)
        left join pg_catalog.pg_roles as role on wanted.role_name = role.rolname
        inner join pg_catalog.pg_roles as maker on maker.rolname = current_user
        order by wanted.role_name
    {%- endset -%}
    {%- set remedy = [] -%}
    {%- for role in run_query(query).rows -%}
        {%- set name = adapter.quote(role.role_name) -%}
        {%- if role.ignores_row_security -%}
            {{ return(
                'the role ' ~ role.role_name ~ ' is not held by row-level security, so it would '
                ~ 'read all tenants; let an administrator run: '
                ~ 'alter role ' ~ name ~ ' nosuperuser nobypassrls'
            ) }}
        {%- elif not role.is_there and not role.may_create -%}
            {%- set membership = 'inherit false, set true' if role.role_name == var('api_role')
                else 'admin true, inherit false, set false' -%}
            {%- do remedy.append(
                'create role ' ~ name ~ ' nologin; grant ' ~ name ~ ' to '
                ~ adapter.quote(role.maker_name) ~ ' with ' ~ membership
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if remedy -%}
        {{ return(
            'the reader roles are missing and this login may not create roles; let an '
            ~ 'administrator run: ' ~ remedy | join('; ')
        ) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
