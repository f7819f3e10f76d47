-- The models by weight: every model of the credit tiers (SEMANTICS 5.5) and some that are in none.
insert into sample_kinds (
    kind, weight, provider, model, prompt_price, completion_price, us_per_token
)
values
    (1, 300, 'openai', 'gpt-5-mini', 250000, 2000000, 11000),
    (2, 220, 'openai', 'gpt-5-nano', 50000, 400000, 7000),
    (3, 200, 'anthropic', 'claude-sonnet-4-6', 3000000, 15000000, 16000),
    (4, 160, 'anthropic', 'claude-haiku-4-5', 1000000, 5000000, 7000),
    (5, 120, 'openai', 'gpt-5', 1250000, 10000000, 21000),
    (6, 90, 'openai', 'gpt-5.2', 1750000, 14000000, 19000),
    (7, 80, 'anthropic', 'claude-sonnet-4-5-20250929', 3000000, 15000000, 16000),
    (8, 70, 'openai', 'o3', 2000000, 8000000, 19000),
    (9, 70, 'groq', 'gpt-oss-120B', 150000, 600000, 3000),
    (10, 60, 'groq', 'gpt-oss-20B', 75000, 300000, 2000),
    (11, 50, 'groq', 'deepseek-r1-distill-llama-70b', 750000, 990000, 4000),
    (12, 60, 'gemini', 'gemini-2.5-pro-preview-03-25', 1250000, 10000000, 15000),
    (13, 60, 'gemini', 'gemini-3-flash', 500000, 3000000, 6000),
    (14, 40, 'gemini', 'gemini-3-pro', 2000000, 12000000, 15000),
    (15, 40, 'anthropic', 'claude-opus-4-5-20251101', 5000000, 25000000, 24000),
    (16, 40, 'anthropic', 'claude-opus-4-6', 5000000, 25000000, 23000),
    (17, 40, 'openai', 'gpt-5.4', 2500000, 20000000, 20000),
    (18, 30, 'openai', 'gpt-5.2-chat-latest', 1750000, 14000000, 15000),
    (19, 15, 'openai', 'gpt-5.2-pro', 21000000, 168000000, 40000),
    (20, 10, 'openai', 'gpt-5.4-pro', 25000000, 200000000, 42000),
    (21, 150, 'openai', 'gpt-4o-mini', 150000, 600000, 9000),
    (22, 120, 'openai', 'gpt-4o', 2500000, 10000000, 14000),
    (23, 60, 'groq', 'llama-3.3-70b-versatile', 590000, 790000, 3000)
