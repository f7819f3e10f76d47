{#
    Lets other builds see, until the calling model's transaction ends, that this one is at work, even
    while it only reads or while what it makes is visible to nobody.
#}
{% macro hold_build_schema() -%}
    {%- if execute and target.type == 'postgres' -%}
    {%- call statement('hold_build_schema') -%}
        select pg_advisory_xact_lock_shared({{ build_lock('step') }})
    {%- endcall -%}
    {%- endif -%}
{%- endmacro %}
