-- The kinds of requests by weight. Scales are typical token counts of such a request.
insert into sample_kinds (
    kind, weight, call_type, provider, model, model_group, prompt_scale, completion_scale,
    prompt_price, completion_price, base_ms, us_per_token, usage_style, is_reasoning
)
values
    (
        1, 600, 'acompletion', 'openai', 'gpt-4o-mini', 'fast', 900, 160, 150000, 600000, 350,
        9000, 'openai', false
    ),
    (
        2, 420, 'acompletion', 'openai', 'gpt-4o', 'gpt-4o', 1200, 220, 2500000, 10000000, 480,
        14000, 'openai', false
    ),
    (
        3, 260, 'acompletion', 'openai', 'gpt-4.1', 'gpt-4', 1500, 240, 2000000, 8000000, 450,
        13000, 'openai', false
    ),
    (
        4, 240, 'acompletion', 'openai', 'gpt-5-mini', 'fast', 1300, 420, 250000, 2000000, 700,
        11000, 'openai', true
    ),
    (
        5, 110, 'aresponses', 'openai', 'gpt-5', 'gpt-5', 1900, 620, 1250000, 10000000, 1200,
        21000, 'openai', true
    ),
    (
        6, 430, 'anthropic_messages', 'anthropic', 'claude-sonnet-4-5-20250929',
        'claude-sonnet', 3600, 380, 3000000, 15000000, 800, 16000, 'anthropic', false
    ),
    (
        7, 170, 'anthropic_messages', 'anthropic', 'claude-haiku-4-5-20251001', 'claude-haiku',
        1900, 240, 1000000, 5000000, 420, 7000, 'anthropic', false
    ),
    (
        8, 60, 'anthropic_messages', 'anthropic', 'claude-opus-4-5-20251101', 'claude-opus',
        4200, 520, 5000000, 25000000, 1500, 24000, 'anthropic', false
    ),
    (
        9, 120, 'acompletion', 'bedrock', 'anthropic.claude-sonnet-4-5-20250929-v1:0',
        'claude-sonnet', 2800, 360, 3000000, 15000000, 900, 17000, 'anthropic', false
    ),
    (
        10, 260, 'acompletion', 'vertex_ai', 'gemini-2.5-flash', 'gemini-flash', 1600, 230,
        300000, 2500000, 400, 6000, 'openai', true
    ),
    (
        11, 110, 'acompletion', 'vertex_ai', 'gemini-2.5-pro', 'gemini-pro', 2600, 460, 1250000,
        10000000, 1300, 15000, 'openai', true
    ),
    (
        12, 130, 'acompletion', 'azure', 'gpt-4o-eu', 'gpt-4o', 1200, 220, 2750000, 11000000,
        520, 15000, 'openai', false
    ),
    (
        13, 90, 'acompletion', 'groq', 'llama-3.3-70b-versatile', 'llama', 900, 210, 590000,
        790000, 150, 3000, null, false
    ),
    (
        14, 60, 'acompletion', 'mistral', 'mistral-large-latest', 'mistral', 1000, 240, 2000000,
        6000000, 420, 12000, null, false
    ),
    (
        15, 50, 'acompletion', 'deepseek', 'deepseek-chat', 'deepseek', 1400, 330, 270000,
        1100000, 900, 22000, 'openai', false
    ),
    (
        16, 30, 'acompletion', 'xai', 'grok-4', 'grok', 1500, 380, 3000000, 15000000, 1100,
        18000, 'openai', true
    ),
    (
        17, 20, 'acompletion', 'cohere', 'command-r-plus', 'command', 900, 190, 2500000,
        10000000, 500, 15000, null, false
    ),
    (18, 40, 'acompletion', 'ollama', 'qwen3:8b', 'local', 700, 200, 0, 0, 250, 30000, null, false),
    (
        19, 30, 'acompletion', 'openai', 'o3', 'o3', 1700, 900, 2000000, 8000000, 2500, 19000,
        'openai', true
    ),
    (
        20, 380, 'aembedding', 'openai', 'text-embedding-3-small', 'embeddings', 420, 0, 20000,
        0, 140, 0, null, false
    ),
    (
        21, 110, 'aembedding', 'cohere', 'embed-english-v3.0', 'embeddings', 380, 0, 100000, 0,
        170, 0, null, false
    ),
    (22, 60, 'arerank', 'cohere', 'rerank-v3.5', 'rerank', 0, 0, 0, 0, 210, 0, null, false),
    (
        23, 60, 'atranscription', 'openai', 'whisper-1', 'speech-in', 0, 0, 0, 0, 1900, 0, null,
        false
    ),
    (24, 40, 'aspeech', 'openai', 'tts-1', 'speech-out', 0, 0, 0, 0, 1300, 0, null, false),
    (
        25, 30, 'aimage_generation', 'openai', 'gpt-image-1', 'images', 60, 0, 5000000, 0, 9000,
        0, null, false
    ),
    (
        26, 70, 'call_mcp_tool', 'mcp', 'MCP: github/search_issues',
        'MCP: github/search_issues', 0, 0, 0, 0, 300, 0, null, false
    ),
    (
        27, 40, 'call_mcp_tool', 'mcp', 'MCP: jira/get_ticket', 'MCP: jira/get_ticket', 0, 0, 0,
        0, 260, 0, null, false
    )
