{#
    A query for the days of a source whose changes are found day by day, and a digest of all that their
    rows say, and of what else decides which row of the mart they are added to: the owners of keys.
    Rows that name no day are those of the day NULL.
#}
{% macro raw_day_digests(relation) -%}
    {%- set tokens = graph.sources['source.usage_warehouse.litellm.verification_tokens'] -%}
    select
        {{ calendar_date('day_text') }} as day,
        sum(digest) as digest
    from (
        select
            raw.date as day_text,
            sum(hashtextextended(concat(raw.*, ' ', token.user_id), 0)) as digest
        from {{ relation }} as raw
        left join {{ api.Relation.create(schema=tokens.schema, identifier=tokens.identifier) }} as token
            on raw.api_key = token.token
        group by raw.date
    ) as text_of_day
    group by 1
{%- endmacro %}
