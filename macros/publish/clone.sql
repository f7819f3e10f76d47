{#
    `dbt clone`: a view of the relation of the other target, without the hooks of the model, which belong
    to a build. A relation is never cloned onto itself: a view of itself would take the place of its rows.
    Seeds are copied, as dbt loads no seed into a view. So is the history, and once: what is written into it
    must not be written into that of the other target, and no command replaces it.
#}
{% materialization clone, adapter='postgres' -%}
    {%- set is_history = model.config.schema == 'history' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if not defer_relation
        or (defer_relation.schema == this.schema and defer_relation.identifier == this.identifier) -%}
        {%- do log('Not cloned: ' ~ this ~ ' has no other relation to be cloned from', info=true) -%}
        {{ return({'relations': []}) }}
    {%- elif existing and (is_history or not flags.FULL_REFRESH) -%}
        {%- do log('Not cloned: ' ~ this ~ ' exists', info=true) -%}
        {{ return({'relations': []}) }}
    {%- endif -%}
    {%- set cloned = this.incorporate(type='table' if is_history or model.resource_type == 'seed' else 'view') -%}
    {%- if existing -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
    {% call statement('main') -%}
        create {{ cloned.type }} {{ cloned }} as select * from {{ defer_relation }}
    {%- endcall %}
    {%- do persist_docs(cloned, model) -%}
    {{ adapter.commit() }}
    {{ return({'relations': [cloned]}) }}
{%- endmaterialization %}
