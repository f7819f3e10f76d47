select
    count(*),
    sum(cast(usage ->> 'input_tokens' as bigint)),
    sum(cast(usage ->> 'output_tokens' as bigint))
from kaapi.llm_call
where deleted_at is null
