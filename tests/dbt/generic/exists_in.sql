{# A relationships test over several columns: every combination exists in another model. #}
{% test exists_in(model, to, columns) %}

with

referring as (select distinct {{ columns | join(', ') }} from {{ model }}),

referred as (select distinct {{ columns | join(', ') }} from {{ to }})

select referring.*
from referring
left join referred
    on
        {% for column in columns -%}
        {% if not loop.first %}and {% endif %}referring.{{ column }} = referred.{{ column }}
        {% endfor %}
where referred.{{ columns[0] }} is null

{% endtest %}
