{#
    Lets the login that builds also act as the API (set role), which is how the API starts when it
    uses the same login. Since Postgres 16 whoever creates a role administers it but may not
    become it. Not inherited: the build must not gain or lose rights by it. Without the right
    to grant this, it is left alone: the API may well have a login of its own.
#}
{% macro ensure_may_become(role_name) -%}
    do $membership$ begin
        if not pg_has_role(current_user, {{ sql_text(role_name) }}, 'set')
            and pg_has_role(current_user, {{ sql_text(role_name) }}, 'member with admin option')
        then
            grant {{ adapter.quote(role_name) }} to current_user with inherit false, set true;
        end if;
    end $membership$;
{%- endmacro %}
