{#
    Whether this build looks for no changes in a watched source: none of its system's tables changed.
    Of the whole system, as its tables are audited together; but what is read by the day is read for the
    mart that is made of it, or a day would count as read that no mart shows.
#}
{% macro is_left_unread(source, mode) -%}
    {%- if mode != 'incremental' or not leaves_the_rest() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set made = mart_nodes()
        | selectattr('config.meta.rebuilt_by', 'equalto', 'landed_day') | first -%}
    {{ return(
        source.system not in env_var('USAGE_WAREHOUSE_ONLY_CHANGES').split(',')
        or (source.lands_days and stands(made))
    ) }}
{%- endmacro %}
