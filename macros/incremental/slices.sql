{#
    A mart that is built in slices. A full build makes the whole table. Any other makes only what
    differs from what is published, and the mart is a view of both, just as readers will see it once
    it is published:
      <mart>__rows      the rows of the slices that this build makes anew
      <mart>__replaced  (rebuilt_by: request) the published rows whose place they take
    Which slices those are is told by config.meta.rebuilt_by: request, day, month or session.
#}
{% materialization slices, adapter='postgres' -%}
    {%- set target = this.incorporate(type='view' if builds_slices() else 'table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {% call statement('main') -%}
        {{ slices_script(target, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}
