-- The price list, USD per 1,000,000 tokens. The first block is an ordinary list; in the second
-- every row is a case of its own, told in config -> 'sample_case'.
insert into model_config (
    id, provider, model_name, pricing, is_active, completion_type, config,
    input_modalities, output_modalities, inserted_at, updated_at
)
with

listed (id, provider, model_name, input_modality, output_modality, input_price, output_price) as (
    values
        (1, 'openai', 'gpt-4o', 'TEXT', 'TEXT', 2.50, 10.00),
        (2, 'openai', 'gpt-4o-mini', 'TEXT', 'TEXT', 0.15, 0.60),
        (3, 'openai', 'gpt-4.1', 'TEXT', 'TEXT', 2.00, 8.00),
        (4, 'openai', 'gpt-4.1-mini', 'TEXT', 'TEXT', 0.40, 1.60),
        (5, 'openai', 'o3-mini', 'TEXT', 'TEXT', 1.10, 4.40),
        (6, 'openai', 'gpt-5', 'TEXT', 'TEXT', 1.25, 10.00),
        (7, 'openai', 'gpt-5-mini', 'TEXT', 'TEXT', 0.25, 2.00),
        (8, 'openai', 'gpt-5-nano', 'TEXT', 'TEXT', 0.05, 0.40),
        (9, 'openai', 'gpt-4o-transcribe', 'AUDIO', 'TEXT', 2.50, 10.00),
        (10, 'openai', 'gpt-4o-mini-tts', 'TEXT', 'AUDIO', 0.60, 12.00),
        (11, 'openai', 'gpt-image-1', 'TEXT', 'IMAGE', 5.00, 40.00),
        (12, 'google', 'gemini-2.5-pro', 'TEXT', 'TEXT', 1.25, 10.00),
        (13, 'google', 'gemini-2.5-flash', 'TEXT', 'TEXT', 0.30, 2.50),
        (14, 'google', 'gemini-2.0-flash', 'TEXT', 'TEXT', 0.10, 0.40),
        (15, 'google', 'gemini-2.5-flash-preview-tts', 'TEXT', 'AUDIO', 0.50, 10.00),
        (16, 'sarvamai', 'saarika:v2.5', 'AUDIO', 'TEXT', 1.00, 1.00),
        (17, 'sarvamai', 'bulbul:v2', 'TEXT', 'AUDIO', 15.00, 0),
        (18, 'sarvamai', 'sarvam-m', 'TEXT', 'TEXT', 0, 0),
        (19, 'elevenlabs', 'eleven_multilingual_v2', 'TEXT', 'AUDIO', 30.00, 0),
        (20, 'elevenlabs', 'scribe_v1', 'AUDIO', 'TEXT', 6.50, 0.325),
        -- Priced in the list, and yet never: the provider is not one of the priced four.
        (21, 'anthropic', 'claude-sonnet-4', 'TEXT', 'TEXT', 3.00, 15.00)
),

cases (id, sample_case, provider, model_name, pricing, is_active) as (
    values
        (
            101, 'inactive', 'openai', 'gpt-3.5-turbo',
            '{"response": {"input_token_cost": 0.5, "output_token_cost": 1.5}}', false
        ),
        (
            102, 'one price is text', 'openai', 'price-as-text',
            '{"response": {"input_token_cost": "2.5", "output_token_cost": 10}}', true
        ),
        (
            103, 'output price missing', 'openai', 'price-missing',
            '{"response": {"input_token_cost": 2.5}}', true
        ),
        (
            104, 'both prices 0', 'openai', 'price-zero',
            '{"response": {"input_token_cost": 0, "output_token_cost": 0}}', true
        ),
        (
            105, 'price is JSON null', 'openai', 'price-json-null',
            '{"response": {"input_token_cost": null, "output_token_cost": 10}}', true
        ),
        (
            106, 'price is a boolean', 'openai', 'price-boolean',
            '{"response": {"input_token_cost": true, "output_token_cost": 10}}', true
        ),
        (107, 'no pricing', 'openai', 'pricing-null', null, true),
        (108, 'pricing is an array', 'openai', 'pricing-array', '[2.5, 10]', true),
        (109, 'response is text', 'openai', 'response-text', '{"response": "free"}', true),
        (
            110, 'batch prices only', 'openai', 'batch-only',
            '{"batch": {"input_token_cost": 1.25, "output_token_cost": 5}}', true
        ),
        (
            111, 'price with exponent', 'openai', 'price-exponent',
            '{"response": {"input_token_cost": 2.5e-1, "output_token_cost": 1E1}}', true
        ),
        (
            112, 'listed under the native name only', 'openai-native', 'native-only',
            '{"response": {"input_token_cost": 1, "output_token_cost": 2}}', true
        ),
        (
            113, 'listed under both names', 'openai-native', 'gpt-4o',
            '{"response": {"input_token_cost": 7, "output_token_cost": 70}}', true
        ),
        (
            114, 'shared model name', 'google', 'shared-voice',
            '{"response": {"input_token_cost": 1, "output_token_cost": 2}}', true
        ),
        (
            115, 'shared model name', 'sarvamai', 'shared-voice',
            '{"response": {"input_token_cost": 3, "output_token_cost": 4}}', true
        ),
        (
            116, 'shared model name', 'elevenlabs', 'shared-voice',
            '{"response": {"input_token_cost": 5, "output_token_cost": 6}}', true
        ),
        (
            117, 'shared model name, active', 'openai', 'shared-half-active',
            '{"response": {"input_token_cost": 1, "output_token_cost": 1}}', true
        ),
        (
            118, 'shared model name, inactive', 'google', 'shared-half-active',
            '{"response": {"input_token_cost": 9, "output_token_cost": 9}}', false
        ),
        (
            119, 'provider text odd', '-native', 'provider-only-suffix',
            '{"response": {"input_token_cost": 1, "output_token_cost": 1}}', true
        ),
        (
            120, 'empty model name', 'openai', '',
            '{"response": {"input_token_cost": 1, "output_token_cost": 1}}', true
        )
),

combined as (
    select
        id,
        provider,
        model_name,
        jsonb_build_object(
            'response', jsonb_build_object(
                'input_token_cost', input_price,
                'output_token_cost', output_price
            ),
            'batch', jsonb_build_object(
                'input_token_cost', input_price * 0.5,
                'output_token_cost', output_price * 0.5
            )
        ) as pricing,
        true as is_active,
        cast('{}' as jsonb) as config,
        input_modality,
        output_modality
    from listed
    union all
    select
        id,
        provider,
        model_name,
        cast(pricing as jsonb) as pricing,
        is_active,
        jsonb_build_object('sample_case', sample_case) as config,
        'TEXT' as input_modality,
        'TEXT' as output_modality
    from cases
),

final as (
    select
        id,
        provider,
        model_name,
        pricing,
        is_active,
        array[lower(input_modality) || '-to-' || lower(output_modality)] as completion_type,
        config,
        array[cast(input_modality as varchar)] as input_modalities,
        array[cast(output_modality as varchar)] as output_modalities,
        cast(%(until)s as timestamp) - interval '27 months' as inserted_at,
        cast(%(until)s as timestamp) - interval '27 months' as updated_at
    from combined
)

select
    id,
    provider,
    model_name,
    pricing,
    is_active,
    completion_type,
    config,
    input_modalities,
    output_modalities,
    inserted_at,
    updated_at
from final
