{#
    A public mart. A full build makes the whole table, which publishing then moves to where readers
    see it. Any other build makes only what differs from what is published, and the mart is a view of
    both, just as readers will see it once it is published. config.meta.rebuilt_by says in what slices:
      request  the requests whose raw rows may have changed: those that did, in <mart>__rows, and
               the published rows whose place they take, in <mart>__replaced
      day, month, session  of a tenant, in which any request differs: all their rows in <mart>__rows
      landed_day  days whose raw rows were landed: all their rows in <mart>__rows
      whole    always the whole table; what differs in <mart>__rows and <mart>__replaced
#}
{% materialization mart, adapter='postgres' -%}
    {%- set target = this.incorporate(type='view' if is_built_in_slices(model) else 'table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- do hold_build_schema() -%}
    {%- if existing is not none -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {% call statement('main') -%}
        {{ mart_script(target, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(target, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}
