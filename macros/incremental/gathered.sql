{#
    Rows of a mart that roll-ups add up: after a full build simply all of it (a view); otherwise a
    table of the rows of the slices that are made anew, fetched once for all roll-ups.
#}
{% materialization gathered, default -%}
    {%- set kind = 'table' if builds_slices() else 'view' -%}
    {%- set target = this.incorporate(type=kind) -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do hold_build_schema() -%}
    {%- if existing is not none -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {% call statement('main') -%}
        create {{ kind }} {{ target }} as {{ sql }};
        {% if kind == 'table' %}{{ analyze_rows(target) }}{% endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}
