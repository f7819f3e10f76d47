{#
    The table of builds that failed: when, by which command, and why. Readers see when only: a reason
    may quote values of raw rows.
#}
{% macro ensure_failure_table() -%}
    {%- set failures = serving_relation('publication_failures') -%}
    create table if not exists {{ failures }} (
        failed_at timestamptz not null default clock_timestamp(),
        made_by text collate "C" not null,
        reason text collate "C" not null
    );
    comment on table {{ failures }} is 'One row per build that failed, of the newest 50: '
        'when, by which command, and why.';
{%- endmacro %}

{# Lets readers see when builds failed. Both roles are there once a build was published. #}
{% macro grant_reading_failures() -%}
    grant select (failed_at) on {{ serving_relation('publication_failures') }}
        to {{ adapter.quote(var('api_role')) }}, {{ adapter.quote(var('bi_role')) }};
{%- endmacro %}

{#
    Writes down that a build failed, and why: what failed first, and how many more. A build of some
    models, which publishes nothing in any case, is nobody's loss.
#}
{% macro record_failure(results) -%}
    {%- set failed = [] -%}
    {%- for node in mart_nodes() if node.unique_id not in selected_resources and not skips_unchanged() -%}
        {{ return('') }}
    {%- endfor -%}
    {%- for result in results if result.status not in ('success', 'pass', 'warn', 'no-op', 'skipped') -%}
        {%- do failed.append(result.node.name ~ ': ' ~ (result.message or result.status)) -%}
    {%- endfor -%}
    {%- if not failed -%}
        {{ return('') }}
    {%- endif -%}
    {%- set more = ' (and ' ~ (failed | length - 1) ~ ' more)' if failed | length > 1 else '' -%}
    {%- set failures = serving_relation('publication_failures') -%}
    create schema if not exists {{ adapter.quote(warehouse_schema('serving')) }};
    {{ ensure_failure_table() }}
    insert into {{ failures }} (made_by, reason) values (
        {{ sql_text(env_var('USAGE_WAREHOUSE_COMMAND', 'dbt ' ~ flags.WHICH)) }},
        {{ sql_text((failed[0].split() | join(' '))[:500] ~ more) }}
    );
    {{ forget_old_failures() }}
    commit;
{%- endmacro %}

{# Keeps the newest 50. #}
{% macro forget_old_failures() -%}
    {%- set failures = serving_relation('publication_failures') -%}
    delete from {{ failures }}
    where failed_at < (
        select failed_at from {{ failures }} order by failed_at desc offset 49 limit 1
    );
{%- endmacro %}
