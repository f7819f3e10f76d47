select
    count(*),
    sum(request_tokens),
    sum(response_tokens),
    sum(cost_cents)
from enclava.usage_tracking
