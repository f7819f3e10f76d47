with

model_usage as (select * from {{ ref('int_auto_analyst__model_usage_tiered') }}),

-- An answer without a token is no success; the source says nothing of failures. The empty text is a
-- model name here.
final as (
    select
        {{ select_request(
            same=[
                'request_id', 'source_system', 'user_id', 'session_id', 'raw_model', 'credit_tier',
                'input_tokens', 'output_tokens', 'total_tokens', 'reported_cost_usd', 'credits',
                'latency_ms', 'requested_at',
            ],
            made={
                'provider': text_or_unknown('raw_provider'),
                'model': "coalesce(raw_model, 'unknown')",
                'usage_source': origin_of_usage('estimated', ['input_tokens', 'output_tokens', 'total_tokens']),
                'reported_cost_precision': "'binary_float'",
                'is_successful': 'coalesce(output_tokens, 0) >= 1',
                'has_model': 'raw_model is not null',
            },
        ) }}
    from model_usage
)

select * from final
