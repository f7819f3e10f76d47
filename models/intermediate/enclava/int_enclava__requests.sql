-- depends_on: {{ extraction() }}

with

usage_tracking as (select * from {{ ref('stg_enclava__usage_tracking') }}),

-- A request without a status code is neither successful nor failed.
final as (
    select
        {{ select_request(
            same=[
                'request_id', 'source_system', 'user_id', 'api_key_id', 'raw_model', 'endpoint',
                'http_method', 'input_tokens', 'output_tokens', 'total_tokens', 'reported_cost_usd',
                'latency_ms', 'http_status_code', 'requested_at',
            ],
            made={
                'model': text_or_unknown('raw_model'),
                'usage_source': origin_of_usage('provider', ['input_tokens', 'output_tokens', 'total_tokens']),
                'reported_cost_precision': "'whole_cents'",
                'is_successful': 'http_status_code < 400',
                'is_failed': 'http_status_code >= 400',
                'has_model': "coalesce(raw_model, '') <> ''",
            },
        ) }}
    from usage_tracking
)

select * from final
