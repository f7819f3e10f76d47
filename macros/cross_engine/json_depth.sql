{#
    How many arrays and objects of a JSON text stand inside each other at most. The text comes
    without its strings, whose brackets mean nothing; what is no JSON has a depth too.
#}
{% macro json_depth(bare_text) -%}
    {{ return(adapter.dispatch('json_depth')(bare_text)) }}
{%- endmacro %}

{% macro postgres__json_depth(bare_text) -%}
    (
        select max(nested.depth)
        from (
            select
                sum(case when bracket.sign in ('[', '{') then 1 else -1 end)
                    over (order by bracket.place) as depth
            from regexp_split_to_table(
                regexp_replace({{ bare_text }}, '[^][{}]', '', 'g'), ''
            ) with ordinality as bracket (sign, place)
        ) as nested
    )
{%- endmacro %}
