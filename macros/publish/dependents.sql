{#
    What other people hung on a serving table and would lose if it were replaced: views, functions,
    foreign keys, triggers, indexes, policies, replication, grants. Each in words fit for a message.
#}
{% macro dependent_objects(relation, mart_name) -%}
    {%- set own_prefix = sql_text(mart_name ~ '__') -%}
    {%- set query -%}
        with

        mart as (
            select table_class.oid, table_class.reltype, table_class.relowner, table_class.relacl
            from pg_catalog.pg_class as table_class
            where table_class.oid = to_regclass({{ sql_text(relation) }})
        ),

        referring as (
            select
                coalesce(view_rule.ev_class, depend.objid) as object_oid,
                case
                    when view_rule.ev_class is null then depend.classid
                    else cast('pg_catalog.pg_class' as regclass)
                end as class_oid
            from mart
            inner join pg_catalog.pg_depend as depend
                on depend.refobjid in (mart.oid, mart.reltype)
            left join pg_catalog.pg_rewrite as view_rule
                on depend.classid = cast('pg_catalog.pg_rewrite' as regclass)
                and depend.objid = view_rule.oid
            left join pg_catalog.pg_class as index_or_toast
                on depend.classid = cast('pg_catalog.pg_class' as regclass)
                and depend.objid = index_or_toast.oid
            left join pg_catalog.pg_constraint as own_constraint
                on depend.classid = cast('pg_catalog.pg_constraint' as regclass)
                and depend.objid = own_constraint.oid
                and mart.oid = own_constraint.conrelid
            left join pg_catalog.pg_policy as policy
                on depend.classid = cast('pg_catalog.pg_policy' as regclass)
                and depend.objid = policy.oid
                and mart.oid = policy.polrelid
            left join pg_catalog.pg_class as view_class
                on view_rule.ev_class = view_class.oid
            where depend.classid <> cast('pg_catalog.pg_type' as regclass)
                -- Views in the build schema are ours.
                and coalesce(
                    view_class.relnamespace
                    <> (
                        select oid from pg_catalog.pg_namespace
                        where nspname = {{ sql_text(warehouse_schema('build')) }}
                    ),
                    true
                )
                and coalesce(index_or_toast.relkind <> 't', true)
                and not coalesce(starts_with(index_or_toast.relname, {{ own_prefix }}), false)
                and not coalesce(
                    own_constraint.contype = 'n'
                    or starts_with(own_constraint.conname, {{ own_prefix }}), false
                )
                and not coalesce(policy.polname in ({{ own_policy_names() }}), false)
        ),

        grants as ({{ dependent_grants('mart') }}),

        dependents as (
            select pg_catalog.pg_describe_object(class_oid, object_oid, 0) as dependent
            from referring
            union
            select dependent from grants
        )

        select dependent from dependents order by dependent
    {%- endset -%}
    {{ return(run_query(query).columns[0].values() | list) }}
{%- endmacro %}

{# A query for what other people were granted on a table (oid, relowner, relacl), in words. #}
{% macro dependent_grants(table) -%}
    select
        'grant of ' || lower(privilege.privilege_type) || ' to '
        || coalesce(grantee.rolname, 'public') as dependent
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

{#
    Makes instants of a table's times without zone, which an older version of this project wrote in UTC.
    Views of the build schema that read them go first: every build makes those anew. By dbt's own way of
    dropping, as it remembers what there is.
#}
{% macro times_to_instants(relation) -%}
    {%- set columns = existing_columns(relation)
        | selectattr('data_type', 'equalto', 'timestamp without time zone')
        | map(attribute='name') | list if execute else [] -%}
    {%- if columns -%}
        {%- set views -%}
            select distinct view.relname as view_name
            from pg_catalog.pg_depend as dependency
            inner join pg_catalog.pg_rewrite as rewriting on dependency.objid = rewriting.oid
            inner join pg_catalog.pg_class as view on rewriting.ev_class = view.oid
            where dependency.refobjid = cast({{ sql_text(relation) }} as regclass)
                and view.relnamespace
                    = cast({{ sql_text(adapter.quote(warehouse_schema('build'))) }} as regnamespace)
        {%- endset -%}
        {%- for name in run_query(views).columns[0].values() -%}
            {%- do adapter.drop_relation(api.Relation.create(
                database=target.dbname, schema=warehouse_schema('build'), identifier=name, type='view'
            )) -%}
        {%- endfor -%}
    alter table {{ relation }}
        {%- for name in columns | map('string') %}
        alter column {{ adapter.quote(name) }} type timestamptz
            using timezone('UTC', {{ adapter.quote(name) }})
        {%- if not loop.last %},{% endif %}
        {%- endfor %};
    {%- endif -%}
{%- endmacro %}
