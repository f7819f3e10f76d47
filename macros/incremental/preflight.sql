{#
    The on-run-start hook that comes first: everything that would end a build later, found before
    anything is built, in one message with one line per fault. A fault is a stable code, the thing, what
    is wrong with it, and the statement (or the step) that an administrator takes.
#}
{% macro preflight() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set faults = server_faults() -%}
        {%- if faults -%}
            {%- for fault in missing_source_parts() -%}
                {%- do faults.append('[RAW_TABLES] ' ~ fault) -%}
            {%- endfor -%}
            {{ exceptions.raise_compiler_error(
                'Refused: this build cannot succeed as login "' ~ target.user ~ '" on database "'
                ~ target.dbname ~ '". Nothing was built.\n  - ' ~ faults | join('\n  - ')
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# dbt makes schemas before the hooks run, so that a login that may not make any would be told less. #}
{% macro postgres__create_schema(relation) -%}
    {%- do preflight() -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation.without_identifier().include(database=false) }}
    {%- endcall -%}
{%- endmacro %}

{# One line for each thing about the server, the database or the login that would end a build. #}
{% macro server_faults() -%}
    {{ return(adapter.dispatch('server_faults', 'usage_warehouse')()) }}
{%- endmacro %}

{# What is published, and who may read it, is for Postgres. #}
{% macro default__server_faults() -%}
    {{ return([]) }}
{%- endmacro %}

{% macro postgres__server_faults() -%}
    {%- set server = fromjson(run_query(server_facts()).rows[0].facts) -%}
    {{ return(
        postgres_faults(server) + privilege_faults(server) + reader_role_faults(server)
    ) }}
{%- endmacro %}

{#
    Query for all that preflight wants to know of the server, as one JSON object. It runs on older
    servers too: the right to become a role has a name of its own from Postgres 16 on.
#}
{% macro server_facts() -%}
    {%- set may_set = "case when cast(current_setting('server_version_num') as integer) >= 160000"
        ~ " then 'set' else 'member' end" -%}
    select cast(json_build_object(
        'version_number', cast(current_setting('server_version_num') as integer),
        'version', current_setting('server_version'),
        'encoding', pg_encoding_to_char(place.encoding),
        'float_digits', cast(current_setting('extra_float_digits') as integer),
        'may_create', has_database_privilege(place.oid, 'create'),
        'may_make_temporary', has_database_privilege(place.oid, 'temporary'),
        'may_create_roles', login.rolsuper or login.rolcreaterole,
        'foreign_owners', (
            select json_agg(distinct cast(owner.rolname as text))
            from pg_catalog.pg_namespace as own_schema
            inner join pg_catalog.pg_roles as owner on own_schema.nspowner = owner.oid
            where own_schema.nspname in (
                    {%- for name in ['build', 'serving', 'access', 'history'] %}
                    {{- sql_text(warehouse_schema(name)) }}{{ ', ' if not loop.last }}
                    {%- endfor -%}
                )
                and not pg_has_role(own_schema.nspowner, 'usage')
        ),
        'roles', (
            select json_object_agg(
                wanted.kind,
                json_build_object(
                    'name', wanted.role_name,
                    'is_there', role.oid is not null,
                    'ignores_row_security',
                        coalesce(role.rolsuper or role.rolbypassrls, false),
                    'may_grant', coalesce(
                        pg_has_role(role.oid, 'member with admin option'), false
                    ),
                    'may_become', coalesce(pg_has_role(role.oid, {{ may_set }}), false),
                    'others_become', exists (
                        select from pg_catalog.pg_roles as other
                        where other.rolcanlogin
                            and not other.rolsuper
                            and other.oid <> login.oid
                            and pg_has_role(other.oid, role.oid, {{ may_set }})
                    )
                )
            )
            from (
                values
                    ('api', {{ sql_text(var('api_role')) }}),
                    ('bi', {{ sql_text(var('bi_role')) }})
            ) as wanted (kind, role_name)
            left join pg_catalog.pg_roles as role on wanted.role_name = role.rolname
        )
    ) as text) as facts
    from pg_catalog.pg_database as place
    inner join pg_catalog.pg_roles as login on login.rolname = current_user
    where place.datname = current_database()
{%- endmacro %}

{# Whether the server and its database can hold what is built; from server_facts. #}
{% macro postgres_faults(server) -%}
    {%- set faults = [] -%}
    {%- if server.version_number < 160000 -%}
        {%- do faults.append(
            '[POSTGRES_VERSION] Postgres ' ~ server.version ~ ' is older than 16: move this database '
            ~ 'to Postgres 16 or later (pg_upgrade, or pg_dump and pg_restore)'
        ) -%}
    {%- endif -%}
    {%- if server.encoding != 'UTF8' -%}
        {%- do faults.append(
            '[DATABASE_ENCODING] the encoding of the database is ' ~ server.encoding ~ ', not UTF8, so '
            ~ 'that texts and JSON of the sources cannot be read: dump it, then let an administrator run: '
            ~ 'create database ' ~ adapter.quote(target.dbname ~ '_utf8')
            ~ " template template0 encoding 'UTF8'; and restore it there"
        ) -%}
    {%- endif -%}
    {%- if server.float_digits < 1 -%}
        {%- do faults.append(
            '[FLOAT_DIGITS] sessions of the login write floats with extra_float_digits '
            ~ server.float_digits ~ ', which cuts amounts of money: let the profile set it as profiles.yml '
            ~ 'of this project does, or run: alter role ' ~ adapter.quote(target.user)
            ~ ' set extra_float_digits = 1'
        ) -%}
    {%- endif -%}
    {{ return(faults) }}
{%- endmacro %}

{# What the login may not do in the database but every build does; from server_facts. #}
{% macro privilege_faults(server) -%}
    {%- set login = adapter.quote(target.user) -%}
    {%- set faults = [] -%}
    {%- for privilege, is_there, reason in [
        ('create', server.may_create, 'builds make schemas'),
        ('temporary', server.may_make_temporary, 'publishing what changed takes a temporary table'),
    ] if not is_there -%}
        {%- do faults.append(
            '[PRIVILEGE_' ~ privilege | upper ~ '] the login may not ' ~ privilege | upper
            ~ ' in this database (' ~ reason ~ '): let an administrator run: grant ' ~ privilege
            ~ ' on database ' ~ adapter.quote(target.dbname) ~ ' to ' ~ login
        ) -%}
    {%- endfor -%}
    {%- for owner in server.foreign_owners or [] -%}
        {%- do faults.append(
            '[NOT_A_MEMBER] schemas of this warehouse belong to ' ~ owner ~ ', of which the login is no '
            ~ 'member: connect as ' ~ owner ~ ', or let an administrator run: grant '
            ~ adapter.quote(owner) ~ ' to ' ~ login
        ) -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}

{#
    Why the two reader roles cannot be had or trusted, or serve nobody; from server_facts. Roles belong
    to the whole server: they may exist from another database, and making them is a right that not
    every login has. The API may have a login of its own, so that of the build need not become its role
    where another one may.
#}
{% macro reader_role_faults(server) -%}
    {%- set login = adapter.quote(target.user) -%}
    {%- set memberships = {
        'api': 'inherit false, set true', 'bi': 'admin true, inherit false, set false'
    } -%}
    {%- set faults = [] -%}
    {%- for kind, membership in memberships.items() -%}
        {%- set role = server.roles[kind] -%}
        {%- set name = adapter.quote(role.name) -%}
        {%- set grant = 'grant ' ~ name ~ ' to ' ~ login ~ ' with ' ~ membership -%}
        {%- if role.ignores_row_security -%}
            {%- do faults.append(
                '[READER_ROLE] the role ' ~ role.name ~ ' is not held by row-level security, so that it '
                ~ 'would read all tenants: let an administrator run: alter role ' ~ name
                ~ ' nosuperuser nobypassrls'
            ) -%}
        {%- elif not role.is_there and not server.may_create_roles -%}
            {%- do faults.append(
                '[READER_ROLE] the role ' ~ role.name ~ ' is missing and the login may not create roles: '
                ~ 'let an administrator run: create role ' ~ name ~ ' nologin; ' ~ grant
            ) -%}
        {%- elif kind == 'api' and role.is_there
            and not (role.may_become or role.may_grant or role.others_become) -%}
            {%- do faults.append(
                '[API_ROLE] no login may become the role ' ~ role.name ~ ', as which the API reads: let '
                ~ 'an administrator run, for the login that serves: ' ~ grant
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}

{#
    What to say of a missing column of a source that a release before the supported ones wrote by
    another name (config.meta.before of the column), or nothing.
#}
{% macro older_release_fault(column, readable) -%}
    {%- set before = column.config.meta.get('before') -%}
    {%- if before and before.name in readable -%}
        {{ return(
            ' is missing, and ' ~ before.name ~ ' is there instead, as ' ~ before.release
            ~ ' wrote it: ' ~ before.remedy
        ) }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}
