{#
    Where the token counts of a request come from: `counted_by`, or `missing` where no count is above
    0. Sources write 0 for a call whose usage they never learnt, and no call to a model uses none.
#}
{% macro origin_of_usage(counted_by, counts) -%}
    case
        when {{ counts | join(' > 0 or ') }} > 0 then '{{ counted_by }}'
        else 'missing'
    end
{%- endmacro %}
