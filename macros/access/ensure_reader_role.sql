{#
    A role that nobody logs in as and that owns nothing. Another database of this server may be
    making the same role right now; whoever comes second finds it there.
#}
{% macro ensure_reader_role(role_name) -%}
    do $role$ begin
        if to_regrole({{ sql_text(adapter.quote(role_name)) }}) is null then
            create role {{ adapter.quote(role_name) }} nologin;
        end if;
    exception when duplicate_object or unique_violation then
        null;
    end $role$;
{%- endmacro %}
