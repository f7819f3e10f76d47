{#
    A relationships test over several columns: every combination exists in another model, where the
    columns may have other names. Combinations with a null refer to nothing.
#}
{% test exists_in(model, to, columns, to_columns=none) %}
{%- set named = to_columns or columns %}

with

referring as (
    select distinct {{ columns | join(', ') }}
    from {{ model }}
    where {% for column in columns %}{{ column }} is not null{{ ' and ' if not loop.last }}{% endfor %}
),

referred as (select distinct {{ named | join(', ') }} from {{ to }})

select referring.*
from referring
left join referred
    on
        {% for column in columns -%}
        {% if not loop.first %}and {% endif %}referring.{{ column }} = referred.{{ named[loop.index0] }}
        {% endfor %}
where referred.{{ named[0] }} is null

{% endtest %}
