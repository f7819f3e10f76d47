{#
    Whether this build leaves alone what hangs on no changed raw table. Only the command line knows
    which those are: it selects the nodes (warehouse/extent.py), and says so in the environment.
#}
{% macro leaves_the_rest() -%}
    {{ return(env_var('USAGE_WAREHOUSE_ONLY_CHANGES', '') != '') }}
{%- endmacro %}
