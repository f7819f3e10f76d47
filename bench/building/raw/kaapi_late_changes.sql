-- Every so many calls of the past is changed at a later time: three of four have other counts of
-- tokens, the fourth is deleted.
update llm_call
set
    usage = case
        when mod(changed.row_number / cast(%(every)s as bigint), 4) > 0
            then jsonb_build_object('input_tokens', 1234, 'output_tokens', 321)
        else llm_call.usage
    end,
    deleted_at = case
        when mod(changed.row_number / cast(%(every)s as bigint), 4) = 0
            then cast(%(written_at)s as timestamp)
        else llm_call.deleted_at
    end,
    updated_at = cast(%(written_at)s as timestamp)
from generate_series(
    cast(%(every)s as bigint), cast(%(last_row)s as bigint), cast(%(every)s as bigint)
) as changed (row_number)
where llm_call.id = pg_temp.bench_uuid('call', changed.row_number, cast(%(seed)s as bigint))
