-- The kinds of requests by weight; many of them ask no model. Scales are typical token counts.
insert into sample_kinds (
    kind, weight, method, endpoint, model, request_scale, response_scale, request_price,
    response_price, base_ms, us_per_token
)
values
    (
        1, 520, 'POST', '/api/v1/llm/chat/completions', 'gpt-4o-mini',
        900, 160, 150000, 600000, 350, 9000
    ),
    (
        2, 300, 'POST', '/api/v1/llm/chat/completions', 'gpt-4o',
        1200, 220, 2500000, 10000000, 480, 14000
    ),
    (
        3, 260, 'POST', '/api/v1/llm/chat/completions', 'llama-3.3-70b-instruct',
        900, 210, 590000, 790000, 250, 5000
    ),
    (
        4, 210, 'POST', '/api/v1/llm/chat/completions', 'claude-sonnet-4-5',
        3600, 380, 3000000, 15000000, 800, 16000
    ),
    (
        5, 150, 'POST', '/api/v1/llm/chat/completions', 'claude-haiku-4-5',
        1900, 240, 1000000, 5000000, 420, 7000
    ),
    (
        6, 140, 'POST', '/api/v1/llm/chat/completions', 'gpt-5-mini',
        1300, 420, 250000, 2000000, 700, 11000
    ),
    (
        7, 90, 'POST', '/api/v1/llm/chat/completions', 'gpt-5',
        1900, 620, 1250000, 10000000, 1200, 21000
    ),
    (
        8, 90, 'POST', '/api/v1/llm/chat/completions', 'qwen-2.5-72b-instruct',
        800, 190, 400000, 400000, 300, 6000
    ),
    (
        9, 80, 'POST', '/api/v1/llm/chat/completions', 'deepseek-r1',
        1400, 830, 550000, 2190000, 900, 22000
    ),
    (
        10, 60, 'POST', '/api/v1/llm/chat/completions', 'mistral-small-3',
        700, 150, 100000, 300000, 200, 4000
    ),
    (
        11, 50, 'POST', '/api/v1/llm/chat/completions', 'gemini-2.5-pro',
        2600, 460, 1250000, 10000000, 1300, 15000
    ),
    (
        12, 40, 'POST', '/api/v1/llm/chat/completions', 'gemma-3-27b',
        700, 180, 90000, 170000, 220, 5000
    ),
    (13, 30, 'POST', '/api/v1/llm/chat/completions', 'phi-4', 600, 140, 70000, 140000, 180, 3000),
    (
        14, 120, 'POST', '/api/v1/chatbot/external/support-bot/chat/completions', 'gpt-4o-mini',
        1600, 180, 150000, 600000, 420, 9000
    ),
    (
        15, 60, 'POST', '/api/v1/chatbot/external/sales-bot/chat/completions', 'gpt-4o',
        1900, 220, 2500000, 10000000, 520, 14000
    ),
    (16, 260, 'POST', '/api/v1/llm/embeddings', 'text-embedding-3-small', 420, 0, 20000, 0, 120, 0),
    (17, 90, 'POST', '/api/v1/llm/embeddings', 'bge-m3', 420, 0, 10000, 0, 80, 0),
    (
        18, 40, 'POST', '/api/v1/llm/images/generations', 'flux-1-schnell',
        60, 0, 40000000, 0, 6000, 0
    ),
    (19, 180, 'GET', '/api/v1/llm/models', null, 0, 0, 0, 0, 15, 0),
    (20, 110, 'POST', '/api/v1/rag/search', null, 0, 0, 0, 0, 140, 0),
    (21, 40, 'POST', '/api/v1/rag/documents', null, 0, 0, 0, 0, 900, 0),
    (22, 30, 'DELETE', '/api/v1/rag/documents', null, 0, 0, 0, 0, 60, 0),
    (23, 60, 'GET', '/api/v1/rag/collections', null, 0, 0, 0, 0, 25, 0),
    (24, 50, 'GET', '/api/v1/budgets', null, 0, 0, 0, 0, 20, 0),
    (25, 50, 'GET', '/api/v1/usage', null, 0, 0, 0, 0, 45, 0),
    (26, 40, 'GET', '/api/v1/api-keys', null, 0, 0, 0, 0, 18, 0),
    (27, 20, 'POST', '/api/v1/api-keys', null, 0, 0, 0, 0, 40, 0),
    (28, 30, 'GET', '/api/v1/prompts', null, 0, 0, 0, 0, 16, 0)
