{#
    Whether this build looks for no changes in a watched source: none of its system's tables changed.
    Of the whole system, as its tables are audited together.
#}
{% macro is_left_unread(source, mode) -%}
    {{ return(
        mode == 'incremental'
        and leaves_the_rest()
        and source.system not in env_var('USAGE_WAREHOUSE_ONLY_CHANGES').split(',')
    ) }}
{%- endmacro %}
