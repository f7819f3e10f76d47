{# A promise about every row of a model, as a SQL condition. Unknown counts as broken. #}
{% test expression_is_true(model, expression) %}

select *
from {{ model }}
where not coalesce({{ expression }}, false)

{% endtest %}
