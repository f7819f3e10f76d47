{#
    The rows of a reference mart: for each period and organisation some of the 600 combinations of
    project, modality, provider and model. Sparse: an organisation has `least` of them in a period, or
    up to four times `step` more, and the first `fuller` organisations have one more than that.

    Every value follows from the numbers of period, organisation and combination alone, so the same
    rows are made on every server. Steps through the combinations are coprime to their number: the rows of
    a period are spread over all projects, modalities, providers and models.
#}
{% macro reference_rows(first_period, unit, periods, least, step, fuller) %}
    with

    places as (
        select
            period_number,
            organization_number,
            (
                place_number * 179 + organization_number * 37 + period_number * 53
            ) % 600 as combination
        from generate_series(0, {{ periods - 1 }}) as period_number
        cross join generate_series(1, 200) as organization_number
        cross join lateral generate_series(
            1,
            {{ least }} + {{ step }} * (organization_number % 5)
            + case when organization_number <= {{ fuller }} then 1 else 0 end
        ) as place_number
    ),

    seeded as (
        select
            places.*,
            (
                (period_number * 7919 + organization_number * 104729 + combination * 1299709 + 1)
                * cast(48271 as bigint)
            ) % 2147483647 as seed
        from places
    ),

    drawn as (
        select
            seeded.*,
            1 + seed % 397 as calls,
            seed / 397 % 41 as chains,
            200 + seed / 11 % 2999 as input_per_request,
            20 + seed / 13 % 797 as output_per_request,
            1 + seed / 17 % 7 as evaluation_runs
        from seeded
    )

    select
        cast(
            date '{{ first_period }}' + period_number * interval '1 {{ unit }}' as date
        ) as {{ unit }},
        cast('kaapi' as text) as source_system,
        cast(organization_number as text) as organization_id,
        'project-' || (combination / 120 + 1) as project_id,
        (array['T-FS-T', 'S-FS-S', 'STT', 'TTS', 'OTHER'])[combination % 5 + 1] as modality,
        (
            array['openai', 'anthropic', 'google', 'mistral', 'cohere', 'azure']
        )[combination % 6 + 1] as provider,
        (array['openai', 'anthropic', 'google', 'mistral', 'cohere', 'azure'])[combination % 6 + 1]
        || '-model-' || (combination / 6 % 4 + 1) as model,
        calls as llm_call_requests,
        chains as llm_chain_requests,
        calls + chains as requests,
        (calls + chains) * input_per_request as input_tokens,
        (calls + chains) * output_per_request as output_tokens,
        (calls + chains) * (input_per_request + output_per_request) as total_tokens,
        cast(
            (calls + chains) * (input_per_request * 2.75 + output_per_request * 11.5) / 1000000
            as numeric(18, 6)
        ) as cost_usd,
        cast(evaluation_runs * (seed % 9973) / 1000000.0 as numeric(18, 6)) as eval_cost_usd,
        evaluation_runs as eval_runs
    from drawn
{% endmacro %}
