-- One of so many calls of the past is changed at a later time: three of four have other counts of
-- tokens, the fourth is deleted. Now and then it is one of a chain's.
update llm_call
set
    usage = case
        when mod(changed.number, 4) > 0
            then jsonb_build_object('input_tokens', 1234, 'output_tokens', 321)
        else llm_call.usage
    end,
    deleted_at = case
        when mod(changed.number, 4) = 0 then cast(%(written_at)s as timestamp)
        else llm_call.deleted_at
    end,
    updated_at = cast(%(written_at)s as timestamp)
from generate_series(
    cast(1 as bigint), cast(%(last_row)s as bigint) / cast(%(every)s as bigint)
) as changed (number)
where
    llm_call.id = pg_temp.bench_uuid(
        'call',
        changed.number * cast(%(every)s as bigint) + mod(changed.number, 9),
        cast(%(seed)s as bigint)
    )
