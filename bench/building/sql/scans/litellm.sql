select
    count(*),
    sum(prompt_tokens),
    sum(completion_tokens),
    sum(cast(metadata #>> '{usage_object,prompt_tokens_details,cached_tokens}' as bigint)),
    sum(spend)
from litellm."LiteLLM_SpendLogs"
