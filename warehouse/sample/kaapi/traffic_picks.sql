-- 4,096 tickets shared out among the kinds of calls by weight, so that 12 random bits choose one.
-- Scales are typical token counts of such a call. Kinds with a small weight are everyday dirt:
-- providers nobody prices, odd letter case, an empty provider, outputs that were never recorded.
insert into sample_traffic_picks (
    pick, input_type, output_type, provider, model, input_scale, output_scale
)
with

kinds (
    kind, weight, input_type, output_type, provider, model, input_scale, output_scale
) as (
    values
        (1, 620, 'text', 'text', 'openai', 'gpt-4o-mini', 900, 140),
        (2, 330, 'text', 'text', 'openai', 'gpt-4o', 1100, 180),
        (3, 260, 'text', 'text', 'openai', 'gpt-4.1-mini', 1400, 160),
        (4, 140, 'text', 'text', 'openai', 'gpt-4.1', 1600, 220),
        (5, 150, 'text', 'text', 'openai', 'gpt-5-mini', 1200, 320),
        (6, 90, 'text', 'text', 'openai', 'gpt-5', 1500, 480),
        (7, 80, 'text', 'text', 'openai', 'gpt-5-nano', 600, 200),
        (8, 60, 'text', 'text', 'openai', 'o3-mini', 800, 700),
        (9, 210, 'text', 'text', 'openai-native', 'gpt-4o-mini', 900, 140),
        (10, 120, 'text', 'text', 'openai-native', 'gpt-4o', 1100, 180),
        (11, 290, 'text', 'text', 'google', 'gemini-2.5-flash', 1300, 210),
        (12, 110, 'text', 'text', 'google', 'gemini-2.5-pro', 1900, 420),
        (13, 90, 'text', 'text', 'google', 'gemini-2.0-flash', 900, 130),
        (14, 120, 'text', 'text', 'google-native', 'gemini-2.5-flash', 1300, 210),
        (15, 90, 'text', 'text', 'sarvamai', 'sarvam-m', 700, 150),
        (16, 210, 'audio', 'text', 'openai', 'gpt-4o-transcribe', 450, 90),
        (17, 160, 'audio', 'text', 'sarvamai', 'saarika:v2.5', 380, 80),
        (18, 60, 'audio', 'text', 'sarvamai-native', 'saarika:v2.5', 380, 80),
        (19, 60, 'audio', 'text', 'elevenlabs', 'scribe_v1', 420, 85),
        (20, 80, 'audio', 'text', 'google', 'gemini-2.5-flash', 700, 90),
        (21, 110, 'text', 'audio', 'openai', 'gpt-4o-mini-tts', 110, 520),
        (22, 120, 'text', 'audio', 'sarvamai', 'bulbul:v2', 130, 0),
        (23, 90, 'text', 'audio', 'elevenlabs', 'eleven_multilingual_v2', 140, 0),
        (24, 30, 'text', 'audio', 'elevenlabs-native', 'eleven_multilingual_v2', 140, 0),
        (25, 40, 'text', 'audio', 'google', 'gemini-2.5-flash-preview-tts', 120, 600),
        (26, 70, 'audio', 'audio', 'openai', 'gpt-4o', 500, 450),
        (27, 40, 'audio', 'audio', 'google-native', 'gemini-2.5-flash', 520, 430),
        (28, 60, 'image', 'text', 'openai', 'gpt-4o', 1300, 160),
        (29, 50, 'pdf', 'text', 'google', 'gemini-2.5-pro', 5200, 380),
        (30, 60, 'multimodal', 'text', 'google', 'gemini-2.5-flash', 2300, 260),
        (31, 30, 'text', 'image', 'openai', 'gpt-image-1', 90, 4160),
        (32, 40, 'text', null, 'openai', 'gpt-4o-mini', 900, 0),
        (33, 20, 'audio', null, 'sarvamai', 'saarika:v2.5', 380, 0),
        (34, 60, 'text', 'text', 'anthropic', 'claude-sonnet-4', 1400, 260),
        (35, 30, 'text', 'text', 'kaapi-internal', 'router-v1', 300, 30),
        (36, 20, 'text', 'text', 'OpenAI', 'gpt-4o', 1100, 180),
        (37, 10, 'text', 'text', '', 'gpt-4o', 1100, 180),
        (38, 30, 'text', 'text', 'openai', 'gpt-4o-2024-08-06', 1100, 180),
        (39, 20, 'text', 'text', 'openai', 'gpt-3.5-turbo', 600, 120)
),

tickets as (
    select
        ticket.choice,
        ticket.pick
    from (select array_agg(cast(weight as bigint) order by kind) as weights from kinds) as listed
    cross join lateral pg_temp.sample_tickets(listed.weights) as ticket
)

select
    tickets.pick,
    kinds.input_type,
    kinds.output_type,
    kinds.provider,
    kinds.model,
    kinds.input_scale,
    kinds.output_scale
from tickets
inner join kinds on tickets.choice = kinds.kind
