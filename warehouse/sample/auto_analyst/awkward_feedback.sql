-- Feedback of awkward cases, numbered from 1; present whatever the number of rows. Message 190 was
-- deleted.
insert into message_feedback (
    feedback_id, message_id, rating, model_name, model_provider, temperature, max_tokens,
    created_at, updated_at
)
with

value_cases (number, message_id, rating, model_name, temperature, max_tokens) as (
    values
        (1, 1, 1, 'gpt-5', 0.7, 6000),
        (2, 2, 2, 'gpt-5', 0.7, 6000),
        (3, 3, 3, 'gpt-5', 0.7, 6000),
        (4, 4, 4, 'gpt-5', 0.7, 6000),
        (5, 5, 5, 'gpt-5', 0.7, 6000),
        (6, 6, null, 'gpt-5', 0.7, 6000),
        (7, 7, 5, null, 0.7, 6000),
        (8, 8, 4, 'gpt-4.1', null, null),
        (9, 9, 3, 'GPT-5', 0.0, 0),
        (10, 190, 2, 'gpt-5', 1.0, 6000),
        (11, 11, 4, 'awkward/tie-b', 0.7, 6000),
        (12, 12, 4, 'awkward/tie-a', 0.7, 6000),
        (13, 13, null, null, null, null),
        -- Twice for one message, at one instant.
        (14, 10, 5, 'gpt-5', 0.7, 6000),
        (15, 10, 1, 'gpt-5', 0.7, 6000)
),

moment_cases as (
    select
        15 + 3 * edge.number + side.number as number,
        cast(%(until)s as timestamp)
        - edge.distance
        + side.number * interval '1 microsecond' as rated_at
    from (
        values
            (1, interval '0'),
            (2, interval '7 days'),
            (3, interval '30 days'),
            (4, interval '90 days'),
            (5, interval '-2 days')
    ) as edge (number, distance)
    cross join (values (-1), (0), (1)) as side (number)
),

final as (
    select
        number,
        message_id,
        rating,
        model_name,
        temperature,
        max_tokens,
        cast(%(until)s as timestamp) - interval '2 days' - least(number, 14) * interval '3 hours'
            as rated_at
    from value_cases
    union all
    select
        number,
        9 as message_id,
        4 as rating,
        'gpt-5-mini' as model_name,
        0.7 as temperature,
        6000 as max_tokens,
        rated_at
    from moment_cases
)

select
    row_number() over (order by number) as feedback_id,
    message_id,
    rating,
    model_name,
    case when model_name is not null then 'openai' end as model_provider,
    temperature,
    max_tokens,
    rated_at as created_at,
    rated_at as updated_at
from final
