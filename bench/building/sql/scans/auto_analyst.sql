select
    count(*),
    sum(prompt_tokens),
    sum(completion_tokens),
    sum(cost)
from auto_analyst.model_usage
