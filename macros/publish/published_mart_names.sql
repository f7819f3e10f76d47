{# The marts that the newest publication put into the serving schema. #}
{% macro published_mart_names() -%}
    {%- set publication = serving_relation('publication') -%}
    {%- set is_there = run_query(
        'select to_regclass(' ~ sql_text(publication) ~ ') is not null'
    ).rows[0][0] -%}
    {%- if not is_there -%}
        {{ return([]) }}
    {%- endif -%}

    {%- set names -%}
        select jsonb_object_keys(newest.mart_row_counts)
        from (
            select publication.mart_row_counts
            from {{ publication }} as publication
            order by publication.published_at desc
            limit 1
        ) as newest
        order by 1
    {%- endset -%}
    {{ return(run_query(names).columns[0].values() | list) }}
{%- endmacro %}
