{#
    A script that fails with this one line. Raising from Jinja instead would be reported by dbt as
    "keyboard interrupt", and would not be counted as the error of the hook that it is.
#}
{% macro refuse_publication(message) -%}
    do $refusal$ begin
        raise exception using message = {{ sql_text(
            'Not published: ' ~ message ~ '. Readers stay on the previous build.'
        ) }};
    end $refusal$
{%- endmacro %}
